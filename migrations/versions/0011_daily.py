"""A question a day: who wants it, what was asked; its topic among those of notices.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TOPICS = "'waiting', 'schedule', 'classes', 'pairings', 'answers', 'reminders'"


def upgrade() -> None:
    op.create_table(
        "daily_choice",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_daily_choice_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_daily_choice")),
    )
    op.create_table(
        "daily_question",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("order", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_daily_question_answered")),
        sa.ForeignKeyConstraint(
            ["item_version_id"],
            ["quiz_item_version.id"],
            name=op.f("fk_daily_question_item_version_id_quiz_item_version"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_daily_question_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "day", name=op.f("pk_daily_question")),
    )
    op.create_index(op.f("ix_daily_question_asked_at"), "daily_question", ["asked_at"])
    _choices_of(f"{TOPICS}, 'daily', 'other'")


def downgrade() -> None:
    op.execute("DELETE FROM notice_choice WHERE topic = 'daily'")
    _choices_of(f"{TOPICS}, 'other'")
    op.drop_table("daily_question")
    op.drop_table("daily_choice")


def _choices_of(topics: str) -> None:
    with op.batch_alter_table("notice_choice") as choice:
        choice.drop_constraint(op.f("ck_notice_choice_topic"), type_="check")
        choice.create_check_constraint(op.f("ck_notice_choice_topic"), f"topic IN ({topics})")
