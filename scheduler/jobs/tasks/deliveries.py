"""What carries notices out of the house every minute: mail and messages to groups, composed for one installation."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from flask import Flask, g
from flask_babel import force_locale, gettext

from scheduler.core.database import Sessions
from scheduler.core.pages import in_words
from scheduler.jobs.queries import place_news
from scheduler.jobs.tasks.runner import Errand
from scheduler.jobs.terms import CatchUp, Every, Job
from scheduler.mentoring.tasks import enclose_confirmation
from scheduler.notices.rules.words import fill, in_language
from scheduler.notices.tasks.composing import Letterhead, compose
from scheduler.notices.tasks.groups import Crier, tell_groups
from scheduler.notices.tasks.mail import Postman, rest_mail, send_mail
from scheduler.notices.terms.bots import Line, Waiting
from scheduler.people.queries.addressees import addressees, unit_paths
from scheduler.quizzes.tasks import enclose_question

_MINUTELY = Every(timedelta(minutes=1))


def deliveries(app: Flask) -> tuple[Errand, ...]:
    """Return the errands that send; with mail off, what is posted is settled as not mailed."""
    man = postman(app)

    def mail(sessions: Sessions, now: datetime) -> None:
        if man is None:
            rest_mail(sessions, now=now)
        else:
            send_mail(sessions, man, now=now)

    def groups(sessions: Sessions, now: datetime) -> None:
        tell_groups(sessions, crier(app), now=now)

    return (
        Errand(Job("send_mail", _MINUTELY, CatchUp.LATEST), mail),
        Errand(Job("tell_groups", _MINUTELY, CatchUp.LATEST), groups),
    )


def postman(app: Flask) -> Postman | None:
    """Return what sends mail for `app`; None: mail is off."""
    server, settings = app.extensions["mail_server"], app.extensions["settings"]
    if server is None:
        return None
    letterhead = Letterhead(server.sender, settings.organisation, settings.base_url, settings.installation_id)
    return Postman(
        server=server,
        zone=settings.zone,
        quiet=app.extensions["quiet_hours"],
        addressees=addressees,
        compose=partial(compose, app, letterhead),
        enclosers={
            "guidance_filed": enclose_confirmation,
            "daily_question": partial(enclose_question, zone=settings.zone),
        },
    )


def crier(app: Flask) -> Crier:
    """Return what tells groups for `app`."""
    settings = app.extensions["settings"]

    def word(news: Sequence[Waiting], language: str) -> list[Line]:
        with app.app_context(), force_locale(language):
            g.reader_zone = settings.zone
            return [
                Line(
                    fill(gettext(one.message_id), {"reason": "", **in_language(one.facts, language)}, in_words),
                    settings.base_url + one.address,
                )
                for one in news
            ]

    return Crier(place=place_news, unit_paths=unit_paths, word=word, title=settings.organisation)
