"""The feed as a calendar program meets it."""

import gzip
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, select, update

from scheduler.agenda import actions
from scheduler.agenda.terms import ActivityStatus, MembershipSource, Scope, ScopeKind
from scheduler.audit.actions import record
from scheduler.core.access import Role
from scheduler.core.errors import Missing
from scheduler.feeds.models import EventText, Subscription
from scheduler.feeds.terms import Language, Part
from scheduler.people.models import Account, Person, RoleGrant
from tests.cast import Persona
from tests.feeds.reading import events_of, rewritten, unfolded
from tests.feeds.stage import NOW, SYSTEM, ZONE, Stage
from tests.harness.versions import rename_venue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

THURSDAY = date(2026, 3, 5)


@contextmanager
def statements(app: "Flask") -> "Iterator[list[str]]":
    """Note the statements that the application sends to its database."""
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    engine = app.extensions["engine"]
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def selects(seen: list[str]) -> list[str]:
    return [statement for statement in seen if statement.lstrip().upper().startswith("SELECT")]


def test_a_feed_is_a_calendar_with_its_headers(stage: Stage, client: "FlaskClient") -> None:
    stage.book(THURSDAY, venue_id=stage.hall)
    answer = stage.fetch(client, stage.subscribe(Persona.TRAINEE))

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, max-age=300"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert "Set-Cookie" not in answer.headers
    assert not answer.headers["ETag"].startswith("W/")
    text = unfolded(answer.data)
    for expected in (
        "NAME:我的日历",
        "X-WR-CALNAME:我的日历",
        "X-WR-TIMEZONE:Asia/Shanghai",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "COLOR:firebrick",
        "URL:http://127.0.0.1:8000/",
        "DTSTART:20260305T010000Z",
        "DTEND:20260305T030000Z",
        "DTSTAMP:20260302T010000Z",
        "LAST-MODIFIED:20260302T010000Z",
        "SEQUENCE:0",
        "LOCATION:大礼堂\\, 中山路1号",
        "CATEGORIES:专题研修班",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
    ):
        assert f"{expected}\r\n" in text
    for absent in ("METHOD", "ATTENDEE", "VALARM", "VTIMEZONE"):
        assert absent not in text


def test_joined_bytes_are_icalendars_own(stage: Stage, client: "FlaskClient") -> None:
    for day in range(5):
        stage.book(THURSDAY + timedelta(days=day), title=f"第{day}讲：“治理，与；服务”" * 3, venue_id=stage.hall)
    body = stage.fetch(client, stage.subscribe(Persona.TRAINEE, alarm_minutes=30)).data
    assert rewritten(body) == body


def test_the_address_of_the_page_is_that_of_the_settings(app: "Flask", stage: Stage, client: "FlaskClient") -> None:
    number = stage.book(THURSDAY)
    body = client.get(stage.subscribe(Persona.TRAINEE), headers={"Host": "localhost"})
    with app.test_request_context():
        path = app.url_map.bind("").build("agenda.show_activity", {"activity_id": number})
    with_clock = stage.fetch(client, stage.subscribe(Persona.TRAINEE), Host="localhost")
    assert f"URL:http://127.0.0.1:8000{path}\r\n" in unfolded(with_clock.data)
    assert body.status_code == 200


@pytest.mark.parametrize("tag", ["plain", "weak", "list", "star"])
def test_what_is_known_is_not_sent_again(stage: Stage, client: "FlaskClient", tag: str) -> None:
    number = stage.book(THURSDAY)
    path = stage.subscribe(Persona.TRAINEE)
    etag = stage.fetch(client, path).headers["ETag"]
    known = {"plain": etag, "weak": f"W/{etag}", "list": f'"other", {etag}', "star": "*"}[tag]

    answer = stage.fetch(client, path, If_None_Match=known)
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == etag
    assert answer.headers["Cache-Control"] == "private, max-age=300"
    stage.wait(days=1)
    assert stage.fetch(client, path, If_None_Match=known).status_code == 304  # another day, the same content

    stage.cancel(number)
    assert stage.fetch(client, path, If_None_Match=known).status_code == (304 if tag == "star" else 200)


def test_another_tag_makes_the_date_meaningless(stage: Stage, client: "FlaskClient") -> None:
    stage.book(THURSDAY)
    path = stage.subscribe(Persona.TRAINEE)
    date_known = stage.fetch(client, path).headers["Last-Modified"]
    assert stage.fetch(client, path, If_Modified_Since=date_known).status_code == 304
    assert stage.fetch(client, path, If_Modified_Since=date_known, If_None_Match='"x"').status_code == 200


