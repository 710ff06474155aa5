"""What the tests of obligations stand on: the house of mentoring, with a pairing in force since 1 March 2026."""

from tests.mentoring.conftest import house as house  # noqa: PLC0414 - a fixture of this folder too
