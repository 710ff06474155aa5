"""Who may open the first pages."""

from tests.permissions.table import WITH_ROLE, Row, get

ROWS: tuple[Row, ...] = (get("home.index", WITH_ROLE), get("home.schedule", WITH_ROLE))
