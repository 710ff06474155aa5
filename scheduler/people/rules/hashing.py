"""How passwords are kept: argon2id, 19 MiB, two passes, one lane."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Of a random text that nobody knows: verified for unknown accounts, so that they take as long as known ones.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$MHubBbMes8fn+FaVNVOWcA$taatARqJufCdzTrqHqbl772brwdZSz75mSaNl917FBY"


def make_hash(password: str) -> str:
    """Return what is kept of `password`; it takes some tens of milliseconds on purpose."""
    return _HASHER.hash(password)


def is_password(password: str, kept: str | None) -> bool:
    """Tell whether `kept` was made of `password`; takes the same time where nothing is kept."""
    try:
        _HASHER.verify(kept or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None
