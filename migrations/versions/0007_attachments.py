"""What the files beside guidance records hold.

Revision ID: 0007
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guidance_attachment_content",
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["guidance_attachment.id"],
            name=op.f("fk_guidance_attachment_content_attachment_id_guidance_attachment"),
        ),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_guidance_attachment_content")),
    )


def downgrade() -> None:
    op.drop_table("guidance_attachment_content")
