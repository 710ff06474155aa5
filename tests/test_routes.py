"""Permissions are data and default-deny: a route says who may use it, or why everybody may."""

from typing import TYPE_CHECKING

import pytest
from werkzeug.routing import IntegerConverter, Rule

from scheduler.core.access import holders

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # who may pass is decided before
_DECLARATIONS = ("permission", "personal", "public")


def _declared(app: "Flask", rule: Rule, *, ways: tuple[str, ...] = _DECLARATIONS) -> bool:
    return rule.endpoint == "static" or any(getattr(app.view_functions[rule.endpoint], way, None) for way in ways)


def test_every_route_declares_a_permission_or_why_it_needs_none(app: "Flask") -> None:
    assert [f"{rule} ({rule.endpoint})" for rule in app.url_map.iter_rules() if not _declared(app, rule)] == []


def test_every_permission_of_a_route_is_held_by_some_role(app: "Flask") -> None:
    asked = {getattr(view, "permission", None) for view in app.view_functions.values()} - {None}
    assert sorted(str(permission) for permission in asked if not holders().get(str(permission))) == []


def test_whoever_is_not_signed_in_meets_the_door_everywhere(app: "Flask", client: "FlaskClient") -> None:
    passed = []
    for rule in app.url_map.iter_rules():
        if _declared(app, rule, ways=("public",)):
            continue
        values = {name: 1 if isinstance(kind, IntegerConverter) else "x" for name, kind in rule._converters.items()}  # noqa: SLF001 - werkzeug shows it nowhere else
        built = rule.build(values)
        assert built is not None, rule
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            answer = client.open(built[1], method=method)
            sent_to_the_door = answer.status_code == 302 and answer.location.startswith("/sign-in")
            if not sent_to_the_door and not (method != "GET" and answer.status_code == 400):  # 400: no CSRF token
                passed.append(f"{method} {rule}: {answer.status_code}")
    assert passed == []
