"""Proves on the whole database that nothing is lost and nothing is paid twice."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from banking import formats
from language import N_, _
from models import Batch, Document, Letter, PaymentFile, ReplyFile
from models.states import LIVE_PAYMENT_STATES, MACHINES
from workflows.history import broken_links
from workflows.office import Office
from workflows.payout import batch_of


@dataclass(frozen=True)
class Invariant:
    """One promise: how many rows were looked at, and a sentence for each that breaks it."""

    name: str
    checked: int
    violations: tuple[str, ...]


Proof = Callable[[Session, Office], tuple[int, list[str]]]


def prove(session: Session, office: Office) -> Iterator[Invariant]:
    """Check every invariant in one snapshot of the database; reads only."""
    session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    for name, proof in _PROOFS.items():
        checked, violations = proof(session, office)
        yield Invariant(_(name), checked, tuple(violations))


def _query(counted: str, violating: str) -> Proof:
    """A proof by two queries: how many rows there are, and the ones that break the promise."""

    def proof(session: Session, office: Office) -> tuple[int, list[str]]:
        checked = session.execute(text(f"SELECT count(*) FROM {counted}")).scalar_one()  # noqa: S608
        rows = session.execute(text(violating))
        return checked, [" ".join(f"{k}={v}" for k, v in row._mapping.items()) for row in rows]

    return proof


def _files_are_the_same_bytes(session: Session, office: Office) -> tuple[int, list[str]]:
    files = session.execute(select(PaymentFile, Batch).join(Batch)).all()
    wrong = []
    for file, batch in files:
        content = batch_of(office, batch, batch.payments)
        fresh = formats.write(file.format, content).content
        if content.digest() != batch.digest or office.store.get(file.sha256) != fresh:
            wrong.append(f"batch={batch.number} format={file.format}")
    return len(files), wrong


def _papers_match_their_hashes(session: Session, office: Office) -> tuple[int, list[str]]:
    hashes = {
        sha256
        for column in (Document.sha256, Letter.sha256, PaymentFile.sha256, ReplyFile.sha256)
        for sha256 in session.scalars(select(column).where(column.is_not(None)))
        if sha256
    }
    return len(hashes), [f"sha256={h}" for h in sorted(hashes) if not office.store.verify(h)]


def _chains_are_whole(session: Session, office: Office) -> tuple[int, list[str]]:
    checked = session.execute(text("SELECT count(*) FROM audit_event")).scalar_one()
    broken = broken_links(session)
    return checked, [f"{event.subject}={event.subject_id} seq={event.seq}" for event in broken]


def _every_state_has_its_event(session: Session, office: Office) -> tuple[int, list[str]]:
    """The last move of each row's history leads to the state it is in, and none is missing."""
    checked, wrong = 0, []
    for name in MACHINES:
        checked += session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()  # noqa: S608
        rows = session.execute(
            text(
                f"""SELECT r.id, r.state FROM {name} r WHERE
                    r.state IS DISTINCT FROM (SELECT e.target FROM audit_event e
                        WHERE e.subject = '{name}' AND e.subject_id = r.id
                          AND e.target IS NOT NULL ORDER BY e.seq DESC LIMIT 1)
                    OR r.version <> (SELECT count(*) FROM audit_event e
                        WHERE e.subject = '{name}' AND e.subject_id = r.id)"""  # noqa: S608
            )
        )
        wrong += [f"{name}={row.id} state={row.state}" for row in rows]
    return checked, wrong


def _whoever_is_not_at_rest_is_due(session: Session, office: Office) -> tuple[int, list[str]]:
    checked, wrong = 0, []
    for name, machine in MACHINES.items():
        busy = sorted(machine.automatic)
        if not busy:
            continue
        states = {"states": busy}
        checked += session.execute(
            text(f"SELECT count(*) FROM {name} WHERE state = ANY(:states)"),  # noqa: S608
            states,
        ).scalar_one()
        rows = session.execute(
            text(
                f"SELECT id, state FROM {name} WHERE state = ANY(:states)"  # noqa: S608
                " AND due_at IS NULL AND parked_at IS NULL"
            ),
            states,
        )
        wrong += [f"{name}={row.id} state={row.state}" for row in rows]
    return checked, wrong


