"""The stage of the calendar tests."""

from typing import TYPE_CHECKING

import pytest

from tests.feeds import stage as stages

if TYPE_CHECKING:
    from scheduler.core.database import Sessions
    from tests.cast import Cast


@pytest.fixture
def stage(database: "Sessions", cast: "Cast") -> stages.Stage:
    return stages.build(database, cast)
