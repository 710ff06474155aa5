"""A group chat's service on loopback: checks what it is sent as WeCom, DingTalk and Feishu say, with code of its own."""

import contextlib
import json
import threading
from base64 import standard_b64decode
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "SEC-of-the-group"
_BLOCK = 64


def hmac_sha256(key: bytes, text: bytes) -> bytes:
    """Return the HMAC as RFC 2104 defines it, written out so that it is not the product's way of making it."""
    key = (sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    inner = sha256(bytes(byte ^ 0x36 for byte in key) + text).digest()
    return sha256(bytes(byte ^ 0x5C for byte in key) + inner).digest()


@dataclass
class Chats:
    """What the three services took, and what they are told to answer instead; `now` is their clock, in seconds."""

    url: str = ""
    now: float = 0
    taken: list[tuple[str, str]] = field(default_factory=list)
    asked: int = 0
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def answer(self, address: str, body: bytes) -> tuple[int, bytes]:
        """Check a message and return status and body of the answer."""
        self.asked += 1
        if self.answers:
            return self.answers.pop(0)
        parts = urlsplit(address)
        query = {name: values[0] for name, values in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()}
        said = json.loads(body)
        check = {
            "/cgi-bin/webhook/send": self._wecom,
            "/robot/send": self._dingtalk,
            "/open-apis/bot/v2/hook/k": self._feishu,
        }
        return 200, json.dumps(check[parts.path](query, said, body)).encode()

    def _wecom(self, query: dict[str, str], said: dict[str, Any], _body: bytes) -> dict[str, Any]:
        if query.get("key") != "k":
            return {"errcode": 93000, "errmsg": "invalid webhook url"}
        text = said["markdown"]["content"] if said["msgtype"] == "markdown" else said["text"]["content"]
        if len(text.encode()) > (4096 if said["msgtype"] == "markdown" else 2048):
            return {"errcode": 40058, "errmsg": "markdown.content exceed max length 4096"}
        self.taken.append(("wecom", text))
        return {"errcode": 0, "errmsg": "ok"}

    def _dingtalk(self, query: dict[str, str], said: dict[str, Any], body: bytes) -> dict[str, Any]:
        if query.get("access_token") != "k":
            return {"errcode": 300001, "errmsg": "token is not exist"}
        stamp, expected = query["timestamp"], hmac_sha256(SECRET.encode(), f"{query['timestamp']}\n{SECRET}".encode())
        if abs(int(stamp) / 1000 - self.now) > 3600 or standard_b64decode(query["sign"]) != expected:
            return {"errcode": 310000, "errmsg": "sign not match"}
        if len(body) > 20_000 or not said["markdown"]["title"]:
            return {"errcode": 460101, "errmsg": "message too long"}
        self.taken.append(("dingtalk", said["markdown"]["text"]))
        return {"errcode": 0, "errmsg": "ok"}

    def _feishu(self, _query: dict[str, str], said: dict[str, Any], body: bytes) -> dict[str, Any]:
        stamp = said["timestamp"]
        if abs(int(stamp) - self.now) > 3600 or standard_b64decode(said["sign"]) != hmac_sha256(
            f"{stamp}\n{SECRET}".encode(), b""
        ):
            return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"}
        if len(body) > 20 * 1024 or said["msg_type"] != "post":
            return {"code": 9499, "msg": "Bad Request", "data": {}}
        post = said["content"]["post"]["zh_cn"]
        lines = ["".join(f"{part['text']}{part.get('href', '')}" for part in line) for line in post["content"]]
        self.taken.append(("feishu", "\n".join([post["title"], *lines])))
        return {"code": 0, "msg": "success", "data": {}, "StatusCode": 0, "StatusMessage": "success"}


@contextlib.contextmanager
def chats() -> "Iterator[Chats]":
    """Let the three services listen on loopback."""
    state = Chats()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = state.answer(self.path, body)
            self.send_response(status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
