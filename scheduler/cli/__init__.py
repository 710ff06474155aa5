"""The product's own commands: `flask --app wsgi COMMAND`. Exit status 0 only on success; a refusal is one line."""

from flask import Flask

from scheduler.cli.calendars import export_calendar
from scheduler.cli.installation import init, person
from scheduler.cli.upkeep import audit, backup, jobs, restore
from scheduler.cli.year import demo, import_year_command

COMMANDS = (init, demo, import_year_command, export_calendar, person, jobs, backup, restore, audit)


def install(app: Flask) -> None:
    """Give `app` the commands."""
    for command in COMMANDS:
        app.cli.add_command(command)
