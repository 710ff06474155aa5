"""Pages of subscriptions: make, show once, list, revoke."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from scheduler.agenda.terms import Scope
from scheduler.core.errors import Refusal
from scheduler.core.forms import options
from scheduler.core.pages import language
from scheduler.core.web import database, now, requires, signed_in
from scheduler.feeds.access import FeedPermission
from scheduler.feeds.actions import make_subscription, revoke_subscription
from scheduler.feeds.forms import SubscriptionForm
from scheduler.feeds.models import Subscription
from scheduler.feeds.queries.subscriptions import get_subscription, own_subscriptions
from scheduler.feeds.rules.clients import client_name
from scheduler.feeds.terms import Language, NewSubscription
from scheduler.feeds.views.blueprint import blueprint, origin
from scheduler.feeds.views.choosing import choices, find_scope, scope_label, scope_labels


@dataclass(frozen=True, slots=True)
class Row:
    """A subscription as its list shows it."""

    id: int
    label: str
    calendar: str
    made_at: datetime
    fetched_at: datetime | None
    client: str


@blueprint.get("/subscriptions")
@requires(FeedPermission.SUBSCRIBE)
def subscriptions() -> str:
    """List the reader's subscriptions, with the form for another."""
    return _page(_form(request.args.get("scope", "")))


@blueprint.post("/subscriptions")
@requires(FeedPermission.SUBSCRIBE)
def subscribe() -> str | tuple[str, int]:
    """Make the subscription that was asked for, and show its address this once."""
    form = _form(request.form.get("scope", ""))
    if not form.holds:
        return _page(form), form.status
    scope, part = find_scope(signed_in(), form.scope.data or "")
    asked = NewSubscription(
        label=form.label.data or scope_label(scope, part),
        scope=scope,
        part=part,
        language=Language(form.language.data),
        with_cancelled=form.with_cancelled.data,
        alarm_minutes=int(form.alarm.data) or None,
    )
    try:
        return _made(asked)
    except Refusal as refusal:
        form.show(refusal)
        return _page(form), form.status


@blueprint.post("/subscriptions/mine")
@requires(FeedPermission.SUBSCRIBE)
def subscribe_mine() -> str:
    """Subscribe to the own calendar by one tap, with what most people want."""
    scope, part = find_scope(signed_in(), "")
    return _made(NewSubscription(scope_label(scope, part), scope, Language(language()), part))


@blueprint.get("/subscriptions/<int:subscription_id>/revoke")
@requires(FeedPermission.SUBSCRIBE)
def ask_to_revoke(subscription_id: int) -> str:
    """Ask before an address ends."""
    return render_template(
        "feeds/revoke.html", row=_rows([get_subscription(database(), signed_in(), subscription_id)])[0]
    )


@blueprint.post("/subscriptions/<int:subscription_id>/revoke")
@requires(FeedPermission.SUBSCRIBE)
def revoke(subscription_id: int) -> Response:
    """End an address."""
    subscription = revoke_subscription(database(), signed_in(), subscription_id, now=now())
    flash(gettext("“%(label)s” is revoked: its address answers nobody any more.", label=subscription.label), "ok")
    return redirect(url_for("feeds.subscriptions"))


def _form(chosen: str) -> SubscriptionForm:
    form = SubscriptionForm(language=language(), scope=chosen)
    form.scope.choices = options(choices(chosen, parts=True))
    return form


def _page(form: SubscriptionForm) -> str:
    rows = _rows(own_subscriptions(database(), signed_in()))
    return render_template("feeds/subscriptions.html", form=form, rows=rows)


def _made(asked: NewSubscription) -> str:
    subscription, token = make_subscription(database(), signed_in(), asked, now=now())
    address = origin().link(url_for("feeds.feed", token=token))
    webcal = "webcal://" + address.partition("://")[2]
    return render_template(
        "feeds/made.html",
        row=_rows([subscription])[0],
        https_url=address,
        webcal_url=webcal,
    )


def _rows(found: Sequence[Subscription]) -> list[Row]:
    labels = scope_labels([(Scope(row.scope_kind, row.scope_id), row.part) for row in found])
    return [
        Row(row.id, row.label, label, row.made_at, row.fetched_at, client_name(row.fetched_by))
        for row, label in zip(found, labels, strict=True)
    ]
