"""Obligations: what is owed in each period, waivers, and what was reminded.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "obligation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "metric",
            sa.Enum(
                "guidance",
                "classes",
                "lectures",
                "coverage",
                name="metric",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "cadence",
            sa.Enum(
                "week", "month", "quarter", "year", name="cadence", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("name_zh", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "city",
                "bureau",
                "district",
                "district_bureau",
                "section",
                name="unitkind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column(
            "base",
            sa.Enum("one", "headcount", "eligible", name="base", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("per", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("reminds", sa.Boolean(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("base <> 'one' OR per = 1", name=op.f("ck_obligation_per_of_one")),
        sa.CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name=op.f("ck_obligation_order")),
        sa.CheckConstraint("number IS NULL OR number >= 1", name=op.f("ck_obligation_number")),
        sa.CheckConstraint("per >= 1", name=op.f("ck_obligation_per")),
        sa.ForeignKeyConstraint(["replaces_id"], ["obligation.id"], name=op.f("fk_obligation_replaces_id_obligation")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_obligation_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligation")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_obligation_replaces_id")),
    )
    op.create_index(
        "uq_obligation_open_itself",
        "obligation",
        ["metric", "cadence", "unit_id"],
        unique=True,
        sqlite_where=sa.text("ends_on IS NULL AND level IS NULL"),
        postgresql_where=sa.text("ends_on IS NULL AND level IS NULL"),
    )
    op.create_index(
        "uq_obligation_open_level",
        "obligation",
        ["metric", "cadence", "unit_id", "level"],
        unique=True,
        sqlite_where=sa.text("ends_on IS NULL"),
        postgresql_where=sa.text("ends_on IS NULL"),
    )
    op.create_table(
        "reminder",
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column(
            "step",
            sa.Enum("owing", "officer", "office", name="step", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_reminder_obligation_id_obligation")
        ),
        sa.PrimaryKeyConstraint("obligation_id", "subject_id", "period_start", "step", name=op.f("pk_reminder")),
    )
    op.create_table(
        "waiver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.String(length=80), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name=op.f("ck_waiver_lifted")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_waiver_reason")),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligation.id"], name=op.f("fk_waiver_obligation_id_obligation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver")),
    )
    op.create_index(
        "uq_waiver_open",
        "waiver",
        ["obligation_id", "subject_id", "period_start"],
        unique=True,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_waiver_open",
        table_name="waiver",
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.drop_table("waiver")
    op.drop_table("reminder")
    op.drop_index(
        "uq_obligation_open_level",
        table_name="obligation",
        sqlite_where=sa.text("ends_on IS NULL"),
        postgresql_where=sa.text("ends_on IS NULL"),
    )
    op.drop_index(
        "uq_obligation_open_itself",
        table_name="obligation",
        sqlite_where=sa.text("ends_on IS NULL AND level IS NULL"),
        postgresql_where=sa.text("ends_on IS NULL AND level IS NULL"),
    )
    op.drop_table("obligation")
