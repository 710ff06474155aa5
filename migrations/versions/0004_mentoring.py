"""Mentoring: programmes with their lists, the life of pairings, guidance records and what follows from them.

Revision ID: 0004
Revises: 0003
"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

AREAS = (
    ("policy", "政策解读", "Policy interpretation"),
    ("review", "项目评审", "Project review"),
    ("writing", "公文写作", "Official writing"),
    ("planning", "项目策划", "Project planning"),
    ("research", "调查研究", "Field research"),
    ("coordination", "沟通协调", "Coordination and communication"),
    ("enterprises", "服务企业", "Service to enterprises"),
    ("integrity", "廉洁自律", "Discipline and integrity"),
)
MODES = (
    ("talk", "面谈", "Conversation"),
    ("practice", "实务带教", "At work together"),
    ("draft", "批改文稿", "Draft reviewed"),
    ("visit", "调研走访", "Field visit"),
    ("online", "电话或线上", "Phone or online"),
    ("seminar", "集体研讨", "Group discussion"),
)
END_REASONS = (
    ("transfer", "岗位调整", "Change of post"),
    ("leave", "离职或退休", "Left or retired"),
    ("health", "健康原因", "Health"),
    ("rematch", "重新结对", "Re-match"),
    ("withdrawn", "撤回提议", "Proposal withdrawn"),
    ("other", "其他", "Other"),
)
LISTS = {"content_area": AREAS, "guidance_mode": MODES, "pairing_end_reason": END_REASONS}

FIRST_DAY = {"sqlite": "strftime('%d', month) = '01'", "postgresql": "extract(day FROM month) = 1"}

SQLITE_GUARDS = (
    "CREATE TRIGGER pairing_event_no_update BEFORE UPDATE ON pairing_event BEGIN SELECT RAISE(ABORT, 'the history of a pairing is append-only'); END",
    "CREATE TRIGGER pairing_event_no_delete BEFORE DELETE ON pairing_event BEGIN SELECT RAISE(ABORT, 'the history of a pairing is append-only'); END",
    "CREATE TRIGGER guidance_record_kept BEFORE UPDATE ON guidance_record WHEN NEW.pairing_id IS NOT OLD.pairing_id OR NEW.day IS NOT OLD.day OR NEW.mode_id IS NOT OLD.mode_id OR NEW.text IS NOT OLD.text OR NEW.text_digest IS NOT OLD.text_digest OR NEW.minutes IS NOT OLD.minutes OR NEW.place IS NOT OLD.place OR NEW.next_step IS NOT OLD.next_step OR NEW.next_day IS NOT OLD.next_day OR NEW.key IS NOT OLD.key OR NEW.meeting IS NOT OLD.meeting OR NEW.activity_id IS NOT OLD.activity_id OR NEW.filed_at IS NOT OLD.filed_at OR NEW.filed_by_id IS NOT OLD.filed_by_id OR NEW.first_filed_at IS NOT OLD.first_filed_at OR NEW.corrects_id IS NOT OLD.corrects_id OR (OLD.state <> 'filed' AND NEW.state <> OLD.state) BEGIN SELECT RAISE(ABORT, 'a filed guidance record is never edited'); END",
    "CREATE TRIGGER guidance_record_no_delete BEFORE DELETE ON guidance_record BEGIN SELECT RAISE(ABORT, 'a filed guidance record is never edited'); END",
)

POSTGRESQL_GUARDS = (
    "CREATE FUNCTION pairing_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the history of a pairing is append-only' USING ERRCODE = 'check_violation'; END $$",
    "CREATE TRIGGER pairing_event_no_change BEFORE UPDATE OR DELETE ON pairing_event FOR EACH ROW EXECUTE FUNCTION pairing_event_refuse()",
    "CREATE FUNCTION guidance_record_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a filed guidance record is never edited' USING ERRCODE = 'check_violation'; END $$",
    "CREATE TRIGGER guidance_record_kept BEFORE UPDATE ON guidance_record FOR EACH ROW WHEN (NEW.pairing_id IS DISTINCT FROM OLD.pairing_id OR NEW.day IS DISTINCT FROM OLD.day OR NEW.mode_id IS DISTINCT FROM OLD.mode_id OR NEW.text IS DISTINCT FROM OLD.text OR NEW.text_digest IS DISTINCT FROM OLD.text_digest OR NEW.minutes IS DISTINCT FROM OLD.minutes OR NEW.place IS DISTINCT FROM OLD.place OR NEW.next_step IS DISTINCT FROM OLD.next_step OR NEW.next_day IS DISTINCT FROM OLD.next_day OR NEW.key IS DISTINCT FROM OLD.key OR NEW.meeting IS DISTINCT FROM OLD.meeting OR NEW.activity_id IS DISTINCT FROM OLD.activity_id OR NEW.filed_at IS DISTINCT FROM OLD.filed_at OR NEW.filed_by_id IS DISTINCT FROM OLD.filed_by_id OR NEW.first_filed_at IS DISTINCT FROM OLD.first_filed_at OR NEW.corrects_id IS DISTINCT FROM OLD.corrects_id OR (OLD.state <> 'filed' AND NEW.state <> OLD.state)) EXECUTE FUNCTION guidance_record_refuse()",
    "CREATE TRIGGER guidance_record_no_delete BEFORE DELETE ON guidance_record FOR EACH ROW EXECUTE FUNCTION guidance_record_refuse()",
)

POSTGRESQL_FUNCTIONS = ("pairing_event_refuse", "guidance_record_refuse")


def upgrade() -> None:
    op.create_table(
        "mentoring_programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_zh", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("duty", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("grace_days", sa.Integer(), nullable=False),
        sa.Column(
            "words_for",
            sa.Enum(
                "pair",
                "pair_and_officer",
                "pair_and_office",
                name="wordsfor",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity >= 1", name=op.f("ck_mentoring_programme_capacity")),
        sa.CheckConstraint("duty BETWEEN 0 AND 31", name=op.f("ck_mentoring_programme_duty")),
        sa.CheckConstraint("grace_days BETWEEN 0 AND 31", name=op.f("ck_mentoring_programme_grace_days")),
        sa.CheckConstraint(
            "starts_on IS NULL OR ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_mentoring_programme_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_programme")),
        sa.UniqueConstraint("code", name=op.f("uq_mentoring_programme_code")),
        sa.UniqueConstraint("name_zh", name=op.f("uq_mentoring_programme_name_zh")),
    )
    op.create_table(
        "content_area",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_zh", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["mentoring_programme.id"], name=op.f("fk_content_area_programme_id_mentoring_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_area")),
        sa.UniqueConstraint("programme_id", "code", name=op.f("uq_content_area_programme_id_code")),
    )
    op.create_table(
        "guidance_mode",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_zh", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["mentoring_programme.id"], name=op.f("fk_guidance_mode_programme_id_mentoring_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance_mode")),
        sa.UniqueConstraint("programme_id", "code", name=op.f("uq_guidance_mode_programme_id_code")),
    )
    op.create_table(
        "month_lock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_by", sa.String(length=80), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_by", sa.String(length=80), nullable=False),
        sa.Column("reopen_reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint("(reopened_at IS NULL) = (reopen_reason = '')", name=op.f("ck_month_lock_reopened")),
        sa.CheckConstraint(FIRST_DAY[op.get_bind().dialect.name], name=op.f("ck_month_lock_first_day")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_month_lock_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month_lock")),
    )
    op.create_index(op.f("ix_month_lock_month"), "month_lock", ["month"], unique=False)
    op.create_index(
        "uq_month_lock_open",
        "month_lock",
        ["unit_id", "month"],
        unique=True,
        sqlite_where=sa.text("reopened_at IS NULL"),
        postgresql_where=sa.text("reopened_at IS NULL"),
    )
    op.create_table(
        "pairing_end_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_zh", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["mentoring_programme.id"],
            name=op.f("fk_pairing_end_reason_programme_id_mentoring_programme"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_end_reason")),
        sa.UniqueConstraint("programme_id", "code", name=op.f("uq_pairing_end_reason_programme_id_code")),
    )
    _rebuild_pairing(_new_pairing, _to_programmes)
    op.create_table(
        "guidance_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_guidance_draft_author_id_person")),
        sa.ForeignKeyConstraint(["pairing_id"], ["pairing.id"], name=op.f("fk_guidance_draft_pairing_id_pairing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance_draft")),
        sa.UniqueConstraint("author_id", "pairing_id", name=op.f("uq_guidance_draft_author_id_pairing_id")),
    )
    op.create_table(
        "guidance_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("mode_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_digest", sa.String(length=32), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("next_step", sa.String(length=300), nullable=False),
        sa.Column("next_day", sa.Date(), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("meeting", sa.String(length=32), nullable=True),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=True),
        sa.Column("first_filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "filed",
                "withdrawn",
                "replaced",
                name="recordstate",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "confirmation",
            sa.Enum(
                "unconfirmed",
                "confirmed",
                "disputed",
                name="confirmation",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(confirmation = 'unconfirmed') = (answered_at IS NULL)", name=op.f("ck_guidance_record_answered")
        ),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_guidance_record_withdrawn")
        ),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR confirmation <> 'confirmed'", name=op.f("ck_guidance_record_confirmed_stays")
        ),
        sa.CheckConstraint("first_filed_at <= filed_at", name=op.f("ck_guidance_record_filed")),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_guidance_record_text")),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_guidance_record_minutes")),
        sa.CheckConstraint("next_day IS NULL OR next_day >= day", name=op.f("ck_guidance_record_next_day")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_guidance_record_activity_id_activity")),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["guidance_record.id"], name=op.f("fk_guidance_record_corrects_id_guidance_record")
        ),
        sa.ForeignKeyConstraint(["filed_by_id"], ["person.id"], name=op.f("fk_guidance_record_filed_by_id_person")),
        sa.ForeignKeyConstraint(
            ["mode_id"], ["guidance_mode.id"], name=op.f("fk_guidance_record_mode_id_guidance_mode")
        ),
        sa.ForeignKeyConstraint(["pairing_id"], ["pairing.id"], name=op.f("fk_guidance_record_pairing_id_pairing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance_record")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_guidance_record_corrects_id")),
        sa.UniqueConstraint("pairing_id", "key", name=op.f("uq_guidance_record_pairing_id_key")),
    )
    op.create_index(
        op.f("ix_guidance_record_day_pairing_id_state_confirmation"),
        "guidance_record",
        ["day", "pairing_id", "state", "confirmation"],
        unique=False,
    )
    op.create_index(
        op.f("ix_guidance_record_meeting"),
        "guidance_record",
        ["meeting"],
        unique=False,
        sqlite_where=sa.text("meeting IS NOT NULL"),
        postgresql_where=sa.text("meeting IS NOT NULL"),
    )
    op.create_index(
        "uq_guidance_record_activity",
        "guidance_record",
        ["pairing_id", "activity_id"],
        unique=True,
        sqlite_where=sa.text("state = 'filed' AND activity_id IS NOT NULL"),
        postgresql_where=sa.text("state = 'filed' AND activity_id IS NOT NULL"),
    )
    op.create_index(
        "uq_guidance_record_same",
        "guidance_record",
        ["pairing_id", "day", "text_digest"],
        unique=True,
        sqlite_where=sa.text("state = 'filed'"),
        postgresql_where=sa.text("state = 'filed'"),
    )
    op.create_table(
        "pairing_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.Column(
            "what",
            sa.Enum(
                "proposed",
                "mentor_agreed",
                "mentee_agreed",
                "activated",
                "suspended",
                "resumed",
                "ended_early",
                "completed",
                "sponsor_changed",
                "goals_changed",
                "plan_changed",
                "period_changed",
                name="pairingeventkind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_pairing_event_by_id_person")),
        sa.ForeignKeyConstraint(["pairing_id"], ["pairing.id"], name=op.f("fk_pairing_event_pairing_id_pairing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_event")),
    )
    op.create_index(op.f("ix_pairing_event_pairing_id"), "pairing_event", ["pairing_id"], unique=False)
    op.create_table(
        "pairing_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_pairing_pause_order")),
        sa.ForeignKeyConstraint(["pairing_id"], ["pairing.id"], name=op.f("fk_pairing_pause_pairing_id_pairing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_pause")),
    )
    op.create_index(
        op.f("ix_pairing_pause_pairing_id_starts_on"), "pairing_pause", ["pairing_id", "starts_on"], unique=False
    )
    op.create_index(
        "uq_pairing_pause_open",
        "pairing_pause",
        ["pairing_id"],
        unique=True,
        sqlite_where=sa.text("ends_on IS NULL"),
        postgresql_where=sa.text("ends_on IS NULL"),
    )
    op.create_table(
        "confirmation_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_confirmation_link_order")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["guidance_record.id"], name=op.f("fk_confirmation_link_record_id_guidance_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation_link")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_confirmation_link_token_digest")),
    )
    op.create_index(op.f("ix_confirmation_link_record_id"), "confirmation_link", ["record_id"], unique=False)
    op.create_table(
        "guidance_area",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["content_area.id"], name=op.f("fk_guidance_area_area_id_content_area")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["guidance_record.id"], name=op.f("fk_guidance_area_record_id_guidance_record")
        ),
        sa.PrimaryKeyConstraint("record_id", "area_id", name=op.f("pk_guidance_area")),
    )
    op.create_index(op.f("ix_guidance_area_area_id"), "guidance_area", ["area_id"], unique=False)
    op.create_table(
        "guidance_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("stored_as", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_guidance_attachment_size")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["guidance_record.id"], name=op.f("fk_guidance_attachment_record_id_guidance_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance_attachment")),
        sa.UniqueConstraint("stored_as", name=op.f("uq_guidance_attachment_stored_as")),
    )
    op.create_index(op.f("ix_guidance_attachment_record_id"), "guidance_attachment", ["record_id"], unique=False)
    guards = SQLITE_GUARDS if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_GUARDS
    for statement in guards:
        op.execute(sa.DDL(statement.replace("%", "%%")))


def downgrade() -> None:
    op.drop_index(op.f("ix_guidance_attachment_record_id"), table_name="guidance_attachment")
    op.drop_table("guidance_attachment")
    op.drop_index(op.f("ix_guidance_area_area_id"), table_name="guidance_area")
    op.drop_table("guidance_area")
    op.drop_index(op.f("ix_confirmation_link_record_id"), table_name="confirmation_link")
    op.drop_table("confirmation_link")
    op.drop_index(
        "uq_pairing_pause_open",
        table_name="pairing_pause",
        sqlite_where=sa.text("ends_on IS NULL"),
        postgresql_where=sa.text("ends_on IS NULL"),
    )
    op.drop_index(op.f("ix_pairing_pause_pairing_id_starts_on"), table_name="pairing_pause")
    op.drop_table("pairing_pause")
    op.drop_index(op.f("ix_pairing_event_pairing_id"), table_name="pairing_event")
    op.drop_table("pairing_event")
    op.drop_index(
        "uq_guidance_record_same",
        table_name="guidance_record",
        sqlite_where=sa.text("state = 'filed'"),
        postgresql_where=sa.text("state = 'filed'"),
    )
    op.drop_index(
        "uq_guidance_record_activity",
        table_name="guidance_record",
        sqlite_where=sa.text("state = 'filed' AND activity_id IS NOT NULL"),
        postgresql_where=sa.text("state = 'filed' AND activity_id IS NOT NULL"),
    )
    op.drop_index(
        op.f("ix_guidance_record_meeting"),
        table_name="guidance_record",
        sqlite_where=sa.text("meeting IS NOT NULL"),
        postgresql_where=sa.text("meeting IS NOT NULL"),
    )
    op.drop_index(op.f("ix_guidance_record_day_pairing_id_state_confirmation"), table_name="guidance_record")
    op.drop_table("guidance_record")
    op.drop_table("guidance_draft")
    _rebuild_pairing(_old_pairing, _to_names)
    op.drop_table("pairing_end_reason")
    op.drop_index(
        "uq_month_lock_open",
        table_name="month_lock",
        sqlite_where=sa.text("reopened_at IS NULL"),
        postgresql_where=sa.text("reopened_at IS NULL"),
    )
    op.drop_index(op.f("ix_month_lock_month"), table_name="month_lock")
    op.drop_table("month_lock")
    op.drop_table("guidance_mode")
    op.drop_table("content_area")
    op.drop_table("mentoring_programme")
    if op.get_bind().dialect.name == "postgresql":
        for function in POSTGRESQL_FUNCTIONS:
            op.execute(f"DROP FUNCTION {function}()")


def _rebuild_pairing(create: Callable[[], None], carry_over: Callable[[], None]) -> None:
    """Put the rows of `pairing` aside, build the table anew and bring them back: alike on both engines."""
    op.execute("CREATE TABLE pairing_aside AS SELECT * FROM pairing")
    op.drop_table("pairing")
    create()
    carry_over()
    op.drop_table("pairing_aside")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('pairing', 'id'), coalesce(max(id), 1), max(id) IS NOT NULL) FROM pairing"
        )
    op.create_index(op.f("ix_pairing_mentor_id"), "pairing", ["mentor_id"], unique=False)
    op.create_index(
        "uq_pairing_open_mentee",
        "pairing",
        ["mentee_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('active', 'suspended')"),
        postgresql_where=sa.text("status IN ('active', 'suspended')"),
    )


def _status() -> sa.Enum:
    return sa.Enum(
        "proposed",
        "agreed",
        "active",
        "suspended",
        "completed",
        "ended_early",
        name="pairingstatus",
        native_enum=False,
        create_constraint=True,
        length=20,
    )


def _old_pairing() -> None:
    op.create_table(
        "pairing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("mentee_id", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(length=80), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("content_areas", sa.String(length=400), nullable=False),
        sa.Column("status", _status(), nullable=False),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_pairing_order")),
        sa.CheckConstraint("mentor_id <> mentee_id", name=op.f("ck_pairing_two_people")),
        sa.ForeignKeyConstraint(["mentee_id"], ["person.id"], name=op.f("fk_pairing_mentee_id_person")),
        sa.ForeignKeyConstraint(["mentor_id"], ["person.id"], name=op.f("fk_pairing_mentor_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing")),
    )


def _new_pairing() -> None:
    op.create_table(
        "pairing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("mentee_id", sa.Integer(), nullable=False),
        sa.Column("sponsor_id", sa.Integer(), nullable=True),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("content_areas", sa.String(length=400), nullable=False),
        sa.Column("goals", sa.Text(), nullable=False),
        sa.Column("development_plan", sa.Text(), nullable=False),
        sa.Column("status", _status(), nullable=False),
        sa.Column("mentor_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mentee_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason_id", sa.Integer(), nullable=True),
        sa.Column("audience_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status IN ('completed', 'ended_early')) = (closed_on IS NOT NULL)", name=op.f("ck_pairing_closed")
        ),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_pairing_order")),
        sa.CheckConstraint("mentor_id <> mentee_id", name=op.f("ck_pairing_two_people")),
        sa.CheckConstraint("status = 'ended_early' OR end_reason_id IS NULL", name=op.f("ck_pairing_end_reason")),
        sa.CheckConstraint("term >= 1", name=op.f("ck_pairing_term")),
        sa.ForeignKeyConstraint(["audience_id"], ["audience.id"], name=op.f("fk_pairing_audience_id_audience")),
        sa.ForeignKeyConstraint(
            ["end_reason_id"], ["pairing_end_reason.id"], name=op.f("fk_pairing_end_reason_id_pairing_end_reason")
        ),
        sa.ForeignKeyConstraint(["mentee_id"], ["person.id"], name=op.f("fk_pairing_mentee_id_person")),
        sa.ForeignKeyConstraint(["mentor_id"], ["person.id"], name=op.f("fk_pairing_mentor_id_person")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["mentoring_programme.id"], name=op.f("fk_pairing_programme_id_mentoring_programme")
        ),
        sa.ForeignKeyConstraint(["sponsor_id"], ["person.id"], name=op.f("fk_pairing_sponsor_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing")),
        sa.UniqueConstraint("audience_id", name=op.f("uq_pairing_audience_id")),
    )
    op.create_index(op.f("ix_pairing_mentee_id"), "pairing", ["mentee_id"], unique=False)


def _to_programmes() -> None:
    """Make a programme for each name that pairings bore, with the lists that a new one begins with."""
    bind = op.get_bind()
    names = bind.execute(sa.text("SELECT DISTINCT programme FROM pairing_aside ORDER BY programme")).scalars().all()
    for number, name in enumerate(names, start=1):
        bind.execute(
            sa.text(
                "INSERT INTO mentoring_programme "
                "(code, name_zh, name_en, duty, capacity, grace_days, words_for, version) "
                "VALUES (:code, :name, :name, 2, 1, 5, 'pair', 1)"
            ),
            {"code": f"programme-{number}", "name": name},
        )
    for table, items in LISTS.items():
        for position, (code, name_zh, name_en) in enumerate(items):
            bind.execute(
                sa.text(
                    f"INSERT INTO {table} (programme_id, code, name_zh, name_en, position) "  # noqa: S608 - names of our own tables
                    "SELECT id, :code, :name_zh, :name_en, :position FROM mentoring_programme"
                ),
                {"code": code, "name_zh": name_zh, "name_en": name_en, "position": position},
            )
    op.execute(
        "INSERT INTO pairing (id, mentor_id, mentee_id, programme_id, term, starts_on, ends_on, closed_on, "
        "content_areas, goals, development_plan, status, version) "
        "SELECT a.id, a.mentor_id, a.mentee_id, p.id, 1, a.starts_on, a.ends_on, "
        "CASE WHEN a.status IN ('completed', 'ended_early') THEN a.ends_on END, "
        "a.content_areas, '', '', a.status, 1 "
        "FROM pairing_aside AS a JOIN mentoring_programme AS p ON p.name_zh = a.programme"
    )


def _to_names() -> None:
    op.execute(
        "INSERT INTO pairing (id, mentor_id, mentee_id, programme, starts_on, ends_on, content_areas, status) "
        "SELECT a.id, a.mentor_id, a.mentee_id, p.name_zh, a.starts_on, a.ends_on, a.content_areas, a.status "
        "FROM pairing_aside AS a JOIN mentoring_programme AS p ON p.id = a.programme_id"
    )
