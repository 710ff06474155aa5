"""Proposing, changing and ending pairings; the filters of their list."""

from datetime import date

from flask_babel import gettext as _
from wtforms import SelectField, StringField, TextAreaField

from scheduler.core.forms import DateField, Filter, Form, VersionedForm, at_most, options, required
from scheduler.core.forms import lazy_gettext as _l
from scheduler.mentoring.terms import STATUS_NAMES, PairingPlan, Step


class PairingFilterForm(Filter):
    """Which pairings the list shows; lives in the address."""

    q = StringField(_l("Name or staff number"))
    state = SelectField(_l("Status"), validate_choice=False)
    programme = SelectField(_l("Mentoring programme"), validate_choice=False)

    def offer(self, programmes: list[tuple[int, str]]) -> None:
        """Fill in the choices."""
        self.state.choices = options([("", _("All")), *((one.value, _(word)) for one, word in STATUS_NAMES.items())])
        self.programme.choices = options([("", _("All")), *programmes])


class AimsForm(VersionedForm):
    """What a pairing aims at, until when, and who stands beside the mentor."""

    sponsor = StringField(_l("Sponsor (staff number)"), [at_most(40)], description=_l("A leader beside the mentor."))
    ends_on = DateField(_l("Last day"), [required()])
    goals = TextAreaField(_l("Goals"), [at_most(4000)])
    development_plan = TextAreaField(_l("Development plan"), [at_most(4000)])

    def numbers(self) -> list[str]:
        """Return the staff numbers typed."""
        return [text for field in (self.sponsor,) if (text := (field.data or "").strip())]


class ProposeForm(AimsForm):
    """A new pairing."""

    mentor = StringField(_l("Mentor (staff number)"), [required(), at_most(40)])
    mentee = StringField(_l("Mentee (staff number)"), [required(), at_most(40)])
    programme = SelectField(_l("Mentoring programme"), coerce=int)
    starts_on = DateField(_l("First day"), [required()])
    content_areas = StringField(
        _l("Content areas"), [at_most(400)], description=_l("As the agreement states them, separated by 、.")
    )

    def numbers(self) -> list[str]:
        """Return the staff numbers typed."""
        fields = (self.mentor, self.mentee, self.sponsor)
        return [text for field in fields if (text := (field.data or "").strip())]

    def plan(self, people: dict[str, int], today: date) -> PairingPlan:
        """Return what was typed; `people` are the ids by staff number, 0 stands for nobody."""
        sponsor = (self.sponsor.data or "").strip()
        return PairingPlan(
            people.get((self.mentor.data or "").strip(), 0),
            people.get((self.mentee.data or "").strip(), 0),
            self.programme.data,
            self.starts_on.data or today,
            self.ends_on.data or today,
            people.get(sponsor, 0) if sponsor else None,
            self.goals.data or "",
            self.development_plan.data or "",
            self.content_areas.data or "",
        )


class StepForm(VersionedForm):
    """A step in a pairing's life: the fields that it needs, and no others."""

    day = DateField(_l("Day"), [required()])
    end_reason = SelectField(_l("Why it ends"), coerce=int)
    reason = StringField(_l("Reason"), [at_most(300)])

    LABELS = {  # noqa: RUF012 - WTForms reads classes of forms as plain attributes
        Step.SUSPEND: _l("Suspended from"),
        Step.RESUME: _l("First day back"),
        Step.END: _l("Last day in force"),
    }

    def __init__(self, step: Step, **values: object) -> None:
        super().__init__(**values)
        if step in self.LABELS:
            self.day.label.text = self.LABELS[step]
        else:
            del self.day
        if step is not Step.END:
            del self.end_reason
        if step in {Step.RESUME, Step.COMPLETE}:
            del self.reason


class TermForm(Form):
    """The time of another term."""

    starts_on = DateField(_l("First day"), [required()])
    ends_on = DateField(_l("Last day"), [required()])


class ReopenForm(Form):
    """Why a month is opened again."""

    reason = StringField(_l("Reason"), [required(), at_most(300)])
