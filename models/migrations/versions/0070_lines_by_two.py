"""Lines that say what became of a payment are set aside by two; late returns have their own day."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

# A matched line was noted when it was matched, after its file was loaded.
_FILL = """
UPDATE late_return l SET noted_by = f.loaded_by,
    noted_at = greatest(f.loaded_at, (SELECT max(c.answered_at) FROM reply_case c
        WHERE c.reply_file_id = f.id AND c.payment_id = l.payment_id AND c.answer = 'matched'))
FROM reply_file f WHERE f.id = l.reply_file_id
"""

_REFUSE = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM late_return WHERE reply_file_id IS NULL)
        OR EXISTS (SELECT FROM reply_case WHERE asked_by IS NOT NULL) THEN
        RAISE EXCEPTION 'words of the bank came without a file, or lines are set aside by two';
    END IF;
END $$
"""
_CHECK = "ck_reply_case_asked_together_and_agreed_by_another"


def upgrade() -> None:
    op.add_column("late_return", sa.Column("noted_by", sa.BigInteger(), nullable=True))
    op.add_column("late_return", sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(_FILL)
    op.alter_column("late_return", "noted_by", nullable=False)
    op.alter_column("late_return", "noted_at", nullable=False)
    op.alter_column("late_return", "reply_file_id", nullable=True)
    _key("late_return", "noted_by")
    for name in ("asked_answer", "asked_reason"):
        op.add_column("reply_case", sa.Column(name, sa.Text(), nullable=True))
    for name in ("asked_by", "agreed_by"):
        op.add_column("reply_case", sa.Column(name, sa.BigInteger(), nullable=True))
        _key("reply_case", name)
    op.create_check_constraint(
        op.f(_CHECK),
        "reply_case",
        "(asked_by IS NULL) = (asked_answer IS NULL)"
        " AND (asked_by IS NULL) = (asked_reason IS NULL)"
        " AND (agreed_by IS NULL OR answered_by IS NOT NULL AND agreed_by <> answered_by)",
    )
    op.execute(
        "CREATE TRIGGER set_aside_by_two BEFORE INSERT OR UPDATE OF answered_by, agreed_by"
        " ON reply_case FOR EACH ROW WHEN (NEW.agreed_by <> NEW.answered_by)"
        " EXECUTE FUNCTION refuse_one_person('answered_by', 'agreed_by')"
    )


def _key(table: str, column: str) -> None:
    op.create_foreign_key(op.f(f"fk_{table}_{column}"), table, "app_user", [column], ["id"])


def downgrade() -> None:
    op.execute(_REFUSE)
    op.execute("DROP TRIGGER set_aside_by_two ON reply_case")
    op.drop_constraint(op.f(_CHECK), "reply_case")
    for name in ("asked_answer", "asked_reason", "asked_by", "agreed_by"):
        op.drop_column("reply_case", name)
    op.alter_column("late_return", "reply_file_id", nullable=False)
    op.drop_column("late_return", "noted_by")
    op.drop_column("late_return", "noted_at")
