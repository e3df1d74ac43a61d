"""One member, masked, with every cover and every claim."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import formatting, labels
from console.not_found import NotFound
from console.queries.covers import MemberCover, cover_shown
from documents.masks import mask_card, mask_id, mask_phone
from language import _
from models import Claim, Member, User
from models.machines.claims import CLAIM
from models.membership import DeathSource
from rules.cover import age_on
from rules.facts import SEX_WORDS
from workflows.engine.office import BEIJING, Office
from workflows.known_deaths import SOURCE_WORDS, death_of
from workflows.member_cards import waiting_card
from workflows.people.persons import own_accounts
from workflows.people.visibility import claims_seen_by, sees_own_unit_only
from workflows.sealed_values.members import card_of, id_number_of, phone_of


@dataclass(frozen=True)
class ClaimLine:
    """One claim of the member."""

    number: str
    state: str
    word: str
    benefit: str
    received_on: date


@dataclass(frozen=True)
class DeathView:
    """That the member is known to have died; `reason` is why a person asks to take it back."""

    known_on: date
    source: str
    reason: str | None
    asked_by: str | None
    told_by_me: bool
    """Whether the person told it or asked to take it back, so that another one must agree."""


@dataclass(frozen=True)
class MemberView:
    """A member, for the screen."""

    ref: str
    name: str
    id_number: str
    sex: str
    age: int
    unit_id: int
    unit: str
    card: str
    bank: str
    card_changed_at: datetime | None
    card_asked_by: str | None
    """Who named another card that waits for a second person."""
    card_asked_by_me: bool
    phone: str
    left_on: date | None
    death: DeathView | None
    covers: tuple[MemberCover, ...]
    claims: tuple[ClaimLine, ...]


def member_numbered(session: Session, person: User, ref: UUID, *, lock: bool = False) -> Member:
    """The member, if this person may see him; NotFound otherwise."""
    query = select(Member).where(Member.ref == ref)
    if sees_own_unit_only(person):
        query = query.where(Member.unit_id == person.unit_id)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(str(ref))
    return found


def member_view(session: Session, office: Office, person: User, found: Member) -> MemberView:
    """Gather the data for the screen of this member."""
    today, keys = office.today(), office.keys
    card, phone = card_of(keys, found), phone_of(keys, found)
    mine, waiting = own_accounts(session, person), waiting_card(session, found)
    claims = select(Claim).where(Claim.member_id == found.id, claims_seen_by(person))
    return MemberView(
        ref=str(found.ref),
        name=formatting.name(found.name),
        id_number=mask_id(id_number_of(keys, found)),
        sex=_(SEX_WORDS[found.sex]),
        age=age_on(found.birth_date, today),
        unit_id=found.unit_id,
        unit=found.unit.name,
        card=mask_card(card) if card else "",
        bank=found.bank_name or "",
        card_changed_at=found.card_changed_at,
        card_asked_by=session.get_one(User, waiting.asked_by).name if waiting else None,
        card_asked_by_me=waiting is not None and waiting.asked_by in mine,
        phone=mask_phone(phone) if phone else "",
        left_on=found.left_on,
        death=_death(session, mine, found),
        covers=tuple(cover_shown(each, today) for each in reversed(found.coverages)),
        claims=tuple(
            ClaimLine(
                each.number,
                each.state,
                labels.state(CLAIM, each.state),
                labels.benefit(each.benefit),
                each.received_on,
            )
            for each in session.scalars(claims.order_by(Claim.id.desc()))
        ),
    )


def _death(session: Session, mine: frozenset[int], found: Member) -> DeathView | None:
    death = death_of(session, found)
    if death is None:
        return None
    asked = session.get(User, death.doubted_by) if death.doubted_by else None
    return DeathView(
        known_on=death.known_at.astimezone(BEIJING).date(),
        source=_(SOURCE_WORDS[DeathSource(death.source)]),
        reason=death.reason,
        asked_by=asked.name if asked else None,
        told_by_me=not mine.isdisjoint((death.doubted_by, death.told_by)),
    )
