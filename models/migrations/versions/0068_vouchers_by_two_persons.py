"""Who proposes a voucher by hand and who books it are two persons, not two accounts."""

from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE TRIGGER voucher_booked_by_two BEFORE INSERT OR UPDATE OF asked_by, decided_by"
        " ON manual_voucher FOR EACH ROW WHEN (NEW.is_booked AND NEW.asked_by <> NEW.decided_by)"
        " EXECUTE FUNCTION refuse_one_person('asked_by', 'decided_by')"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER voucher_booked_by_two ON manual_voucher")
