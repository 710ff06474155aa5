from datetime import UTC, datetime, timedelta

import pytest

from scheduler.people.rules.doors import link_state, retry_at, window_start
from scheduler.people.rules.hashing import is_password, make_hash
from scheduler.people.rules.passwords import UnfitPassword, check_password, common_passwords, is_worn_out
from scheduler.people.terms import LinkState, PasswordPolicy

NOW = datetime(2026, 3, 5, 1, 2, 3, tzinfo=UTC)
ASVS, MLPS3 = PasswordPolicy.ASVS, PasswordPolicy.MLPS3


def check(password: str, policy: PasswordPolicy = ASVS) -> None:
    check_password(password, policy=policy, staff_no="P00123", name="田瑞")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("seven77", "at least 8"),
        ("x" * 129, "at most 128"),
        ("my-p00123-now", "must not contain"),
        ("我是田 瑞是我呀", "must not contain"),
        ("Password", "one of the first"),
        ("WOAINI1314", "one of the first"),
        ("aaaabbbbaaaa", "one of the first"),
    ],
)
def test_asvs_refuses(password: str, reason: str) -> None:
    with pytest.raises(UnfitPassword, match=reason) as refused:
        check(password)
    assert refused.value.field == "password"


@pytest.mark.parametrize("password", ["quiet river stone", "天高云淡望断南飞雁", "correct 4 horse", "x1" * 3 + "yz8"])
def test_asvs_accepts_length_over_ornament(password: str) -> None:
    check(password)


@pytest.mark.parametrize("password", ["quietriver9-", "QUIETRIVER9-", "QuietRiver--", "QuietRiver99"])
def test_mlps3_wants_four_kinds_of_characters(password: str) -> None:
    with pytest.raises(UnfitPassword, match="capital and small"):
        check(password, MLPS3)
    check("QuietRiver9-", MLPS3)


def test_the_list_of_common_passwords_is_long_and_in_the_form_that_is_compared() -> None:
    assert len(common_passwords()) >= 3000
    assert all(len(word) >= 8 and word == word.casefold() and " " not in word for word in common_passwords())


def test_mlps3_wears_passwords_out() -> None:
    edge = NOW - timedelta(days=90)
    assert is_worn_out(edge, policy=MLPS3, now=NOW)
    assert is_worn_out(None, policy=MLPS3, now=NOW)
    assert not is_worn_out(edge + timedelta(seconds=1), policy=MLPS3, now=NOW)
    assert not is_worn_out(None, policy=ASVS, now=NOW)


def test_hashes_are_argon2id_and_differ() -> None:
    first, second = make_hash("quiet"), make_hash("quiet")
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second
    assert is_password("quiet", first)
    assert not is_password("Quiet", first)
    assert not is_password("quiet", None)
    assert not is_password("quiet", "not a hash")


def test_windows_are_of_a_quarter_of_an_hour() -> None:
    assert window_start(NOW) == datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
    assert retry_at(10, 10, NOW) is None
    assert retry_at(11, 10, NOW) == datetime(2026, 3, 5, 1, 15, tzinfo=UTC)


def test_what_a_link_can_still_do() -> None:
    assert link_state(None, NOW + timedelta(seconds=1), NOW) is LinkState.OPEN
    assert link_state(None, NOW, NOW) is LinkState.EXPIRED
    assert link_state(NOW, NOW, NOW) is LinkState.USED
