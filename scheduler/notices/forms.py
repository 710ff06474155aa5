"""What the page of preferences asks."""

from datetime import time

from wtforms import BooleanField, RadioField, TimeField
from wtforms.validators import Optional

from scheduler.core.forms import Form, options
from scheduler.core.forms import lazy_gettext as _l
from scheduler.notices.actions.choices import QuietWish, Wish
from scheduler.notices.rules.quiet import QuietHours
from scheduler.notices.terms.topics import MUTABLE, Topic

USUAL, OWN, NEVER = "usual", "own", "never"
_MAIL = _l("By mail")
_MIDNIGHT = time()
_MUTED = _l("Muted: neither in the inbox nor by mail")


class PreferencesForm(Form):
    """Two answers for each topic, and the quiet hours."""

    quiet = RadioField(
        _l("Quiet hours"),
        choices=options(
            (
                (USUAL, _l("As in the organisation")),
                (OWN, _l("My own hours")),
                (NEVER, _l("No quiet hours: mail may come at any time")),
            )
        ),
        default=USUAL,
    )
    starts = TimeField(_l("My own hours from"), [Optional()])
    ends = TimeField(_l("My own hours until"), [Optional()])

    def wishes(self) -> dict[Topic, Wish]:
        """Return what was ticked."""
        return {
            topic: Wish(bool(self[f"mail_{topic}"].data), topic in MUTABLE and bool(self[f"muted_{topic}"].data))
            for topic in Topic
        }

    def quiet_wish(self) -> QuietWish:
        """Return the quiet hours that were chosen; without both times the own hours have no length."""
        if self.quiet.data != OWN:
            return QuietWish(usual=self.quiet.data == USUAL)
        starts, ends = self.starts.data, self.ends.data
        if starts is None or ends is None:
            starts = ends = _MIDNIGHT
        return QuietWish(usual=False, hours=QuietHours(starts, ends))


for _topic in Topic:
    setattr(PreferencesForm, f"mail_{_topic}", BooleanField(_MAIL))
    if _topic in MUTABLE:
        setattr(PreferencesForm, f"muted_{_topic}", BooleanField(_MUTED))
