"""What reminders of guidance are known by, whoever sends them: one a week at most for a person and this duty."""

from datetime import date

REMINDER = "duty_reminder"
"""The kind of notice by which people are reminded of what they owe."""
GUIDANCE_DUTY = "guidance"
"""The subject of those about guidance."""


def week_of(day: date) -> str:
    """Return the slot of a reminder sent on `day`, such as 2026-W47: notices with the same slot are sent once."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"
