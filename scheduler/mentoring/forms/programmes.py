"""What a programme settles."""

from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional

from scheduler.core.forms import DateField, VersionedForm, at_most, lazy_gettext, options, required
from scheduler.core.forms import lazy_gettext as _l
from scheduler.mentoring.terms import WORDS_NAMES, WordsFor
from scheduler.mentoring.terms.programmes import ProgrammePlan


class ProgrammeForm(VersionedForm):
    """The numbers, names and lists of a programme."""

    name_zh = StringField(_l("Name in Chinese"), [required(), at_most(80)])
    name_en = StringField(_l("Name in English"), [required(), at_most(80)])
    duty = IntegerField(_l("Guidance sessions a month"), [required(), NumberRange(0, 31)])
    capacity = IntegerField(_l("Mentees a mentor may guide at a time"), [required(), NumberRange(1, 99)])
    grace_days = IntegerField(_l("Days of grace after the month's end"), [required(), NumberRange(0, 31)])
    words_for = SelectField(
        _l("Who may read the words of records"),
        choices=options((one.value, lazy_gettext(word)) for one, word in WORDS_NAMES.items()),
    )
    starts_on = DateField(_l("Runs from"), [Optional()])
    ends_on = DateField(_l("Runs until"), [Optional()])
    areas = TextAreaField(
        _l("Content areas"),
        [required(), at_most(2000)],
        description=_l("One a line: Chinese | English. Those that records are about can be renamed, not taken away."),
    )
    modes = TextAreaField(
        _l("Ways of guidance"), [required(), at_most(2000)], description=_l("One a line: Chinese | English.")
    )

    def plan(self) -> ProgrammePlan:
        """Return what was typed."""
        return ProgrammePlan(
            self.name_zh.data or "",
            self.name_en.data or "",
            self.duty.data or 0,
            self.capacity.data or 1,
            self.grace_days.data or 0,
            WordsFor(self.words_for.data),
            self.starts_on.data,
            self.ends_on.data,
            _lines(self.areas.data or ""),
            _lines(self.modes.data or ""),
        )


def _lines(text: str) -> tuple[tuple[str, str], ...]:
    """Return (Chinese, English) of each line; a line without a bar has one name for both."""
    pairs = [line.partition("|") for line in text.splitlines() if line.strip()]
    return tuple((name_zh.strip(), name_en.strip() or name_zh.strip()) for name_zh, _bar, name_en in pairs)
