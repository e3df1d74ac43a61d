"""One unit, for its clerk and the office: its covered members and its letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from console import formatting, labels
from console.queries.covers import MemberCover, cover_shown
from documents.masks import mask_card, mask_id
from language import _
from models import Claim, Coverage, CoverYear, Letter, Member, Unit, User
from models.states import LetterState
from rules import plans
from rules.facts import SEX_WORDS
from workflows.engine.office import Office
from workflows.people.visibility import claims_seen_by
from workflows.sealed_values.members import card_of, id_number_of

ROWS = 100
_LETTERS = 50


@dataclass(frozen=True)
class MemberRow:
    """A member on the roster, numbers masked; `card` is empty where none is known."""

    ref: str
    name: str
    id_number: str
    sex: str
    card: str
    bank: str
    left_on: date | None
    covers: tuple[MemberCover, ...]


@dataclass(frozen=True)
class CoverCount:
    """How many members the unit has under one plan for one period."""

    plan: str
    starts_on: date
    ends_on: date
    members: int
    is_running: bool
    year_id: int
    city: str
    city_asked: str
    """Another city that a person asked for; empty if none did."""
    city_reason: str


@dataclass(frozen=True)
class UnitLetter:
    """A letter of a claim of the unit."""

    claim: str
    member: str
    id: int
    word: str
    written_at: datetime | None


def unit_of_person(session: Session, person: User) -> Unit | None:
    """The person's own unit."""
    return session.get(Unit, person.unit_id) if person.unit_id is not None else None


def covered_members(
    session: Session, office: Office, unit: Unit, after: int = 0
) -> tuple[list[MemberRow], int | None]:
    """One page of members with cover now or later, and the `after` of the next page."""
    query = (
        select(Member)
        .where(Member.unit_id == unit.id, Member.id > after)
        .where(select(Coverage.id).where(_lasts(office, Coverage.member_id == Member.id)).exists())
        .order_by(Member.id)
        .limit(ROWS + 1)
    )
    found = session.scalars(query).all()
    shown, covers = found[:ROWS], _covers(session, office, found[:ROWS])
    rows = [_row(office, member, covers.get(member.id, [])) for member in shown]
    return rows, (shown[-1].id if len(found) > ROWS else None)


def cover_counts(session: Session, office: Office, unit: Unit) -> list[CoverCount]:
    """The unit's cover periods, newest first, with the members in each."""
    query = (
        select(CoverYear, Coverage.starts_on, Coverage.ends_on, func.count())
        .join(Coverage, Coverage.cover_year_id == CoverYear.id)
        .where(CoverYear.unit_id == unit.id)
        .group_by(CoverYear.id, Coverage.starts_on, Coverage.ends_on)
        .order_by(Coverage.ends_on.desc(), CoverYear.plan)
        .limit(20)
    )
    today = office.today()
    return [
        CoverCount(
            plan=plans.load(year.plan).name,
            starts_on=start,
            ends_on=end,
            members=count,
            is_running=start <= today <= end,
            year_id=year.id,
            city=year.city,
            city_asked=year.city_asked or "",
            city_reason=year.city_reason or "",
        )
        for year, start, end, count in session.execute(query)
    ]


def covered_now(session: Session, office: Office, unit: Unit) -> int:
    """How many members of the unit are covered today under any plan."""
    today = office.today()
    query = select(func.count(Coverage.member_id.distinct())).join(
        CoverYear, CoverYear.id == Coverage.cover_year_id
    )
    running = (Coverage.starts_on <= today, Coverage.ends_on >= today)
    return session.scalar(query.where(CoverYear.unit_id == unit.id, *running)) or 0


def letters_of_unit(session: Session, person: User, unit: Unit) -> list[UnitLetter]:
    """The letters of the unit's claims that can be downloaded, newest first."""
    query = (
        select(Letter, Claim)
        .join(Claim, Claim.id == Letter.claim_id)
        .where(Claim.unit_id == unit.id, claims_seen_by(person))
        .where(Letter.state == LetterState.WRITTEN)
        .order_by(Letter.id.desc())
        .limit(_LETTERS)
    )
    return [
        UnitLetter(
            claim=claim.number,
            member=formatting.name(claim.member.name) if claim.member else "",
            id=letter.id,
            word=labels.letter(letter.kind),
            written_at=letter.written_at,
        )
        for letter, claim in session.execute(query)
    ]


def _lasts(office: Office, of_member: ColumnElement[bool]) -> ColumnElement[bool]:
    return of_member & (Coverage.ends_on >= office.today())


def _covers(session: Session, office: Office, shown: Sequence[Member]) -> dict[int, list[Coverage]]:
    whose = Coverage.member_id.in_([member.id for member in shown])
    found: dict[int, list[Coverage]] = {}
    query = select(Coverage).where(_lasts(office, whose)).order_by(Coverage.starts_on)
    for coverage in session.scalars(query):
        found.setdefault(coverage.member_id, []).append(coverage)
    return found


def _row(office: Office, member: Member, covers: Sequence[Coverage]) -> MemberRow:
    card = card_of(office.keys, member)
    return MemberRow(
        ref=str(member.ref),
        name=formatting.name(member.name),
        id_number=mask_id(id_number_of(office.keys, member)),
        sex=_(SEX_WORDS[member.sex]),
        card=mask_card(card) if card else "",
        bank=member.bank_name or "",
        left_on=member.left_on,
        covers=tuple(cover_shown(each, office.today()) for each in covers),
    )
