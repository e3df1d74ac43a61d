"""Decisions are objected to and looked at again; what was paid too much is asked back."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Like approver_is_not_maker: who had a part in the decision does not hear the objection to it.
_HEARER = """
CREATE FUNCTION refuse_hearer_with_a_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM maker WHERE claim_id = NEW.claim_id AND user_id = NEW.heard_by
        UNION ALL
        SELECT FROM approval_item i JOIN approval a ON a.id = i.approval_id
        WHERE i.claim_id = NEW.claim_id AND a.approver_id = NEW.heard_by
    ) THEN
        RAISE EXCEPTION 'who had a part in the decision does not hear the objection'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'hearer_had_no_part';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hearer_had_no_part BEFORE INSERT OR UPDATE OF heard_by ON objection
    FOR EACH ROW WHEN (NEW.heard_by IS NOT NULL) EXECUTE FUNCTION refuse_hearer_with_a_part();
"""

# No more is asked back of a right than was paid under it.
_ASKED = """
CREATE FUNCTION refuse_more_than_was_paid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(amount) FROM recovery
            WHERE entitlement_id = NEW.entitlement_id AND state <> 'called_off')
       > (SELECT coalesce(sum(amount), 0) FROM payment
            WHERE entitlement_id = NEW.entitlement_id AND state = 'credited') THEN
        RAISE EXCEPTION 'more is asked back than was paid'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'recovery_within_payments';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER recovery_within_payments AFTER INSERT ON recovery
    FOR EACH ROW EXECUTE FUNCTION refuse_more_than_was_paid();
"""


# Of a revised right there may be paid what it grants and what is asked back; what was written off
# counts as paid.
_PAYMENTS = """
CREATE OR REPLACE FUNCTION refuse_overpayment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owed bigint;
BEGIN
    SELECT amount INTO owed FROM entitlement WHERE id = NEW.entitlement_id FOR NO KEY UPDATE;
    IF (SELECT sum(amount) FROM payment WHERE entitlement_id = NEW.entitlement_id
            AND state IN ('queued', 'frozen', 'sent', 'credited')) > owed {ASKED_BACK}
    THEN
        RAISE EXCEPTION 'the payments of right % exceed it', NEW.entitlement_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_within_the_right';
    END IF;
    RETURN NULL;
