"""The stations that money passes, and what each one's own rows say of a day.

Each row is (key, count, fen): the key is the number of a claim, a batch, or an account. Stations of
one chain must say the same of each key.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from language import N_
from workflows.day_proof.bank_files import file_lines
from workflows.day_proof.told import DaySpan, Told
from workflows.engine.office import Office

StationQuery = Callable[[Session, Office, DaySpan], Iterable[Told]]


@dataclass(frozen=True)
class Station:
    """One station: its word, what asks it, and whether it stands in the books."""

    code: str
    word: str
    ask: StationQuery
    is_booked: bool = False


def _sql(query: str) -> StationQuery:
    def ask(session: Session, office: Office, span: DaySpan) -> Iterable[Told]:
        return (Told(*row) for row in session.execute(text(query), vars(span)))

    return ask


# The claims that were approved on the day.
_APPROVED = """(SELECT DISTINCT subject_id AS id FROM audit_event WHERE subject = 'claim'
    AND verb = 'approve' AND at >= :begin AND at < :end)"""
_GRANTED_TO_THE_CLAIM = f"""SELECT c.number, NULL, coalesce((SELECT sum(p.amount) FROM posting p
    JOIN voucher v ON v.id = p.voucher_id JOIN ledger_account a ON a.id = p.account_id
    JOIN entitlement e ON e.id = p.entitlement_id
    WHERE e.claim_id = c.id AND v.day <= :day AND a.kind IN ('benefits', 'relief')), 0)::bigint
    FROM {_APPROVED} s JOIN claim c USING (id)"""  # noqa: S608
_POSTED_OF_BATCHES = """SELECT b.number, count(*), sum(p.amount)::bigint FROM voucher v
    JOIN posting p ON p.voucher_id = v.id JOIN batch b ON b.id = v.subject_id
    WHERE v.subject = 'batch' AND v.day = :day AND v.cause = ANY('{{{causes}}}') AND p.amount > 0
    GROUP BY b.number"""
_MOVED_OF_BATCHES = """SELECT b.number, count(*), sum(p.amount)::bigint FROM audit_event h
    JOIN payment p ON p.id = h.subject_id JOIN batch b ON b.id = p.batch_id
    WHERE h.subject = 'payment' AND h.verb IN ({verbs}) AND h.at >= :begin AND h.at < :end
    GROUP BY b.number"""
# What counted of the bank's replies, its word of a paper, its second words that people have asked
# about, and what it did not take of a batch that two people discarded.
_REPLIED = """SELECT number, sum(count)::bigint, NULL FROM (
    SELECT b.number, f.credited + f.returned AS count FROM reply_file f
        JOIN batch b ON b.id = f.batch_id WHERE f.loaded_at >= :begin AND f.loaded_at < :end
    UNION ALL SELECT b.number, 1 FROM bank_word w JOIN batch b ON b.id = w.batch_id
        WHERE w.agreed AND w.dealt_at >= :begin AND w.dealt_at < :end
    UNION ALL SELECT b.number, 1 FROM audit_event h JOIN payment p ON p.id = h.subject_id
        JOIN batch b ON b.id = p.batch_id
        WHERE h.subject = 'payment' AND h.verb IN ('credit', 'return')
            AND h.at >= :begin AND h.at < :end
            AND (EXISTS (SELECT FROM late_return l WHERE l.payment_id = p.id AND l.dealt_at = h.at)
                OR EXISTS (SELECT FROM audit_event g WHERE g.subject = 'batch'
                    AND g.subject_id = b.id AND g.verb = 'agree_discard' AND g.at = h.at))) told
    GROUP BY number HAVING sum(count) > 0"""

_APPROVALS = (
    Station(
        "claims",
        N_("批准的案件"),
        _sql(f"SELECT c.number, 1, NULL FROM {_APPROVED} s JOIN claim c USING (id)"),  # noqa: S608
    ),
    Station(
        "decisions",
        N_("核定"),
        _sql(f"""SELECT c.number, 1, d.amount FROM {_APPROVED} s JOIN claim c USING (id)
            JOIN decision d ON d.claim_id = c.id AND d.made_at < :end
                AND (d.superseded_at IS NULL OR d.superseded_at >= :end)"""),  # noqa: S608
    ),
    Station(
        "rights",
        N_("权利"),
        _sql(f"""SELECT c.number, NULL, coalesce((SELECT sum(amount) FROM entitlement e
            WHERE e.claim_id = c.id AND (released_at IS NULL OR released_at >= :end)), 0)::bigint
            FROM {_APPROVED} s JOIN claim c USING (id)"""),  # noqa: S608
    ),
    Station("granted", N_("记账：批准"), _sql(_GRANTED_TO_THE_CLAIM), is_booked=True),
)
_RELEASES = (
    Station("sent", N_("放行的付款"), _sql(_MOVED_OF_BATCHES.format(verbs="'send'"))),
    Station("file_lines", N_("银行文件各行"), file_lines),
    Station(
        "released",
        N_("记账：放行"),
        _sql(_POSTED_OF_BATCHES.format(causes="released")),
        is_booked=True,
    ),
)
_ANSWERS = (
    Station("reply_lines", N_("回盘和核实的答复"), _sql(_REPLIED)),
    Station(
        "answered", N_("到账和退票"), _sql(_MOVED_OF_BATCHES.format(verbs="'credit', 'return'"))
    ),
    Station(
        "answers_booked",
        N_("记账：到账和退票"),
        _sql(
            _POSTED_OF_BATCHES.format(causes="credited,returned,returned_late,credited_after_all")
        ),
        is_booked=True,
    ),
)
_AT_THE_BANK = (
    Station(
        "statement",
        N_("出纳填报、另一人复核的银行余额"),
        _sql("""SELECT y.id::text, NULL, s.balance FROM stated_balance s
            JOIN paying_account y ON y.id = s.paying_account_id
            WHERE s.day = :day AND s.agreed_at IS NOT NULL"""),
    ),
    Station(
        "bank",
        N_("记账：银行存款"),
        _sql("""SELECT s.paying_account_id::text, NULL, coalesce((SELECT sum(p.amount)
            FROM posting p JOIN voucher v ON v.id = p.voucher_id
            JOIN ledger_account a ON a.id = p.account_id WHERE a.kind = 'bank' AND v.day <= :day
                AND a.paying_account_id = s.paying_account_id), 0)::bigint
            FROM stated_balance s WHERE s.day = :day AND s.agreed_at IS NOT NULL"""),
        is_booked=True,
    ),
)
CHAINS: Sequence[Sequence[Station]] = (_APPROVALS, _RELEASES, _ANSWERS, _AT_THE_BANK)
"""Each station says the same as the one before it."""
