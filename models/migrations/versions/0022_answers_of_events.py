"""An answer belongs to its event, not to the event's place: places change when one is dropped."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_INDEX = "uq_claim_answer_one_to_a_question"
_LIVE = "ON claim_answer (claim_id, question, {event}) WHERE withdrawn_at IS NULL"

# Each answer names its own makers; those of a withdrawn one have lapsed.
_BY_ANSWER = """
INSERT INTO maker (claim_id, user_id, about, lapsed_at)
    SELECT m.claim_id, m.user_id, 'answer ' || a.id, COALESCE(a.withdrawn_at, m.lapsed_at)
    FROM maker m JOIN claim_answer a ON a.claim_id = m.claim_id
        AND m.about = 'answer ' || a.event || ' ' || a.question
        AND m.user_id IN (a.answered_by, a.confirmed_by)
"""
# One event at two places could be answered twice; the newest answer counts. The makers of the
# others stand all the same: one cannot say by which answer a decision was made.
_ONE_ANSWER = """
UPDATE claim_answer a SET withdrawn_at = now()
    WHERE withdrawn_at IS NULL AND EXISTS (SELECT FROM claim_answer n
        WHERE n.claim_id = a.claim_id AND n.question = a.question AND n.about = a.about
          AND n.withdrawn_at IS NULL AND n.id > a.id)
"""
_REFUSE = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM claim_answer WHERE withdrawn_at IS NULL
            GROUP BY claim_id, question, event HAVING count(*) > 1) THEN
        RAISE EXCEPTION 'events that have had one place have answers, of which one would be lost';
    END IF;
END $$"""
_BY_PLACE = """
INSERT INTO maker (claim_id, user_id, about, lapsed_at)
    SELECT m.claim_id, m.user_id, 'answer ' || a.event || ' ' || a.question,
        CASE WHEN count(*) FILTER (WHERE m.lapsed_at IS NULL) = 0 THEN max(m.lapsed_at) END
    FROM maker m JOIN claim_answer a ON a.claim_id = m.claim_id AND m.about = 'answer ' || a.id
    GROUP BY m.claim_id, m.user_id, a.event, a.question
"""


def upgrade() -> None:
    op.execute(_BY_ANSWER)
    op.execute("DELETE FROM maker WHERE about LIKE 'answer % %'")
    op.execute(_ONE_ANSWER)
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.drop_index(_INDEX, "claim_answer")
    op.execute(f"CREATE UNIQUE INDEX {_INDEX} " + _LIVE.format(event="md5(about::text)"))


def downgrade() -> None:
    op.execute(_REFUSE)
    op.execute(_BY_PLACE)
    op.execute("DELETE FROM maker WHERE about ~ '^answer [0-9]+$'")
    op.drop_index(_INDEX, "claim_answer")
    op.execute(f"CREATE UNIQUE INDEX {_INDEX} " + _LIVE.format(event="event"))
