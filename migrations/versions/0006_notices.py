"""Notices leave by mail and to groups: the state of each notice's mail, what people chose, bots of groups and their news.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MAIL_STATES = "mail IN ('waiting', 'sent', 'skipped', 'failed')"
TOPICS = ("waiting", "schedule", "classes", "pairings", "answers", "reminders", "other")
MAIL_WAITING = sa.text("mail = 'waiting'")
STATE_WAITING = sa.text("state = 'waiting'")
NEW = sa.text("handed_on_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("notice") as notice:
        notice.add_column(sa.Column("mail", sa.String(length=20), server_default="waiting", nullable=False))
        notice.add_column(sa.Column("mail_due_at", sa.DateTime(timezone=True), nullable=True))
        notice.add_column(sa.Column("mail_claim", sa.Integer(), server_default=sa.text("0"), nullable=False))
        notice.add_column(sa.Column("mail_leased_until", sa.DateTime(timezone=True), nullable=True))
        notice.add_column(sa.Column("mail_failures", sa.Integer(), server_default=sa.text("0"), nullable=False))
        notice.add_column(sa.Column("mail_note", sa.String(length=200), server_default="", nullable=False))
        notice.add_column(sa.Column("mail_ended_at", sa.DateTime(timezone=True), nullable=True))
        notice.create_check_constraint(op.f("ck_notice_mailstate"), MAIL_STATES)
        notice.create_check_constraint(op.f("ck_notice_mail_counts"), "mail_claim >= 0 AND mail_failures >= 0")
    op.execute("UPDATE notice SET mail = 'skipped', mail_note = 'Mail was off.'")
    op.create_index(
        "ix_notice_mail_waiting",
        "notice",
        ["posted_at"],
        sqlite_where=MAIL_WAITING,
        postgresql_where=MAIL_WAITING,
    )
    op.create_table(
        "notice_choice",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "topic",
            sa.Enum(*TOPICS, name="topic", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("by_mail", sa.Boolean(), nullable=False),
        sa.Column("muted_since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("person_id", "topic", name=op.f("pk_notice_choice")),
    )
    op.create_table(
        "notice_quiet",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.CheckConstraint("(starts IS NULL) = (ends IS NULL)", name=op.f("ck_notice_quiet_both")),
        sa.CheckConstraint("starts IS NULL OR starts <> ends", name=op.f("ck_notice_quiet_apart")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notice_quiet")),
    )
    op.create_table(
        "channel_switched_on",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channel_switched_on")),
    )
    op.create_table(
        "group_bot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "wecom", "dingtalk", "feishu", name="botkind", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("secret", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("strands", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("enabled_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_said", sa.String(length=200), nullable=False),
        sa.Column("last_said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_taken", sa.Boolean(), nullable=False),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_bot")),
    )
    op.create_index(op.f("ix_group_bot_unit_id"), "group_bot", ["unit_id"])
    op.create_table(
        "news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("slot", sa.String(length=80), nullable=False),
        sa.Column("message_id", sa.String(length=400), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_on_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news")),
        sa.UniqueConstraint("kind", "subject", "slot", name=op.f("uq_news_kind_subject_slot")),
    )
    op.create_index("ix_news_new", "news", ["posted_at"], sqlite_where=NEW, postgresql_where=NEW)
    op.create_table(
        "bot_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bot_id", sa.Integer(), nullable=False),
        sa.Column("news_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sent",
                "failed",
                name="deliverystate",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claim", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("claim >= 0 AND failures >= 0", name=op.f("ck_bot_delivery_counts")),
        sa.ForeignKeyConstraint(["bot_id"], ["group_bot.id"], name=op.f("fk_bot_delivery_bot_id_group_bot")),
        sa.ForeignKeyConstraint(["news_id"], ["news.id"], name=op.f("fk_bot_delivery_news_id_news")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bot_delivery")),
        sa.UniqueConstraint("bot_id", "news_id", name=op.f("uq_bot_delivery_bot_id_news_id")),
    )
    op.create_index(op.f("ix_bot_delivery_news_id"), "bot_delivery", ["news_id"])
    op.create_index(
        "ix_bot_delivery_waiting",
        "bot_delivery",
        ["bot_id"],
        sqlite_where=STATE_WAITING,
        postgresql_where=STATE_WAITING,
    )


def downgrade() -> None:
    op.drop_table("bot_delivery")
    op.drop_table("news")
    op.drop_table("group_bot")
    op.drop_table("channel_switched_on")
    op.drop_table("notice_quiet")
    op.drop_table("notice_choice")
    op.drop_index("ix_notice_mail_waiting", "notice")
    with op.batch_alter_table("notice") as notice:
        notice.drop_constraint(op.f("ck_notice_mail_counts"), type_="check")
        notice.drop_constraint(op.f("ck_notice_mailstate"), type_="check")
        for column in (
            "mail_ended_at",
            "mail_note",
            "mail_failures",
            "mail_leased_until",
            "mail_claim",
            "mail_due_at",
            "mail",
        ):
            notice.drop_column(column)
