"""Quizzes: item bank, papers, sittings, attempts, results, retraining orders.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_SAID = "a version of an item is never changed"
SQLITE_GUARDS = (
    (
        "CREATE TRIGGER quiz_item_version_kept BEFORE UPDATE ON quiz_item_version "
        f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
    ),
    (
        "CREATE TRIGGER quiz_item_version_no_delete BEFORE DELETE ON quiz_item_version "
        f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
    ),
)
POSTGRESQL_GUARDS = (
    (
        "CREATE FUNCTION quiz_item_version_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_SAID}' USING ERRCODE = 'check_violation'; END $$"
    ),
    (
        "CREATE TRIGGER quiz_item_version_kept BEFORE UPDATE OR DELETE ON quiz_item_version "
        "FOR EACH ROW EXECUTE FUNCTION quiz_item_version_refuse()"
    ),
)


def upgrade() -> None:
    op.create_table(
        "quiz_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "single",
                "multiple",
                "true_false",
                "fill",
                "short",
                name="itemkind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column(
            "difficulty",
            sa.Enum("easy", "medium", "hard", name="difficulty", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_item")),
    )
    op.create_index(
        op.f("ix_quiz_item_topic_kind_difficulty"), "quiz_item", ["topic", "kind", "difficulty"], unique=False
    )
    op.create_index(
        "uq_quiz_item_digest",
        "quiz_item",
        ["digest"],
        unique=True,
        sqlite_where=sa.text("retired_at IS NULL"),
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_table(
        "quiz_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("shuffle_questions", sa.Boolean(), nullable=False),
        sa.Column("shuffle_choices", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_paper")),
        sa.UniqueConstraint("name", name=op.f("uq_quiz_paper_name")),
    )
    op.create_table(
        "quiz_paper_item",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.CheckConstraint("points BETWEEN 1 AND 100", name=op.f("ck_quiz_paper_item_points")),
        sa.ForeignKeyConstraint(["item_id"], ["quiz_item.id"], name=op.f("fk_quiz_paper_item_item_id_quiz_item")),
        sa.ForeignKeyConstraint(["paper_id"], ["quiz_paper.id"], name=op.f("fk_quiz_paper_item_paper_id_quiz_paper")),
        sa.PrimaryKeyConstraint("paper_id", "position", name=op.f("pk_quiz_paper_item")),
        sa.UniqueConstraint("paper_id", "item_id", name=op.f("uq_quiz_paper_item_paper_id_item_id")),
    )
    op.create_index(op.f("ix_quiz_paper_item_item_id"), "quiz_paper_item", ["item_id"], unique=False)
    op.create_table(
        "quiz_paper_rule",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "single",
                "multiple",
                "true_false",
                "fill",
                "short",
                name="itemkind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column(
            "difficulty",
            sa.Enum("easy", "medium", "hard", name="difficulty", native_enum=False, create_constraint=True, length=20),
            nullable=True,
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.CheckConstraint("count BETWEEN 1 AND 200", name=op.f("ck_quiz_paper_rule_count")),
        sa.CheckConstraint("points BETWEEN 1 AND 100", name=op.f("ck_quiz_paper_rule_points")),
        sa.ForeignKeyConstraint(["paper_id"], ["quiz_paper.id"], name=op.f("fk_quiz_paper_rule_paper_id_quiz_paper")),
        sa.PrimaryKeyConstraint("paper_id", "position", name=op.f("pk_quiz_paper_rule")),
    )
    op.create_table(
        "quiz_item_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["person.id"], name=op.f("fk_quiz_item_file_uploaded_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_item_file")),
    )
    op.create_table(
        "quiz_item_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "single",
                "multiple",
                "true_false",
                "fill",
                "short",
                name="itemkind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("stem_en", sa.Text(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("choices_en", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("accepted", sa.JSON(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("explanation_en", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(stem) > 0", name=op.f("ck_quiz_item_version_stem")),
        sa.CheckConstraint("number > 0", name=op.f("ck_quiz_item_version_number")),
        sa.ForeignKeyConstraint(["item_id"], ["quiz_item.id"], name=op.f("fk_quiz_item_version_item_id_quiz_item")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_quiz_item_version_made_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_item_version")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_quiz_item_version_item_id_number")),
    )
    op.create_table(
        "quiz_sitting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("length_minutes", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("pass_mark", sa.Integer(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column(
            "denominator",
            sa.Enum("due", "sat", name="denominator", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("smallest_unit", sa.Integer(), nullable=False),
        sa.Column(
            "credit",
            sa.Enum(
                "none", "half", "share", name="partialcredit", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column(
            "release",
            sa.Enum(
                "submitted", "closed", "by_hand", name="release", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("explanations", sa.Boolean(), nullable=False),
        sa.Column("double_marking", sa.Boolean(), nullable=False),
        sa.Column("stagger_minutes", sa.Integer(), nullable=False),
        sa.Column("regrade_days", sa.Integer(), nullable=False),
        sa.Column("confirm_days", sa.Integer(), nullable=False),
        sa.Column(
            "attendees",
            sa.Enum("whole_unit", "not_passed", name="attendees", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("attempts BETWEEN 1 AND 20", name=op.f("ck_quiz_sitting_attempts")),
        sa.CheckConstraint("length_minutes BETWEEN 1 AND 1440", name=op.f("ck_quiz_sitting_length")),
        sa.CheckConstraint("pass_mark BETWEEN 1 AND 100", name=op.f("ck_quiz_sitting_pass_mark")),
        sa.CheckConstraint("settled_at IS NULL OR closed_at IS NOT NULL", name=op.f("ck_quiz_sitting_settled")),
        sa.CheckConstraint("threshold BETWEEN 1 AND 100", name=op.f("ck_quiz_sitting_threshold")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_quiz_sitting_activity_id_activity")),
        sa.ForeignKeyConstraint(["paper_id"], ["quiz_paper.id"], name=op.f("fk_quiz_sitting_paper_id_quiz_paper")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_sitting")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_quiz_sitting_activity_id")),
    )
    op.create_index(op.f("ix_quiz_sitting_paper_id"), "quiz_sitting", ["paper_id"], unique=False)
    op.create_table(
        "quiz_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "in_progress",
                "overdue",
                "submitted",
                "graded",
                "abandoned",
                name="attemptstate",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submit_key", sa.String(length=64), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("out_of", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(state IN ('in_progress', 'overdue')) = (ended_at IS NULL)", name=op.f("ck_quiz_attempt_ended")
        ),
        sa.CheckConstraint("state <> 'graded' OR score IS NOT NULL", name=op.f("ck_quiz_attempt_graded")),
        sa.CheckConstraint("(score IS NULL) = (passed IS NULL)", name=op.f("ck_quiz_attempt_passed")),
        sa.CheckConstraint("started_at <= deadline", name=op.f("ck_quiz_attempt_order")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_quiz_attempt_person_id_person")),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["quiz_sitting.id"], name=op.f("fk_quiz_attempt_sitting_id_quiz_sitting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_attempt")),
        sa.UniqueConstraint(
            "sitting_id", "person_id", "number", name=op.f("uq_quiz_attempt_sitting_id_person_id_number")
        ),
    )
    op.create_index(
        "ix_quiz_attempt_due",
        "quiz_attempt",
        ["deadline"],
        unique=False,
        sqlite_where=sa.text("state IN ('in_progress', 'overdue')"),
        postgresql_where=sa.text("state IN ('in_progress', 'overdue')"),
    )
    op.create_index(op.f("ix_quiz_attempt_person_id"), "quiz_attempt", ["person_id"], unique=False)
    op.create_index(
        "uq_quiz_attempt_open",
        "quiz_attempt",
        ["sitting_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('in_progress', 'overdue')"),
        postgresql_where=sa.text("state IN ('in_progress', 'overdue')"),
    )
    op.create_table(
        "quiz_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column(
            "concession",
            sa.Enum(
                "more_time",
                "exempt",
                "deferred",
                name="concession",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(concession = 'more_time') = (minutes IS NOT NULL)", name=op.f("ck_quiz_grant_minutes_for_time")
        ),
        sa.CheckConstraint("unit_id IS NULL OR concession = 'more_time'", name=op.f("ck_quiz_grant_unit_gets_time")),
        sa.CheckConstraint("(person_id IS NULL) <> (unit_id IS NULL)", name=op.f("ck_quiz_grant_one_subject")),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_quiz_grant_minutes")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_quiz_grant_made_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_quiz_grant_person_id_person")),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["quiz_sitting.id"], name=op.f("fk_quiz_grant_sitting_id_quiz_sitting")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_quiz_grant_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_grant")),
    )
    op.create_index(op.f("ix_quiz_grant_sitting_id_person_id"), "quiz_grant", ["sitting_id", "person_id"], unique=False)
    op.create_table(
        "quiz_ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("accepted", sa.String(length=1000), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("void = (key = '' AND accepted = '')", name=op.f("ck_quiz_ruling_void_has_no_key")),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["quiz_item_version.id"], name=op.f("fk_quiz_ruling_item_version_id_quiz_item_version")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_quiz_ruling_made_by_id_person")),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["quiz_sitting.id"], name=op.f("fk_quiz_ruling_sitting_id_quiz_sitting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_ruling")),
    )
    op.create_index(op.f("ix_quiz_ruling_sitting_id"), "quiz_ruling", ["sitting_id"], unique=False)
    op.create_table(
        "quiz_unit_result",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("absent", sa.Integer(), nullable=False),
        sa.Column("exempt", sa.Integer(), nullable=False),
        sa.Column("deferred", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.Column(
            "standing",
            sa.Enum(
                "met",
                "below",
                "too_small",
                "undefined",
                name="standing",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("final_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "passed >= 0 AND failed >= 0 AND absent >= 0 AND exempt >= 0 AND deferred >= 0 AND pending >= 0",
            name=op.f("ck_quiz_unit_result_counts"),
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["quiz_sitting.id"], name=op.f("fk_quiz_unit_result_sitting_id_quiz_sitting")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_quiz_unit_result_unit_id_unit")),
        sa.PrimaryKeyConstraint("sitting_id", "unit_id", name=op.f("pk_quiz_unit_result")),
    )
    op.create_index(op.f("ix_quiz_unit_result_unit_id"), "quiz_unit_result", ["unit_id"], unique=False)
    op.create_table(
        "retraining_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("judged_sitting_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "confirmed",
                "closed",
                "next_round",
                "escalated",
                "withdrawn",
                "not_required",
                name="orderstate",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirms_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("class_id", sa.Integer(), nullable=True),
        sa.Column("next_sitting_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "state <> 'confirmed' OR class_id IS NOT NULL", name=op.f("ck_retraining_order_confirmed_has_class")
        ),
        sa.CheckConstraint("round BETWEEN 1 AND 3", name=op.f("ck_retraining_order_round")),
        sa.ForeignKeyConstraint(
            ["class_id"], ["study_class.id"], name=op.f("fk_retraining_order_class_id_study_class")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_retraining_order_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["judged_sitting_id"], ["quiz_sitting.id"], name=op.f("fk_retraining_order_judged_sitting_id_quiz_sitting")
        ),
        sa.ForeignKeyConstraint(
            ["next_sitting_id"], ["quiz_sitting.id"], name=op.f("fk_retraining_order_next_sitting_id_quiz_sitting")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["quiz_sitting.id"], name=op.f("fk_retraining_order_sitting_id_quiz_sitting")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_retraining_order_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retraining_order")),
        sa.UniqueConstraint(
            "sitting_id", "unit_id", "round", name=op.f("uq_retraining_order_sitting_id_unit_id_round")
        ),
    )
    op.create_index(
        "ix_retraining_order_open",
        "retraining_order",
        ["proposed_at"],
        unique=False,
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.create_index(op.f("ix_retraining_order_unit_id"), "retraining_order", ["unit_id"], unique=False)
    op.create_table(
        "quiz_candidate",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("judged_unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "passed",
                "failed",
                "absent",
                "exempt",
                "deferred",
                "pending",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["quiz_attempt.id"], name=op.f("fk_quiz_candidate_attempt_id_quiz_attempt")
        ),
        sa.ForeignKeyConstraint(["judged_unit_id"], ["unit.id"], name=op.f("fk_quiz_candidate_judged_unit_id_unit")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_quiz_candidate_person_id_person")),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["quiz_sitting.id"], name=op.f("fk_quiz_candidate_sitting_id_quiz_sitting")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_quiz_candidate_unit_id_unit")),
        sa.PrimaryKeyConstraint("sitting_id", "person_id", name=op.f("pk_quiz_candidate")),
    )
    op.create_index(op.f("ix_quiz_candidate_person_id"), "quiz_candidate", ["person_id"], unique=False)
    op.create_index(
        op.f("ix_quiz_candidate_sitting_id_judged_unit_id"),
        "quiz_candidate",
        ["sitting_id", "judged_unit_id"],
        unique=False,
    )
    op.create_table(
        "quiz_question",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("order", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.CheckConstraint("points BETWEEN 1 AND 100", name=op.f("ck_quiz_question_points")),
        sa.CheckConstraint("score BETWEEN 0 AND 100 * points", name=op.f("ck_quiz_question_score")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["quiz_attempt.id"], name=op.f("fk_quiz_question_attempt_id_quiz_attempt")
        ),
        sa.ForeignKeyConstraint(
            ["item_version_id"],
            ["quiz_item_version.id"],
            name=op.f("fk_quiz_question_item_version_id_quiz_item_version"),
        ),
        sa.PrimaryKeyConstraint("attempt_id", "position", name=op.f("pk_quiz_question")),
    )
    op.create_index(op.f("ix_quiz_question_item_version_id"), "quiz_question", ["item_version_id"], unique=False)
    op.create_table(
        "quiz_mark",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("marker_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("score >= 0", name=op.f("ck_quiz_mark_score")),
        sa.ForeignKeyConstraint(
            ["attempt_id", "position"],
            ["quiz_question.attempt_id", "quiz_question.position"],
            name="fk_quiz_mark_question",
        ),
        sa.ForeignKeyConstraint(["marker_id"], ["person.id"], name=op.f("fk_quiz_mark_marker_id_person")),
        sa.PrimaryKeyConstraint("attempt_id", "position", "marker_id", name=op.f("pk_quiz_mark")),
    )

    guards = SQLITE_GUARDS if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_GUARDS
    for statement in guards:
        op.execute(sa.DDL(statement))


def downgrade() -> None:
    op.drop_table("quiz_mark")
    op.drop_index(op.f("ix_quiz_question_item_version_id"), table_name="quiz_question")
    op.drop_table("quiz_question")
    op.drop_index(op.f("ix_quiz_candidate_sitting_id_judged_unit_id"), table_name="quiz_candidate")
    op.drop_index(op.f("ix_quiz_candidate_person_id"), table_name="quiz_candidate")
    op.drop_table("quiz_candidate")
    op.drop_index(op.f("ix_retraining_order_unit_id"), table_name="retraining_order")
    op.drop_index(
        "ix_retraining_order_open",
        table_name="retraining_order",
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.drop_table("retraining_order")
    op.drop_index(op.f("ix_quiz_unit_result_unit_id"), table_name="quiz_unit_result")
    op.drop_table("quiz_unit_result")
    op.drop_index(op.f("ix_quiz_ruling_sitting_id"), table_name="quiz_ruling")
    op.drop_table("quiz_ruling")
    op.drop_index(op.f("ix_quiz_grant_sitting_id_person_id"), table_name="quiz_grant")
    op.drop_table("quiz_grant")
    op.drop_index(
        "uq_quiz_attempt_open",
        table_name="quiz_attempt",
        sqlite_where=sa.text("state IN ('in_progress', 'overdue')"),
        postgresql_where=sa.text("state IN ('in_progress', 'overdue')"),
    )
    op.drop_index(op.f("ix_quiz_attempt_person_id"), table_name="quiz_attempt")
    op.drop_index(
        "ix_quiz_attempt_due",
        table_name="quiz_attempt",
        sqlite_where=sa.text("state IN ('in_progress', 'overdue')"),
        postgresql_where=sa.text("state IN ('in_progress', 'overdue')"),
    )
    op.drop_table("quiz_attempt")
    op.drop_index(op.f("ix_quiz_sitting_paper_id"), table_name="quiz_sitting")
    op.drop_table("quiz_sitting")
    op.drop_table("quiz_item_version")
    op.drop_table("quiz_item_file")
    op.drop_table("quiz_paper_rule")
    op.drop_index(op.f("ix_quiz_paper_item_item_id"), table_name="quiz_paper_item")
    op.drop_table("quiz_paper_item")
    op.drop_table("quiz_paper")
    op.drop_index(
        "uq_quiz_item_digest",
        table_name="quiz_item",
        sqlite_where=sa.text("retired_at IS NULL"),
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.drop_index(op.f("ix_quiz_item_topic_kind_difficulty"), table_name="quiz_item")
    op.drop_table("quiz_item")

    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION quiz_item_version_refuse()")
