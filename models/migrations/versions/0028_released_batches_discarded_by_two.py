"""A released batch is discarded by two people; what the bank may have taken of it is unknown."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_PAYMENTS = """
CREATE OR REPLACE FUNCTION refuse_overpayment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owed bigint;
BEGIN
    SELECT amount INTO owed FROM entitlement WHERE id = NEW.entitlement_id FOR NO KEY UPDATE;
    IF (SELECT sum(amount) FROM payment WHERE entitlement_id = NEW.entitlement_id
            AND state IN ({STATES}, 'credited', 'set_off')) > owed
        + (SELECT coalesce(sum(amount), 0) FROM recovery
        WHERE entitlement_id = NEW.entitlement_id AND state <> 'called_off')
    THEN
        RAISE EXCEPTION 'the payments of right % exceed it', NEW.entitlement_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_within_the_right';
    END IF;
    RETURN NULL;
END $$;
"""
_BEFORE, _NOW = "'queued', 'frozen', 'sent'", "'queued', 'frozen', 'sent', 'unknown'"


def upgrade() -> None:
    _set_states(_NOW)
    for name in ("asked_by", "agreed_by"):
        op.add_column("batch", sa.Column(name, sa.BigInteger(), nullable=True))
        op.create_foreign_key(op.f(f"fk_batch_{name}"), "batch", "app_user", [name], ["id"])
    op.add_column("batch", sa.Column("bank_word", sa.Text(), nullable=True))
    texts = postgresql.ARRAY(sa.Text())
    op.add_column("batch", sa.Column("not_taken", texts, nullable=False, server_default="{}"))
    op.alter_column("batch", "not_taken", server_default=None)
    op.drop_constraint(op.f("ck_batch_released_by_somebody"), "batch")
    op.create_check_constraint(
        op.f("ck_batch_released_by_somebody"),
        "batch",
        "CASE state WHEN 'frozen' THEN released_by IS NULL"
        " WHEN 'released' THEN released_by IS NOT NULL ELSE true END",
    )
    op.create_check_constraint(op.f("ck_batch_discarded_by_two"), "batch", "agreed_by <> asked_by")
    op.create_check_constraint(
        op.f("ck_batch_discarded_upon_the_banks_word"),
        "batch",
        "(asked_by IS NULL) = (bank_word IS NULL) AND (agreed_by IS NULL OR asked_by IS NOT NULL)",
    )


def downgrade() -> None:
    # Payments that are unknown, or in a batch discarded after its release, have no place then: the
    # checks refuse.
    for name in ("discarded_upon_the_banks_word", "discarded_by_two", "released_by_somebody"):
        op.drop_constraint(op.f(f"ck_batch_{name}"), "batch")
    op.create_check_constraint(
        op.f("ck_batch_released_by_somebody"),
        "batch",
        "(state = 'released') = (released_by IS NOT NULL)",
    )
    for name in ("agreed_by", "not_taken", "bank_word", "asked_by"):
        op.drop_column("batch", name)
    _set_states(_BEFORE)


def _set_states(under_way: str) -> None:
    """Let these states be those of a payment that is on its way."""
    in_a_batch = under_way.removeprefix("'queued', ")
    op.drop_constraint(op.f("ck_payment_in_a_batch_from_frozen_on"), "payment")
    op.create_check_constraint(
        op.f("ck_payment_in_a_batch_from_frozen_on"),
        "payment",
        f"(batch_id IS NOT NULL) = (state IN ({in_a_batch}, 'credited', 'returned'))",
    )
    op.drop_index("uq_payment_one_live", table_name="payment")
    op.create_index(
        "uq_payment_one_live",
        "payment",
        ["entitlement_id", sa.text("coalesce(heir_id, 0)"), "round"],
        unique=True,
        postgresql_where=sa.text(f"state IN ({under_way}, 'credited')"),
    )
    op.execute(_PAYMENTS.replace("{STATES}", under_way))
