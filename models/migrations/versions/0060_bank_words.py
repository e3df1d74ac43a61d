"""Lines of replies that fit no payment, and what the bank says of one by letter or at its counter."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def _text(name: str, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=nullable)


def _number(name: str, nullable: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _keys(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, to in columns.items()
    ]


def upgrade() -> None:
    op.create_table(
        "reply_case",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        _number("reply_file_id"),
        _text("place"),
        _number("payment_id", nullable=True),
        _text("name"),
        _text("account"),
        _number("amount", nullable=True),
        _text("outcome"),
        _text("result_code"),
        _text("result_text"),
        _text("why"),
        _text("answer", nullable=True),
        _text("reason", nullable=True),
        _number("answered_by", nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        _number("version"),
        sa.Column("chain", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_case")),
        sa.UniqueConstraint(
            "reply_file_id", "place", name=op.f("uq_reply_case_reply_file_id_place")
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_by IS NULL) AND (answer IS NULL) = (answered_at IS NULL)"
            " AND (answer IS NULL) = (reason IS NULL)"
            " AND (answer <> 'matched' OR payment_id IS NOT NULL)",
            name=op.f("ck_reply_case_answered_by_at_and_why_together"),
        ),
        *_keys(
            "reply_case", reply_file_id="reply_file", payment_id="payment", answered_by="app_user"
        ),
    )
    op.create_index(op.f("ix_reply_case_payment_id"), "reply_case", ["payment_id"])
    op.create_index(
        "ix_reply_case_open", "reply_case", ["id"], postgresql_where=sa.text("answer IS NULL")
    )
    op.create_table(
        "bank_word",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        _number("payment_id"),
        _number("batch_id"),
        _number("reply_case_id", nullable=True),
        _text("way"),
        _text("outcome"),
        _text("result_code"),
        _text("result_text"),
        _text("sha256", nullable=True),
        _number("asked_by"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        _number("dealt_by", nullable=True),
        sa.Column("dealt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_word")),
        sa.CheckConstraint(
            "outcome IN ('credited', 'returned')", name=op.f("ck_bank_word_says_which")
        ),
        sa.CheckConstraint(
            "(way = 'line') = (reply_case_id IS NOT NULL) AND (way = 'line') = (sha256 IS NULL)",
            name=op.f("ck_bank_word_has_its_paper"),
        ),
        sa.CheckConstraint(
            "(dealt_by IS NULL) = (dealt_at IS NULL) AND (dealt_by IS NULL) = (agreed IS NULL)",
            name=op.f("ck_bank_word_dealt_with_by_at_and_how_together"),
        ),
        sa.CheckConstraint(
            "NOT agreed OR dealt_by <> asked_by", name=op.f("ck_bank_word_agreed_by_another")
        ),
        *_keys(
            "bank_word",
            payment_id="payment",
            batch_id="batch",
            reply_case_id="reply_case",
            asked_by="app_user",
            dealt_by="app_user",
        ),
    )
    op.create_index(op.f("ix_bank_word_payment_id"), "bank_word", ["payment_id"])
    op.create_index(
        "uq_bank_word_one_waiting",
        "bank_word",
        ["payment_id"],
        unique=True,
        postgresql_where=sa.text("agreed IS NULL"),
    )
    op.execute(
        "CREATE TRIGGER agreed_by_two BEFORE INSERT OR UPDATE OF asked_by, dealt_by ON bank_word"
        " FOR EACH ROW WHEN (NEW.agreed AND NEW.asked_by <> NEW.dealt_by)"
        " EXECUTE FUNCTION refuse_one_person('asked_by', 'dealt_by')"
    )


# An earlier version would leave these payments and lines without the person who answers for them.
_REFUSE = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM bank_word) OR EXISTS (SELECT FROM reply_case)
        OR EXISTS (SELECT FROM audit_event WHERE subject = 'payment' AND verb = 'ask_bank') THEN
        RAISE EXCEPTION 'the bank was asked and lines wait, which an earlier version does not know';
    END IF;
END $$
"""


def downgrade() -> None:
    op.execute(_REFUSE)
    op.drop_table("bank_word")
    op.drop_table("reply_case")
