"""Checks on the whole database that nothing is lost and nothing is paid twice."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from banking import formats
from language import N_, _
from models import Batch, Payment, PaymentFile
from models.machines import MACHINES
from rules.errors import HuzhuError
from workflows.claims.paying.batch_content import batch_of
from workflows.engine.history import broken_links
from workflows.engine.office import Office
from workflows.engine.sealed_column import ERASED
from workflows.promises import PROMISES
from workflows.promises.payees import payees_are_confirmed
from workflows.promises.promise import Promise
from workflows.stored_files import named_in_store

# What people call the rows that have a history.
AUDITED = {machine.name: machine.word for machine in MACHINES.values()} | {
    "member": N_("会员"),
    "unit": N_("单位"),
    "paying_account": N_("付款账户"),
    "app_user": N_("用户"),
    "key_rotation": N_("密钥更换"),
    "installation": N_("本系统"),
    "legal_hold": N_("保全"),
}


@dataclass(frozen=True)
class Invariant:
    """One promise: how many rows were looked at, and a sentence for each that breaks it."""

    code: str
    name: str
    checked: int
    violations: tuple[str, ...]


Recount = Callable[[Session, Office], tuple[int, list[str]]]


def prove(session: Session, office: Office) -> Iterator[Invariant]:
    """Check every promise in one read-only snapshot of the database; the session is a fresh one,
    since the database refuses to take the snapshot behind an earlier query."""
    session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    yield from check(session, office)


def check(session: Session, office: Office) -> Iterator[Invariant]:
    """Check every promise on the data that this session sees."""
    for promise in PROMISES:
        yield _asked(session, promise)
    yield from recounted(session, office, *_WORKED_OUT)


def recounted(session: Session, office: Office, *codes: str) -> Iterator[Invariant]:
    """These promises, of those that are worked out, on the data that this session sees."""
    for code in codes:
        name, proof = _WORKED_OUT[code]
        checked, violations = proof(session, office)
        yield Invariant(code, _(name), checked, tuple(violations))


def _asked(session: Session, promise: Promise) -> Invariant:
    checked = _count(session, promise.counted)
    rows = session.execute(text(promise.violating)).mappings()
    words = tuple(_(promise.sentence) % _in_words(promise, dict(row)) for row in rows)
    return Invariant(promise.code, _(promise.name), checked, words)


def _in_words(promise: Promise, told: dict[str, object]) -> dict[str, object]:
    """The row with its states as people call them."""
    if "state" in told:
        told["state"] = _state(promise.counted.split()[0], str(told["state"]))
    if "states" in told:
        states = str(told["states"]).split("、")
        told["states"] = "、".join(_state("payment", state) for state in states)
    return told


def _state(machine: str, code: str) -> str:
    return _(MACHINES[machine].states.get(code, code))


def called(name: str) -> str:
    """What people call a row with a history."""
    return _(AUDITED.get(name, name))


def _count(session: Session, counted: str) -> int:
    return int(session.execute(text(f"SELECT count(*) FROM {counted}")).scalar_one())  # noqa: S608


def _files_are_the_same_bytes(session: Session, office: Office) -> tuple[int, list[str]]:
    """Builds each batch and its files again; their hashes must be the stored ones."""
    wrong, files = [], 0
    kept = (Batch.state != "discarded") | Batch.payments.any()
    erased = Batch.erased_at.is_not(None) | Batch.payments.any(Payment.payee == ERASED)
    for id_ in session.scalars(select(Batch.id).where(kept, ~erased)).all():
        batch = session.get_one(Batch, id_)
        made = session.scalars(select(PaymentFile).filter_by(batch_id=batch.id)).all()
        files += len(made)
        try:
            content = batch_of(office, batch, batch.payments)
            same = content.digest() == batch.digest and all(
                sha256(formats.write(f.format, content).content).hexdigest() == f.sha256
                for f in made
            )
        except HuzhuError:
            same = False
        if not same:
            wrong.append(_("批次 %(number)s 重做后与原文件不同") % {"number": batch.number})
        session.expunge_all()
    return files, wrong


def _each_reference_is_in_one_file(session: Session, office: Office) -> tuple[int, list[str]]:
    """Reads the kept files of released batches: no two batches' files may pay one reference.

    A file that is missing or damaged is told of by another promise.
    """
    made = select(Batch, PaymentFile).join(PaymentFile, PaymentFile.batch_id == Batch.id)
    first_of: dict[str, str] = {}
    wrong, files = [], session.execute(made.where(Batch.released_at.is_not(None))).all()
    for batch, file in files:
        with suppress(HuzhuError):
            for line in formats.read(file.format, office.store.get(file.sha256)):
                first = first_of.setdefault(line.reference, batch.number)
                if first != batch.number:
                    told = {"reference": line.reference, "first": first, "number": batch.number}
                    wrong.append(_("%(reference)s 在批次 %(first)s 和 %(number)s 的文件中") % told)
    return len(files), wrong


def _papers_match_their_hashes(session: Session, office: Office) -> tuple[int, list[str]]:
    hashes = named_in_store(session)
    with ThreadPoolExecutor() as pool:
        kept = pool.map(office.store.verify, hashes)
        wrong = [h for h, is_kept in zip(hashes, kept, strict=True) if not is_kept]
    return len(hashes), [_("影像 %(hash)s 缺失或已损坏") % {"hash": h} for h in wrong]


def _chains_are_whole(session: Session, office: Office) -> tuple[int, list[str]]:
    sentence = _("%(subject)s %(id)s 的第 %(seq)s 条操作记录被改动或缺失")
    wrong = [
        sentence % {"subject": called(event.subject), "id": event.subject_id, "seq": event.seq}
        for event in broken_links(session)
    ]
    return _count(session, "audit_event"), wrong


def _every_row_has_its_history(session: Session, office: Office) -> tuple[int, list[str]]:
    """The row's version and chain are those of its last event; no row with a history is gone."""
    sentence = _("%(subject)s %(id)s 与其操作记录不符")
    checked, wrong = 0, []
    for name in AUDITED:
        checked += _count(session, name)
        ids = session.scalars(
            text(
                f"""SELECT coalesce(r.id, e.subject_id) FROM {name} r FULL JOIN (
                    SELECT subject_id, count(*) AS events, max(seq) AS last FROM audit_event
                    WHERE subject = '{name}' GROUP BY subject_id) e ON e.subject_id = r.id
                LEFT JOIN audit_event l ON l.subject = '{name}' AND l.subject_id = r.id
                    AND l.seq = e.last
                WHERE (r.version, r.version, r.chain)
                    IS DISTINCT FROM (e.events, e.last, l.hash)"""  # noqa: S608
            )
        )
        wrong += [sentence % {"subject": called(name), "id": id_} for id_ in ids]
    return checked, wrong


