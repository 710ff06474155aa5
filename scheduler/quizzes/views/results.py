"""Results of a sitting by unit, the names behind each number, and the evidence file."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response as FlaskResponse
from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.audit.actions import record
from scheduler.audit.queries import history
from scheduler.core.errors import Missing, Refusal
from scheduler.core.pages import in_words, say
from scheduler.core.sheets import XLSX, download, sheet
from scheduler.core.web import database, now, number_asked, requires, signed_in
from scheduler.quizzes.access import QuizPermission
from scheduler.quizzes.actions.results import settles_at
from scheduler.quizzes.actions.retraining import order_retraining, waive_retraining
from scheduler.quizzes.forms.results import DecideForm, WhatIfForm
from scheduler.quizzes.models import Sitting
from scheduler.quizzes.queries import results as queries
from scheduler.quizzes.queries.retraining import orders_of_unit
from scheduler.quizzes.rules.rates import counted_of, is_provisional, missing_passes, pooled, rate_in_words, standing_of
from scheduler.quizzes.terms.results import OUTCOME_NAMES, NameRow, Outcome, Standing, Tally, UnitRow
from scheduler.quizzes.terms.sittings import Denominator
from scheduler.quizzes.views.blueprint import blueprint
from scheduler.quizzes.views.words import denominator_words, outcome_words, score_words, standing_words

SIZE = 100
"""Names on a page."""


@dataclass(frozen=True, slots=True)
class Line:
    """A unit with its figures: of the people judged in it, or (`below`) with those of all units below it."""

    unit: UnitRow
    tally: Tally
    below: bool
    passed: int
    counted: int
    standing: Standing
    missing: int

    @property
    def final(self) -> bool:
        return not self.below and self.unit.final_at is not None

    @property
    def provisional(self) -> bool:
        return is_provisional(self.tally)

    @property
    def percent(self) -> float:
        """For drawing only; what is compared are whole numbers."""
        return self.passed * 100 / self.counted if self.counted else 0


@blueprint.get("/quizzes/sittings/<int:sitting_id>/results")
@requires(QuizPermission.RESULTS)
def show_results(sitting_id: int) -> str:
    """Show the pass rates of the units in the reader's scope, with another threshold or denominator if asked."""
    db, actor = database(), signed_in()
    sitting = queries.get_judged(db, actor, sitting_id)
    form = WhatIfForm(request.args)
    valid = form.validate()
    threshold = (form.threshold.data if valid else None) or sitting.threshold
    denominator = (form.chosen_denominator if valid else None) or sitting.denominator
    rows = queries.unit_rows(db, actor, sitting) if sitting.closed_at else []
    own, parents = _lines(rows, sitting, threshold, denominator)
    taken = [entry for entry in history(db, "sitting", sitting.id) if entry.verb == "take_evidence"]
    return render_template(
        "quizzes/results.html",
        sitting=sitting,
        lines=own,
        parents=parents,
        total=pooled(line.tally for line in own),
        form=form,
        threshold=threshold,
        denominator=denominator,
        what_if=(threshold, denominator) != (sitting.threshold, sitting.denominator),
        settles_at=settles_at(sitting, sitting.closed_at) if sitting.closed_at else None,
        evidence=taken,
    )


@blueprint.get("/quizzes/sittings/<int:sitting_id>/results/<int:unit_id>")
@requires(QuizPermission.RESULTS)
def show_unit_result(sitting_id: int, unit_id: int) -> str:
    """Show the people behind the numbers of a unit, by outcome."""
    sitting = queries.get_judged(database(), signed_in(), sitting_id)
    return _unit_page(sitting, unit_id, DecideForm())


@blueprint.post("/quizzes/sittings/<int:sitting_id>/results/<int:unit_id>/retraining")
@requires(QuizPermission.RETRAIN)
def decide_retraining(sitting_id: int, unit_id: int) -> tuple[str, int] | Response:
    """Decide whether a unit that is too small to be judged by its rate trains again."""
    db, actor = database(), signed_in()
    sitting = queries.get_judged(db, actor, sitting_id)
    queries.get_shown_unit(db, actor, unit_id, QuizPermission.RETRAIN)
    form = DecideForm()
    if form.holds:
        decide = waive_retraining if request.form.get("decision") == "waive" else order_retraining
        try:
            order = decide(db, actor, sitting_id, unit_id, reason=form.reason.data or "", now=now())
        except Refusal as refusal:
            db.rollback()
            form.show(refusal)
        else:
            say(_("Decided."))
            return redirect(url_for("quizzes.show_order", order_id=order.id))
    return _unit_page(sitting, unit_id, form), form.status


