"""What an import would do: the items of a file against the bank, and against each other."""

from collections.abc import Sequence

from scheduler.core.errors import lazy
from scheduler.quizzes.rules.bank.answers import write_answer
from scheduler.quizzes.rules.bank.duplicates import find_alike
from scheduler.quizzes.rules.bank.items import item_digest
from scheduler.quizzes.terms.bank import ItemText, KnownItem
from scheduler.quizzes.terms.reading import BankReport, Finding, Reading, ReadItem, Severity


def compare(reading: Reading, bank: Sequence[KnownItem]) -> tuple[BankReport, list[ItemText]]:
    """Return the report on a file, and the items that the bank does not hold yet.

    What the bank holds already stays as it is, also where it is retired or has another answer: both are said. Items
    that are nearly the same as another are taken, and named.
    """
    known = {one.digest: one for one in bank if one.retired}
    known |= {one.digest: one for one in bank if not one.retired}
    findings = list(reading.findings)
    first: dict[str, ReadItem] = {}
    present = repeated = 0
    for read in reading.items:
        digest = item_digest(read.text)
        if digest in first:
            repeated += 1
            earlier = first[digest]
            same = write_answer(earlier.text) == write_answer(read.text)
            said = (
                lazy("This stands in row %(row)s already.")
                if same
                else lazy("This stands in row %(row)s already, with another answer; that one is taken.")
            )
            findings.append(_warning(read, said, row=earlier.place.row))
        elif digest in known:
            present += 1
            findings.extend(_of_present(read, known[digest]))
            first[digest] = read
        else:
            first[digest] = read
    new = [read for digest, read in first.items() if digest not in known]
    findings.extend(_alike(new, [one for one in bank if not one.retired]))
    findings.sort(key=lambda finding: (finding.severity is Severity.WARNING, finding.place.source, finding.place.row))
    report = BankReport(reading.format, len(new), present, repeated, reading.refused, tuple(findings))
    return report, [read.text for read in new]


def _of_present(read: ReadItem, known: KnownItem) -> list[Finding]:
    if known.retired:
        said = lazy("The bank holds this item, retired. It stays so; restore it on its page.")
    elif known.answer != write_answer(read.text):
        said = lazy("The bank holds this item with another answer. It stays as it is; change it on its page.")
    else:
        return []
    return [_warning(read, said, item_id=known.item_id)]


def _alike(new: Sequence[ReadItem], bank: Sequence[KnownItem]) -> list[Finding]:
    findings = []
    for place, other in find_alike([read.text.stem for read in new], [one.stem for one in bank]).items():
        if other < 0:
            earlier = new[-other - 1]
            findings.append(_warning(new[place], lazy("Nearly the same as row %(row)s."), row=earlier.place.row))
        else:
            twin = bank[other]
            said = lazy("Nearly the same as an item of the bank: %(stem)s")
            findings.append(_warning(new[place], said, item_id=twin.item_id, stem=twin.stem[:80]))
    return findings


def _warning(read: ReadItem, message_id: str, item_id: int | None = None, **facts: object) -> Finding:
    return Finding(read.place, message_id, facts, Severity.WARNING, read.text.stem[:60], item_id)
