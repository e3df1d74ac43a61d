"""Of each payee no more is asked back than he was paid; what was written off for one of them is no
hindrance to paying the others."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ASKED = """
CREATE OR REPLACE FUNCTION refuse_more_than_was_paid() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    debtor bytea := (SELECT id_print FROM heir WHERE id = NEW.heir_id);
BEGIN
    IF (SELECT sum(r.amount) FROM recovery r LEFT JOIN heir h ON h.id = r.heir_id
            WHERE r.entitlement_id = NEW.entitlement_id AND r.state <> 'called_off'
              AND h.id_print IS NOT DISTINCT FROM debtor)
       > (SELECT coalesce(sum(p.amount), 0) FROM payment p LEFT JOIN heir h ON h.id = p.heir_id
            WHERE p.entitlement_id = NEW.entitlement_id AND p.state IN ('credited', 'set_off')
              AND h.id_print IS NOT DISTINCT FROM debtor) THEN
        RAISE EXCEPTION 'more is asked back than was paid'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'recovery_within_payments';
    END IF;
    RETURN NULL;
END $$;
"""
_PAYMENTS = """
CREATE OR REPLACE FUNCTION refuse_overpayment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owed bigint;
BEGIN
    SELECT amount INTO owed FROM entitlement WHERE id = NEW.entitlement_id FOR NO KEY UPDATE;
    IF (SELECT sum(amount) FROM payment WHERE entitlement_id = NEW.entitlement_id
            AND state IN ('queued', 'frozen', 'sent', 'credited', 'set_off')) > owed
        + (SELECT coalesce(sum({BACK}), 0) FROM recovery
        WHERE entitlement_id = NEW.entitlement_id AND state <> 'called_off')
    THEN
        RAISE EXCEPTION 'the payments of right % exceed it', NEW.entitlement_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_within_the_right';
    END IF;
    RETURN NULL;
END $$;
"""
_ASKED_OF_ALL = """
CREATE OR REPLACE FUNCTION refuse_more_than_was_paid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(amount) FROM recovery
            WHERE entitlement_id = NEW.entitlement_id AND state <> 'called_off')
       > (SELECT coalesce(sum(amount), 0) FROM payment
            WHERE entitlement_id = NEW.entitlement_id AND state IN ('credited', 'set_off')) THEN
        RAISE EXCEPTION 'more is asked back than was paid'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'recovery_within_payments';
    END IF;
    RETURN NULL;
END $$;
"""
_RECEIVED = "CASE WHEN state = 'written_off' THEN received ELSE amount END"


def upgrade() -> None:
    op.execute(_ASKED)
    op.execute(_PAYMENTS.replace("{BACK}", "amount"))


def downgrade() -> None:
    op.execute(_PAYMENTS.replace("{BACK}", _RECEIVED))
    op.execute(_ASKED_OF_ALL)
