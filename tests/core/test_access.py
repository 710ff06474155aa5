import pytest

from scheduler.core.access import Actor, Grant, Permission, Role, hold, holders, system_actor
from scheduler.core.errors import Missing


class _Deed(Permission):
    """What these tests ask for."""

    DO = "test.do"
    RULE = "test.rule"
    NOBODY = "test.nobody"


hold({_Deed.DO: (Role.ADMIN, Role.LEADER), _Deed.RULE: (Role.ADMIN,)}, at_top=[_Deed.RULE])


def _actor(*grants: tuple[Role, str]) -> Actor:
    return Actor("x", grants=tuple(Grant(role, number, path) for number, (role, path) in enumerate(grants)))


def test_without_a_role_nothing_is_allowed() -> None:
    assert not _actor().may(_Deed.DO)
    assert _actor().scopes(_Deed.DO) == ()
    with pytest.raises(Missing):
        _actor().require(_Deed.DO)


@pytest.mark.parametrize(
    ("path", "allowed"), [("/1/7/", True), ("/1/7/9/", True), ("/1/", False), ("/1/70/", False), ("/2/1/7/", False)]
)
def test_a_role_reaches_its_unit_and_all_below_it(path: str, *, allowed: bool) -> None:
    leader = _actor((Role.LEADER, "/1/7/"))
    assert leader.may(_Deed.DO)
    assert leader.may(_Deed.DO, path) == allowed


def test_what_is_the_whole_organisations_needs_a_role_at_the_top() -> None:
    bureau, city = _actor((Role.ADMIN, "/1/7/")), _actor((Role.ADMIN, "/1/7/"), (Role.ADMIN, "/1/"))
    assert not bureau.may(_Deed.RULE)
    with pytest.raises(Missing):
        bureau.require(_Deed.RULE)
    assert city.scopes(_Deed.RULE) == ("/1/",)
    assert city.may(_Deed.RULE, "/1/7/")
    assert system_actor("job").may(_Deed.RULE)


def test_only_the_roles_that_hold_a_permission_count() -> None:
    both = _actor((Role.TRAINEE, "/1/"), (Role.LEADER, "/1/7/"), (Role.ADMIN, "/1/7/"))
    assert both.scopes(_Deed.DO) == ("/1/7/",)
    assert both.has_role(Role.TRAINEE)
    assert not both.has_role(Role.MENTOR)


def test_a_permission_that_nobody_declared_is_held_by_nobody_but_the_system() -> None:
    assert not _actor((Role.ADMIN, "/")).may(_Deed.NOBODY)
    assert system_actor("job").may(_Deed.NOBODY, "/1/7/")
    assert system_actor("job").name == "job"


def test_a_permission_is_declared_once() -> None:
    hold({_Deed.DO: (Role.LEADER, Role.ADMIN)})  # the same again: a module loaded twice
    with pytest.raises(ValueError, match="declared twice"):
        hold({_Deed.DO: (Role.TRAINEE,)})
    assert holders()["test.do"] == {Role.ADMIN, Role.LEADER}
