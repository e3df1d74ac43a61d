"""What one person did alone to a decided claim asks for a second one."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("claim", sa.Column("let_stand_by", sa.BigInteger(), nullable=True))
    op.add_column("claim", sa.Column("let_stand_reason", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_claim_let_stand_by"), "claim", "app_user", ["let_stand_by"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_claim_let_stand_with_a_reason"),
        "claim",
        "(let_stand_by IS NULL) = (let_stand_reason IS NULL)"
        " AND (let_stand_by IS NULL OR late_papers_at IS NOT NULL)",
    )
    _late_returns()
    _receipts()
    _objections()
    op.execute(_SET_OFFS)
    op.execute("DELETE FROM maker WHERE about = 'set_off'")


# Who approved what was objected to, or heard it, approves no later decision of the claim.
_OBJECTIONS = """
INSERT INTO maker (claim_id, user_id, about)
SELECT o.claim_id, a.approver_id, 'objection' FROM objection o
    JOIN approval_item i ON i.claim_id = o.claim_id AND i.decision_id <= o.decision_id
    JOIN approval a ON a.id = i.approval_id
UNION SELECT claim_id, heard_by, 'objection' FROM objection WHERE heard_by IS NOT NULL
"""
# Before, approvers were kept out only once the objection was upheld: what they approved by then of
# a claim whose objection was rejected, withdrawn or not heard yet, they approved lawfully.
_FREE = """
UPDATE objection o SET approvers_free_until = (SELECT max(i.decision_id) FROM approval_item i
    JOIN approval a ON a.id = i.approval_id
    WHERE i.claim_id = o.claim_id AND i.decision_id > o.decision_id
      AND (o.state <> 'upheld' OR a.approved_at <= o.heard_at))
"""
# The older form knows them as makers of the decision.
_OLDER_OBJECTIONS = """
INSERT INTO maker (claim_id, user_id, about)
    SELECT claim_id, user_id, 'decision' FROM maker WHERE about = 'objection'
    ON CONFLICT (claim_id, user_id, about) DO UPDATE SET lapsed_at = NULL
"""


def _objections() -> None:
    op.add_column("objection", sa.Column("approvers_free_until", sa.BigInteger(), nullable=True))
    op.execute(_FREE)
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.create_foreign_key(
        op.f("fk_objection_approvers_free_until"),
        "objection",
        "decision",
        ["approvers_free_until"],
        ["id"],
    )
    op.execute(_OBJECTIONS)


# Each set-off names its maker, so that undoing one leaves those of the others.
_SET_OFFS = """
INSERT INTO maker (claim_id, user_id, about, lapsed_at)
    SELECT m.claim_id, m.user_id, 'set_off ' || r.id, coalesce(r.undone_at, m.lapsed_at)
    FROM maker m JOIN recovery_receipt r ON r.kind = 'set_off' AND r.booked_by = m.user_id
    JOIN payment p ON p.id = r.payment_id AND p.claim_id = m.claim_id
    WHERE m.about = 'set_off'
"""
_OLDER_SET_OFFS = """
INSERT INTO maker (claim_id, user_id, about)
    SELECT DISTINCT claim_id, user_id, 'set_off' FROM maker WHERE about LIKE 'set_off %'
