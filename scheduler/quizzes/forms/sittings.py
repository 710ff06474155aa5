"""Forms around a sitting: its plan, what is granted, marks, rulings."""

from datetime import date, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import (
    BooleanField,
    DecimalField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import Optional

from scheduler.agenda.forms.planning import ConsentFields
from scheduler.core.errors import Refusal, lazy
from scheduler.core.forms import DateField, Form, VersionedForm, at_most, options, required
from scheduler.core.forms import lazy_gettext as _l
from scheduler.core.periods import Span, local_span
from scheduler.quizzes.rules.grading import POINT
from scheduler.quizzes.terms.papers import MOST_POINTS
from scheduler.quizzes.terms.sittings import (
    ATTENDEES_NAMES,
    CONCESSION_NAMES,
    CREDIT_NAMES,
    DENOMINATOR_NAMES,
    RELEASE_NAMES,
    Attendees,
    Concession,
    Denominator,
    PartialCredit,
    Release,
    SittingPlan,
    SittingRules,
)

_USUAL = SittingRules()


class RulesFields(Form):
    """The rules of a sitting."""

    length_minutes = IntegerField(_l("Minutes to work"), [required()], default=_USUAL.length_minutes)
    attempts = IntegerField(_l("Attempts for each person"), [required()], default=_USUAL.attempts)
    pass_mark = IntegerField(_l("Pass mark, per cent"), [required()], default=_USUAL.pass_mark)
    threshold = IntegerField(
        _l("Pass-rate threshold of units, per cent"),
        [required()],
        default=_USUAL.threshold,
        description=_l("A unit strictly below it trains again."),
    )
    denominator = SelectField(_l("Who counts in the pass rate"), default=_USUAL.denominator.value)
    smallest_unit = IntegerField(
        _l("Smallest unit that is judged"),
        [required()],
        default=_USUAL.smallest_unit,
        description=_l("With fewer people it is listed for you to decide."),
    )
    credit = SelectField(_l("An incomplete multiple choice answer is worth"), default=_USUAL.credit.value)
    release = SelectField(_l("Results are shown"), default=_USUAL.release.value)
    explanations = BooleanField(_l("Show keys and explanations with the results"), default=_USUAL.explanations)
    double_marking = BooleanField(_l("Two people mark each short answer"), default=_USUAL.double_marking)
    stagger_minutes = IntegerField(
        _l("Let people in over so many minutes"),
        [Optional()],
        default=_USUAL.stagger_minutes,
        description=_l("0: all at once. Otherwise each at a moment of their own."),
    )
    regrade_days = IntegerField(_l("Days until results are final"), [Optional()], default=_USUAL.regrade_days)
    confirm_days = IntegerField(
        _l("Days after which a retraining order confirms itself"),
        [Optional()],
        default=_USUAL.confirm_days,
        description=_l("0: never."),
    )
    attendees = SelectField(_l("Who attends a retraining"), default=_USUAL.attendees.value)

    def offer_rules(self) -> None:
        """Fill in the choices."""
        for field, names in (
            (self.denominator, DENOMINATOR_NAMES),
            (self.credit, CREDIT_NAMES),
            (self.release, RELEASE_NAMES),
            (self.attendees, ATTENDEES_NAMES),
        ):
            field.choices = options((each.value, _(name)) for each, name in names.items())

    def rules(self) -> SittingRules:
        """Return what was typed."""
        return SittingRules(
            length_minutes=self.length_minutes.data or 0,
            attempts=self.attempts.data or 0,
            pass_mark=self.pass_mark.data or 0,
            threshold=self.threshold.data or 0,
            denominator=Denominator(self.denominator.data),
            smallest_unit=self.smallest_unit.data or 0,
            credit=PartialCredit(self.credit.data),
            release=Release(self.release.data),
            explanations=self.explanations.data,
            double_marking=self.double_marking.data,
            stagger_minutes=self.stagger_minutes.data or 0,
            regrade_days=self.regrade_days.data or 0,
            confirm_days=self.confirm_days.data or 0,
            attendees=Attendees(self.attendees.data),
        )


class SittingForm(RulesFields, ConsentFields):
    """A sitting to be."""

    title = StringField(_l("Title"), [required(), at_most(200)])
    paper = SelectField(_l("Paper"), coerce=int)
    audience = SelectField(_l("For a class or a series"), coerce=int)
    units = SelectMultipleField(
        _l("Or for these units, with all below them"), coerce=int, description=_l("Several: hold Ctrl while choosing.")
    )
    day = DateField(_l("Day"), [required()])
    starts = TimeField(_l("Opens"), [required()], default=time(9))
    ends = TimeField(_l("Closes"), [required()], default=time(11))
    venue = SelectField(_l("Venue"), coerce=int)
    host_unit = SelectField(_l("Host"), coerce=int)

    def offer(
        self,
        papers: list[tuple[int, str]],
        audiences: list[tuple[int, str]],
        units: list[tuple[int, str]],
        venues: list[tuple[int, str]],
    ) -> None:
        """Fill in the choices."""
        self.paper.choices = options(papers)
        self.audience.choices = options([(0, _("none")), *audiences])
        self.units.choices = options(units)
        self.host_unit.choices = options(units)
        self.venue.choices = options([(0, _("none: everybody at the own desk")), *venues])
        self.offer_rules()

    def value(self, zone: ZoneInfo) -> SittingPlan:
        """Return what was typed. Refuses an end before the beginning."""
        return SittingPlan(
            title=self.title.data or "",
            paper_id=self.paper.data or 0,
            span=_span(self.day.data, self.starts.data, self.ends.data, zone),
            host_unit_id=self.host_unit.data,
            audience_id=self.audience.data or None,
            unit_ids=tuple(self.units.data or ()),
            venue_id=self.venue.data or None,
            rules=self.rules(),
        )


class MoveForm(VersionedForm, ConsentFields):
    """Another time for a sitting."""

    day = DateField(_l("Day"), [required()])
    starts = TimeField(_l("Opens"), [required()])
    ends = TimeField(_l("Closes"), [required()])
    reason = StringField(_l("Reason"), [required(), at_most(300)])

    def span(self, zone: ZoneInfo) -> Span:
        """Return what was typed. Refuses an end before the beginning."""
        return _span(self.day.data, self.starts.data, self.ends.data, zone)


def _span(day: date | None, starts: time | None, ends: time | None, zone: ZoneInfo) -> Span:
    if day is None or starts is None or ends is None:
        raise Refusal(lazy("Please fill this in."), field="day")
    if ends <= starts:
        raise Refusal(lazy("It closes before it opens."), field="ends")
    return local_span(day, starts, ends, zone)


class RulesForm(RulesFields, VersionedForm):
    """The rules of a sitting that has not opened yet."""


class GrantForm(Form):
    """What is granted to whom."""

    concession = SelectField(_l("What is granted"))
    person = SelectField(_l("To a person"), coerce=int)
    unit = SelectField(_l("Or, more time, to a unit"), coerce=int)
    minutes = IntegerField(_l("Minutes more"), [Optional()])
    reason = StringField(_l("Reason"), [required(), at_most(300)])

    def offer(self, people: list[tuple[int, str]], units: list[tuple[int, str]]) -> None:
        """Fill in the choices."""
        self.concession.choices = options((each.value, _(name)) for each, name in CONCESSION_NAMES.items())
        self.person.choices = options([(0, _("none")), *people])
        self.unit.choices = options([(0, _("none")), *units])

    def kind(self) -> Concession:
        """Return what is granted."""
        return Concession(self.concession.data)


class ReasonForm(VersionedForm):
    """Why something is called off."""

    reason = StringField(_l("Reason"), [required(), at_most(300)])


class MarkForm(Form):
    """A mark for a short answer."""

    points = DecimalField(_l("Points"), [required()], places=2)
    remark = TextAreaField(_l("Remark for the person"), [at_most(500)])

    def score(self) -> int:
        """Return the mark in hundredths of a point. Refuses what is no amount, and more than two decimals."""
        points = self.points.data or Decimal(0)
        if not points.is_finite() or not 0 <= points <= MOST_POINTS:
            raise Refusal(lazy("This must be %(least)s to %(most)s."), field="points", least=0, most=MOST_POINTS)
        hundredths = points * POINT
        if hundredths != int(hundredths):
            raise Refusal(lazy("At most two decimals."), field="points")
        return int(hundredths)


class RulingForm(Form):
    """What is decided about an item after the sitting."""

    void = BooleanField(_l("Void: whatever was answered gets the points"))
    key = StringField(
        _l("Or the right key"),
        [at_most(1000)],
        description=_l("Letters as in the bank, T or F; forms of a fill-in parted by |."),
    )
    reason = StringField(_l("Reason"), [required(), at_most(300)])