def test_last_modified_rises_with_every_change_of_the_content(stage: Stage, client: "FlaskClient") -> None:
    number = stage.book(THURSDAY)
    path = stage.subscribe(Persona.TRAINEE)
    first = stage.fetch(client, path).headers["Last-Modified"]
    assert first == "Mon, 02 Mar 2026 01:00:00 GMT"
    stage.cancel(number)  # within the same second
    answer = stage.fetch(client, path, If_Modified_Since=first)
    assert answer.status_code == 200
    second = answer.headers["Last-Modified"]
    # one who leaves sees less, though no event was revised
    with stage.database.write() as session:
        actions.leave(session, SYSTEM, stage.study_class, [stage.cast.people[Persona.TRAINEE]], now=stage.now)
    answer = stage.fetch(client, path, If_Modified_Since=second)
    assert answer.status_code == 200
    assert b"VEVENT" not in answer.data
    assert stage.fetch(client, path, If_Modified_Since=answer.headers["Last-Modified"]).status_code == 304


def test_who_is_enrolled_sees_it_at_once(stage: Stage, client: "FlaskClient") -> None:
    stage.book(THURSDAY)
    path = stage.subscribe(Persona.STRANGER)
    answer = stage.fetch(client, path)
    stage.wait(hours=1)
    with stage.database.write() as session:
        stranger = [stage.cast.people[Persona.STRANGER]]
        actions.enrol(session, SYSTEM, stage.study_class, stranger, source=MembershipSource.NAMED, now=stage.now)
    for known in ({"If_None_Match": answer.headers["ETag"]}, {"If_Modified_Since": answer.headers["Last-Modified"]}):
        again = stage.fetch(client, path, **known)
        assert again.status_code == 200
        assert again.data.count(b"BEGIN:VEVENT") == 1


def test_gzip_is_another_representation_of_the_same(stage: Stage, client: "FlaskClient") -> None:
    stage.book(THURSDAY)
    path = stage.subscribe(Persona.TRAINEE)
    plain = stage.fetch(client, path)
    packed = stage.fetch(client, path, Accept_Encoding="gzip, deflate")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert stage.fetch(client, path, Accept_Encoding="gzip;q=0").data == plain.data
    for etag in (packed.headers["ETag"], plain.headers["ETag"]):
        assert stage.fetch(client, path, Accept_Encoding="gzip", If_None_Match=etag).status_code == 304


def test_head_says_what_get_would(stage: Stage, client: "FlaskClient") -> None:
    stage.book(THURSDAY)
    path = stage.subscribe(Persona.TRAINEE)
    got, head = stage.fetch(client, path), None
    from scheduler.core import clock  # noqa: PLC0415 - beside its one use

    with clock.fixed(stage.now):
        head = client.head(path)
    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Last-Modified", "Content-Length", "Content-Type"):
        assert head.headers[name] == got.headers[name]
    assert client.post(path).status_code == 405


def test_a_304_reads_no_event_while_nothing_happens(app: "Flask", stage: Stage, client: "FlaskClient") -> None:
    for day in range(4):
        stage.book(THURSDAY + timedelta(days=day), venue_id=stage.hall)
    for path in (stage.subscribe(Persona.TRAINEE), stage.subscribe(Persona.ADMIN, Scope(ScopeKind.ORGANISATION))):
        etag = stage.fetch(client, path).headers["ETag"]
        with stage.database.write() as session:  # who signs in changes no calendar
            record(session, SYSTEM, "signed_in", "account", 1, now=stage.now)
        with statements(app) as seen:
            assert stage.fetch(client, path, If_None_Match=etag).status_code == 304
        assert len(selects(seen)) == 1
        assert not any("activity" in statement or "UPDATE" in statement for statement in seen)


def test_after_an_act_elsewhere_a_304_asks_for_the_state_once(
    app: "Flask", stage: Stage, client: "FlaskClient"
) -> None:
    stage.book(THURSDAY, venue_id=stage.hall)
    path = stage.subscribe(Persona.TRAINEE)
    etag = stage.fetch(client, path).headers["ETag"]
    with stage.database.write() as session:
        rename_venue(session, SYSTEM, stage.room, name="新附楼", now=stage.now)
    counts = []
    for _ in range(2):
        with statements(app) as seen:
            assert stage.fetch(client, path, If_None_Match=etag).status_code == 304
        counts.append(len(selects(seen)))
        assert not any("event_text" in statement for statement in seen)
    assert counts == [2, 1]