"""


_DEALT = "ck_late_return_dealt_with_by_at_and_how_together"
_TOGETHER = "(dealt_by IS NULL) = (dealt_at IS NULL) AND (dealt_by IS NULL) = (outcome IS NULL)"


def _late_returns() -> None:
    op.add_column("late_return", sa.Column("result_code", sa.Text(), nullable=True))
    op.add_column("late_return", sa.Column("result_text", sa.Text(), nullable=True))
    op.add_column("late_return", sa.Column("came_back", sa.Boolean(), nullable=True))
    # The bank's second word had taken the place of the first one; payments stayed credited.
    op.execute(
        """UPDATE late_return l SET result_code = p.result_code, result_text = p.result_text,
               came_back = CASE WHEN l.dealt_at IS NOT NULL THEN false END
           FROM payment p WHERE p.id = l.payment_id"""
    )
    op.drop_constraint(op.f(_DEALT), "late_return", type_="check")
    checked = f"{_TOGETHER} AND (dealt_by IS NULL) = (came_back IS NULL)"
    op.create_check_constraint(op.f(_DEALT), "late_return", checked)


_ASKED = "ck_recovery_not_more_than_is_asked"
_UNDONE = "ck_recovery_receipt_set_off_is_undone_by_somebody"
_REFERENCE = "uq_recovery_receipt_bank_reference"


def _receipts() -> None:
    op.add_column(
        "recovery", sa.Column("waiting", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.alter_column("recovery", "waiting", server_default=None)
    op.drop_constraint(op.f(_ASKED), "recovery", type_="check")
    asked = "received >= 0 AND waiting >= 0 AND received + waiting <= amount"
    op.create_check_constraint(op.f(_ASKED), "recovery", asked)
    ended = "state = 'open' OR waiting = 0"
    op.create_check_constraint(op.f("ck_recovery_nothing_waits_once_it_ends"), "recovery", ended)
    table = "recovery_receipt"
    op.add_column(table, sa.Column("confirmed_by", sa.BigInteger(), nullable=True))
    op.add_column(table, sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(
        op.f(f"fk_{table}_confirmed_by"), table, "app_user", ["confirmed_by"], ["id"]
    )
    # What one person booked before counted at once, and counts on.
    op.execute("UPDATE recovery_receipt SET confirmed_at = booked_at WHERE kind = 'transfer'")
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.drop_constraint(op.f(_UNDONE), table, type_="check")
    op.drop_constraint(op.f(_REFERENCE), table, type_="unique")
    op.create_index(
        _REFERENCE,
        table,
        ["bank_reference"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    for name, check in (
        (
            "undone_by_somebody_unless_confirmed",
            "(undone_by IS NULL) = (undone_at IS NULL)"
            " AND (undone_at IS NULL OR confirmed_at IS NULL)",
        ),
        ("confirmed_by_another", "confirmed_by <> booked_by"),
        (
            "transfer_is_confirmed_by_somebody",
            "((confirmed_by IS NULL) = (confirmed_at IS NULL) OR confirmed_at = booked_at)"
            " AND (confirmed_at IS NULL OR kind = 'transfer')",
        ),
    ):
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, check)


def _take_back_receipts() -> None:
    table = "recovery_receipt"
    for name in (
        "undone_by_somebody_unless_confirmed",
        "confirmed_by_another",
        "transfer_is_confirmed_by_somebody",
    ):
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    op.drop_index(_REFERENCE, table)
    op.create_unique_constraint(op.f(_REFERENCE), table, ["bank_reference"])
    undone = "(undone_by IS NULL) = (undone_at IS NULL) AND (undone_at IS NULL OR kind = 'set_off')"
    op.create_check_constraint(op.f(_UNDONE), table, undone)
    op.drop_column(table, "confirmed_by")
    op.drop_column(table, "confirmed_at")
    op.drop_constraint(op.f("ck_recovery_nothing_waits_once_it_ends"), "recovery", type_="check")
    op.drop_constraint(op.f(_ASKED), "recovery", type_="check")
    op.drop_column("recovery", "waiting")
    op.create_check_constraint(op.f(_ASKED), "recovery", "received BETWEEN 0 AND amount")


# The older form has no place for a second person, what waits for one, or what one refused.
_REFUSE = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM recovery WHERE waiting > 0)
        OR EXISTS (SELECT FROM recovery_receipt WHERE confirmed_by IS NOT NULL
            OR kind = 'transfer' AND undone_at IS NOT NULL)
        OR EXISTS (SELECT FROM claim WHERE let_stand_by IS NOT NULL)
        OR EXISTS (SELECT FROM late_return WHERE dealt_at IS NULL OR came_back) THEN
        RAISE EXCEPTION 'second persons, or what waits for one, would be lost';
    END IF;
END $$"""


def downgrade() -> None:
    op.execute(_REFUSE)
    op.execute(_OLDER_OBJECTIONS)
    op.execute("DELETE FROM maker WHERE about = 'objection'")
    op.drop_column("objection", "approvers_free_until")
    op.execute(_OLDER_SET_OFFS)
    op.execute("DELETE FROM maker WHERE about LIKE 'set_off %'")
    _take_back_receipts()
    op.drop_constraint(op.f(_DEALT), "late_return", type_="check")
    for column in ("result_code", "result_text", "came_back"):
        op.drop_column("late_return", column)
    op.create_check_constraint(op.f(_DEALT), "late_return", _TOGETHER)
    op.drop_column("claim", "let_stand_reason")
    op.drop_column("claim", "let_stand_by")
