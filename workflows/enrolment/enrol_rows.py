"""The step `enrol` (录入): turns the rows of an accepted roster into members and lines.

It works in portions. Each portion is one transaction that holds the lock of the enrolment and
also counts its rows. A killed worker leaves only complete portions; the next worker continues
after them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from documents.rosters.roster_file import RosterRow
from models import Enrolment, EnrolmentLine, Member
from models.states import EnrolmentKind
from rules import plans
from rules.enrolment import fee_for
from rules.money import Fen
from rules.plans import Plan
from workflows.engine.history import first_event
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.engine.rows import NewRow, any_of, append, insert_rows, inserted, next_ids
from workflows.engine.steps import Lease
from workflows.enrolment import fees
from workflows.enrolment.consent import consent_of
from workflows.enrolment.declined import note_declined, rows_staying_out
from workflows.enrolment.known_members import KnownMember, hindrances
from workflows.enrolment.participation import expected_start
from workflows.enrolment.roster_changes import propose
from workflows.enrolment.roster_preview import asked_plan, check_file
from workflows.member_locks import locked
from workflows.sealed_values.members import member_row

PORTION = 2000


@dataclass(frozen=True)
class LoadedEnrolment:
    """An enrolment as it was loaded, the plan for which the unit handed in its file, and the unit's
    name."""

    enrolment: Enrolment
    asked: Plan
    unit_name: str


@dataclass(frozen=True)
class NewLine(NewRow):
    """A line of a roster to insert."""

    table = EnrolmentLine

    enrolment_id: int
    member_id: int
    row: int
    shares: int
    fee: Fen
    subsidy: Fen
    consented_on: date | None
    consent_text: str | None


def gather(session: Session, enrolment: Enrolment, office: Office) -> LoadedEnrolment:
    """Load what `work` needs, so that it reads the file outside a transaction."""
    return LoadedEnrolment(enrolment, asked_plan(session, enrolment), enrolment.unit.name)


def work(job: LoadedEnrolment, office: Office, lease: Lease[Enrolment]) -> None:
    """Enrol the rows that earlier attempts have not counted as done."""
    check = check_file(office, job.enrolment, job.asked, job.unit_name)
    bad = {fault.row for fault in check.faults}
    for done in range(job.enrolment.rows_done, len(check.rows), PORTION):
        portion = check.rows[done : done + PORTION]
        with office.sessions.unit_of_work("rows enrolled") as session:
            enrolment = lease.lock(session)
            _enrol(session, office, enrolment, [row for row in portion if row.row not in bad])
            enrolment.rows_done = done + len(portion)
            lease.keep(enrolment)
    if job.enrolment.kind == EnrolmentKind.RENEWAL:
        _keep_who_stays_out(job, office, lease)


def _keep_who_stays_out(job: LoadedEnrolment, office: Office, lease: Lease[Enrolment]) -> None:
    rows = rows_staying_out(office, job.enrolment, job.asked)
    with office.sessions.unit_of_work("rows that stay out") as session:
        enrolment = lease.lock(session)
        note_declined(session, office, enrolment, rows)
        lease.keep(enrolment)


def record_lines(session: Session, enrolment: Enrolment, _result: None, office: Office) -> None:
    """Set the fee and subsidy due; if enough money has arrived already, cover can begin at once."""
    own, subsidy, lines = session.execute(
        select(
            func.coalesce(func.sum(EnrolmentLine.fee - EnrolmentLine.subsidy), 0),
            func.coalesce(func.sum(EnrolmentLine.subsidy), 0),
            func.count(),
        ).where(EnrolmentLine.enrolment_id == enrolment.id)
    ).one()
    enrolment.fee_due, enrolment.subsidy_due = Fen(int(own)), Fen(int(subsidy))
    left_out = enrolment.rows_done - lines
    advance(session, enrolment, "enrol", office, lines=lines, left_out=left_out)
    fees.fund_if_complete(session, office, enrolment)


def _enrol(
    session: Session, office: Office, enrolment: Enrolment, rows: Sequence[RosterRow]
) -> None:
    """Write new members and a line for each row, except rows that the stored data forbid."""
    prints = {office.keys.fingerprint(row.id_number): row for row in rows}
    members = _locked_members(session, list(prints))
    fresh = {print_: row for print_, row in prints.items() if print_ not in members}
    made = _make_members(session, office, enrolment, fresh)
    if len(made) < len(fresh):
        # A concurrent roster named the same new people and committed first.
        members |= _locked_members(session, [p for p in fresh if p not in made])
    ids = {prints[print_].row: member_id for print_, member_id in made.items()}
    known = _fit(session, enrolment, prints, members)
    ids |= {row.row: member.id for member, row in known}
    propose(session, office, enrolment, known)
    _write_lines(session, enrolment, rows, ids)


def _locked_members(session: Session, prints: list[bytes]) -> dict[bytes, Member]:
    """The members with these fingerprints, by them."""
    found = session.scalars(locked(any_of(Member.id_print, prints)))
    return {member.id_print: member for member in found}


def _make_members(
    session: Session, office: Office, enrolment: Enrolment, rows: dict[bytes, RosterRow]
) -> dict[bytes, int]:
    """Write new members and their first events; return the ids of those that this call inserted.

    A member that another transaction inserted first is missing from the result.
    """
    if not rows:
        return {}
    ids = next_ids(session, Member, len(rows))
    now, by, events, members = office.clock(), enrolment.accepted_by, {}, []
    for id_, (print_, row) in zip(ids, rows.items(), strict=True):
        number = enrolment.number
        event = first_event(session, "member", id_, "enrol", now, actor_id=by, enrolment=number)
        events[print_] = event
        reached = row.card or None, row.bank_name or None, row.phone or None
        member = member_row(office.keys, enrolment.unit_id, row.name, row.id_number, *reached)
        members.append(replace(member, id=id_, version=event.seq, chain=event.hash))
    # Sorted by the unique key: two rosters with the same people then wait and do not deadlock.
    members.sort(key=attrgetter("id_print"))
    new = insert(Member).on_conflict_do_nothing().returning(Member.id_print, Member.id)
    made = dict(inserted(session, new, members))
    for print_ in made:
        append(session, events[print_])
    return made


def _fit(
    session: Session,
    enrolment: Enrolment,
    rows: dict[bytes, RosterRow],
    members: dict[bytes, Member],
) -> list[tuple[Member, RosterRow]]:
    """The known members whose rows the stored data allow, each with its row."""
    plan, start = plans.load(enrolment.plan), expected_start(enrolment)
    ids = [member.id for member in members.values()]
    found = hindrances(session, enrolment, plan, start, ids)
    pairs = ((member, rows[print_]) for print_, member in members.items())
    return [
        (member, row) for member, row in pairs if found.against(row, KnownMember.of(member)) is None
    ]


def _write_lines(
    session: Session, enrolment: Enrolment, rows: Sequence[RosterRow], ids: dict[int, int]
) -> None:
    plan = plans.load(enrolment.plan)
    lines = []
    for row in rows:
        if row.row in ids:
            fee, consent = fee_for(plan, row.shares), consent_of(row, enrolment)
            lines.append(
                NewLine(
                    enrolment.id,
                    ids[row.row],
                    row.row,
                    row.shares,
                    fee.whole,
                    fee.subsidy,
                    consent.on,
                    consent.text,
                )
            )
    insert_rows(session, lines)
