"""Pages of calendars that leave the house: the feed itself, subscriptions, downloads."""

from scheduler.feeds.views import exports, feed, subscriptions
from scheduler.feeds.views.blueprint import blueprint

__all__ = ["blueprint", "exports", "feed", "subscriptions"]
