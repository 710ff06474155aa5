"""The link that mutes a topic: signed, good for that person and topic alone, and for nothing else."""

from flask import Flask
from itsdangerous import BadSignature, URLSafeSerializer

from scheduler.notices.terms.topics import MUTABLE, Topic

_PURPOSE = "notices.mute"


def mute_path(app: Flask, person_id: int, topic: Topic) -> str:
    """Return the path of the page on which the person mutes the topic with one tap, without a password."""
    token = _signer(app).dumps([person_id, topic.value])
    path = app.url_map.bind("").build("notices.mute_by_link", {"token": token})
    return str(path)


def read_mute_token(app: Flask, token: str) -> tuple[int, Topic] | None:
    """Return whom and what a link mutes; None if nobody here made it, or the topic must be told by now."""
    try:
        person_id, topic = _signer(app).loads(token)
    except BadSignature:
        return None
    return (int(person_id), Topic(topic)) if topic in MUTABLE else None


def _signer(app: Flask) -> URLSafeSerializer:
    return URLSafeSerializer(app.config["SECRET_KEY"], salt=_PURPOSE)
