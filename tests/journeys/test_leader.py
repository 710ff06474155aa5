"""The leader: reads everything of the unit, changes nothing."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.visitor import Visitor


def test_sees_the_year_and_the_whole_organisation(come: "Callable[..., Visitor]") -> None:
    leader = come("leader")
    leader.page.goto("/office/?year=2026")
    assert leader.main("svg[role=group]").count() > 0
    leader.page.goto("/schedule?scope=organisation&view=month&day=2026-11-18")
    assert leader.main("a[href^='/activities/']").count() > 0


@pytest.mark.parametrize("path", ["/people/add", "/classes/new", "/office/imports", "/calendar/update"])
def test_changes_nothing(come: "Callable[..., Visitor]", path: str) -> None:
    leader = come("leader")
    answer = leader.page.goto(path)
    assert answer is not None
    assert answer.status == 404
