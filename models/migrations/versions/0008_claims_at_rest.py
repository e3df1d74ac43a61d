"""A claim may be held until a day, and a decision knows the person who proposed it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Rows that only the newer form can hold are not thrown away: the downgrade stops.
REFUSE_REST = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM claim WHERE state IN ('held', 'withdrawn', 'joined')) THEN
        RAISE EXCEPTION 'a claim is held, withdrawn or joined to another';
    END IF;
    IF EXISTS (SELECT FROM decision WHERE proposed_by IS NOT NULL) THEN
        RAISE EXCEPTION 'a supervisor proposed a denial';
    END IF;
END $$"""


def upgrade() -> None:
    op.add_column("claim", sa.Column("look_again_on", sa.Date(), nullable=True))
    op.create_check_constraint(
        op.f("ck_claim_held_until_a_day"),
        "claim",
        "(state = 'held') = (look_again_on IS NOT NULL)",
    )
    op.create_index(
        "ix_claim_look_again_on",
        "claim",
        ["look_again_on"],
        postgresql_where=sa.text("look_again_on IS NOT NULL"),
    )
    op.add_column("decision", sa.Column("proposed_by", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_decision_proposed_by"), "decision", "app_user", ["proposed_by"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_decision_people_propose_denials"),
        "decision",
        "proposed_by IS NULL OR outcome = 'deny'",
    )


def downgrade() -> None:
    op.execute(REFUSE_REST)
    op.drop_column("decision", "proposed_by")
    op.drop_column("claim", "look_again_on")
