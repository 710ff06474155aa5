"""Messages to groups: formats, signatures and limits, against services that check them with code of their own."""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.core.errors import Refusal
from scheduler.notices.rules.bots import check_url, harmless, masked, portions, read_answer, write_message
from scheduler.notices.tasks.webhook import tell_bot
from scheduler.notices.terms.bots import LIMITS, Answer, BotDoor, BotKind, Line
from tests.harness.chats import SECRET, Chats, chats
from tests.notices.conftest import NOW

PATHS = {
    BotKind.WECOM: "/cgi-bin/webhook/send?key=k",
    BotKind.DINGTALK: "/robot/send?access_token=k",
    BotKind.FEISHU: "/open-apis/bot/v2/hook/k",
}
PAGE = "https://training.city.example/activities/1"


@pytest.fixture
def services() -> Iterator[Chats]:
    with chats() as found:
        found.now = NOW.timestamp()
        yield found


def door(services: Chats, kind: BotKind, **changes: Any) -> BotDoor:
    facts = {"kind": kind, "url": services.url + PATHS[kind], "secret": "" if kind is BotKind.WECOM else SECRET}
    return BotDoor(**(facts | changes))


@pytest.mark.parametrize("kind", BotKind)
def test_each_service_takes_the_message(services: Chats, kind: BotKind) -> None:
    answer = tell_bot(door(services, kind), "干部教育培训", [Line("“公文写作”取消", PAGE), Line("二", PAGE)], now=NOW)
    assert answer.taken
    ((where, text),) = services.taken
    assert where == kind.value
    assert "干部教育培训" in text
    assert "“公文写作”取消" in text
    assert text.count(PAGE) == 2


@pytest.mark.parametrize("kind", [BotKind.DINGTALK, BotKind.FEISHU])
def test_a_wrong_secret_or_clock_is_refused_and_the_words_are_told(services: Chats, kind: BotKind) -> None:
    wrong = tell_bot(door(services, kind, secret="another"), "t", [Line("x", PAGE)], now=NOW)
    assert not wrong.taken
    assert wrong.wait is None
    assert "sign" in wrong.said
    assert not tell_bot(door(services, kind), "t", [Line("x", PAGE)], now=NOW - timedelta(hours=2)).taken
    assert services.taken == []


def test_a_bot_without_secret_signs_nothing() -> None:
    for kind in BotKind:
        message = write_message(BotDoor(kind, "https://gate.example/x", ""), "t", [Line("x", PAGE)], NOW)
        assert message.url == "https://gate.example/x"
        assert "sign" not in json.loads(message.body)
    signed = write_message(BotDoor(BotKind.DINGTALK, "https://gate.example/x", "s"), "t", [], NOW)
    assert signed.url.startswith("https://gate.example/x?timestamp=1")


@pytest.mark.parametrize(
    ("kind", "status", "body", "answer"),
    [
        (BotKind.WECOM, 200, b'{"errcode":0,"errmsg":"ok"}', Answer(taken=True, said="0 ok")),
        (
            BotKind.WECOM,
            200,
            b'{"errcode":93000,"errmsg":"invalid webhook url"}',
            Answer(taken=False, said="93000 invalid webhook url"),
        ),
        (
            BotKind.WECOM,
            200,
            b'{"errcode":45009,"errmsg":"api freq out of limit"}',
            Answer(taken=False, said="45009 api freq out of limit", wait=timedelta(minutes=1)),
        ),
        (
            BotKind.DINGTALK,
            200,
            b'{"errcode":130101,"errmsg":"send too fast"}',
            Answer(taken=False, said="130101 send too fast", wait=timedelta(minutes=10)),
        ),
        (
            BotKind.FEISHU,
            200,
            b'{"code":11232,"msg":"frequency limited"}',
            Answer(taken=False, said="11232 frequency limited", wait=timedelta(minutes=1)),
        ),
        (
            BotKind.FEISHU,
            200,
            b'{"code":9499,"msg":"too many request"}',
            Answer(taken=False, said="9499 too many request", wait=timedelta(minutes=1)),
        ),
        (BotKind.FEISHU, 200, b'{"StatusCode":0,"StatusMessage":"success"}', Answer(taken=True, said="0")),
        (BotKind.FEISHU, 400, b'{"code":0}', Answer(taken=False, said="0")),
        (BotKind.WECOM, 200, b'{"errmsg":"ok"}', Answer(taken=False, said="None ok")),
        (BotKind.WECOM, 200, b'{"errcode":false}', Answer(taken=False, said="False")),
        (BotKind.WECOM, 200, b"<html>", Answer(taken=False, said="HTTP 200")),
        (BotKind.WECOM, 200, b"[0]", Answer(taken=False, said="HTTP 200")),
        (BotKind.DINGTALK, 429, b"", Answer(taken=False, said="HTTP 429", wait=timedelta(minutes=10))),
        (BotKind.DINGTALK, 502, b"\xff", Answer(taken=False, said="HTTP 502")),
    ],
)
def test_what_an_answer_means(kind: BotKind, status: int, body: bytes, answer: Answer) -> None:
    assert read_answer(kind, status, body) == answer


