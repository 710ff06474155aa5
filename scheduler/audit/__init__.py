"""The append-only record of who did what: hash-chained, checked by a command."""
