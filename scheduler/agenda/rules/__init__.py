"""Decisions about time as pure functions."""
