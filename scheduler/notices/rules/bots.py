"""What each service's group bot wants: the form of a message, its signature, the meaning of its answer."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus, urlsplit

from scheduler.core.errors import Refusal, lazy
from scheduler.notices.terms.bots import LIMITS, Answer, BotDoor, BotKind, Line

HOSTS = {
    BotKind.WECOM: "qyapi.weixin.qq.com",
    BotKind.DINGTALK: "oapi.dingtalk.com",
    BotKind.FEISHU: "open.feishu.cn",
}
"""Where the services themselves take messages; a closed network has a gateway of its own."""
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_MOST_SAID = 200
_MARKUP = {ord(sign): ord(sign) + 0xFEE0 for sign in "[]()<>*_`#~|\\"}  # the full-width twin of each
_ROOM = 400
"""Bytes left for what stands around the news."""


def check_url(url: str) -> str:
    """Return the address if messages may go there: https with a host; plain http to this machine only.

    Refuses anything else, also names and passwords inside, and what is no address.
    """
    try:
        parts = urlsplit(url)
        host, has_port = parts.hostname or "", parts.port
    except ValueError:
        host, has_port, parts = "", None, urlsplit("")
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    is_plain = url.isascii() and url.isprintable() and " " not in url and not (parts.username or parts.password)
    if not (host and is_safe and is_plain and has_port != 0):
        raise Refusal(lazy("The address must begin with https:// and name a host."), field="url")
    return url


def masked(url: str) -> str:
    """Return of an address what may be shown: the host, and the last four characters to tell keys apart."""
    return f"{urlsplit(url).netloc} … {url[-4:]}"


def harmless(text: str) -> str:
    """Return `text` as one line without signs that a chat would take for markup: their full-width twins stand instead."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text.translate(_MARKUP)).split())


def portions(kind: BotKind, title: str, lines: Sequence[Line]) -> list[Sequence[Line]]:
    """Return `lines` in as few messages as the service's limit on bytes allows; a longer line is cut."""
    room = LIMITS[kind].most_bytes - _ROOM - len(title.encode())
    found: list[list[Line]] = []
    used = room + 1
    for line in lines:
        kept = Line(_cut(line.text, room - len(line.url.encode()) - 8), line.url)
        size = len(_item(kept).encode()) + 1
        if used + size > room:
            found.append([])
            used = 0
        found[-1].append(kept)
        used += size
    return list(found)


def _cut(text: str, room: int) -> str:
    data = text.encode()
    return text if len(data) <= room else f"{data[: room - 3].decode(errors='ignore')}…"


def _item(line: Line) -> str:
    return f"- [{harmless(line.text)}]({line.url})"


@dataclass(frozen=True, slots=True)
class Request:
    """A message as it is posted."""

    url: str
    body: bytes


def write_message(door: BotDoor, title: str, lines: Iterable[Line], now: datetime) -> Request:
    """Return the message for a bot, signed where it has a secret; `now` goes into the signature."""
    lines, title = list(lines), harmless(title)
    url, body = door.url, dict[str, Any]()
    if door.kind is BotKind.FEISHU:
        content = [
            [{"tag": "text", "text": f"{harmless(line.text)} "}, {"tag": "a", "text": "↗", "href": line.url}]
            for line in lines
        ]
        body = {"msg_type": "post", "content": {"post": {"zh_cn": {"title": title, "content": content}}}}
        if door.secret:
            stamp = str(int(now.timestamp()))
            body |= {"timestamp": stamp, "sign": _seal(f"{stamp}\n{door.secret}", "")}
    else:
        text = "\n".join([f"**{title}**", "", *map(_item, lines)])
        if door.kind is BotKind.WECOM:
            body = {"msgtype": "markdown", "markdown": {"content": text}}
        else:
            body = {"msgtype": "markdown", "markdown": {"title": title, "text": text}}
            if door.secret:
                stamp = str(int(now.timestamp() * 1000))
                sign = quote_plus(_seal(door.secret, f"{stamp}\n{door.secret}"))
                url += f"{'&' if urlsplit(url).query else '?'}timestamp={stamp}&sign={sign}"
    return Request(url, json.dumps(body, ensure_ascii=False).encode())


def _seal(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def read_answer(kind: BotKind, status: int, body: bytes) -> Answer:
    """Return what an answer means: the services say 200 whatever happened, and a code in the body says what."""
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, Mapping):
        return Answer(taken=False, said=f"HTTP {status}", wait=_wait(kind) if status == 429 else None)  # noqa: PLR2004 - too many requests
    code = found.get("code", found.get("StatusCode")) if kind is BotKind.FEISHU else found.get("errcode")
    said = trimmed(f"{code} {found.get('msg') or found.get('errmsg') or ''}")
    if status == 200 and code == 0 and not isinstance(code, bool):  # noqa: PLR2004 - the plain yes of HTTP
        return Answer(taken=True, said=said)
    if code in LIMITS[kind].too_many or "too many request" in said:
        return Answer(taken=False, said=said, wait=_wait(kind))
    return Answer(taken=False, said=said)


def _wait(kind: BotKind) -> Any:
    return LIMITS[kind].wait_when_too_many


def trimmed(text: str) -> str:
    """Return an error's words, fit for a page: one line, not long, without anything that looks like a key."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return re.sub(r"(https?://\S+|[A-Za-z0-9_-]{24,})", "…", line)[:_MOST_SAID]