@pytest.mark.parametrize("lost", ["role", "moved"])
def test_what_the_owner_may_see_is_part_of_the_state(stage: Stage, client: "FlaskClient", lost: str) -> None:
    stage.book(THURSDAY, venue_id=stage.hall)
    path = stage.subscribe(Persona.ADMIN, Scope(ScopeKind.ORGANISATION))
    answer = stage.fetch(client, path)
    assert b"VEVENT" in answer.data
    with stage.database.write() as session:  # past every action: no act is in the record
        grant = session.scalars(
            select(RoleGrant).where(
                RoleGrant.person_id == stage.cast.people[Persona.ADMIN], RoleGrant.ended_at.is_(None)
            )
        ).one()
        if lost == "role":
            grant.ended_at = stage.now
        else:
            grant.unit_id = stage.cast.units["B"]
    known = stage.fetch(client, path, If_None_Match=answer.headers["ETag"])
    assert known.status_code == (404 if lost == "role" else 200)
    assert b"VEVENT" not in known.data


def test_a_warm_feed_reads_kept_bytes_in_a_constant_number_of_statements(
    app: "Flask", stage: Stage, client: "FlaskClient"
) -> None:
    counts = []
    for day in range(3):
        stage.book(THURSDAY + timedelta(days=day), venue_id=stage.hall)
        path = stage.subscribe(Persona.TRAINEE)
        cold = stage.fetch(client, path)
        with statements(app) as seen:
            warm = stage.fetch(client, path)
        assert warm.data == cold.data
        counts.append(len(selects(seen)))
    assert counts == [3, 3, 3]  # token, kept texts, banners


def test_what_is_kept_is_what_would_be_made(stage: Stage, client: "FlaskClient") -> None:
    number = stage.book(THURSDAY, venue_id=stage.hall)
    zh, en = stage.subscribe(Persona.TRAINEE), stage.subscribe(Persona.TRAINEE, language=Language.EN)
    first = {path: stage.fetch(client, path).data for path in (zh, en)}
    with stage.database.read() as session:
        assert len(session.scalars(select(EventText)).all()) == 2
    stage.wait(minutes=1)
    with stage.database.write() as session:
        rename_venue(session, SYSTEM, stage.hall, name="新礼堂", now=stage.now)
    for path in (zh, en):
        again = stage.fetch(client, path).data
        assert "LOCATION:新礼堂" in unfolded(again)
        assert again != first[path]
    with stage.database.read() as session:
        assert len(session.scalars(select(EventText).where(EventText.activity_id == number)).all()) == 2


def test_another_base_url_serves_no_old_links(app: "Flask", stage: Stage, client: "FlaskClient") -> None:
    from dataclasses import replace  # noqa: PLC0415 - beside its one use

    stage.book(THURSDAY)
    path = stage.subscribe(Persona.TRAINEE)
    before = stage.fetch(client, path)
    app.extensions["settings"] = replace(app.extensions["settings"], base_url="https://training.example")
    after = stage.fetch(client, path, If_None_Match=before.headers["ETag"])
    assert after.status_code == 200
    text = unfolded(after.data)
    assert "URL:https://training.example/activities/" in text
    assert "127.0.0.1" not in text


def test_a_wrong_token_is_a_bare_404(stage: Stage, client: "FlaskClient") -> None:
    stage.book(THURSDAY)
    path = stage.subscribe(Persona.TRAINEE)
    wrong = [stage.fetch(client, f"/feeds/{token}.ics") for token in ("x", "%00", "é" * 300, path[7:-5])]
    with stage.database.write() as session:
        session.execute(update(Subscription).values(revoked_at=NOW))
    wrong.append(stage.fetch(client, path))
    for answer in wrong:
        assert (answer.status_code, answer.data) == (404, b"")
        assert "Set-Cookie" not in answer.headers
        assert "Location" not in answer.headers
        assert "ETag" not in answer.headers


def test_only_the_digest_of_a_token_is_kept(stage: Stage) -> None:
    token = stage.subscribe(Persona.TRAINEE)[7:-4]
    assert len(token) >= 43  # 256 bits
    with stage.database.read() as session:
        row = session.scalars(select(Subscription)).one()
        assert token not in str(vars(row))