def _every_state_has_its_event(session: Session, office: Office) -> tuple[int, list[str]]:
    """Every move a row made is in its machine's table, and they lead to the state it is in."""
    sentence = _("%(subject)s %(id)s 的状态没有记录可循")
    checked, wrong = 0, []
    for name, machine in MACHINES.items():
        checked += _count(session, name)
        moves = {f"{m.verb} {m.source} {m.target}" for m in machine.moves}
        ids = session.scalars(
            text(
                f"""WITH move AS (
                    SELECT subject_id, source, target, verb, seq,
                        lag(target) OVER w AS before, lead(seq) OVER w IS NULL AS is_last
                    FROM audit_event WHERE subject = '{name}' AND target IS NOT NULL
                    WINDOW w AS (PARTITION BY subject_id ORDER BY seq))
                SELECT r.id FROM {name} r LEFT JOIN move m ON m.subject_id = r.id
                WHERE m.source IS DISTINCT FROM m.before
                   OR m.before IS NULL AND m.target <> :start
                   OR m.before IS NOT NULL
                      AND concat_ws(' ', m.verb, m.source, m.target) <> ALL(:moves)
                   OR m.is_last AND m.target <> r.state
                   OR m.subject_id IS NULL
                GROUP BY r.id ORDER BY r.id"""  # noqa: S608
            ),
            {"start": machine.start, "moves": sorted(moves)},
        )
        wrong += [sentence % {"subject": called(name), "id": id_} for id_ in ids]
    return checked, wrong


def _rows_not_at_rest_are_due(session: Session, office: Office) -> tuple[int, list[str]]:
    """A row on its way is due or on the failed list with its cause; one at rest is neither."""
    sentence = _("%(subject)s %(id)s(%(state)s)没有排上日程")
    checked, wrong = 0, []
    for name, machine in MACHINES.items():
        states = {"states": sorted(machine.automatic)}
        busy = "state = ANY(CAST(:states AS text[]))"
        rows = session.execute(
            text(
                f"""SELECT id, state FROM {name} WHERE ({busy}) <> (
                    (due_at IS NOT NULL) <> (parked_at IS NOT NULL AND parked_cause IS NOT NULL))
                """  # noqa: S608
            ),
            states,
        )
        subject = called(name)
        wrong += [
            sentence % {"subject": subject, "id": r.id, "state": _state(name, r.state)}
            for r in rows
        ]
        count = text(f"SELECT count(*) FROM {name} WHERE {busy}")  # noqa: S608
        checked += session.execute(count, states).scalar_one()
    return checked, wrong


_WORKED_OUT: dict[str, tuple[str, Recount]] = {
    "same_bytes": (N_("银行文件可以重做成相同的字节"), _files_are_the_same_bytes),
    "one_file_a_reference": (
        N_("一笔付款只在一个已放行批次的文件中"),
        _each_reference_is_in_one_file,
    ),
    "payees_are_confirmed": (
        N_("每笔付款的收款账户是登记的、经人确认的，或继承人的"),
        payees_are_confirmed,
    ),
    "whole_papers": (N_("存储的材料与其编号相符"), _papers_match_their_hashes),
    "whole_chains": (N_("操作记录的校验链完整"), _chains_are_whole),
    "whole_histories": (N_("每一行都与其操作记录相符，没有丢失"), _every_row_has_its_history),
    "known_moves": (N_("每个状态都有把它带来的记录"), _every_state_has_its_event),
    "all_due": (N_("未了结的都已排上日程"), _rows_not_at_rest_are_due),
}
