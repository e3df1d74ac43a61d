"""What could not be delivered for years is written to the fund by two persons, until it is
revived."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_GUARD = """
CREATE OR REPLACE FUNCTION refuse_overpayment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owed bigint;
BEGIN
    SELECT amount INTO owed FROM entitlement WHERE id = NEW.entitlement_id FOR NO KEY UPDATE;
    IF (SELECT coalesce(sum(amount), 0) FROM payment WHERE entitlement_id = NEW.entitlement_id
            AND state IN ('queued', 'frozen', 'sent', 'unknown', 'credited', 'set_off'))
        {FUND}> owed
        + (SELECT coalesce(sum(amount), 0) FROM recovery
        WHERE entitlement_id = NEW.entitlement_id AND state <> 'called_off')
    THEN
        RAISE EXCEPTION 'the payments of right % exceed it', NEW.entitlement_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_within_the_right';
    END IF;
    RETURN NULL;
END $$;
"""
# What lies in the fund is not paid besides.
_FUND = """+ (SELECT coalesce(sum(amount), 0) FROM unclaimed_sum
            WHERE entitlement_id = NEW.entitlement_id AND revived_at IS NULL) """

_TRIGGERS = """
CREATE CONSTRAINT TRIGGER unclaimed_sums_within_the_right AFTER INSERT ON unclaimed_sum
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_overpayment();
CREATE TRIGGER written_by_two
    BEFORE INSERT OR UPDATE OF proposed_by, written_by ON unclaimed_sum
    FOR EACH ROW WHEN (NEW.proposed_by <> NEW.written_by)
    EXECUTE FUNCTION refuse_one_person('proposed_by', 'written_by')
"""


def upgrade() -> None:
    op.create_table(
        "unclaimed_sum",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("entitlement_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.BigInteger(), nullable=False),
        sa.Column("written_by", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revived_by", sa.BigInteger(), nullable=True),
        sa.Column("revived_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_unclaimed_sum_amount_positive")),
        sa.CheckConstraint(
            "written_by <> proposed_by", name=op.f("ck_unclaimed_sum_written_by_two")
        ),
        sa.CheckConstraint(
            "(revived_by IS NULL) = (revived_at IS NULL)",
            name=op.f("ck_unclaimed_sum_revived_by_somebody"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_unclaimed_sum_{column}_{table}")
            )
            for column, table in (
                ("claim_id", "claim"),
                ("entitlement_id", "entitlement"),
                ("proposed_by", "app_user"),
                ("written_by", "app_user"),
                ("revived_by", "app_user"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unclaimed_sum")),
    )
    op.create_index("ix_unclaimed_sum_claim_id", "unclaimed_sum", ["claim_id"])
    op.create_index(
        "uq_unclaimed_sum_one_in_the_fund",
        "unclaimed_sum",
        ["entitlement_id"],
        unique=True,
        postgresql_where=sa.text("revived_at IS NULL"),
    )
    op.execute(_GUARD.replace("{FUND}", _FUND))
    op.execute(_TRIGGERS)


# An earlier version knows neither the state of such a claim nor its moves, which the history keeps.
_REFUSE = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM unclaimed_sum)
        OR EXISTS (SELECT FROM audit_event WHERE subject = 'claim'
            AND verb IN ('propose_to_fund', 'refuse_to_fund')) THEN
        RAISE EXCEPTION 'sums were written to the fund, which an earlier version does not know';
    END IF;
END $$
"""


def downgrade() -> None:
    op.execute(_REFUSE)
    op.drop_table("unclaimed_sum")
    op.execute(_GUARD.replace("{FUND}", ""))
