"""A decision has a part for each event and plan; a claim may ask for several events."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# What moves from the decision to its part.
MOVED = "plan, facts, period_start, period_end"

PART_OF_EACH = f"""
INSERT INTO decision_part (decision_id, number, event, outcome, amount, {MOVED})
SELECT id, 1, 0, outcome, amount, {MOVED} FROM decision"""  # noqa: S608 - of constants

BACK_TO_THE_DECISION = """
UPDATE decision d SET plan = p.plan, facts = p.facts, period_start = p.period_start,
    period_end = p.period_end FROM decision_part p WHERE p.decision_id = d.id"""

# What was paid is a list now, an illness an entry of its own; stays of plans that pay expenses were
# once written down as allowances, and so were not counted.
PAST_AS_LIST = """
UPDATE entitlement e SET past = jsonb_build_object('paid', CASE
    WHEN jsonb_typeof(past -> 'illness') = 'array' THEN
        (SELECT jsonb_agg(e.past || jsonb_build_object('illness', each))
         FROM jsonb_array_elements(e.past -> 'illness') each)
    WHEN past ->> 'benefit' = 'hospital_allowance' AND plan LIKE 'medical-%' THEN
        jsonb_build_array(past || '{"benefit": "medical_expense"}')
    ELSE jsonb_build_array(past) END)
WHERE past <> '{}'"""

PAST_AS_ONE = """
UPDATE entitlement e SET past = CASE
    WHEN past -> 'paid' -> 0 ? 'illness' THEN past -> 'paid' -> 0 || jsonb_build_object('illness',
        (SELECT jsonb_agg(each -> 'illness') FROM jsonb_array_elements(e.past -> 'paid') each))
    ELSE past -> 'paid' -> 0 END
WHERE past <> '{}'"""

# Rows that only the newer form can hold are not thrown away: the downgrade stops.
REFUSE_SEVERAL = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM decision_part WHERE number > 1)
    OR EXISTS (SELECT FROM claim WHERE jsonb_array_length(events) > 1) THEN
        RAISE EXCEPTION 'a claim has several events or parts, which the older form cannot hold';
    END IF;
END $$"""


def upgrade() -> None:
    op.create_table(
        "decision_part",
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=True),
        sa.Column("period_end", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('pay', 'deny', 'refer')", name=op.f("ck_decision_part_outcome")
        ),
        sa.CheckConstraint(
            "(outcome = 'pay') = (amount > 0)", name=op.f("ck_decision_part_only_pay_has_an_amount")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_decision_part_amount_not_negative")),
        sa.CheckConstraint("event >= 0", name=op.f("ck_decision_part_event_from_nought")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_decision_part_decision_id")
        ),
        sa.PrimaryKeyConstraint("decision_id", "number", name=op.f("pk_decision_part")),
        sa.UniqueConstraint(
            "decision_id", "event", "plan", name=op.f("uq_decision_part_decision_id_event_plan")
        ),
    )
    op.execute(PART_OF_EACH)
    for table in ("decision_line", "decision_reason"):
        op.drop_constraint(f"fk_{table}_decision_id", table)
        op.drop_constraint(f"pk_{table}", table)
        _add_part(table)
        op.create_primary_key(f"pk_{table}", table, ["decision_id", "part", "number"])
    op.drop_constraint("fk_entitlement_decision_id", "entitlement")
    op.drop_constraint("uq_entitlement_decision_id", "entitlement")
    _add_part("entitlement")
    op.create_unique_constraint(
        "uq_entitlement_decision_id_part", "entitlement", ["decision_id", "part"]
    )
    op.drop_index("uq_entitlement_one_live_of_a_claim", table_name="entitlement")
    op.create_index(
        "ix_entitlement_live_of_a_claim",
        "entitlement",
        ["claim_id"],
        postgresql_where=sa.text("released_at IS NULL"),
    )
    for column in MOVED.split(", "):
        op.drop_column("decision", column)
    op.execute(PAST_AS_LIST)
    _turn_event_into_events()


def _add_part(table: str) -> None:
    op.add_column(table, sa.Column("part", sa.BigInteger(), nullable=False, server_default="1"))
    op.alter_column(table, "part", server_default=None)
    op.create_foreign_key(
        f"fk_{table}_decision_id",
        table,
        "decision_part",
        ["decision_id", "part"],
        ["decision_id", "number"],
    )


def _turn_event_into_events() -> None:
    none = sa.text("'[]'::jsonb")
    op.add_column(
        "claim", sa.Column("events", postgresql.JSONB(), nullable=False, server_default=none)
    )
    op.alter_column("claim", "events", server_default=None)
    op.execute("UPDATE claim SET events = jsonb_build_array(event) WHERE event <> '{}'")
    op.drop_column("claim", "event")


def downgrade() -> None:
    op.execute(REFUSE_SEVERAL)
    op.execute(PAST_AS_ONE)
    empty = sa.text("'{}'::jsonb")
    op.add_column(
        "claim", sa.Column("event", postgresql.JSONB(), nullable=False, server_default=empty)
    )
    op.alter_column("claim", "event", server_default=None)
    op.execute("UPDATE claim SET event = events -> 0 WHERE events <> '[]'")
    op.drop_column("claim", "events")
    op.add_column("decision", sa.Column("plan", sa.Text(), nullable=True))
    op.add_column("decision", sa.Column("facts", postgresql.JSONB(), nullable=True))
    op.add_column("decision", sa.Column("period_start", sa.Date(), nullable=True))
    op.add_column("decision", sa.Column("period_end", sa.Date(), nullable=True))
    op.execute(BACK_TO_THE_DECISION)
    op.alter_column("decision", "plan", nullable=False)
    op.alter_column("decision", "facts", nullable=False)
    op.drop_index("ix_entitlement_live_of_a_claim", table_name="entitlement")
    op.drop_constraint("uq_entitlement_decision_id_part", "entitlement")
    _drop_part("entitlement")
    op.create_unique_constraint("uq_entitlement_decision_id", "entitlement", ["decision_id"])
    op.create_index(
        "uq_entitlement_one_live_of_a_claim",
        "entitlement",
        ["claim_id"],
        unique=True,
        postgresql_where=sa.text("released_at IS NULL"),
    )
    for table in ("decision_line", "decision_reason"):
        op.drop_constraint(f"pk_{table}", table)
        _drop_part(table)
        op.create_primary_key(f"pk_{table}", table, ["decision_id", "number"])
    op.drop_table("decision_part")


def _drop_part(table: str) -> None:
    op.drop_constraint(f"fk_{table}_decision_id", table)
    op.drop_column(table, "part")
    op.create_foreign_key(f"fk_{table}_decision_id", table, "decision", ["decision_id"], ["id"])
