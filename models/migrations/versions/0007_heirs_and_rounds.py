"""A right may be paid to several heirs, and again when it is put right; never beyond its amount."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

LIVE = "'queued', 'frozen', 'sent', 'credited'"

# The row of the right is locked first: of two transactions that each see only their own payment,
# the second waits, and then counts the first one's too.
WITHIN_THE_RIGHT = f"""
CREATE FUNCTION refuse_overpayment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owed bigint;
BEGIN
    SELECT amount INTO owed FROM entitlement WHERE id = NEW.entitlement_id FOR NO KEY UPDATE;
    IF (SELECT sum(amount) FROM payment
        WHERE entitlement_id = NEW.entitlement_id AND state IN ({LIVE})) > owed
    THEN
        RAISE EXCEPTION 'the payments of right % exceed it', NEW.entitlement_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_within_the_right';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payments_within_the_right AFTER INSERT ON payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.state IN ({LIVE})) EXECUTE FUNCTION refuse_overpayment();
CREATE CONSTRAINT TRIGGER changed_payments_within_the_right
    AFTER UPDATE OF state, amount, entitlement_id ON payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.state IN ({LIVE}) AND (OLD.state NOT IN ({LIVE})
        OR NEW.amount > OLD.amount OR NEW.entitlement_id <> OLD.entitlement_id))
    EXECUTE FUNCTION refuse_overpayment();
"""  # noqa: S608 - of constants

# Rows that only the newer form can hold are not thrown away: the downgrade stops.
REFUSE_HEIRS_AND_ROUNDS = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM heir) OR EXISTS (SELECT FROM payment WHERE round > 0) THEN
        RAISE EXCEPTION 'there are heirs or top-ups, which the older form cannot hold';
    END IF;
END $$"""


def upgrade() -> None:
    op.create_table(
        "heir",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("id_print", sa.LargeBinary(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("share", sa.BigInteger(), nullable=False),
        sa.Column("share_of", sa.BigInteger(), nullable=False),
        sa.Column("proof_page_id", sa.BigInteger(), nullable=False),
        sa.Column("statement_page_id", sa.BigInteger(), nullable=False),
        sa.Column("keyed_by", sa.BigInteger(), nullable=False),
        sa.Column("keyed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "0 < share AND share <= share_of", name=op.f("ck_heir_share_of_the_whole")
        ),
        sa.CheckConstraint("confirmed_by <> keyed_by", name=op.f("ck_heir_confirmer_is_not_keyer")),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)",
            name=op.f("ck_heir_confirmed_by_and_at_together"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_heir_{column}"))
            for column, target in (
                ("claim_id", "claim.id"),
                ("proof_page_id", "page.id"),
                ("statement_page_id", "page.id"),
                ("keyed_by", "app_user.id"),
                ("confirmed_by", "app_user.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heir")),
    )
    op.create_index(
        "uq_heir_one_row_a_person",
        "heir",
        ["claim_id", "id_print"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.add_column("payment", sa.Column("heir_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "payment", sa.Column("round", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.alter_column("payment", "round", server_default=None)
    op.create_foreign_key("fk_payment_heir_id", "payment", "heir", ["heir_id"], ["id"])
    op.create_index("ix_payment_heir_id", "payment", ["heir_id"])
    op.create_check_constraint(op.f("ck_payment_round_from_nought"), "payment", "round >= 0")
    op.drop_index("uq_payment_one_live", table_name="payment")
    _one_live("entitlement_id", sa.text("coalesce(heir_id, 0)"), "round")
    op.execute(WITHIN_THE_RIGHT)


def _one_live(*columns: str | sa.TextClause) -> None:
    op.create_index(
        "uq_payment_one_live",
        "payment",
        list(columns),
        unique=True,
        postgresql_where=sa.text(f"state IN ({LIVE})"),
    )


def downgrade() -> None:
    op.execute(REFUSE_HEIRS_AND_ROUNDS)
    op.execute("DROP TRIGGER payments_within_the_right ON payment")
    op.execute("DROP TRIGGER changed_payments_within_the_right ON payment")
    op.execute("DROP FUNCTION refuse_overpayment()")
    op.drop_index("uq_payment_one_live", table_name="payment")
    op.drop_column("payment", "round")
    op.drop_column("payment", "heir_id")
    _one_live("entitlement_id")
    op.drop_table("heir")
