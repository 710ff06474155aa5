"""The verbs of notices: posting, reading, choosing, handing on."""

from scheduler.notices.actions.clearing import clear_notices
from scheduler.notices.actions.posting import Letter, mark_read, post, post_all

__all__ = ["Letter", "clear_notices", "mark_read", "post", "post_all"]
