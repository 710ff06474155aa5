"""Who may read notices: each one the own."""

from scheduler.core.access import Permission, Role, hold


class NoticePermission(Permission):
    """What the inbox asks for."""

    READ = "notices.read"
    """Read the notices to oneself, and mark them as read."""


hold({NoticePermission.READ: tuple(Role)})
