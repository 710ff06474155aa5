from datetime import UTC, datetime, timedelta, timezone

import pytest

from scheduler.core import clock


def test_the_clock_goes_in_utc() -> None:
    first, second = clock.now(), clock.now()
    assert first.tzinfo is UTC
    assert timedelta(0) <= second - first < timedelta(seconds=5)


def test_a_test_holds_the_clock() -> None:
    seven = datetime(2026, 3, 5, 19, tzinfo=timezone(timedelta(hours=8)))
    with clock.fixed(seven):
        assert clock.now() == seven
        assert clock.now().tzinfo is UTC
        with clock.fixed(seven + timedelta(days=1)):
            assert clock.now() == seven + timedelta(days=1)
        assert clock.now() == seven
    assert clock.now() != seven


def test_the_clock_wants_to_know_the_zone() -> None:
    with pytest.raises(ValueError, match="aware"), clock.fixed(datetime(2026, 3, 5, 19)):  # noqa: DTZ001 - that is what is refused
        pass
