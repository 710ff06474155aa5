"""Who may open the pages of the item bank: who keeps it for the whole organisation, and nobody else."""

from typing import TYPE_CHECKING, Any

from scheduler.core import clock
from scheduler.core.access import system_actor
from scheduler.quizzes.actions.bank import add_item
from scheduler.quizzes.actions.bank_files import upload_items
from scheduler.quizzes.terms.bank import ItemKind, ItemText
from tests.cast import Cast, Persona
from tests.permissions.table import ADMIN, MISSING_ID, Relation, Row, Things, about, get, post

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_SYSTEM = system_actor("tests")


def stage(session: "Session", _cast: Cast) -> Things:
    """Put two items into the bank, and upload two files."""
    things: dict[str, int | str] = {}
    for relation in (Relation.SAME, Relation.OTHER):
        text = ItemText(ItemKind.TRUE_FALSE, f"{relation}", key="T")
        things[f"item {relation}"] = add_item(session, _SYSTEM, text, now=clock.now()).id
        file = upload_items(session, _SYSTEM, "x.txt", f"{relation} of a file {{T}}".encode(), now=clock.now())
        things[f"file {relation}"] = file.id
    return things


def _item(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {"item_id": things.get(f"item {relation}", MISSING_ID)}


def _file(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {"file_id": things.get(f"file {relation}", MISSING_ID)}


_KEPT: dict[str, Any] = {"same": ADMIN, "other": ADMIN}
ROWS: tuple[Row, ...] = (
    get("quizzes.list_bank", ADMIN),
    get("quizzes.export_bank", ADMIN),
    get("quizzes.add_item", ADMIN),
    post("quizzes.add_item", ADMIN, answer=422),
    about("quizzes.show_item", "GET", _item, 200, **_KEPT),
    about("quizzes.edit_item", "GET", _item, 200, **_KEPT),
    about("quizzes.edit_item", "POST", _item, 422, **_KEPT, stem=""),
    about("quizzes.retire_item", "POST", _item, 302, **_KEPT),
    about("quizzes.restore_item", "POST", _item, 302, **_KEPT),
    get("quizzes.import_bank", ADMIN),
    post("quizzes.import_bank", ADMIN, answer=422),
    get("quizzes.bank_template", ADMIN),
    about("quizzes.show_item_file", "GET", _file, 200, **_KEPT),
    about("quizzes.start_item_file", "POST", _file, 302, **_KEPT),
    about("quizzes.discard_item_file", "POST", _file, 302, **_KEPT),
)
