"""What a claim's papers say: read page by page, kept as fields, overruled by what people keyed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from documents.kinds import Kind
from documents.reading.fields import FieldName, extract
from documents.reading.page import PageReading
from models import Claim, Field, Member, Page
from workflows.claims.events.deaths import is_of_a_dead_member
from workflows.claims.events.event import established, leading_benefit
from workflows.claims.events.events_read import read_event
from workflows.claims.events.papers_show import PapersShow
from workflows.claims.papers import reading
from workflows.claims.papers.payee_papers import CARDS
from workflows.engine.office import Office
from workflows.engine.rows import NewRow, give, inserted
from workflows.sealed_values.claims import field_value, seal_field, text_of
from workflows.sealed_values.members import card_of


@dataclass(frozen=True)
class ReadField:
    """What the pages say of one field: the sealed value, how sure that is, and where it stands."""

    value: bytes
    confidence: float
    page_id: int
    box: tuple[int, int, int, int] | None


@dataclass(frozen=True)
class NewField(NewRow):
    """A field to insert."""

    table = Field

    claim_id: int
    name: str
    value: bytes
    confidence: float
    page_id: int
    box: tuple[int, int, int, int] | None
    corrected_by: None = None


@dataclass(frozen=True)
class Papers:
    """The papers of one claim, and what they and people say."""

    claim: Claim
    pages: list[Page]
    readings: list[PageReading]
    """What was read on each page, also on the cards of a dead member's heirs."""
    seen: list[PageReading]
    """The same, as the kinds that the reader took the pages for."""
    shown: PapersShow
    read_as: set[str]
    """The kinds the pages were read as, also where a person named a page another since."""
    disputed: set[str]
    """The fields about which the papers disagree, unless a person has decided it."""
    lone: set[str]
    """The facts that decide money and that only one paper bears out, unless a person has."""
    read: dict[str, ReadField]
    """What the pages say, by field, unless a person has keyed the field."""
    fields: dict[str, Field]
    """What is kept of it, and what a person keyed."""
    values: dict[str, str]
    """What each of the fields says."""
    told: list[dict[str, object]]
    """What people established of each event the claim asks for, or its kind alone."""
    events: list[dict[str, object]]
    """These events, as the papers show them and people have established them."""

    @property
    def are_of_a_dead_member(self) -> bool:
        """Whether the member has died, by their kinds and the events told."""
        return is_of_a_dead_member(self.shown.kinds, self.events)


def papers_of(session: Session, office: Office, claim: Claim) -> Papers:
    """Read the claim's papers; says also which benefit they are handed in for."""
    pages = [(document, page) for document in claim.documents for page in document.pages]
    named = [reading.named(session, office, document, page) for document, page in pages]
    seen = [reading.seen_on(session, office, document, page.number) for document, page in pages]
    kinds = _kinds(named)
    is_dead = claim.tells_death or Kind.DEATH_CERTIFICATE in kinds
    extraction = extract([_without_the_heirs(page) for page in named] if is_dead else named)
    keyed = {field.name: field for field in claim.fields if field.corrected_by is not None}
    values = {name: field_value(office.keys, field) for name, field in keyed.items()}
    read: dict[str, ReadField] = {}
    for name, said in extraction.fields.items():
        if name not in keyed:
            value = values[name] = text_of(said.value)
            sealed, page = seal_field(office.keys, claim.id, name, value), pages[said.page_index][1]
            read[name.value] = ReadField(sealed, said.confidence, page.id, said.box)
    if Kind.INSURANCE_RECORD in kinds and not is_dead:
        _take_card_of_register(session, office, claim, values, read)
    places = {name.value: said.page_index + 1 for name, said in extraction.fields.items()}
    shown = PapersShow(kinds, values, places)
    told = established(claim, shown)
    events = [read_event(shown, event) for event in told]
    # Relief is decided by the committee: papers filed with it do not make it another benefit.
    if not claim.is_relief:
        claim.benefit = leading_benefit(events)
    return Papers(
        claim=claim,
        pages=[page for _, page in pages],
        readings=named,
        seen=seen,
        shown=shown,
        read_as=_kinds(seen),
        disputed={str(each.name) for each in extraction.disagreements} - keyed.keys(),
        lone={str(name) for name in extraction.lone} - keyed.keys(),
        read=read,
        fields=keyed,
        values=values,
        told=told,
        events=events,
    )


def _kinds(pages: Iterable[PageReading]) -> set[str]:
    """One sheet often carries two papers, such as both sides of an ID card."""
    return {kind.value for page in pages for kind in (page.kind, *page.also)}


def _take_card_of_register(
    session: Session,
    office: Office,
    claim: Claim,
    values: dict[str, str],
    read: dict[str, ReadField],
) -> None:
    """Add the member's card where no paper has one: a stay that the medical-insurance side reports
    brings none. It is shown with the row that names the member."""
    name, id_number = FieldName.BANK_CARD_NUMBER.value, values.get(FieldName.ID_NUMBER)
    named = read.get(FieldName.ID_NUMBER.value)
    if name in values or id_number is None or named is None:
        return
    print_ = office.keys.fingerprint(id_number)
    with session.no_autoflush:
        member = session.scalar(select(Member).filter_by(id_print=print_))
    if member and (card := card_of(office.keys, member)):
        values[name] = card
        sealed = seal_field(office.keys, claim.id, name, card)
        read[name] = ReadField(sealed, 1.0, named.page_id, None)


def _without_the_heirs(page: PageReading) -> PageReading:
    """After a death the ID and bank cards are the heirs' and say nothing of the member."""
    return replace(page, lines=()) if page.kind in CARDS else page


def write_fields(session: Session, read: Sequence[Papers]) -> None:
    """Keep what was read and forget what no page says any more; what a person keyed stays.

    The new fields of all claims are written in one statement; each claim then holds its fields as
    if it had read them, since the check and adjudication look at them next.
    """
    new = []
    for papers in read:
        known = {field.name: field for field in papers.claim.fields}
        for name, said in papers.read.items():
            if name not in known:
                new.append(NewField(claim_id=papers.claim.id, name=name, **vars(said)))
                continue
            papers.fields[name] = known[name]
            for column, value in vars(said).items():
                setattr(known[name], column, value)
        for name in known.keys() - papers.fields.keys():
            session.delete(known[name])
    of_claim = {papers.claim.id: papers.fields for papers in read}
    for (field,) in inserted(session, insert(Field).returning(Field), new):
        of_claim[field.claim_id][field.name] = field
    for papers in read:
        give(papers.claim, "fields", sorted(papers.fields.values(), key=lambda field: field.id))
