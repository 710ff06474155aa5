"""What the unit's officer found of a mentee at the end of a pairing.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STANDS = sa.text("replaced_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "pairing_attainment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.Column("attained", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=80), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(evidence) > 0", name=op.f("ck_pairing_attainment_evidence")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_pairing_attainment_by_id_person")),
        sa.ForeignKeyConstraint(["pairing_id"], ["pairing.id"], name=op.f("fk_pairing_attainment_pairing_id_pairing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_attainment")),
    )
    op.create_index(op.f("ix_pairing_attainment_pairing_id"), "pairing_attainment", ["pairing_id"], unique=False)
    op.create_index(
        "uq_pairing_attainment_stands",
        "pairing_attainment",
        ["pairing_id"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )


def downgrade() -> None:
    op.drop_index("uq_pairing_attainment_stands", table_name="pairing_attainment")
    op.drop_index(op.f("ix_pairing_attainment_pairing_id"), table_name="pairing_attainment")
    op.drop_table("pairing_attainment")
