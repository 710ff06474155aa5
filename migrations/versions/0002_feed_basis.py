"""Subscriptions keep what the state of their feed follows from, so that an unchanged feed reads no event.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("subscription") as table:
        table.add_column(sa.Column("events", sa.Integer(), nullable=True))
        table.add_column(sa.Column("basis", sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("subscription") as table:
        table.drop_column("basis")
        table.drop_column("events")
