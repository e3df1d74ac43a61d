"""What is kept no longer is erased, unless somebody holds it."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

_ERASED = ("member", "claim", "batch", "enrolment", "renewal")
_PEOPLE = ("asked_by", "confirmed_by", "lift_asked_by", "lifted_by")


def upgrade() -> None:
    for table in _ERASED:
        op.add_column(table, sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("claim_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.BigInteger(), nullable=True),
        sa.Column("lift_asked_by", sa.BigInteger(), nullable=True),
        sa.Column("lifted_by", sa.BigInteger(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(member_id IS NULL) <> (claim_id IS NULL)", name=op.f("ck_legal_hold_of_one_row")
        ),
        sa.CheckConstraint(
            "confirmed_by <> asked_by", name=op.f("ck_legal_hold_confirmed_by_another")
        ),
        sa.CheckConstraint(
            "lifted_by <> lift_asked_by", name=op.f("ck_legal_hold_lifted_by_another")
        ),
        sa.CheckConstraint(
            "(lifted_by IS NULL) = (lifted_at IS NULL)", name=op.f("ck_legal_hold_lifted_by_and_at")
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{table}_id"], [f"{table}.id"], name=op.f(f"fk_legal_hold_{table}_id")
            )
            for table in ("member", "claim")
        ),
        *(
            sa.ForeignKeyConstraint([by], ["app_user.id"], name=op.f(f"fk_legal_hold_{by}"))
            for by in _PEOPLE
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    for table in ("member", "claim"):
        op.create_index(
            f"ix_legal_hold_{table}",
            "legal_hold",
            [f"{table}_id"],
            postgresql_where=sa.text("lifted_at IS NULL"),
        )


def downgrade() -> None:
    op.drop_table("legal_hold")
    for table in _ERASED:
        op.drop_column(table, "erased_at")
