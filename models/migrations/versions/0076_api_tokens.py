"""Programs act in the name of accounts by tokens, and a write that is sent again is done once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        _account("user_id", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("acts", ARRAY(sa.Text()), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        _account("asked_by", nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        _account("agreed_by"),
        sa.Column("agreed_at", _INSTANT, nullable=True),
        sa.Column("token_print", sa.LargeBinary(), nullable=True),
        sa.Column("last_used_at", _INSTANT, nullable=True),
        sa.Column("ended_at", _INSTANT, nullable=True),
        _account("ended_by"),
        _check("another_agrees", "asked_by <> agreed_by"),
        _check("agreed_by_somebody", "(agreed_by IS NULL) = (agreed_at IS NULL)"),
        _check("drawn_once_agreed", "token_print IS NULL OR agreed_at IS NOT NULL"),
        _check("may_do_something", "cardinality(acts) > 0"),
    )
    op.create_index("ix_api_token_user_id", "api_token", ["user_id"])
    op.create_table(
        "api_answer",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column(
            "token_id",
            sa.BigInteger(),
            sa.ForeignKey("api_token.id", name="fk_api_answer_token_id"),
            nullable=False,
        ),
        sa.Column("key_print", sa.LargeBinary(), nullable=False),
        sa.Column("request_print", sa.LargeBinary(), nullable=False),
        sa.Column("body", JSONB(), nullable=True),
        sa.Column("at", _INSTANT, nullable=False),
        sa.UniqueConstraint("token_id", "key_print", name="uq_api_answer_token_id_key_print"),
    )
    op.create_index("ix_api_answer_at", "api_answer", ["at"])


def downgrade() -> None:
    op.drop_table("api_answer")
    op.drop_table("api_token")


def _account(name: str, *, nullable: bool = True) -> sa.Column[int]:
    account = sa.ForeignKey("app_user.id", name=f"fk_api_token_{name}")
    return sa.Column(name, sa.BigInteger(), account, nullable=nullable)


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_api_token_{name}"))
