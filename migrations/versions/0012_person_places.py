"""Where people belonged before, so that a headcount of a period that is over stays what it was.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_place_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_person_place_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_place")),
    )
    op.create_index(op.f("ix_person_place_person_id_until"), "person_place", ["person_id", "until"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_person_place_person_id_until"), table_name="person_place")
    op.drop_table("person_place")
