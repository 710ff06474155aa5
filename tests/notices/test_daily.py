"""The question a day on its way: by mail to who wants it, by bots to groups; the key is in neither."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select, update

from scheduler.notices.actions.choices import mute
from scheduler.notices.terms.bots import BotKind
from scheduler.notices.terms.topics import Topic
from scheduler.people.models import Account
from scheduler.quizzes.actions.daily import answer_daily, ask_everybody, opt_out
from scheduler.quizzes.models import DailyChoice, DailyQuestion, Item, ItemVersion
from scheduler.quizzes.terms.bank import ItemKind
from tests.cast import Persona
from tests.notices.conftest import NOW, Post, address
from tests.notices.test_groups import Town
from tests.notices.test_groups import services as services  # noqa: PLC0414 - a fixture of this file too
from tests.notices.test_groups import town as town  # noqa: PLC0414 - as above
from tests.quizzes.stage import CANARY, fill_bank

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TODAY = date(2026, 11, 18)
LATE = datetime(2026, 11, 18, 14, tzinfo=UTC)
"""22:00 in Shanghai: quiet hours."""


def only(session: "Session", kind: ItemKind) -> None:
    """Leave the bank one item, of that kind, in both languages."""
    bank = fill_bank(session, now=NOW)
    others = [item_id for one, (item_id, _version) in bank.items() if one is not kind]
    session.execute(update(Item).where(Item.id.in_(others)).values(retired_at=NOW))
    item_id, old = bank[kind]
    first = session.get_one(ItemVersion, old)
    session.execute(
        insert(ItemVersion).values(
            item_id=item_id, number=2, kind=kind, stem=first.stem, stem_en="Which units train again?",
            choices=first.choices, choices_en=[f"Below {choice}" for choice in first.choices], key=first.key,
            accepted=first.accepted, explanation=CANARY, made_at=NOW,
        )
    )  # fmt: skip
    session.execute(update(Item).where(Item.id == item_id).values(newest=2))


def want(house: Post, *personas: Persona, kind: ItemKind = ItemKind.SINGLE, at: datetime = NOW) -> None:
    with house.cast.database.write() as session:
        only(session, kind)
        session.add_all(DailyChoice(person_id=house.cast.people[one], since=at) for one in personas)
        session.flush()
        ask_everybody(session, TODAY, now=at)


def test_the_mail_holds_the_question_and_one_way_to_answer_and_never_the_key(post_office: Post) -> None:
    with post_office.cast.database.write() as session:
        account = Account.person_id == post_office.cast.people[Persona.FELLOW]
        session.execute(update(Account).where(account).values(language="en"))
    want(post_office, Persona.TRAINEE, Persona.FELLOW)
    assert post_office.go() == 2
    mails = {str(mail["To"].addresses[0].addr_spec): mail for mail in post_office.mailbox.mails}
    chinese, english = mails[address(Persona.TRAINEE)], mails[address(Persona.FELLOW)]
    assert chinese["Subject"] == "2026年11月18日（周三）的每日一题已送达。"
    assert english["Subject"] == "The question of Wed 18 Nov 2026 is here."
    for mail, stem, choices in (
        (chinese, "合格率低于多少的单位重新培训？", ["60%", "70%", "80%", "90%"]),
        (english, "Which units train again?", ["Below 60%", "Below 70%", "Below 80%", "Below 90%"]),
    ):
        for part in ("plain", "html"):
            body = mail.get_body((part,))
            assert body is not None
            text = body.get_content()
            assert stem in text
            assert all(choice in text for choice in choices)
            assert CANARY not in text
            assert text.count("https://training.city.example/quizzes/daily") == 1
            assert "fourteen days" not in text
        assert "/notices/mute/" in mail["List-Unsubscribe"]
    with post_office.cast.database.read() as session:
        orders = dict(session.execute(select(DailyQuestion.person_id, DailyQuestion.order)).all())
    own = orders[post_office.cast.people[Persona.TRAINEE]]
    plain = chinese.get_body(("plain",))
    assert plain is not None
    said = [line for line in plain.get_content().splitlines() if line[1:3] == ". "]
    assert [line[3:] for line in said] == [{"A": "60%", "B": "70%", "C": "80%", "D": "90%"}[letter] for letter in own]


def test_a_true_or_false_question_needs_no_choices(post_office: Post) -> None:
    want(post_office, Persona.TRAINEE, kind=ItemKind.TRUE_FALSE)
    assert post_office.go() == 1
    assert "判断题： 替训必须经过批准。" in post_office.mailbox.text()


def test_who_has_answered_or_muted_gets_no_mail_and_quiet_hours_hold(post_office: Post) -> None:
    cast = post_office.cast
    with cast.database.write() as session:
        mute(session, cast.people[Persona.MENTOR], Topic.DAILY, now=NOW)
    want(post_office, Persona.TRAINEE, Persona.FELLOW, Persona.MENTOR, at=LATE)
    with cast.database.write() as session:
        answer_daily(session, cast.actor(session, Persona.TRAINEE), TODAY, "A", today=TODAY, now=LATE)
    assert post_office.go(LATE) == 0
    assert sorted(post_office.states()) == [("skipped", "Muted."), ("waiting", ""), ("waiting", "")]
    assert post_office.go(LATE + timedelta(hours=10)) == 0, "the day is over, and it cannot be answered any more"
    assert {state for state, _note in post_office.states()} == {"skipped"}


def test_a_mail_that_comes_after_the_answer_or_after_the_end_is_not_sent(post_office: Post) -> None:
    want(post_office, Persona.TRAINEE, Persona.FELLOW, Persona.MENTOR)
    cast = post_office.cast
    with cast.database.write() as session:
        answer_daily(session, cast.actor(session, Persona.TRAINEE), TODAY, "A", today=TODAY, now=NOW)
        opt_out(session, cast.actor(session, Persona.MENTOR), now=NOW)
    assert post_office.go() == 1
    assert post_office.mailbox.recipients == [address(Persona.FELLOW)]
    assert post_office.states().count(("skipped", "Settled meanwhile.")) == 2


@pytest.mark.parametrize("kind", BotKind)
@pytest.mark.parametrize(
    ("item", "language", "parts"),
    [
        (ItemKind.SINGLE, "zh_CN", ["每日一题（单选题）", "合格率低于多少", "A. 60%", "D. 90%"]),
        (ItemKind.MULTIPLE, "en", ["Question of the day, multiple choice", "Which units train again?", "A. Below "]),
        (ItemKind.TRUE_FALSE, "zh_CN", ["每日一题（判断题）", "替训必须经过批准"]),
        (ItemKind.FILL, "zh_CN", ["每日一题（填空题）", "导师每月至少指导"]),
    ],
)
def test_a_group_that_wants_it_gets_one_question_a_day(
    town: Town, kind: BotKind, item: ItemKind, language: str, parts: list[str]
) -> None:
    for unit in ("CITY", "A1"):
        town.bot(unit, kind, strands=["questions"], language=language)
    town.bot("B", kind, strands=["classes", "sessions", "evenings"], language=language)
    with town.cast.database.write() as session:
        only(session, item)
        ask_everybody(session, TODAY, now=NOW)
        ask_everybody(session, TODAY, now=NOW)
    told = town.go()
    assert len(told) == 2, "the groups of all units, each once"
    for message in told:
        assert all(part in message for part in parts)
        assert "https://training.city.example/quizzes/daily" in message
        assert CANARY not in message
    assert town.go() == []
