"""Who may see the year and bring one in."""

from typing import TYPE_CHECKING, Any

from scheduler.notices.models import GroupBot
from scheduler.notices.terms.bots import BotKind
from scheduler.office.models import YearImport
from scheduler.office.terms import ImportState
from tests.cast import EPOCH, Cast, Persona
from tests.permissions.table import ADMIN, MISSING_ID, NOBODY, READERS, Relation, Row, Things, get, post

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def stage(session: "Session", cast: Cast) -> Things:
    """Leave an upload that failed; a missing one is there for nobody."""
    row = YearImport(
        file_name="year.xlsx",
        content=b"",
        digest="0" * 64,
        state=ImportState.FAILED,
        uploaded_by_id=cast.people[Persona.ADMIN],
        uploaded_at=EPOCH,
        report={},
    )
    session.add(row)
    session.flush()
    bot = GroupBot(
        name="群",
        kind=BotKind.WECOM,
        url="http://127.0.0.1:9/x",
        unit_id=cast.units["A1"],
        strands=["classes"],
        language="en",
    )
    session.add(bot)
    session.flush()
    return {"import": row.id, "bot": bot.id}


def _bot(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {"bot_id": MISSING_ID if relation is Relation.MISSING else things["bot"]}


def _import(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {"import_id": MISSING_ID if relation is Relation.MISSING else things["import"]}


def _about(endpoint: str, method: str, answer: int) -> Row:
    return Row(endpoint, method, {Relation.NONE: ADMIN, Relation.MISSING: NOBODY}, answer, _import)


ROWS: tuple[Row, ...] = (
    get("office.year", READERS),
    get("office.burden", ADMIN),
    get("office.imports", ADMIN),
    post("office.imports", ADMIN, answer=422),
    get("office.import_template", ADMIN),
    _about("office.show_import", "GET", 200),
    _about("office.problems", "GET", 200),
    _about("office.start", "POST", 409),
    # the first of the personas, the admin, is the only one let in, so each act happens once
    Row("office.resume", "POST", {Relation.MISSING: NOBODY, Relation.NONE: ADMIN}, 302, _import),
    _about("office.discard", "POST", 302),
    get("office.bots", ADMIN),
    get("office.new_bot", ADMIN),
    post("office.new_bot", ADMIN, answer=422),
    Row("office.change_bot", "GET", {Relation.NONE: ADMIN, Relation.MISSING: NOBODY}, 200, _bot),
    Row("office.change_bot", "POST", {Relation.NONE: ADMIN, Relation.MISSING: NOBODY}, 422, _bot),
    Row("office.delete_bot", "GET", {Relation.NONE: ADMIN, Relation.MISSING: NOBODY}, 200, _bot),
    Row("office.delete_bot", "POST", {Relation.NONE: ADMIN, Relation.MISSING: NOBODY}, 302, _bot),
    Row("office.test_bot", "POST", {Relation.NONE: ADMIN, Relation.MISSING: NOBODY}, 302, _bot),
)
