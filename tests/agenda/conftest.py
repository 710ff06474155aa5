"""The city, in the test's own transaction."""

from typing import TYPE_CHECKING

import pytest

from tests.agenda import city as cities

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@pytest.fixture
def city(session: "Session") -> cities.City:
    return cities.build(session)
