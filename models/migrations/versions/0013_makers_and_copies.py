"""Only who made what stands cannot approve; an answer about a copy is tied to what was compared."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_REFUSE = """
CREATE OR REPLACE FUNCTION refuse_maker_as_approver() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM maker JOIN approval ON approval.approver_id = maker.user_id
        WHERE maker.claim_id = NEW.claim_id AND approval.id = NEW.approval_id{STANDS}
    ) THEN
        RAISE EXCEPTION 'maker is not checker'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'approver_is_not_maker';
    END IF;
    RETURN NEW;
END $$"""

# Answers of people are not thrown away: the downgrade stops.
_REFUSE_ANSWERS = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM id_copy_answer) THEN
        RAISE EXCEPTION 'there are answers about ID copies, which the older form cannot hold';
    END IF;
END $$"""


def upgrade() -> None:
    # What earlier makers made was not kept: it stands for good.
    op.add_column("maker", sa.Column("about", sa.Text(), nullable=False, server_default="earlier"))
    op.alter_column("maker", "about", server_default=None)
    op.add_column("maker", sa.Column("lapsed_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint(op.f("pk_maker"), "maker", type_="primary")
    op.create_primary_key(op.f("pk_maker"), "maker", ["claim_id", "user_id", "about"])
    op.execute(_REFUSE.replace("{STANDS}", " AND maker.lapsed_at IS NULL"))
    # The key of the fingerprints is not here: what was answered is kept, and asked again.
    op.add_column("id_copy_answer", sa.Column("compared", sa.LargeBinary(), nullable=True))
    op.execute("UPDATE id_copy_answer SET compared = sha256(convert_to('row ' || row, 'UTF8'))")
    op.alter_column("id_copy_answer", "compared", nullable=False)
    op.drop_constraint(op.f("pk_id_copy_answer"), "id_copy_answer", type_="primary")
    op.drop_column("id_copy_answer", "row")
    op.create_primary_key(op.f("pk_id_copy_answer"), "id_copy_answer", ["enrolment_id", "compared"])


def downgrade() -> None:
    op.execute(_REFUSE_ANSWERS)
    op.drop_constraint(op.f("pk_id_copy_answer"), "id_copy_answer", type_="primary")
    op.drop_column("id_copy_answer", "compared")
    op.add_column("id_copy_answer", sa.Column("row", sa.BigInteger(), nullable=False))
    op.create_primary_key(op.f("pk_id_copy_answer"), "id_copy_answer", ["enrolment_id", "row"])
    op.execute(_REFUSE.replace("{STANDS}", ""))
    # One row for each person, whose acts all stand: the older form is the stricter one.
    op.drop_constraint(op.f("pk_maker"), "maker", type_="primary")
    op.execute(
        """DELETE FROM maker m USING maker o
           WHERE o.claim_id = m.claim_id AND o.user_id = m.user_id AND o.about < m.about"""
    )
    op.drop_column("maker", "about")
    op.drop_column("maker", "lapsed_at")
    op.create_primary_key(op.f("pk_maker"), "maker", ["claim_id", "user_id"])
