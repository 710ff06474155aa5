from datetime import date
from typing import TYPE_CHECKING

import pytest
from werkzeug.datastructures import MultiDict

from scheduler.core.forms import DateField, Form

if TYPE_CHECKING:
    from flask import Flask


class Dated(Form):
    class Meta:
        """Sent without a token: a form of the test only."""

        csrf = False

    day = DateField("Day")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # a form asks no database
@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-05", date(2026, 3, 5)),
        ("1900-01-01", date(1900, 1, 1)),
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("2026-02-30", None),
        ("tomorrow", None),
    ],
)
def test_a_date_is_of_a_year_that_calendars_here_know(app: "Flask", text: str, day: date | None) -> None:
    with app.test_request_context(method="POST", data=MultiDict({"day": text})):
        form = Dated()
        assert form.validate() is (day is not None)
        assert form.day.data == day
        assert bool(form.day.errors) is (day is None)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # a form asks no database
def test_a_date_left_out_is_none_and_no_error_of_its_own(app: "Flask") -> None:
    with app.test_request_context(method="POST", data={"day": ""}):
        form = Dated()
        assert form.validate()
        assert form.day.data is None