END $$;
"""
_ASKED_BACK = """+ (SELECT coalesce(sum(CASE WHEN state = 'written_off' THEN received ELSE amount
        END), 0) FROM recovery
    WHERE entitlement_id = NEW.entitlement_id AND state <> 'called_off')"""


def upgrade() -> None:
    _objection()
    _revision()
    _recovery()
    # A revised right takes anew of a limit from which it took before.
    op.drop_constraint("uq_reservation_entitlement_id_counter_id", "reservation", type_="unique")
    op.create_index(
        "uq_reservation_one_live",
        "reservation",
        ["entitlement_id", "counter_id"],
        unique=True,
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.add_column("reply_file", sa.Column("doubted", sa.Text(), nullable=True))
    op.execute(_HEARER)
    op.execute(_ASKED)
    op.execute(_PAYMENTS.replace("{ASKED_BACK}", _ASKED_BACK))


def _worked(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parked_step", sa.Text(), nullable=True),
        sa.Column("parked_cause", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _objection() -> None:
    op.create_table(
        "objection",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("letter_on", sa.Date(), nullable=False),
        sa.Column("object_by", sa.Date(), nullable=False),
        sa.Column("late_reason", sa.Text(), nullable=True),
        sa.Column("registered_by", sa.BigInteger(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_by", sa.BigInteger(), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        *_worked("objection"),
        sa.CheckConstraint(
            "made_by IN ('member', 'heir', 'unit')", name=op.f("ck_objection_made_by")
        ),
        sa.CheckConstraint("made_on >= letter_on", name=op.f("ck_objection_made_after_the_letter")),
        sa.CheckConstraint(
            "made_on <= object_by OR late_reason IS NOT NULL",
            name=op.f("ck_objection_in_time_or_let_in"),
        ),
        sa.CheckConstraint(
            "(state IN ('upheld', 'rejected')) = (heard_by IS NOT NULL)",
            name=op.f("ck_objection_heard_by_somebody"),
        ),
        sa.CheckConstraint(
            "(heard_by IS NULL) = (heard_at IS NULL) AND (heard_by IS NULL) = (reason IS NULL)",
            name=op.f("ck_objection_heard_by_at_and_why_together"),
        ),
        sa.CheckConstraint("heard_by <> registered_by", name=op.f("ck_objection_heard_by_another")),
        sa.UniqueConstraint("number", name=op.f("uq_objection_number")),
        _points("objection", "claim_id", "claim"),
        _points("objection", "decision_id", "decision"),
        _points("objection", "registered_by", "app_user"),
        _points("objection", "heard_by", "app_user"),
    )
    op.create_index("ix_objection_claim_id", "objection", ["claim_id"])
    op.create_index("ix_objection_state", "objection", ["state"])
    op.create_index(
        "uq_objection_one_open",
        "objection",
        ["claim_id"],
        unique=True,
        postgresql_where=sa.text("state = 'registered'"),
    )


def _revision() -> None:
    op.create_table(
        "revision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("objection_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.CheckConstraint(
            "cause IN ('objection', 'papers', 'mistake')", name=op.f("ck_revision_cause")
        ),
        sa.CheckConstraint(
            "(cause = 'objection') = (objection_id IS NOT NULL)",
            name=op.f("ck_revision_objection_if_that_is_why"),
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (decision_id IS NULL)",
            name=op.f("ck_revision_closed_by_a_decision"),
        ),
        sa.UniqueConstraint("objection_id", name=op.f("uq_revision_objection_id")),
        _points("revision", "claim_id", "claim"),
        _points("revision", "objection_id", "objection"),
        _points("revision", "opened_by", "app_user"),
        _points("revision", "decision_id", "decision"),
    )
    op.create_index("ix_revision_claim_id", "revision", ["claim_id"])
    op.create_index(
        "uq_revision_one_open",
        "revision",
        ["claim_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def _recovery() -> None:
    op.create_table(
        "recovery",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("entitlement_id", sa.BigInteger(), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("write_off_reason", sa.Text(), nullable=True),
        sa.Column("proposed_by", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_by", sa.BigInteger(), nullable=True),
        *_worked("recovery"),
        sa.CheckConstraint("amount > 0", name=op.f("ck_recovery_amount_positive")),
        sa.CheckConstraint(
            "received BETWEEN 0 AND amount", name=op.f("ck_recovery_not_more_than_is_asked")
        ),
        sa.CheckConstraint(
            "(state = 'repaid') = (received = amount)",
            name=op.f("ck_recovery_repaid_when_received"),
        ),
        sa.CheckConstraint(
            "state <> 'called_off' OR received = 0",
            name=op.f("ck_recovery_called_off_before_receipts"),
        ),
        sa.CheckConstraint(
            "confirmed_by <> proposed_by", name=op.f("ck_recovery_written_off_by_two")
        ),
        sa.CheckConstraint(
            "(state = 'written_off') = (confirmed_by IS NOT NULL)",
            name=op.f("ck_recovery_written_off_is_confirmed"),
        ),
        sa.CheckConstraint(
            "(proposed_by IS NULL) = (write_off_reason IS NULL)"
            " AND (confirmed_by IS NULL OR proposed_by IS NOT NULL)",
            name=op.f("ck_recovery_write_off_is_proposed_with_a_reason"),
        ),
        sa.UniqueConstraint("number", name=op.f("uq_recovery_number")),
        _points("recovery", "claim_id", "claim"),
        _points("recovery", "entitlement_id", "entitlement"),
        _points("recovery", "decision_id", "decision"),
        _points("recovery", "proposed_by", "app_user"),
        _points("recovery", "confirmed_by", "app_user"),
    )
    for column in ("claim_id", "entitlement_id", "state"):
        op.create_index(f"ix_recovery_{column}", "recovery", [column])
    op.create_table(
        "recovery_receipt",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("recovery_id", sa.BigInteger(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("bank_reference", sa.Text(), nullable=False),
        sa.Column("booked_by", sa.BigInteger(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_receipt")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_recovery_receipt_amount_positive")),
        sa.UniqueConstraint("bank_reference", name=op.f("uq_recovery_receipt_bank_reference")),
        _points("recovery_receipt", "recovery_id", "recovery"),
        _points("recovery_receipt", "booked_by", "app_user"),
    )


def downgrade() -> None:
    op.execute(
        """DO $$ BEGIN
            IF EXISTS (SELECT FROM revision) THEN
                RAISE EXCEPTION 'decisions were revised: what was paid or asked back would be lost';
            END IF;
        END $$"""
    )
    op.execute(_PAYMENTS.replace("{ASKED_BACK}", ""))
    op.execute("DROP TRIGGER hearer_had_no_part ON objection")
    op.execute("DROP FUNCTION refuse_hearer_with_a_part")
    op.drop_column("reply_file", "doubted")
    op.drop_index("uq_reservation_one_live", "reservation")
    op.create_unique_constraint(
        "uq_reservation_entitlement_id_counter_id", "reservation", ["entitlement_id", "counter_id"]
    )
    for table in ("recovery_receipt", "recovery", "revision", "objection"):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_more_than_was_paid")