@blueprint.post("/quizzes/sittings/<int:sitting_id>/evidence")
@requires(QuizPermission.RESULTS)
def take_evidence(sitting_id: int) -> FlaskResponse:
    """Hand out everything that the rates are computed from, and note the file's digest in the audit record."""
    db, actor = database(), signed_in()
    sitting = queries.get_judged(db, actor, sitting_id)
    if sitting.closed_at is None:
        raise Missing
    rows = queries.unit_rows(db, actor, sitting)
    lines, _parents = _lines(rows, sitting, sitting.threshold, sitting.denominator)
    people = queries.all_names(db, actor, sitting.id)
    title = sitting.activity.title
    body = sheet(title, [_("Evidence"), title], _evidence(sitting, lines, people), (28, 28, 16, 20, 20, 14))
    digest = hashlib.sha256(body).hexdigest()
    record(db, actor, "take_evidence", "sitting", sitting.id, now=now(), sha256=digest, people=len(people))
    return download(body, XLSX, _("%(title)s evidence", title=title), "evidence", "xlsx")


def _unit_page(sitting: Sitting, unit_id: int, form: DecideForm) -> str:
    db, actor = database(), signed_in()
    unit = queries.get_shown_unit(db, actor, unit_id, QuizPermission.RESULTS)
    row = next((row for row in queries.unit_rows(db, actor, sitting) if row.id == unit_id), None)
    if row is None:
        raise Missing
    below = row.own is None or request.args.get("below") == "1"
    asked = request.args.get("outcome", "")
    outcome = Outcome(asked) if asked in set(Outcome) else None
    tally = queries.count_outcomes(db, actor, sitting.id, unit_id, below=below)
    total = getattr(tally, outcome.value) if outcome else tally.due + tally.exempt
    pages = max(1, -(-total // SIZE))
    number = min(max(number_asked("page") or 1, 1), pages)
    orders = orders_of_unit(db, actor, sitting.id, unit_id)
    undecided = row.standing is Standing.TOO_SMALL and not any(one.judged_sitting_id == sitting.id for one in orders)
    return render_template(
        "quizzes/unit_result.html",
        sitting=sitting,
        unit=unit,
        line=_line(row, sitting, sitting.threshold, sitting.denominator, below=below),
        has_below=row.own is not None and row.own != row.pooled,
        below=below,
        counts=[(one, getattr(tally, one.value)) for one in OUTCOME_NAMES],
        outcome=outcome,
        names=queries.names(
            db, actor, sitting.id, unit_id, below=below, outcome=outcome, skip=(number - 1) * SIZE, limit=SIZE
        ),
        number=number,
        pages=pages,
        total=total,
        orders=orders,
        form=form if undecided and actor.may(QuizPermission.RETRAIN, unit.path) else None,
    )


def _line(row: UnitRow, sitting: Sitting, threshold: int, denominator: Denominator, *, below: bool) -> Line:
    own = row.pooled if below or row.own is None else row.own
    counts = counted_of(own, denominator)
    tally = own + Tally(passed=row.carried) if counts and not below else own
    passed, counted = tally.passed, counted_of(tally, denominator)
    as_set = (threshold, denominator) == (sitting.threshold, sitting.denominator)
    standing = standing_of(tally, threshold, denominator, sitting.smallest_unit)
    if not below and as_set and row.standing is not None:
        standing = row.standing
    return Line(row, own, below, passed, counted, standing, missing_passes(passed, counted, threshold))


def _lines(
    rows: list[UnitRow], sitting: Sitting, threshold: int, denominator: Denominator
) -> tuple[list[Line], list[Line]]:
    """Return a line for each judged unit, and one for each that has others below it."""
    own = [_line(row, sitting, threshold, denominator, below=False) for row in rows if row.own is not None]
    above = [_line(row, sitting, threshold, denominator, below=True) for row in rows if row.own != row.pooled]
    return own, above


def _evidence(sitting: Sitting, lines: list[Line], people: Sequence[NameRow]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = [
        (_("Opened"), in_words(sitting.activity.starts_at)),
        (_("Roster frozen"), in_words(sitting.closed_at) if sitting.closed_at else ""),
        (_("Results final"), in_words(sitting.settled_at) if sitting.settled_at else _("not yet")),
        (_("Paper"), sitting.paper.name),
        (_("Pass mark"), f"{sitting.pass_mark}%"),
        (_("Threshold"), f"{sitting.threshold}%"),
        (_("Who counts"), denominator_words(sitting.denominator)),
        (_("A person decides below"), sitting.smallest_unit),
        (_("Taken from the system"), in_words(now()), signed_in().name),
        (),
        (_("Unit"), _("State"), _("Counted"), _("Pass rate"), *(outcome_words(one) for one in Outcome)),
    ]
    for line in lines:
        figures = [getattr(line.tally, one.value) for one in Outcome]
        rate = rate_in_words(line.passed, line.counted)
        rows.append((line.unit.name, standing_words(line.standing), line.counted, rate, *figures))
    rows += [(), (_("Unit"), _("Home unit"), _("Staff number"), _("Name"), _("Outcome"), _("Score"))]
    for one in people:
        score = score_words(one.score, one.out_of)
        rows.append((one.judged_unit, one.unit, one.staff_no, one.name, outcome_words(one.outcome), score))
    return rows
