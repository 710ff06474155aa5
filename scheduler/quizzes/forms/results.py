"""What is typed about results and retraining."""

from wtforms import IntegerField, RadioField, SelectField, StringField
from wtforms.validators import NumberRange, Optional

from scheduler.core.forms import Filter, Form, VersionedForm, at_most, options, required
from scheduler.core.forms import lazy_gettext as _l
from scheduler.quizzes.terms.results import ORDER_NAMES, OrderState
from scheduler.quizzes.terms.sittings import DENOMINATOR_NAMES, Denominator


class WhatIfForm(Filter):
    """Another threshold or denominator to try out."""

    threshold = IntegerField(_l("What if this many per cent had to pass?"), [Optional(), NumberRange(1, 100)])
    denominator = SelectField(
        _l("Who counts"),
        [Optional()],
        choices=options(
            [("", _l("As the sitting has it")), *((one.value, _l(word)) for one, word in DENOMINATOR_NAMES.items())]
        ),
    )

    @property
    def chosen_denominator(self) -> Denominator | None:
        """The other denominator; None: that of the sitting."""
        return Denominator(self.denominator.data) if self.denominator.data in set(Denominator) else None


class OrderFilter(Filter):
    """Which retraining orders to show."""

    state = SelectField(
        _l("State"),
        validate_choice=False,
        choices=options([("", _l("All")), *((one.value, _l(word)) for one, word in ORDER_NAMES.items())]),
    )

    @property
    def chosen(self) -> OrderState | None:
        """The state that was chosen; None: all."""
        return OrderState(self.state.data) if self.state.data in set(OrderState) else None


class ConfirmForm(VersionedForm):
    """When a retraining is held."""

    slot = RadioField(_l("When"), [required()])


class WithdrawForm(VersionedForm):
    """Why a retraining is called off."""

    reason = StringField(_l("Reason"), [required(), at_most(300)])


class DecideForm(Form):
    """Why a small unit trains again, or need not."""

    reason = StringField(_l("Reason"), [required(), at_most(300)])
