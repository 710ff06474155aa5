"""Which program a User-Agent names, in words that its owner knows."""

from scheduler.feeds.rules.text import line

LONGEST = 200
_KNOWN = (
    ("google-calendar", "Google Calendar"),
    ("dataaccessd", "iPhone, iPad"),
    ("ios/", "iPhone, iPad"),
    ("iphone", "iPhone, iPad"),
    ("calendaragent", "Mac"),
    ("macos/", "Mac"),
    ("mac os x", "Mac"),
    ("microsoft office", "Outlook"),
    ("outlook", "Outlook"),
    ("microsoft.exchange", "Outlook"),
    ("exchange", "Outlook"),
    ("wxwork", "WeCom"),
    ("micromessenger", "WeChat"),
    ("dingtalk", "DingTalk"),
    ("icsx5", "ICSx⁵"),
    ("thunderbird", "Thunderbird"),
    ("android", "Android"),
    ("windows", "Windows"),
)


def client_of(user_agent: str) -> str:
    """Return what is kept of a User-Agent: one line, bounded."""
    return line(user_agent)[:LONGEST]


def client_name(kept: str) -> str:
    """Return the name of the program, or the first word of what it calls itself."""
    folded = kept.lower()
    return next(
        (name for mark, name in _KNOWN if mark in folded), kept.split("/", maxsplit=1)[0].split(" ", maxsplit=1)[0]
    )
