"""Permissions are data and default-deny: a route says who may use it, or why everybody may."""

from typing import TYPE_CHECKING

import pytest

from scheduler.core.access import holders

if TYPE_CHECKING:
    from flask import Flask

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # routes ask no database


def test_every_route_declares_a_permission_or_says_why_it_is_public(app: "Flask") -> None:
    undeclared = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.endpoint != "static" and not getattr(view, "permission", None) and not getattr(view, "public", ""):
            undeclared.append(f"{rule} ({rule.endpoint})")
    assert undeclared == []


def test_every_permission_of_a_route_is_held_by_some_role(app: "Flask") -> None:
    asked = {getattr(view, "permission", None) for view in app.view_functions.values()} - {None}
    assert sorted(str(permission) for permission in asked if not holders().get(str(permission))) == []
