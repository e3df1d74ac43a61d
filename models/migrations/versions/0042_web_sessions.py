"""Who is logged in stands in a table; wrong attempts slow their sender down, not the account."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "web_session",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("token_print", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_web_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("token_print", name=op.f("uq_web_session_token_print")),
    )
    op.create_index(op.f("ix_web_session_user_id"), "web_session", ["user_id"])
    op.create_table(
        "log_in_attempt",
        sa.Column("login_print", sa.LargeBinary(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("login_print", "sender", name=op.f("pk_log_in_attempt")),
    )
    op.drop_column("app_user", "failed_logins")
    op.drop_column("app_user", "locked_until")
    op.drop_column("app_user", "session_epoch")


def downgrade() -> None:
    # Nobody is logged in afterwards, and nobody is locked.
    for name in ("failed_logins", "session_epoch"):
        op.add_column(
            "app_user", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")
        )
        op.alter_column("app_user", name, server_default=None)
    op.add_column("app_user", sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True))
    op.drop_table("log_in_attempt")
    op.drop_table("web_session")
