"""Copies of ID cards that come with a roster, and why a row may differ from its copy."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Answers of people are not thrown away: the downgrade stops. A roster whose copies are being read
# waits for a decision again.
REFUSE_ANSWERS = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM id_copy_answer) THEN
        RAISE EXCEPTION 'there are answers about ID copies, which the older form cannot hold';
    END IF;
END $$"""


def upgrade() -> None:
    op.create_table(
        "id_copy",
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("page_count", sa.BigInteger(), nullable=False),
        sa.Column("cards", sa.LargeBinary(), nullable=True),
        sa.Column("handed_in_by", sa.BigInteger(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("page_count > 0", name=op.f("ck_id_copy_has_pages")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_id_copy_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["handed_in_by"], ["app_user.id"], name=op.f("fk_id_copy_handed_in_by_app_user")
        ),
        sa.PrimaryKeyConstraint("enrolment_id", "sha256", name=op.f("pk_id_copy")),
    )
    op.create_table(
        "id_copy_answer",
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("difference", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "difference IN ('name_differs', 'number_differs')",
            name=op.f("ck_id_copy_answer_difference"),
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment.id"],
            name=op.f("fk_id_copy_answer_enrolment_id_enrolment"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["app_user.id"], name=op.f("fk_id_copy_answer_answered_by_app_user")
        ),
        sa.PrimaryKeyConstraint("enrolment_id", "row", name=op.f("pk_id_copy_answer")),
    )


def downgrade() -> None:
    op.execute(REFUSE_ANSWERS)
    op.drop_table("id_copy_answer")
    op.drop_table("id_copy")
