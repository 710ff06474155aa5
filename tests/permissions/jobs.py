"""The doors of watchdogs: open to all, for they tell nothing of anybody."""

from tests.permissions.table import Row

PUBLIC = {
    "jobs.live": "a watchdog has no account",
    "jobs.ready": "a load balancer has no account",
    "jobs.status": "monitoring has no account; counts and instants only",
}
ROWS: tuple[Row, ...] = ()
