"""The verbs of notices: posting, reading, choosing, handing on."""

from scheduler.notices.actions.posting import Letter, mark_read, post, post_all

__all__ = ["Letter", "mark_read", "post", "post_all"]
