"""What is asked back is set off or divided among heirs; a late return waits for a person."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# As before, and what was set off counts as paid.
_ASKED = """
CREATE OR REPLACE FUNCTION refuse_more_than_was_paid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(amount) FROM recovery
            WHERE entitlement_id = NEW.entitlement_id AND state <> 'called_off')
       > (SELECT coalesce(sum(amount), 0) FROM payment
            WHERE entitlement_id = NEW.entitlement_id AND state IN ({ARRIVED})) THEN
        RAISE EXCEPTION 'more is asked back than was paid'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'recovery_within_payments';
    END IF;
    RETURN NULL;
END $$;
"""
_PAYMENTS = """
CREATE OR REPLACE FUNCTION refuse_overpayment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owed bigint;
BEGIN
    SELECT amount INTO owed FROM entitlement WHERE id = NEW.entitlement_id FOR NO KEY UPDATE;
    IF (SELECT sum(amount) FROM payment WHERE entitlement_id = NEW.entitlement_id
            AND state IN ('queued', 'frozen', 'sent', {ARRIVED})) > owed
        + (SELECT coalesce(sum(CASE WHEN state = 'written_off' THEN received ELSE amount
            END), 0) FROM recovery
        WHERE entitlement_id = NEW.entitlement_id AND state <> 'called_off')
    THEN
        RAISE EXCEPTION 'the payments of right % exceed it', NEW.entitlement_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_within_the_right';
    END IF;
    RETURN NULL;
END $$;
"""

# A payment is set off exactly as long as a receipt over its sum counts.
_SET_OFF = """
CREATE FUNCTION refuse_set_off_without_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    which bigint := CASE TG_TABLE_NAME WHEN 'payment' THEN (to_jsonb(NEW) ->> 'id')::bigint
        ELSE (to_jsonb(NEW) ->> 'payment_id')::bigint END;
BEGIN
    IF (SELECT CASE WHEN state = 'set_off' THEN amount ELSE 0 END FROM payment WHERE id = which)
       <> (SELECT coalesce(sum(amount), 0) FROM recovery_receipt
            WHERE payment_id = which AND undone_at IS NULL) THEN
        RAISE EXCEPTION 'payment % is not set off by a receipt over its sum', which
            USING ERRCODE = 'check_violation', CONSTRAINT = 'set_off_is_a_receipt';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER set_off_is_a_receipt AFTER UPDATE OF state, amount ON payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.state = 'set_off' OR OLD.state = 'set_off')
    EXECUTE FUNCTION refuse_set_off_without_receipt();
CREATE CONSTRAINT TRIGGER receipt_is_of_a_set_off AFTER INSERT OR UPDATE ON recovery_receipt
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.payment_id IS NOT NULL)
    EXECUTE FUNCTION refuse_set_off_without_receipt();
