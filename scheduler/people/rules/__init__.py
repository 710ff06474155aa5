"""Decisions about people, units, passwords and doors, without a database."""
