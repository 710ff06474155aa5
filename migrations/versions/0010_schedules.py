"""Schedules of quizzes, and what came of each of their days.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quiz_schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("host_unit_id", sa.Integer(), nullable=False),
        sa.Column("audience_id", sa.Integer(), nullable=True),
        sa.Column(
            "rhythm",
            sa.Enum(
                "month_day",
                "month_weekday",
                "week",
                "lesson",
                name="rhythm",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("delay_minutes", sa.Integer(), nullable=False),
        sa.Column("open_minutes", sa.Integer(), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
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
        sa.CheckConstraint("rhythm <> 'lesson' OR audience_id IS NOT NULL", name=op.f("ck_quiz_schedule_lessons")),
        sa.CheckConstraint("attempts BETWEEN 1 AND 20", name=op.f("ck_quiz_schedule_attempts")),
        sa.CheckConstraint("day BETWEEN 1 AND 31", name=op.f("ck_quiz_schedule_day")),
        sa.CheckConstraint("delay_minutes BETWEEN 0 AND 10080", name=op.f("ck_quiz_schedule_delay")),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_quiz_schedule_days")),
        sa.CheckConstraint("lead_days BETWEEN 1 AND 60", name=op.f("ck_quiz_schedule_lead")),
        sa.CheckConstraint("length_minutes BETWEEN 1 AND 1440", name=op.f("ck_quiz_schedule_length")),
        sa.CheckConstraint("nth BETWEEN 1 AND 5", name=op.f("ck_quiz_schedule_nth")),
        sa.CheckConstraint("open_minutes BETWEEN 1 AND 1440", name=op.f("ck_quiz_schedule_open")),
        sa.CheckConstraint("pass_mark BETWEEN 1 AND 100", name=op.f("ck_quiz_schedule_pass_mark")),
        sa.CheckConstraint("threshold BETWEEN 1 AND 100", name=op.f("ck_quiz_schedule_threshold")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_quiz_schedule_weekday")),
        sa.ForeignKeyConstraint(["audience_id"], ["audience.id"], name=op.f("fk_quiz_schedule_audience_id_audience")),
        sa.ForeignKeyConstraint(["host_unit_id"], ["unit.id"], name=op.f("fk_quiz_schedule_host_unit_id_unit")),
        sa.ForeignKeyConstraint(["paper_id"], ["quiz_paper.id"], name=op.f("fk_quiz_schedule_paper_id_quiz_paper")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_schedule")),
    )
    op.create_index(op.f("ix_quiz_schedule_paper_id"), "quiz_schedule", ["paper_id"], unique=False)
    op.create_table(
        "quiz_schedule_unit",
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["quiz_schedule.id"], name=op.f("fk_quiz_schedule_unit_schedule_id_quiz_schedule")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_quiz_schedule_unit_unit_id_unit")),
        sa.PrimaryKeyConstraint("schedule_id", "unit_id", name=op.f("pk_quiz_schedule_unit")),
    )
    op.create_index(op.f("ix_quiz_schedule_unit_unit_id"), "quiz_schedule_unit", ["unit_id"], unique=False)
    op.create_table(
        "quiz_scheduled_sitting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=True),
        sa.Column("lesson_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=True),
        sa.Column("skipped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "(lesson_id IS NULL) = (lesson_ends_at IS NULL)", name=op.f("ck_quiz_scheduled_sitting_lesson")
        ),
        sa.CheckConstraint("skipped_at IS NULL OR sitting_id IS NULL", name=op.f("ck_quiz_scheduled_sitting_skipped")),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["activity.id"], name=op.f("fk_quiz_scheduled_sitting_lesson_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["quiz_schedule.id"], name=op.f("fk_quiz_scheduled_sitting_schedule_id_quiz_schedule")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["quiz_sitting.id"], name=op.f("fk_quiz_scheduled_sitting_sitting_id_quiz_sitting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_scheduled_sitting")),
        sa.UniqueConstraint("schedule_id", "lesson_id", name=op.f("uq_quiz_scheduled_sitting_schedule_id_lesson_id")),
        sa.UniqueConstraint("sitting_id", name=op.f("uq_quiz_scheduled_sitting_sitting_id")),
    )
    op.create_index(op.f("ix_quiz_scheduled_sitting_lesson_id"), "quiz_scheduled_sitting", ["lesson_id"], unique=False)
    op.create_index(
        "uq_quiz_scheduled_sitting_day",
        "quiz_scheduled_sitting",
        ["schedule_id", "day"],
        unique=True,
        sqlite_where=sa.text("lesson_id IS NULL"),
        postgresql_where=sa.text("lesson_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_quiz_scheduled_sitting_day",
        table_name="quiz_scheduled_sitting",
        sqlite_where=sa.text("lesson_id IS NULL"),
        postgresql_where=sa.text("lesson_id IS NULL"),
    )
    op.drop_index(op.f("ix_quiz_scheduled_sitting_lesson_id"), table_name="quiz_scheduled_sitting")
    op.drop_table("quiz_scheduled_sitting")
    op.drop_index(op.f("ix_quiz_schedule_unit_unit_id"), table_name="quiz_schedule_unit")
    op.drop_table("quiz_schedule_unit")
    op.drop_index(op.f("ix_quiz_schedule_paper_id"), table_name="quiz_schedule")
    op.drop_table("quiz_schedule")
