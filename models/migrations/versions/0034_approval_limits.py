"""What is above a limit is approved by several persons, each approval saying under which limit."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

# One person approves a version of a claim once, by whichever account.
_ONCE = """
CREATE FUNCTION refuse_second_approval_of_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM approval_item i JOIN approval a ON a.id = i.approval_id
            JOIN approval mine ON mine.id = NEW.approval_id
        WHERE i.claim_id = NEW.claim_id AND i.claim_version = NEW.claim_version
            AND one_person(a.approver_id, mine.approver_id)
    ) THEN
        RAISE EXCEPTION 'one person approves a claim once'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'approvers_are_several_persons';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approvers_are_several_persons BEFORE INSERT ON approval_item
    FOR EACH ROW WHEN (NEW.nth > 1) EXECUTE FUNCTION refuse_second_approval_of_one();
"""

_REFUSE = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM approval_item WHERE asked > 1) THEN
        RAISE EXCEPTION 'claims were approved by several, which an earlier version does not know';
    END IF;
END $$
"""


def upgrade() -> None:
    for name, was in (("above", "0"), ("asked", "1"), ("nth", "1")):
        op.add_column(
            "approval_item", sa.Column(name, sa.BigInteger(), nullable=False, server_default=was)
        )
        op.alter_column("approval_item", name, server_default=None)
    op.create_check_constraint(
        op.f("ck_approval_item_no_more_than_asked"), "approval_item", "nth BETWEEN 1 AND asked"
    )
    op.drop_constraint(op.f("uq_approval_item_claim_id_claim_version"), "approval_item")
    op.create_unique_constraint(
        op.f("uq_approval_item_claim_id_claim_version_nth"),
        "approval_item",
        ["claim_id", "claim_version", "nth"],
    )
    op.execute(_ONCE)


def downgrade() -> None:
    op.execute(_REFUSE)
    op.execute("DROP TRIGGER approvers_are_several_persons ON approval_item")
    op.execute("DROP FUNCTION refuse_second_approval_of_one()")
    op.drop_constraint(op.f("uq_approval_item_claim_id_claim_version_nth"), "approval_item")
    op.create_unique_constraint(
        op.f("uq_approval_item_claim_id_claim_version"),
        "approval_item",
        ["claim_id", "claim_version"],
    )
    op.drop_constraint(op.f("ck_approval_item_no_more_than_asked"), "approval_item")
    for name in ("nth", "asked", "above"):
        op.drop_column("approval_item", name)
