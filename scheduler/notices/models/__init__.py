"""The outbox, what people chose of it, and the bots of groups."""

from scheduler.notices.models.bots import BotDelivery, GroupBot, News
from scheduler.notices.models.choices import OwnQuiet, SwitchedOn, TopicChoice
from scheduler.notices.models.notices import Notice

__all__ = ["BotDelivery", "GroupBot", "News", "Notice", "OwnQuiet", "SwitchedOn", "TopicChoice"]
