"""Decisions of mentoring, as pure functions."""
