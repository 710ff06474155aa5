"""Planning a class: a new one, changes, the next run."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from scheduler.agenda.queries.choices import unit_choices
from scheduler.classes import actions, queries
from scheduler.classes.access import ClassPermission
from scheduler.classes.forms import PART_WORDS, ClassForm, CopyForm, chosen
from scheduler.classes.models import StudyClass
from scheduler.classes.rules import next_code
from scheduler.classes.views.blueprint import blueprint, edge, installation_id
from scheduler.core.errors import Refusal, Stale
from scheduler.core.pages import day_in_words
from scheduler.core.web import database, now, requires, signed_in, zone
from scheduler.people.models import Unit


@blueprint.route("/classes/new", methods=["GET", "POST"])
@requires(ClassPermission.PLAN)
def create_class() -> tuple[str, int] | Response:
    """Plan a class; what can be guessed is filled in."""
    year = now().astimezone(zone()).year
    form = ClassForm(code=next_code(year, queries.class_codes(database(), year)))
    _offer(form)
    if form.holds:
        try:
            made = actions.create_class(database(), signed_in(), form.value(), now=now())
        except Refusal as refusal:
            form.show(refusal)
        else:
            flash(_("The class is planned as a draft. Now add its sessions."), "ok")
            return redirect(url_for("classes.show_class", class_id=made.id))
    return render_template("classes/form.html", form=form, edited=None), form.status


@blueprint.route("/classes/<int:class_id>/edit", methods=["GET", "POST"])
@requires(ClassPermission.PLAN)
def edit_class(class_id: int) -> tuple[str, int] | Response:
    """Change what a class is."""
    edited = queries.get_planned(database(), signed_in(), class_id)
    form = ClassForm(data=_facts(edited))
    _offer(form)
    if form.holds:
        try:
            version = form.seen_version
            actions.edit_class(database(), signed_in(), class_id, form.value(), version=version, now=now())
        except Stale:
            raise
        except Refusal as refusal:
            form.show(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("classes.show_class", class_id=class_id))
    return render_template("classes/form.html", form=form, edited=edited), form.status


@blueprint.route("/classes/<int:class_id>/copy", methods=["GET", "POST"])
@requires(ClassPermission.PLAN)
def copy_class(class_id: int) -> tuple[str, int] | Response:
    """Plan the next run of a class."""
    source = queries.get_planned(database(), signed_in(), class_id)
    year = now().astimezone(zone()).year
    form = CopyForm(title=source.title, code=next_code(year, queries.class_codes(database(), year)))
    if form.holds:
        try:
            copied = actions.copy_class(
                database(),
                signed_in(),
                class_id,
                code=form.code.data or "",
                title=form.title.data or "",
                starts_on=chosen(form.starts_on),
                installation_id=installation_id(),
                **edge(),
            )
        except Refusal as refusal:
            form.show(refusal)
        else:
            _say_gaps(copied)
            return redirect(url_for("classes.show_class", class_id=copied.created.id))
    sessions = [row for row in queries.sessions_of(database(), class_id, with_drafts=True) if not row.is_cancelled]
    return render_template("classes/copy.html", form=form, source=source, sessions=sessions), form.status


def _say_gaps(copied: actions.Copied) -> None:
    flash(_("The next run is planned as a draft, from %(day)s on.", day=day_in_words(copied.created.starts_on)), "ok")
    if copied.gaps:
        names = _("; ").join(
            f"{day_in_words(gap.day)} {PART_WORDS[gap.part_of_day]}: {gap.name}" for gap in copied.gaps
        )
        said = ngettext(
            "%(num)s venue or lecturer was taken and is still open: %(names)s",
            "%(num)s venues or lecturers were taken and are still open: %(names)s",
            len(copied.gaps),
            names=names,
        )
        flash(said, "warn")


def _offer(form: ClassForm) -> None:
    actor = signed_in()
    hosts = unit_choices(database(), actor.scopes(ClassPermission.PLAN))
    codes = {row.code: row.id for row in database().execute(select(Unit.code, Unit.id))}
    form.offer(hosts, unit_choices(database(), ("/",)), codes)


def _facts(edited: StudyClass) -> dict[str, object]:
    names = ("title", "code", "theme", "run_number", "starts_on", "ends_on", "capacity", "hours", "budget", "version")
    facts: dict[str, object] = {name: getattr(edited, name) for name in names}
    places = queries.quota_lines(database(), edited.id)
    return facts | {
        "host_unit": edited.host_unit_id,
        "organiser": edited.organiser_unit_id or 0,
        "mode": edited.mode.value,
        "quotas": "\n".join(f"{code} {number}" for code, number in places),
    }