@pytest.mark.parametrize("lost", ["left", "locked out", "no role"])
def test_with_its_owner_a_calendar_ends(stage: Stage, client: "FlaskClient", lost: str) -> None:
    stage.book(THURSDAY)
    path = stage.subscribe(Persona.TRAINEE)
    assert stage.fetch(client, path).status_code == 200
    person = stage.cast.people[Persona.TRAINEE]
    with stage.database.write() as session:
        session.execute(
            {
                "left": update(Person).where(Person.id == person).values(left_at=NOW),
                "locked out": update(Account).where(Account.person_id == person).values(disabled_at=NOW),
                "no role": update(RoleGrant).where(RoleGrant.person_id == person).values(ended_at=NOW),
            }[lost]
        )
    assert stage.fetch(client, path).status_code == 404


def test_a_units_calendar_ends_with_the_role_that_oversees_it(stage: Stage, client: "FlaskClient") -> None:
    stage.book(THURSDAY)
    path = stage.subscribe(Persona.OFFICER, Scope(ScopeKind.UNIT, stage.cast.units["A1"]))
    other = stage.subscribe(Persona.OFFICER, Scope(ScopeKind.PERSON, stage.cast.people[Persona.FELLOW]))
    assert [stage.fetch(client, each).data.count(b"BEGIN:VEVENT") for each in (path, other)] == [1, 1]
    with stage.database.write() as session:
        session.execute(
            update(RoleGrant).where(RoleGrant.person_id == stage.cast.people[Persona.OFFICER]).values(role=Role.TRAINEE)
        )
    assert [stage.fetch(client, each).status_code for each in (path, other)] == [404, 404]


def test_a_calendar_shows_what_its_owner_may_see(stage: Stage, client: "FlaskClient") -> None:
    stage.book(THURSDAY, title="研修")
    stage.book(THURSDAY, "14:00", title="草案", status=ActivityStatus.DRAFT)
    stage.evening(THURSDAY, "开放讲座")
    organisation = Scope(ScopeKind.ORGANISATION)
    shown = {}
    for persona in (Persona.ADMIN, Persona.OFFICER, Persona.LEADER, Persona.TRAINEE, Persona.STRANGER):
        text = unfolded(stage.fetch(client, stage.subscribe(persona, organisation)).data)
        shown[persona] = [title for title in ("研修", "草案", "开放讲座") if f"SUMMARY:{title}\r\n" in text]
    everything = ["研修", "开放讲座"]  # drafts never leave the house
    assert shown == {
        Persona.ADMIN: everything,
        Persona.OFFICER: everything,
        Persona.LEADER: everything,
        Persona.TRAINEE: everything,
        Persona.STRANGER: ["开放讲座"],
    }


def test_nobody_holds_what_is_not_for_them(stage: Stage) -> None:
    fellow = Scope(ScopeKind.PERSON, stage.cast.people[Persona.FELLOW])
    for persona, scope in (
        (Persona.TRAINEE, fellow),
        (Persona.STRANGER, Scope(ScopeKind.UNIT, stage.cast.units["A"])),
        (Persona.TRAINEE, Scope(ScopeKind.UNIT, 999)),
        (Persona.CHARLIE, Scope(ScopeKind.ORGANISATION)),
        (Persona.CHARLIE, Scope(ScopeKind.PERSON, stage.cast.people[Persona.CHARLIE])),
    ):
        with pytest.raises(Missing):
            stage.subscribe(persona, scope)


def test_the_window_is_sixty_days_back_and_four_hundred_ahead(stage: Stage, client: "FlaskClient") -> None:
    today = stage.now.astimezone(ZONE).date()
    for days in (-61, -60, 0, 400, 401):
        stage.book(today + timedelta(days=days), title=f"日{days}")
    path = stage.subscribe(Persona.TRAINEE)
    text = unfolded(stage.fetch(client, path).data)
    assert [days for days in (-61, -60, 0, 400, 401) if f"SUMMARY:日{days}\r\n" in text] == [-60, 0, 400]
    stage.wait(days=1)
    text = unfolded(stage.fetch(client, path).data)
    assert [days for days in (-61, -60, 0, 400, 401) if f"SUMMARY:日{days}\r\n" in text] == [0, 400, 401]