def test_an_answers_words_are_trimmed_and_hold_no_key() -> None:
    said = "see https://oapi.example/x?access_token=abc\n" + "k" * 40 + " " + "wort " * 99
    answer = read_answer(BotKind.WECOM, 200, json.dumps({"errcode": 1, "errmsg": said}).encode())
    assert len(answer.said) <= 200
    assert "access_token" not in answer.said
    assert "kkk" not in answer.said
    assert "\n" not in answer.said


def test_no_redirect_is_followed_and_no_proxy_asked(services: Chats, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    services.answers = [(302, b"")]
    services.headers = {"Location": services.url + PATHS[BotKind.WECOM]}
    answer = tell_bot(door(services, BotKind.WECOM), "t", [Line("x", PAGE)], now=NOW)
    assert (answer.taken, answer.said, services.asked) == (False, "HTTP 302", 1)


def test_a_service_that_is_away_is_an_answer(services: Chats) -> None:
    away = BotDoor(BotKind.WECOM, "http://127.0.0.1:9/x?key=0123456789abcdef0123456789abcdef", "")
    answer = tell_bot(away, "t", [Line("x", PAGE)], now=NOW)
    assert not answer.taken
    assert "0123456789abcdef" not in answer.said
    assert services.asked == 0


@pytest.mark.parametrize("garbage", [b"what?\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}", b""])
def test_an_answer_that_is_none_is_an_answer_too(garbage: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            call, _ = listening.accept()
            with call:
                call.recv(65536)
                call.sendall(garbage)

        thread = threading.Thread(target=answer)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/x"
        found = tell_bot(BotDoor(BotKind.WECOM, url, ""), "t", [Line("x", PAGE)], now=NOW)
        thread.join()
    assert not found.taken
    assert found.said


@pytest.mark.parametrize(
    "url",
    [
        "",
        "qyapi.weixin.qq.com",
        "http://qyapi.weixin.qq.com/x",
        "ftp://host.example/x",
        "file:///etc/passwd",
        "https://",
        "https:///x",
        "https://user:password@host.example/x",
        "https://host.example/a b",
        "https://host.example/\r\nHost: x",
        "https://host.example:99999/",
        "https://[::1/x",
        "http://127.0.0.1.evil.example/",
        "http://localhost@evil.example/",
    ],
)
def test_where_no_message_may_go(url: str) -> None:
    with pytest.raises(Refusal):
        check_url(url)


@pytest.mark.parametrize(
    "url",
    ["https://qyapi.weixin.qq.com/x?key=k", "https://10.1.2.3:8443/gate", "http://127.0.0.1:80/x", "http://[::1]/x"],
)
def test_where_messages_may_go(url: str) -> None:
    assert check_url(url) == url


def test_an_address_is_shown_without_its_key() -> None:
    assert masked("https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef") == "oapi.dingtalk.com … cdef"


@pytest.mark.parametrize("kind", BotKind)
@given(texts=st.lists(st.text(max_size=3000), max_size=40))
def test_whatever_is_said_fits_the_limit_and_nothing_is_left_out(kind: BotKind, texts: list[str]) -> None:
    lines = [Line(text, f"{PAGE}{number}") for number, text in enumerate(texts)]
    found = portions(kind, "干部教育培训", lines)
    assert [line.url for portion in found for line in portion] == [line.url for line in lines]
    for portion in found:
        message = json.loads(write_message(BotDoor(kind, "https://h.example", "s"), "干部教育培训", portion, NOW).body)
        assert len(json.dumps(message, ensure_ascii=False).encode()) < 20_000
        if kind is not BotKind.FEISHU:
            text = message["markdown"]["content" if kind is BotKind.WECOM else "text"]
            assert len(text.encode()) <= LIMITS[kind].most_bytes


@given(st.text())
def test_nobodys_words_are_markup(text: str) -> None:
    assert not set(harmless(text)) & set("[]()<>*_`#~|\\\n\r")


def test_keys_are_in_no_description() -> None:
    assert repr(BotDoor(BotKind.FEISHU, "https://h.example/key", "secret")) == "<BotDoor feishu>"
