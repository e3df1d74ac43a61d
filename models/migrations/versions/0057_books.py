"""The books: accounts, vouchers and postings. A database that holds claims or cover already waits
until two people have opened its books."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

GUARDS = """
CREATE TRIGGER voucher_is_append_only BEFORE UPDATE OR DELETE ON voucher
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER voucher_is_never_emptied BEFORE TRUNCATE ON voucher
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER posting_is_append_only BEFORE UPDATE OR DELETE ON posting
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER posting_is_never_emptied BEFORE TRUNCATE ON posting
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION move_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM posted GROUP BY voucher_id HAVING sum(amount) <> 0) THEN
        RAISE EXCEPTION 'what is posted to a voucher at once does not sum to zero'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'postings_sum_to_zero';
    END IF;
    -- In one order, so that two who post to the same accounts never wait for each other.
    PERFORM FROM ledger_account WHERE id IN (SELECT account_id FROM posted)
        ORDER BY id FOR NO KEY UPDATE;
    UPDATE ledger_account a SET balance = a.balance + moved.amount
        FROM (SELECT account_id, sum(amount) AS amount FROM posted GROUP BY account_id) moved
        WHERE a.id = moved.account_id;
    RETURN NULL;
END $$;
CREATE TRIGGER postings_move_balances AFTER INSERT ON posting
    REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION move_balances();

CREATE FUNCTION refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) < 2 OR sum(amount) <> 0 FROM posting WHERE voucher_id = NEW.id) THEN
        RAISE EXCEPTION 'voucher % does not sum to zero', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'vouchers_sum_to_zero';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER vouchers_sum_to_zero AFTER INSERT ON voucher
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced();
"""
_WAIT = """
INSERT INTO books (id) OVERRIDING SYSTEM VALUE
    SELECT 1 WHERE EXISTS (SELECT FROM claim) OR EXISTS (SELECT FROM coverage)
        OR EXISTS (SELECT FROM enrolment)
"""


def upgrade() -> None:
    op.create_table(
        "books",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_books_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_books")),
    )
    op.create_table(
        "book_month",
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("vouchers", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "date_trunc('month', first_on) = first_on",
            name=op.f("ck_book_month_by_its_first_day"),
        ),
        sa.CheckConstraint("vouchers >= 0", name=op.f("ck_book_month_numbers_from_one")),
        sa.PrimaryKeyConstraint("first_on", name=op.f("pk_book_month")),
    )
    _create_accounts()
    _create_vouchers()
    op.execute(GUARDS)
    op.execute(_WAIT)


def _create_accounts() -> None:
    op.create_table(
        "ledger_account",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=True),
        sa.Column("paying_account_id", sa.BigInteger(), nullable=True),
        sa.Column("period_start", sa.Date(), nullable=True),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{table}_id"], [f"{table}.id"], name=op.f(f"fk_ledger_account_{table}_id")
            )
            for table in ("paying_account", "unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_account")),
        sa.UniqueConstraint("code", name=op.f("uq_ledger_account_code")),
    )


def _create_vouchers() -> None:
    op.create_table(
        "voucher",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "day >= month AND day < month + interval '1 month'",
            name=op.f("ck_voucher_within_its_month"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_voucher_numbers_from_one")),
        sa.ForeignKeyConstraint(["month"], ["book_month.first_on"], name=op.f("fk_voucher_month")),
        sa.ForeignKeyConstraint(["author_id"], ["app_user.id"], name=op.f("fk_voucher_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher")),
        sa.UniqueConstraint("month", "number", name=op.f("uq_voucher_month_number")),
    )
    op.create_index("ix_voucher_subject", "voucher", ["subject", "subject_id"])
    op.create_index("ix_voucher_day", "voucher", ["day"])
    op.create_table(
        "posting",
        sa.Column("voucher_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("entitlement_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_posting_amount_not_zero")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_posting_voucher_id")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["ledger_account.id"], name=op.f("fk_posting_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["entitlement_id"], ["entitlement.id"], name=op.f("fk_posting_entitlement_id")
        ),
        sa.PrimaryKeyConstraint("voucher_id", "line", name=op.f("pk_posting")),
    )
    op.create_index("ix_posting_account_id", "posting", ["account_id", "voucher_id"])
    op.create_index("ix_posting_entitlement_id", "posting", ["entitlement_id"])


def downgrade() -> None:
    for table in ("posting", "voucher", "ledger_account", "book_month", "books"):
        op.drop_table(table)
    for function in ("move_balances", "refuse_unbalanced"):
        op.execute(f"DROP FUNCTION {function}()")
