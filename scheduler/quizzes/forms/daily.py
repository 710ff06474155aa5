"""What is asked of who wants a question a day."""

from collections.abc import Sequence

from wtforms import SelectField

from scheduler.core.forms import Form, options
from scheduler.core.forms import lazy_gettext as _l


class DailyForm(Form):
    """Which topic the questions are of."""

    topic = SelectField(
        _l("Knowledge point"), description=_l("Where it has nothing to ask, the question is of another one.")
    )

    def offer(self, topics: Sequence[str]) -> None:
        """Offer the topics of the bank, and any."""
        self.topic.choices = options([("", _l("Any knowledge point")), *((topic, topic) for topic in topics)])