_LIVE = ", ".join(f"'{state}'" for state in LIVE_PAYMENT_STATES)

_PROOFS: dict[str, Proof] = {
    N_("每项给付权利至多一笔有效付款"): _query(
        "entitlement",
        f"""SELECT entitlement_id, count(*) FROM payment WHERE state IN ({_LIVE})
            GROUP BY entitlement_id HAVING count(*) > 1""",  # noqa: S608
    ),
    N_("每个事件至多一项有效权利"): _query(
        "entitlement",
        """SELECT member_id, plan, event FROM entitlement WHERE released_at IS NULL
           GROUP BY member_id, plan, event HAVING count(*) > 1""",
    ),
    N_("限额计数等于有效占用之和"): _query(
        "limit_counter",
        """SELECT c.id AS counter FROM limit_counter c
           LEFT JOIN reservation r ON r.counter_id = c.id AND r.released_at IS NULL
           GROUP BY c.id HAVING c.times <> coalesce(sum(r.times), 0)
              OR c.days <> coalesce(sum(r.days), 0) OR c.amount <> coalesce(sum(r.amount), 0)""",
    ),
    N_("有效付款的金额等于其权利与核定"): _query(
        "payment",
        f"""SELECT p.reference FROM payment p
            JOIN entitlement e ON e.id = p.entitlement_id
            JOIN decision d ON d.id = e.decision_id
            WHERE p.state IN ({_LIVE}) AND (p.amount <> e.amount OR p.amount <> d.amount
               OR e.released_at IS NOT NULL OR d.superseded_at IS NOT NULL)""",  # noqa: S608
    ),
    N_("批次的笔数与金额等于其付款之和"): _query(
        "batch",
        """SELECT b.number FROM batch b LEFT JOIN payment p ON p.batch_id = b.id
           WHERE b.state <> 'discarded'
           GROUP BY b.id HAVING b.count <> count(p.id) OR b.sum <> coalesce(sum(p.amount), 0)""",
    ),
    N_("银行文件可以重做成相同的字节"): _files_are_the_same_bytes,
    N_("审批金额等于所批核定之和"): _query(
        "approval",
        """SELECT a.id AS approval FROM approval a JOIN approval_item i ON i.approval_id = a.id
           JOIN decision d ON d.id = i.decision_id
           GROUP BY a.id HAVING a.count <> count(*) OR a.sum <> sum(d.amount)
              OR a.sum <> sum(i.amount)""",
    ),
    N_("给付都经过审批"): _query(
        "payment",
        """SELECT p.reference FROM payment p JOIN entitlement e ON e.id = p.entitlement_id
           WHERE NOT EXISTS (SELECT FROM approval_item i WHERE i.decision_id = e.decision_id)""",
    ),
    N_("无人审批自己经手的案件"): _query(
        "approval_item",
        """SELECT i.claim_id FROM approval_item i JOIN approval a ON a.id = i.approval_id
           JOIN maker m ON m.claim_id = i.claim_id AND m.user_id = a.approver_id
           WHERE NOT EXISTS (SELECT FROM audit_event e WHERE e.subject = 'claim'
               AND e.subject_id = i.claim_id AND e.actor_id = m.user_id
               AND e.at > a.approved_at)""",
    ),
    N_("每个状态都有把它带来的记录"): _every_state_has_its_event,
    N_("操作记录的校验链完整"): _chains_are_whole,
    N_("存储的材料与其编号相符"): _papers_match_their_hashes,
    N_("未了结的都已排上日程"): _whoever_is_not_at_rest_is_due,
}
