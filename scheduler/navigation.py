"""The main menu: composition, for it points into many slices."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask, request
from flask_babel import gettext

from scheduler.agenda.access import AgendaPermission
from scheduler.classes.access import ClassPermission
from scheduler.core.access import Permission
from scheduler.core.errors import lazy
from scheduler.core.web import current_actor
from scheduler.feeds.access import FeedPermission
from scheduler.home.access import HomePermission
from scheduler.lectures.access import LecturePermission
from scheduler.mentoring.access import MentoringPermission
from scheduler.notices.access import NoticePermission
from scheduler.obligations.access import ObligationPermission
from scheduler.office.access import OfficePermission
from scheduler.people.access import PeoplePermission
from scheduler.quizzes.access import QuizPermission


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the main menu as the page shows it."""

    label: str
    href: str
    current: bool
    icon: str


_ENTRIES: tuple[tuple[str, str, Permission, str], ...] = (
    # the first four are a phone's bottom bar
    (lazy("My week"), "home.index", HomePermission.SEE, "home"),
    (lazy("Schedule"), "home.schedule", HomePermission.SEE, "calendar"),
    (lazy("Subscribe"), "feeds.subscriptions", FeedPermission.SUBSCRIBE, "feed"),
    (lazy("Notices"), "notices.inbox", NoticePermission.READ, "bell"),
    (lazy("Study classes"), "classes.list_classes", ClassPermission.READ, "class"),
    (lazy("Evening school"), "lectures.list_series", LecturePermission.READ, "lecture"),
    (lazy("Mentoring"), "mentoring.mine", MentoringPermission.READ, "mentoring"),
    (lazy("Quizzes"), "quizzes.mine", QuizPermission.TAKE, "quiz"),
    (lazy("Obligations"), "obligations.list_obligations", ObligationPermission.READ, "duty"),
    (lazy("The year"), "office.year", OfficePermission.YEAR, "year"),
    (lazy("People"), "people.list_people", PeoplePermission.READ, "people"),
    (lazy("Units"), "people.list_units", PeoplePermission.UNITS, "unit"),
    (lazy("Lecturers"), "people.list_lecturers", PeoplePermission.LECTURERS, "lecturer"),
    (lazy("Venues"), "agenda.list_venues", AgendaPermission.READ, "venue"),
    (lazy("Work calendar"), "agenda.this_year", AgendaPermission.CALENDAR, "hours"),
    (lazy("Import"), "office.imports", OfficePermission.IMPORT, "upload"),
)


def install(app: Flask) -> None:
    """Give the pages of `app` their menu; the addresses are built once, for every page shows them all."""
    paths = app.url_map.bind("")
    places = [(label, paths.build(endpoint), permission, icon) for label, endpoint, permission, icon in _ENTRIES]
    app.context_processor(lambda: {"navigation": _entries(places)})


def _entries(places: Iterable[tuple[str, str, Permission, str]]) -> list[Entry]:
    """Return the entries that the reader may open, in order; the one nearest above this page is current."""
    actor = current_actor()
    if actor is None:
        return []
    open_to = [(label, href, icon) for label, href, permission, icon in places if actor.may(permission)]
    here = max((href for _label, href, _icon in open_to if _is_above(href, request.path)), key=len, default="")
    return [Entry(gettext(label), href, href == here, icon) for label, href, icon in open_to]


def _is_above(href: str, path: str) -> bool:
    return path == href or (path.startswith(f"{href.rstrip('/')}/") and href != "/")
