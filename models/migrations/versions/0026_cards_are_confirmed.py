"""A card that is named in the place of the one on the register waits for a second person."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

# Who confirmed a card, and which one, would be lost with the money that went to it.
_REFUSE = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM member_card) THEN
        RAISE EXCEPTION 'cards that were named or confirmed for members would be lost';
    END IF;
END $$"""


def upgrade() -> None:
    table = "member_card"
    others = {"member_id": "member", "claim_id": "claim"}
    users = {"asked_by": "app_user", "confirmed_by": "app_user"}
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=True),
        sa.Column("name_print", sa.LargeBinary(), nullable=False),
        sa.Column("card", sa.LargeBinary(), nullable=False),
        sa.Column("card_print", sa.LargeBinary(), nullable=False),
        sa.Column("bank_name", sa.Text(), nullable=True),
        sa.Column("replaced_print", sa.LargeBinary(), nullable=True),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "confirmed_by <> asked_by", name=op.f("ck_member_card_confirmer_did_not_ask")
        ),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)",
            name=op.f("ck_member_card_confirmed_by_and_at_together"),
        ),
        sa.CheckConstraint(
            "claim_id IS NULL OR confirmed_at IS NOT NULL",
            name=op.f("ck_member_card_of_a_claim_when_confirmed"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
            for column, other in (others | users).items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_card")),
    )
    op.create_index("ix_member_card_member_id", table, ["member_id"])
    op.create_index(
        "uq_member_card_one_waits",
        table,
        ["member_id"],
        unique=True,
        postgresql_where=sa.text("confirmed_at IS NULL AND dropped_at IS NULL"),
    )


def downgrade() -> None:
    op.execute(_REFUSE)
    op.drop_table("member_card")