"""

_WHY = "ck_objection_heard_by_at_and_why_together"


def upgrade() -> None:
    _receipts()
    op.add_column("recovery", sa.Column("heir_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_recovery_heir_id"), "recovery", "heir", ["heir_id"], ["id"])
    _late_returns()
    op.execute("UPDATE objection SET reason = '撤回时未登记原因' WHERE state = 'withdrawn'")
    op.drop_constraint(op.f(_WHY), "objection", type_="check")
    op.create_check_constraint(
        op.f(_WHY),
        "objection",
        "(heard_by IS NULL) = (heard_at IS NULL) AND (state = 'registered') = (reason IS NULL)",
    )
    op.execute(_ASKED.replace("{ARRIVED}", "'credited', 'set_off'"))
    op.execute(_PAYMENTS.replace("{ARRIVED}", "'credited', 'set_off'"))
    op.execute(_SET_OFF)


def _receipts() -> None:
    table = "recovery_receipt"
    op.add_column(table, sa.Column("kind", sa.Text(), nullable=False, server_default="transfer"))
    op.alter_column(table, "kind", server_default=None)
    op.alter_column(table, "bank_reference", nullable=True)
    op.add_column(table, sa.Column("payment_id", sa.BigInteger(), nullable=True))
    op.add_column(table, sa.Column("reason", sa.Text(), nullable=True))
    op.add_column(table, sa.Column("undone_by", sa.BigInteger(), nullable=True))
    op.add_column(table, sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
    for column, to in (("payment_id", "payment"), ("undone_by", "app_user")):
        op.create_foreign_key(op.f(f"fk_{table}_{column}"), table, to, [column], ["id"])
    for name, check in (
        ("kind", "kind IN ('transfer', 'set_off')"),
        ("transfer_has_a_reference", "(kind = 'transfer') = (bank_reference IS NOT NULL)"),
        (
            "set_off_has_a_payment_and_a_reason",
            "(kind = 'set_off') = (payment_id IS NOT NULL)"
            " AND (payment_id IS NULL) = (reason IS NULL)",
        ),
        (
            "set_off_is_undone_by_somebody",
            "(undone_by IS NULL) = (undone_at IS NULL) AND (undone_at IS NULL OR kind = 'set_off')",
        ),
    ):
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, check)
    op.create_index(
        f"uq_{table}_one_live_set_off",
        table,
        ["payment_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )


def _late_returns() -> None:
    op.create_table(
        "late_return",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reply_file_id", sa.BigInteger(), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("dealt_by", sa.BigInteger(), nullable=True),
        sa.Column("dealt_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_return")),
        sa.CheckConstraint(
            "(dealt_by IS NULL) = (dealt_at IS NULL) AND (dealt_by IS NULL) = (outcome IS NULL)",
            name=op.f("ck_late_return_dealt_with_by_at_and_how_together"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_late_return_{column}"))
            for column, to in (
                ("reply_file_id", "reply_file"),
                ("payment_id", "payment"),
                ("dealt_by", "app_user"),
            )
        ),
    )
    op.create_index(
        "uq_late_return_one_waiting",
        "late_return",
        ["payment_id"],
        unique=True,
        postgresql_where=sa.text("dealt_at IS NULL"),
    )
    op.execute(
        """INSERT INTO late_return (reply_file_id, payment_id)
           SELECT DISTINCT ON (p.id) r.id, p.id FROM reply_file r
           JOIN payment p ON p.reference = ANY (string_to_array(r.doubted, '、'))
           ORDER BY p.id, r.id DESC"""
    )


def downgrade() -> None:
    op.execute(
        """DO $$ BEGIN
            IF EXISTS (SELECT FROM recovery_receipt WHERE kind = 'set_off')
                OR EXISTS (SELECT FROM recovery WHERE heir_id IS NOT NULL)
                OR EXISTS (SELECT FROM late_return WHERE dealt_at IS NOT NULL) THEN
                RAISE EXCEPTION 'set-offs, heirs who give back or late returns would be lost';
            END IF;
        END $$"""
    )
    op.execute("DROP TRIGGER receipt_is_of_a_set_off ON recovery_receipt")
    op.execute("DROP TRIGGER set_off_is_a_receipt ON payment")
    op.execute("DROP FUNCTION refuse_set_off_without_receipt")
    op.execute(_ASKED.replace("{ARRIVED}", "'credited'"))
    op.execute(_PAYMENTS.replace("{ARRIVED}", "'credited'"))
    op.drop_constraint(op.f(_WHY), "objection", type_="check")
    op.execute("UPDATE objection SET reason = NULL WHERE heard_by IS NULL")
    op.create_check_constraint(
        op.f(_WHY),
        "objection",
        "(heard_by IS NULL) = (heard_at IS NULL) AND (heard_by IS NULL) = (reason IS NULL)",
    )
    op.drop_table("late_return")
    op.drop_column("recovery", "heir_id")
    table = "recovery_receipt"
    op.drop_index(f"uq_{table}_one_live_set_off", table)
    for column in ("undone_at", "undone_by", "reason", "payment_id", "kind"):
        op.drop_column(table, column)
    op.alter_column(table, "bank_reference", nullable=False)
