"""Refusals: the one family of exceptions by which the domain says no, in words for the reader."""

from typing import cast

from flask_babel import gettext
from flask_babel.speaklater import LazyString
from markupsafe import escape


def lazy(message_id: str) -> str:
    """Mark an English message id for translation without translating it yet."""
    return message_id


class _Lazy(LazyString):
    """The library's own would pass for markup, and what somebody typed into its facts would not be escaped."""

    def __html__(self) -> str:
        return escape(str(self))


def lazy_gettext(message_id: str, **facts: object) -> str:
    """Return a text that is translated when it is shown; typed as forms and refusals want their labels."""
    return cast("str", _Lazy(gettext, message_id, **facts))  # type: ignore[no-untyped-call]  # the library has no types here


class Refusal(Exception):
    """The act is not done, nothing was changed, and the reader is told why.

    `message_id` is an English sentence with %(name)s places, marked with :func:`lazy`; `facts` fill them.
    `status` is the HTTP status of the answer when no form shows it.
    """

    status = 422

    def __init__(self, message_id: str, *, field: str | None = None, **facts: object) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.facts = facts
        self.field = field

    @property
    def text(self) -> str:
        """The sentence in the reader's language.

        A plain text, so that templates escape it: a lazy one would pass for markup, and the facts may be anybody's.
        """
        return gettext(self.message_id, **self.facts)

    def __str__(self) -> str:
        """Return the English sentence, for logs and tests."""
        return self.message_id % self.facts if self.facts else self.message_id


class Missing(Refusal):
    """No such thing, or not for this reader: both look alike, so that nothing can be probed."""

    status = 404

    def __init__(self, message_id: str = lazy("There is no such page, or it is not for you."), **facts: object) -> None:
        super().__init__(message_id, field=None, **facts)


class Stale(Refusal):
    """Somebody else changed the thing since the form was opened; nothing was overwritten."""

    status = 409

    def __init__(
        self,
        message_id: str = lazy(
            "Somebody else changed this while you were editing. Look at the new state, then repeat your change."
        ),
        **facts: object,
    ) -> None:
        super().__init__(message_id, field=None, **facts)


def refuse_stale(present: int, seen: int) -> None:
    """Refuse with Stale unless the version of a thing is the one that was `seen` when its form was opened."""
    if present != seen:
        raise Stale


class TooMany(Refusal):
    """Asked too often; the facts say when it may be tried again, `retry_after` in seconds."""

    status = 429
