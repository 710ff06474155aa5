"""Who may see and change pairings and guidance records."""

from collections.abc import Iterable

from scheduler.core.access import Actor, Permission, Role, hold
from scheduler.mentoring.terms import WordsFor


class MentoringPermission(Permission):
    """What the pages of mentoring ask for; the pair itself needs none of them but READ for what is its own."""

    READ = "mentoring.read"
    """See the own pairings, and act as the mentor, mentee or sponsor that one is."""
    OVERSEE = "mentoring.oversee"
    """See the pairings of the units led: dates, areas and counts; the words as the programme's rule says."""
    MANAGE = "mentoring.manage"
    """Propose pairings of the units looked after, change them, suspend and end them."""
    LOCK = "mentoring.lock"
    """Lock a month for the units looked after, and reopen it with a reason."""
    PROGRAMMES = "mentoring.programmes"
    """Change programmes: their numbers, content areas, ways of guidance."""
    UNIT_WORDS = "mentoring.unit_words"
    """Read the words of records where the programme opens them to the units' training officers."""
    OFFICE_WORDS = "mentoring.office_words"
    """Read the words of records where the programme opens them to the training office."""


hold(
    {
        MentoringPermission.READ: tuple(Role),
        MentoringPermission.OVERSEE: (Role.ADMIN, Role.UNIT_OFFICER, Role.LEADER),
        MentoringPermission.MANAGE: (Role.ADMIN, Role.UNIT_OFFICER),
        MentoringPermission.LOCK: (Role.ADMIN, Role.UNIT_OFFICER),
        MentoringPermission.PROGRAMMES: (Role.ADMIN,),
        MentoringPermission.UNIT_WORDS: (Role.UNIT_OFFICER,),
        MentoringPermission.OFFICE_WORDS: (Role.ADMIN,),
    },
    at_top=(MentoringPermission.PROGRAMMES,),
)

_OPENED_BY = {
    WordsFor.PAIR_AND_OFFICER: MentoringPermission.UNIT_WORDS,
    WordsFor.PAIR_AND_OFFICE: MentoringPermission.OFFICE_WORDS,
}


def may_read_words(actor: Actor, rule: WordsFor, pair: Iterable[int], paths: Iterable[str]) -> bool:
    """Tell whether `actor` may read the words of a pairing's records; `pair` are the two, `paths` their units."""
    if actor.person_id in set(pair):
        return True
    permission = _OPENED_BY.get(rule)
    return permission is not None and any(actor.may(permission, path) for path in paths)
