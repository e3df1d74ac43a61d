"""Whose time is over: members, claims that name no member, copies of ID cards, and vouchers.

Years are counted in full from the day that models/retention.toml names. A row is due when all that
belongs to it is due, and nothing of it is held.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, cast, exists, false, func, select

from models import (
    AuditEvent,
    BankStatement,
    Batch,
    Claim,
    Coverage,
    CoverYear,
    Enrolment,
    EnrolmentLine,
    IdCopy,
    LegalHold,
    Member,
    Objection,
    Payment,
    Recovery,
    Relief,
    Renewal,
)
from models.column_map import kept
from models.states import CLAIM_AT_REST_STATES, EnrolmentState
from workflows.engine.office import BEIJING

# Rows of a claim that have a history of their own: it rests when they do.
_OF_A_CLAIM = (Objection, Payment, Recovery)


def due_members(today: date) -> Select[int]:
    """The ids of the members of whom nothing must be kept any more, in order."""
    since = last_day("member", today)
    of_his = Claim.member_id == Member.id
    return (
        select(Member.id)
        .where(
            Member.erased_at.is_(None),
            ~exists().where(Coverage.member_id == Member.id, Coverage.ends_on > since),
            _quiet(Member, since),
            ~_ON_HIS_WAY_TO_COVER,
            ~exists().where(of_his, ~_rests_since(last_day("claim", today))),
            ~_held(LegalHold.member_id == Member.id),
            ~exists().where(of_his, _held(LegalHold.claim_id == Claim.id)),
        )
        .order_by(Member.id)
    )


def due_claims(today: date) -> Select[int]:
    """The ids of the claims that name no member and need not be kept any more, in order."""
    return (
        select(Claim.id)
        .where(
            Claim.member_id.is_(None),
            Claim.erased_at.is_(None),
            _rests_since(last_day("claim", today)),
            ~_held(LegalHold.claim_id == Claim.id),
        )
        .order_by(Claim.id)
    )


def due_copies(today: date) -> Select[int]:
    """The ids of the enrolments whose copies of ID cards need not be kept any more, in order.

    A roster that never led to cover is counted from the day it was handed in.
    """
    handed_in = cast(func.timezone(str(BEIJING), Enrolment.handed_in_at), Date)
    began = func.coalesce(CoverYear.starts_on, handed_in)
    return (
        select(Enrolment.id)
        .outerjoin(CoverYear, CoverYear.id == Enrolment.cover_year_id)
        .where(exists().where(IdCopy.enrolment_id == Enrolment.id), ~_IN_A_HELD_ROSTER)
        .where(began <= last_day("roster", today))
        .order_by(Enrolment.id)
    )


def due_vouchers(
    row: type[BankStatement | Batch | Enrolment | Renewal], today: date
) -> Select[int]:
    """The ids of the batches, statements, rosters or reminders whose files need not be kept any
    more: nothing has happened to them for the years of accounts, in order."""
    since = last_day("accounts", today)
    of_batch = Payment.batch_id == Batch.id
    still = {
        BankStatement: false(),
        Batch: exists().where(of_batch, ~_quiet(Payment, since)) | _IN_A_HELD_BATCH,
        Enrolment: _IN_A_HELD_ROSTER,
        Renewal: _OF_A_HELD_COVER,
    }
    return (
        select(row.id)
        .where(row.erased_at.is_(None), _quiet(row, since), ~still[row])
        .order_by(row.id)
    )


def last_day(rule: str, today: date) -> date:
    """The last day since which the full years of this rule are over today."""
    year = today.year - kept()[rule].years
    try:
        day = today.replace(year=year)
    except ValueError:  # 29 February
        day = today.replace(year=year, day=28)
    return day - timedelta(days=1)


def _rests_since(day: date) -> ColumnElement[bool]:
    """The claim is at rest, and nothing has happened to it or to what belongs to it since."""
    belongs = [~exists().where(row.claim_id == Claim.id, ~_quiet(row, day)) for row in _OF_A_CLAIM]
    relief = ~exists().where(Relief.after_claim_id == Claim.id, ~_quiet(Relief, day))
    return and_(Claim.state.in_(CLAIM_AT_REST_STATES), _quiet(Claim, day), relief, *belongs)


def _quiet(row: Any, day: date) -> ColumnElement[bool]:
    """Nothing has happened to the row after the day."""
    later = exists().where(
        AuditEvent.subject == row.__tablename__,
        AuditEvent.subject_id == row.id,
        AuditEvent.at > _end_of(day),
    )
    return ~later


def _held(what: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(what, LegalHold.lifted_at.is_(None))


# The member stands in a roster that still waits for fees, papers or its day.
_ON_HIS_WAY_TO_COVER = exists().where(
    EnrolmentLine.member_id == Member.id,
    EnrolmentLine.struck_at.is_(None),
    EnrolmentLine.enrolment_id == Enrolment.id,
    Enrolment.state.not_in((EnrolmentState.COVERED, EnrolmentState.WITHDRAWN)),
)
# Somebody in the roster is held, or somebody who is paid with the batch, or in the cover of which a
# reminder tells.
_IN_A_HELD_ROSTER = exists().where(
    EnrolmentLine.enrolment_id == Enrolment.id,
    _held(LegalHold.member_id == EnrolmentLine.member_id),
)
_IN_A_HELD_BATCH = exists().where(
    Payment.batch_id == Batch.id,
    Payment.claim_id == Claim.id,
    _held((LegalHold.claim_id == Claim.id) | (LegalHold.member_id == Claim.member_id)),
)
_OF_A_HELD_COVER = exists().where(
    Coverage.cover_year_id == Renewal.cover_year_id,
    _held(LegalHold.member_id == Coverage.member_id),
)


def _end_of(day: date) -> datetime:
    """The last instant of the day in Beijing."""
    return datetime.combine(day + timedelta(days=1), time.min, BEIJING) - timedelta(microseconds=1)
