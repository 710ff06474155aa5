"""What a new password must satisfy, under each policy."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from scheduler.core.errors import Refusal, lazy
from scheduler.core.text import fold
from scheduler.people.rules.hashing import is_password
from scheduler.people.terms import PasswordPolicy

SHORTEST, LONGEST = 8, 128
ROTATION = timedelta(days=90)
HISTORY = 5
"""How many passwords, the present one among them, may not come back under MLPS3."""
_KINDS = 4


class UnfitPassword(Refusal):
    """The password does not satisfy the policy; the sentence says which rule."""


@cache
def common_passwords() -> frozenset[str]:
    """Return the passwords that are tried first by everybody who guesses, in lower case, long enough to be asked for.

    Those of the package zxcvbn (ASVS 2.1.7 wants the 3,000 most common), and our own list for Chinese offices.
    """
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415 - 12 MB that only a new password needs

    lines = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    own = (line for line in lines if line and not line.startswith("#"))
    return frozenset(word for word in (*own, *FREQUENCY_LISTS["passwords"]) if len(word) >= SHORTEST)


def check_password(
    password: str, *, policy: PasswordPolicy, staff_no: str, name: str, earlier: Iterable[str] = ()
) -> None:
    """Refuse with UnfitPassword unless `password` may become that of the person with `staff_no` and `name`.

    `earlier` are hashes, the newest first; MLPS3 refuses the last five of them.
    """
    if len(password) < SHORTEST:
        raise _unfit(lazy("The password needs at least %(limit)s characters."), limit=SHORTEST)
    if len(password) > LONGEST:
        raise _unfit(lazy("The password may have at most %(limit)s characters."), limit=LONGEST)
    folded = fold(password)
    if fold(staff_no) in folded or (name and fold(name) in folded):
        raise _unfit(lazy("The password must not contain your name or staff number."))
    if folded in common_passwords() or len(set(folded)) < SHORTEST // 2:
        raise _unfit(lazy("This password is one of the first that anybody would try. Choose another."))
    if policy is PasswordPolicy.MLPS3:
        if _kinds(password) < _KINDS:
            raise _unfit(lazy("The password needs capital and small letters, digits and other characters."))
        if any(is_password(password, kept) for kept in list(earlier)[:HISTORY]):
            raise _unfit(lazy("The last %(count)s passwords cannot be used again."), count=HISTORY)


def is_worn_out(set_at: datetime | None, *, policy: PasswordPolicy, now: datetime) -> bool:
    """Tell whether a password set at `set_at` must be replaced before it opens the door again."""
    return policy is PasswordPolicy.MLPS3 and (set_at is None or now - set_at >= ROTATION)


def _kinds(password: str) -> int:
    tests = (str.isupper, str.islower, str.isdecimal, lambda sign: not sign.isalnum())
    return sum(any(test(sign) for sign in password) for test in tests)


def _unfit(message_id: str, **facts: object) -> UnfitPassword:
    return UnfitPassword(message_id, field="password", **facts)
