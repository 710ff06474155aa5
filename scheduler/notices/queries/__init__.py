"""Reading notices: the own ones, what people chose, what waits to be sent."""

from scheduler.notices.queries.inbox import count, recent, told_in, unread_count, visible_to

__all__ = ["count", "recent", "told_in", "unread_count", "visible_to"]
