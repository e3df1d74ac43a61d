"""Each event has a position in the whole log, and signed roots say what it held up to one.

What stands in the log already gets its positions now; the first root, made at the next start,
covers it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

GUARDS = """
CREATE TRIGGER audit_root_is_append_only BEFORE UPDATE OR DELETE ON audit_root
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_root_is_never_emptied BEFORE TRUNCATE ON audit_root
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    op.add_column(
        "audit_event",
        sa.Column("position", sa.BigInteger(), sa.Identity(always=True), nullable=False),
    )
    op.create_unique_constraint("uq_audit_event_position", "audit_event", ["position"])
    op.create_table(
        "audit_root",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_root")),
    )
    op.execute(GUARDS)


def downgrade() -> None:
    op.drop_table("audit_root")
    op.drop_constraint("uq_audit_event_position", "audit_event")
    op.drop_column("audit_event", "position")
