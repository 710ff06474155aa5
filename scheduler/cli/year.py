"""Commands that bring an office in: its real year from a workbook, or the demo city."""

from pathlib import Path

import click

from scheduler import demo as demo_city
from scheduler.cli.edge import as_json, commander, edge, file_path, sessions, settings, tell
from scheduler.core import clock
from scheduler.office.actions import import_year
from scheduler.office.terms.report import ImportReport


@click.command("import-year")
@click.argument("workbook", type=file_path)
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--good-rows", is_flag=True, help="Import what is right although other rows are wrong.")
@as_json
@edge
def import_year_command(workbook: Path, *, dry_run: bool, good_rows: bool, as_json: bool) -> None:
    """Bring in the year from the Excel file WORKBOOK; doing it twice changes nothing. Fails if rows are refused."""
    data = workbook.read_bytes()
    edge_of = sessions().read() if dry_run else sessions().write()
    with edge_of as session:
        report = import_year(
            session,
            commander(),
            data,
            good_rows=good_rows,
            dry_run=dry_run,
            installation_id=settings().installation_id,
            zone=settings().zone,
            now=clock.now(),
        )
    for problem in () if as_json else report.problems:
        click.echo(f"{problem.severity}: {problem}", err=True)
    tell(_summary(report), report.as_json(), as_json=as_json)
    if report.errors and not (good_rows and report.applied):
        raise SystemExit(1)


def _summary(report: ImportReport) -> str:
    lines = [
        f"{sheet}: {counts.new} new, {counts.changed} changed, {counts.unchanged} unchanged, {counts.refused} refused, "
        f"{counts.left} no longer in the workbook"
        for sheet, counts in report.sheets.items()
    ]
    lines.append("Imported." if report.applied else "Nothing was imported.")
    return "\n".join(lines)


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Do nothing, successfully, where the database holds something.")
@as_json
@edge
def demo(*, if_empty: bool, as_json: bool) -> None:
    """Fill an empty database with the demo city, around today, and say who can sign in to it."""
    with sessions().write() as session:
        if if_empty and not demo_city.is_empty(session):
            report = demo_city.who_can_sign_in(session, settings())
        else:
            report = demo_city.load(session, settings(), clock.now())
    people = [
        {"role": one.role, "staff_no": one.staff_no, "name": one.name, "password": one.password}
        for one in report.people
    ]
    if not people:
        tell("The database holds an office already; the demo city was not loaded.", {"people": []}, as_json=as_json)
        return
    lines = [
        "The demo city. Sign in with:",
        *(f"  {one.staff_no:<10} {one.password}   {one.role}, {one.name}" for one in report.people),
    ]
    tell("\n".join(lines), {"people": people}, as_json=as_json)
