"""What the files beside guidance records hold, and the office's own Word forms.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
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
    op.create_table(
        "document_form",
        sa.Column(
            "kind",
            sa.Enum(
                "agreement",
                "guidance_log",
                name="documentkind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_document_form")),
    )


def downgrade() -> None:
    op.drop_table("document_form")
    op.drop_table("guidance_attachment_content")
