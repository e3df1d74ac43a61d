"""Enrolment, renewal, campaigns and second relief; cover is exclusive within a family of plans."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ONE_AT_A_TIME = """
ALTER TABLE coverage DROP CONSTRAINT ex_coverage_one_at_a_time, ADD CONSTRAINT
    ex_coverage_one_at_a_time EXCLUDE USING gist (
        int8range(member_id, member_id, '[]') WITH &&,
        int8range(hashtext({what})::bigint, hashtext({what})::bigint, '[]') WITH &&,
        daterange(starts_on, ends_on, '[]') WITH &&
    )
"""

# What the lists and the counts of the first page look for, by name: table, columns, condition.
LOOKED_FOR = {
    "ix_claim_received_at_id": ("claim", ["received_at", "id"], None),
    "ix_packet_parked_at": ("packet", ["parked_at"], "parked_at IS NOT NULL"),
    "ix_packet_rejected": ("packet", ["id"], "outcome = 'rejected'"),
    "ix_letter_parked_at": ("letter", ["parked_at"], "parked_at IS NOT NULL"),
    "ix_payment_sent": ("payment", ["id"], "state = 'sent'"),
}


def upgrade() -> None:
    for name, (table, columns, condition) in LOOKED_FOR.items():
        where = sa.text(condition) if condition else None
        op.create_index(name, table, columns, postgresql_where=where)
    op.create_table(
        "renewal_look",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_renewal_look_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewal_look")),
    )
    op.create_table(
        "activity",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("signed_in", sa.BigInteger(), nullable=True),
        sa.Column("noted_by", sa.BigInteger(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('lecture', 'event')", name=op.f("ck_activity_kind")),
        sa.CheckConstraint("signed_in >= 0", name=op.f("ck_activity_signed_in_not_negative")),
        sa.ForeignKeyConstraint(["noted_by"], ["app_user.id"], name=op.f("fk_activity_noted_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_activity_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_index(op.f("ix_activity_unit_id"), "activity", ["unit_id"], unique=False)
    op.create_table(
        "enrolment",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("asked_start", sa.Date(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("rows_done", sa.BigInteger(), nullable=False),
        sa.Column("eligible", sa.BigInteger(), nullable=False),
        sa.Column("member_part", sa.BigInteger(), nullable=False),
        sa.Column("fee_due", sa.BigInteger(), nullable=False),
        sa.Column("subsidy_due", sa.BigInteger(), nullable=False),
        sa.Column("handed_in_by", sa.BigInteger(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cover_year_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parked_step", sa.Text(), nullable=True),
        sa.Column("parked_cause", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(state = 'covered') = (cover_year_id IS NOT NULL)",
            name=op.f("ck_enrolment_covered_for_a_year"),
        ),
        sa.CheckConstraint(
            "kind IN ('first', 'renewal', 'addition')", name=op.f("ck_enrolment_kind")
        ),
        sa.CheckConstraint(
            "fee_due >= 0 AND subsidy_due >= 0 AND member_part >= 0",
            name=op.f("ck_enrolment_not_negative"),
        ),
        sa.CheckConstraint(
            "rows > 0 AND rows_done BETWEEN 0 AND rows",
            name=op.f("ck_enrolment_rows_done_within_rows"),
        ),
        sa.ForeignKeyConstraint(
            ["cover_year_id"], ["cover_year.id"], name=op.f("fk_enrolment_cover_year_id")
        ),
        sa.ForeignKeyConstraint(
            ["handed_in_by"], ["app_user.id"], name=op.f("fk_enrolment_handed_in_by")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_enrolment_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("number", name=op.f("uq_enrolment_number")),
    )
    op.create_index(
        "ix_enrolment_due_at",
        "enrolment",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index("ix_enrolment_unit_id_id", "enrolment", ["unit_id", "id"], unique=False)
    op.create_index(
        "uq_enrolment_one_of_a_file",
        "enrolment",
        ["unit_id", "plan", "sha256"],
        unique=True,
        postgresql_where=sa.text("state NOT IN ('covered', 'withdrawn')"),
    )
    op.create_table(
        "milestone",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=True),
        sa.Column("noted_by", sa.BigInteger(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "phase IN ('publicity', 'enrolment', 'operation')", name=op.f("ck_milestone_phase")
        ),
        sa.ForeignKeyConstraint(["noted_by"], ["app_user.id"], name=op.f("fk_milestone_noted_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_milestone_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
        sa.UniqueConstraint(
            "unit_id", "year", "phase", name=op.f("uq_milestone_unit_id_year_phase")
        ),
    )
    op.create_table(
        "renewal",
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("cover_year_id", sa.BigInteger(), nullable=False),
        sa.Column("rung", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("letter_sha256", sa.Text(), nullable=True),
        sa.Column("roster_sha256", sa.Text(), nullable=True),
        sa.Column("mailed_roster_sha256", sa.Text(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parked_step", sa.Text(), nullable=True),
        sa.Column("parked_cause", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(number IS NULL) = (issued_on IS NULL)", name=op.f("ck_renewal_numbered_when_issued")
        ),
        sa.ForeignKeyConstraint(
            ["cover_year_id"], ["cover_year.id"], name=op.f("fk_renewal_cover_year_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_renewal_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewal")),
        sa.UniqueConstraint("cover_year_id", "rung", name=op.f("uq_renewal_cover_year_id_rung")),
    )
    op.create_index(
        "ix_renewal_due_at",
        "renewal",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index("ix_renewal_unit_id", "renewal", ["unit_id"], unique=False)
    op.create_index(
        "uq_renewal_one_of_a_number",
        "renewal",
        [sa.text("extract(year FROM issued_on)"), "number"],
        unique=True,
    )
    op.create_table(
        "renewal_pause",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("rung", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("paused_by", sa.BigInteger(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.BigInteger(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "unit_id IS NOT NULL OR rung IS NOT NULL", name=op.f("ck_renewal_pause_holds_something")
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by"], ["app_user.id"], name=op.f("fk_renewal_pause_lifted_by")
        ),
        sa.ForeignKeyConstraint(
            ["paused_by"], ["app_user.id"], name=op.f("fk_renewal_pause_paused_by")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_renewal_pause_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewal_pause")),
    )
    op.create_index(
        "uq_renewal_pause_one_of_a_kind",
        "renewal_pause",
        ["unit_id", "rung"],
        unique=True,
        postgresql_where=sa.text("lifted_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "enrolment_line",
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("shares", sa.BigInteger(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("subsidy", sa.BigInteger(), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "fee >= 0 AND subsidy BETWEEN 0 AND fee",
            name=op.f("ck_enrolment_line_subsidy_within_fee"),
        ),
        sa.CheckConstraint("shares > 0", name=op.f("ck_enrolment_line_shares_positive")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_enrolment_line_enrolment_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_enrolment_line_member_id")
        ),
        sa.PrimaryKeyConstraint("enrolment_id", "member_id", name=op.f("pk_enrolment_line")),
        sa.UniqueConstraint("enrolment_id", "row", name=op.f("uq_enrolment_line_enrolment_id_row")),
    )
    op.create_index(
        op.f("ix_enrolment_line_member_id"), "enrolment_line", ["member_id"], unique=False
    )
    op.create_table(
        "fee_receipt",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("noted_by", sa.BigInteger(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'reversal') = (reverses_id IS NOT NULL)", name=op.f("ck_fee_receipt_reverses")
        ),
        sa.CheckConstraint(
            "kind <> 'receipt' OR amount > 0", name=op.f("ck_fee_receipt_receipt_positive")
        ),
        sa.CheckConstraint(
            "kind <> 'refund' OR amount < 0", name=op.f("ck_fee_receipt_refund_negative")
        ),
        sa.CheckConstraint(
            "kind IN ('receipt', 'refund', 'reversal')", name=op.f("ck_fee_receipt_kind")
        ),
        sa.CheckConstraint("payer IN ('unit', 'subsidy')", name=op.f("ck_fee_receipt_payer")),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_fee_receipt_amount_not_zero")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_fee_receipt_enrolment_id")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by"], ["app_user.id"], name=op.f("fk_fee_receipt_noted_by")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["fee_receipt.id"], name=op.f("fk_fee_receipt_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_receipt")),
        sa.UniqueConstraint("number", name=op.f("uq_fee_receipt_number")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_fee_receipt_reverses_id")),
    )
    op.create_index(
        op.f("ix_fee_receipt_enrolment_id"), "fee_receipt", ["enrolment_id"], unique=False
    )
    op.create_table(
        "relief",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("after_claim_id", sa.BigInteger(), nullable=False),
        sa.Column("hardship", sa.LargeBinary(), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("applied_by", sa.BigInteger(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=True),
        sa.Column("granted", sa.BigInteger(), nullable=True),
        sa.Column("claim_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parked_step", sa.Text(), nullable=True),
        sa.Column("parked_cause", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(state = 'granted') = (granted IS NOT NULL AND claim_id IS NOT NULL)",
            name=op.f("ck_relief_granted_is_paid_as_a_claim"),
        ),
        sa.CheckConstraint("asked > 0", name=op.f("ck_relief_asked_positive")),
        sa.CheckConstraint("granted > 0", name=op.f("ck_relief_granted_positive")),
        sa.ForeignKeyConstraint(
            ["after_claim_id"], ["claim.id"], name=op.f("fk_relief_after_claim_id")
        ),
        sa.ForeignKeyConstraint(["applied_by"], ["app_user.id"], name=op.f("fk_relief_applied_by")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_relief_claim_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_relief_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relief")),
        sa.UniqueConstraint("claim_id", name=op.f("uq_relief_claim_id")),
        sa.UniqueConstraint("number", name=op.f("uq_relief_number")),
    )
    op.create_index(op.f("ix_relief_member_id"), "relief", ["member_id"], unique=False)
    op.create_index(
        "uq_relief_one_open",
        "relief",
        ["after_claim_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('applied', 'granted')"),
    )
    op.add_column("coverage", sa.Column("family", sa.Text(), nullable=True))
    # Until now a plan's code began with the name of its family.
    op.execute("UPDATE coverage SET family = split_part(plan, '-', 1)")
    op.alter_column("coverage", "family", nullable=False)
    op.add_column(
        "coverage", sa.Column("shares", sa.BigInteger(), nullable=False, server_default="1")
    )
    op.alter_column("coverage", "shares", server_default=None)
    op.create_check_constraint(op.f("ck_coverage_shares_positive"), "coverage", "shares > 0")
    op.execute(ONE_AT_A_TIME.format(what="family"))
    op.add_column("member", sa.Column("left_on", sa.Date(), nullable=True))
    op.add_column(
        "unit", sa.Column("has_union", sa.Boolean(), nullable=False, server_default="true")
    )
    op.alter_column("unit", "has_union", server_default=None)
    op.add_column("unit", sa.Column("headcount", sa.BigInteger(), nullable=True))
    op.add_column(
        "app_user",
        sa.Column("must_change_password", sa.Boolean(), nullable=False, server_default="false"),
    )
    op.alter_column("app_user", "must_change_password", server_default=None)
    op.add_column("unit", sa.Column("contact_name", sa.Text(), nullable=True))
    op.add_column("unit", sa.Column("contact_phone", sa.Text(), nullable=True))
    op.add_column("unit", sa.Column("contact_email", sa.Text(), nullable=True))
    op.add_column("unit", sa.Column("version", sa.BigInteger(), nullable=False, server_default="0"))
    op.alter_column("unit", "version", server_default=None)
    op.add_column("unit", sa.Column("chain", sa.LargeBinary(), nullable=True))
    op.create_check_constraint(op.f("ck_unit_headcount_positive"), "unit", "headcount > 0")


def downgrade() -> None:
    for name, (table, _columns, _condition) in LOOKED_FOR.items():
        op.drop_index(name, table_name=table)
    op.drop_column("app_user", "must_change_password")
    op.drop_column("unit", "chain")
    op.drop_column("unit", "version")
    op.drop_column("unit", "contact_email")
    op.drop_column("unit", "contact_phone")
    op.drop_column("unit", "contact_name")
    op.drop_column("unit", "headcount")
    op.drop_column("unit", "has_union")
    op.drop_column("member", "left_on")
    op.execute(ONE_AT_A_TIME.format(what="plan"))
    op.drop_column("coverage", "shares")
    op.drop_column("coverage", "family")
    op.drop_index(
        "uq_relief_one_open",
        table_name="relief",
        postgresql_where=sa.text("state IN ('applied', 'granted')"),
    )
    op.drop_index(op.f("ix_relief_member_id"), table_name="relief")
    op.drop_table("relief")
    op.drop_index(op.f("ix_fee_receipt_enrolment_id"), table_name="fee_receipt")
    op.drop_table("fee_receipt")
    op.drop_index(op.f("ix_enrolment_line_member_id"), table_name="enrolment_line")
    op.drop_table("enrolment_line")
    op.drop_index(
        "uq_renewal_pause_one_of_a_kind",
        table_name="renewal_pause",
        postgresql_where=sa.text("lifted_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.drop_table("renewal_pause")
    op.drop_index("uq_renewal_one_of_a_number", table_name="renewal")
    op.drop_index("ix_renewal_unit_id", table_name="renewal")
    op.drop_index(
        "ix_renewal_due_at", table_name="renewal", postgresql_where=sa.text("due_at IS NOT NULL")
    )
    op.drop_table("renewal")
    op.drop_table("milestone")
    op.drop_index(
        "uq_enrolment_one_of_a_file",
        table_name="enrolment",
        postgresql_where=sa.text("state NOT IN ('covered', 'withdrawn')"),
    )
    op.drop_index("ix_enrolment_unit_id_id", table_name="enrolment")
    op.drop_index(
        "ix_enrolment_due_at",
        table_name="enrolment",
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.drop_table("enrolment")
    op.drop_index(op.f("ix_activity_unit_id"), table_name="activity")
    op.drop_table("activity")
    op.drop_table("renewal_look")
