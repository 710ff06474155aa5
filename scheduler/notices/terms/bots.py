"""The vocabulary of group bots: which services, what they carry."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from scheduler.core.errors import lazy


class BotKind(StrEnum):
    """The service whose group chat a bot belongs to."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"


BOT_NAMES = {
    BotKind.WECOM: lazy("WeCom"),
    BotKind.DINGTALK: lazy("DingTalk"),
    BotKind.FEISHU: lazy("Feishu"),
}


class Strand(StrEnum):
    """A kind of news that a group may be told. Guidance, results and people's own affairs are none."""

    CLASSES = "classes"
    SESSIONS = "sessions"
    EVENINGS = "evenings"
    QUESTIONS = "questions"
    """One question for the groups, each working day."""


STRAND_NAMES = {
    Strand.CLASSES: lazy("Classes published or cancelled"),
    Strand.SESSIONS: lazy("Class sessions moved or cancelled"),
    Strand.EVENINGS: lazy("Evenings moved or cancelled"),
    Strand.QUESTIONS: lazy("A question a day"),
}
OPEN_BELOW = frozenset({Strand.EVENINGS, Strand.QUESTIONS})
"""What is for the groups of all units below the one that it belongs to."""

GROUP_KINDS = frozenset({"activity", "class_published", "class_cancelled", "daily_group"})
"""Kinds of notices that may be news for a group; what each is about decides in the end."""
GROUP_FACTS = frozenset({"title", "before", "after", "item", "question", "question_en"})
"""What of a notice's facts a group is told. A reason is not among them: somebody typed it, and may have named a person.
No sentence says the number of an `item`: it is kept so that the next question is another one."""


class DeliveryState(StrEnum):
    """How far a piece of news is on its way to a group."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a service takes: bytes of one message's text, how long to wait after too many messages, and the codes that say so."""

    most_bytes: int
    wait_when_too_many: timedelta
    too_many: frozenset[int]


LIMITS = {
    BotKind.WECOM: Limits(4096, timedelta(minutes=1), frozenset({45009, 45033})),
    BotKind.DINGTALK: Limits(8_000, timedelta(minutes=10), frozenset({130101, 410100})),
    BotKind.FEISHU: Limits(8_000, timedelta(minutes=1), frozenset({11232, 99991400})),
}
"""WeCom: 4096 bytes of text. DingTalk and Feishu: 20 KB of the whole message, its form and escapes included, hence less
of text. 20 messages a minute (WeCom, DingTalk; who sends more is shut out for ten), 100 a minute and 5 a second (Feishu):
a sender stays far below."""
MOST_MESSAGES = 5
"""Messages to one bot in one run, which is a minute; each holds as much news as fits."""
LONGEST_URL, LONGEST_SECRET = 500, 200


@dataclass(frozen=True, slots=True)
class BotDoor:
    """Where a bot's messages go, and by which secret they are signed."""

    kind: BotKind
    url: str
    secret: str

    def __repr__(self) -> str:
        return f"<BotDoor {self.kind}>"  # address and secret are keys


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of news in words, and the page that tells more."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service said: taken or not, its words (trimmed), and how long to leave it alone (None: as after a failure)."""

    taken: bool
    said: str = ""
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece of news belongs: the strand, and the path of the hosting unit."""

    strand: Strand
    unit_path: str


@dataclass(frozen=True, slots=True)
class BotPlan:
    """What an admin settles of a bot; an empty `url` or `secret` leaves what is kept."""

    name: str
    kind: BotKind
    unit_id: int
    strands: tuple[Strand, ...]
    language: str
    enabled: bool
    url: str = ""
    secret: str = ""
    forget_secret: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """News on its way to a bot, in the hands of one sender; `claim` is the fencing token."""

    delivery_id: int
    claim: int
    failures: int
    message_id: str
    facts: dict[str, object]
    address: str
    posted_at: datetime
