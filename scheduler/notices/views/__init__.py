"""Pages of notices: the inbox, what one wants to be told, the mail's link that mutes."""

from scheduler.notices.views import inbox, muting, preferences
from scheduler.notices.views.blueprint import blueprint

__all__ = ["blueprint", "inbox", "muting", "preferences"]