def test_what_was_cancelled_stays_for_a_fortnight(stage: Stage, client: "FlaskClient") -> None:
    number = stage.book(THURSDAY, title="班会")
    stage.cancel(number)
    path = stage.subscribe(Persona.TRAINEE, alarm_minutes=15)
    english = stage.subscribe(Persona.TRAINEE, language=Language.EN)
    hiding = stage.subscribe(Persona.TRAINEE, with_cancelled=False)
    text = unfolded(stage.fetch(client, path).data)
    assert "SUMMARY:【已取消】班会\r\n" in text
    assert "STATUS:CANCELLED\r\n" in text
    assert "TRANSP:TRANSPARENT\r\n" in text
    assert "SEQUENCE:1\r\n" in text
    assert "原因：台风" in text
    assert "VALARM" not in text
    assert "SUMMARY:[Cancelled] 班会\r\n" in unfolded(stage.fetch(client, english).data)
    assert b"VEVENT" not in stage.fetch(client, hiding).data
    stage.wait(days=17)
    assert b"VEVENT" in stage.fetch(client, path).data
    stage.wait(days=1)
    assert b"VEVENT" not in stage.fetch(client, path).data


def test_what_was_moved_says_so_and_from_when(stage: Stage, client: "FlaskClient") -> None:
    number = stage.book(THURSDAY, title="班会")
    path, english = stage.subscribe(Persona.TRAINEE), stage.subscribe(Persona.TRAINEE, language=Language.EN)
    before = events_of(stage.fetch(client, path).data)[0]
    stage.wait(minutes=5)
    stage.move(number, date(2026, 3, 6), "14:00")
    after = events_of(stage.fetch(client, path).data)[0]
    assert after["uid"] == before["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert after["summary"] == "【改期】班会"
    assert after["description"].startswith("原定时间：2026年3月5日（周四）09:00\n原因：授课人出差")
    english_event = events_of(stage.fetch(client, english).data)[0]
    assert english_event["summary"] == "[Moved] 班会"
    assert english_event["description"].startswith("Originally: Thu 5 Mar 2026 09:00\nReason: 授课人出差")
    stage.wait(days=14)
    with stage.database.write() as session:
        actions.settle_moves(session, SYSTEM, now=stage.now)
    settled = events_of(stage.fetch(client, path).data)[0]
    assert (settled["summary"], settled["sequence"]) == ("班会", 1)


def test_a_class_of_several_days_stands_above_its_sessions(stage: Stage, client: "FlaskClient") -> None:
    path = stage.subscribe(Persona.TRAINEE, alarm_minutes=30)
    first = stage.book(THURSDAY)
    assert b"VALUE=DATE:" not in stage.fetch(client, path).data
    last = stage.book(date(2026, 3, 7))

    def banner() -> Any:
        found = events_of(stage.fetch(client, path).data)
        return next((one for one in found if one["uid"].startswith("audience-")), None)

    shown = banner()
    assert shown is not None
    assert (shown["summary"], shown["uid"]) == ("数字治理专题研修班", f"audience-{stage.study_class}@scheduler.local")
    assert (shown.start, shown.end) == (date(2026, 3, 5), date(2026, 3, 8))
    assert shown["transp"] == "TRANSPARENT"
    assert not shown.alarms.times
    sequences = [shown["sequence"]]
    for act in (
        lambda: stage.move(last, date(2026, 3, 8)),
        lambda: stage.book(date(2026, 3, 9)),
        lambda: stage.cancel(first),
    ):
        stage.wait(minutes=1)
        act()
        shown = banner()
        assert shown is not None
        sequences.append(shown["sequence"])
        assert shown["dtstamp"].dt == stage.now
    assert sequences == sorted(set(sequences))
    assert (shown.start, shown.end) == (date(2026, 3, 8), date(2026, 3, 10))
    # who looks at a venue's load sees the sessions only
    venue = stage.subscribe(Persona.ADMIN, Scope(ScopeKind.VENUE, stage.hall))
    stage.book(date(2026, 3, 10), venue_id=stage.hall)
    assert b"VALUE=DATE" not in stage.fetch(client, venue).data


def test_a_class_that_is_renamed_is_renamed_in_calendars(stage: Stage, client: "FlaskClient") -> None:
    for day in (THURSDAY, date(2026, 3, 7)):
        stage.book(day)
    path = stage.subscribe(Persona.TRAINEE)
    before = stage.fetch(client, path)
    assert before.data.count(b"BEGIN:VEVENT") == 3
    stage.wait(minutes=1)
    with stage.database.write() as session:
        actions.rename_audience(session, SYSTEM, stage.study_class, name="城市更新专题研修班", now=stage.now)
    after = stage.fetch(client, path, If_None_Match=before.headers["ETag"])
    text = unfolded(after.data)
    assert text.count("城市更新专题研修班") == 3
    assert "数字治理专题研修班" not in text


def test_a_class_that_is_off_says_so(stage: Stage, client: "FlaskClient") -> None:
    for number in [stage.book(THURSDAY), stage.book(date(2026, 3, 7))]:
        stage.cancel(number)
    text = unfolded(stage.fetch(client, stage.subscribe(Persona.TRAINEE)).data)
    assert "SUMMARY:【已取消】数字治理专题研修班\r\n" in text
    assert b"VEVENT" not in stage.fetch(client, stage.subscribe(Persona.TRAINEE, with_cancelled=False)).data


def test_one_may_follow_one_of_ones_roles_only(stage: Stage, client: "FlaskClient") -> None:
    with stage.database.write() as session:
        lecturer = [stage.cast.people[Persona.LECTURER]]
        actions.enrol(session, SYSTEM, stage.study_class, lecturer, source=MembershipSource.NAMED, now=NOW)
    stage.book(THURSDAY, title="学")
    stage.evening(date(2026, 3, 6), "教", lecturer_ids=(stage.cast.lecturer_id,))
    shown = {}
    for part in Part:
        text = unfolded(stage.fetch(client, stage.subscribe(Persona.LECTURER, part=part)).data)
        shown[part] = [title for title in "学教" if f"SUMMARY:{title}\r\n" in text]
    assert shown == {Part.ALL: ["学", "教"], Part.LEARNING: ["学"], Part.TEACHING: ["教"]}


def test_every_kind_of_calendar_can_be_held(stage: Stage, client: "FlaskClient") -> None:
    stage.book(THURSDAY, title="研修", venue_id=stage.hall)
    stage.evening(date(2026, 3, 6), "讲座", venue_id=stage.room, lecturer_ids=(stage.cast.lecturer_id,))
    counts = {}
    for kind, number in (
        (ScopeKind.CLASS, stage.study_class),
        (ScopeKind.SERIES, stage.series),
        (ScopeKind.VENUE, stage.hall),
        (ScopeKind.LECTURER, stage.cast.lecturer_id),
        (ScopeKind.UNIT, stage.cast.units["A"]),
        (ScopeKind.PERSON, stage.cast.people[Persona.STRANGER]),
        (ScopeKind.ORGANISATION, None),
    ):
        answer = stage.fetch(client, stage.subscribe(Persona.ADMIN, Scope(kind, number)))
        counts[kind] = answer.data.count(b"BEGIN:VEVENT")
    assert counts == {
        ScopeKind.CLASS: 1,
        ScopeKind.SERIES: 1,
        ScopeKind.VENUE: 1,
        ScopeKind.LECTURER: 1,
        ScopeKind.UNIT: 2,
        ScopeKind.PERSON: 1,
        ScopeKind.ORGANISATION: 2,
    }


def test_alarms_ring_where_they_were_asked_for(stage: Stage, client: "FlaskClient") -> None:
    stage.book(THURSDAY)
    silent, ringing = stage.subscribe(Persona.TRAINEE), stage.subscribe(Persona.TRAINEE, alarm_minutes=90)
    assert b"VALARM" not in stage.fetch(client, silent).data
    assert (
        b"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:\xe5\x8d\xb3\xe5\xb0\x86\xe5\xbc\x80\xe5\xa7\x8b\r\n"
        b"TRIGGER:-PT1H30M\r\nEND:VALARM\r\nEND:VEVENT\r\n"
    ) in stage.fetch(client, ringing).data


def test_fetches_are_noted_now_and_then(stage: Stage, client: "FlaskClient") -> None:
    stage.book(THURSDAY)
    path = stage.subscribe(Persona.TRAINEE)
    noted = []
    for minutes, client_name in ((0, "iOS/18.1 dataaccessd/1.0"), (9, "iOS/18.1 dataaccessd/1.0"), (0, "Outlook"),
                                 (9, "Outlook"), (1, "Outlook")):  # fmt: skip
        stage.wait(minutes=minutes)
        stage.fetch(client, path, User_Agent=client_name)
        with stage.database.read() as session:
            row = session.scalars(select(Subscription)).one()
            noted.append((row.fetched_at, row.fetched_by))
    iphone, outlook = "iOS/18.1 dataaccessd/1.0", "Outlook"
    assert noted == [
        (NOW, iphone),
        (NOW, iphone),
        (NOW + timedelta(minutes=9), outlook),
        (NOW + timedelta(minutes=9), outlook),
        (NOW + timedelta(minutes=19), outlook),
    ]
