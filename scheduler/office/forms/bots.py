"""What is asked of a group's bot."""

from wtforms import BooleanField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.widgets import CheckboxInput, ListWidget

from scheduler.core.forms import VersionedForm, at_most, options, required
from scheduler.core.forms import lazy_gettext as _l
from scheduler.notices.terms.bots import (
    BOT_NAMES,
    LONGEST_SECRET,
    LONGEST_URL,
    STRAND_NAMES,
    BotKind,
    BotPlan,
    Strand,
)


class BotForm(VersionedForm):
    """A bot; address and secret are never shown again, and stay as they are where nothing is typed."""

    name = StringField(_l("Name"), [required(), at_most(80)])
    kind = SelectField(_l("Service"), choices=options((kind, _l(name)) for kind, name in BOT_NAMES.items()))
    url = PasswordField(_l("Webhook address"), [at_most(LONGEST_URL)])
    secret = PasswordField(_l("Secret for signatures"), [at_most(LONGEST_SECRET)])
    forget_secret = BooleanField(_l("Forget the secret that is kept"))
    unit = SelectField(_l("Unit"), coerce=int)
    strands = SelectMultipleField(
        _l("What it carries"),
        choices=options((strand, _l(name)) for strand, name in STRAND_NAMES.items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    language = SelectField(_l("Language"), choices=options((("zh_CN", "中文"), ("en", "English"))))
    enabled = BooleanField(_l("Switched on"), default=True)

    def plan(self) -> BotPlan:
        """Return what was typed."""
        return BotPlan(
            name=self.name.data or "",
            kind=BotKind(self.kind.data),
            unit_id=self.unit.data,
            strands=tuple(Strand(value) for value in self.strands.data or ()),
            language=self.language.data,
            enabled=bool(self.enabled.data),
            url=(self.url.data or "").strip(),
            secret=(self.secret.data or "").strip(),
            forget_secret=bool(self.forget_secret.data),
        )
