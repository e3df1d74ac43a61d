"""The heirs of a claim whose member has died, as its screen shows them and their form offers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import labels
from console.queries.sheets import PageTab
from console.stale import mark_of_heirs
from documents.kinds import Kind
from documents.masks import mask_card, mask_id
from language import _
from models import Claim, Document, Heir, Page, User
from rules.shares import share_text
from workflows.claims.acts.heirs import RELATIONS
from workflows.claims.acts.heirs_known import heirs_known
from workflows.claims.acts.heirs_unread import UNREAD
from workflows.claims.judging.facts import goes_to_heirs
from workflows.claims.sums.payees import heir_share
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.people.persons import own_accounts
from workflows.sealed_values.claims import heir_person

_LEAST_LINES = 3


@dataclass(frozen=True)
class HeirLine:
    """One heir, numbers masked; an empty line of the form has no id."""

    id: int | None = None
    name: str = ""
    relation: str = ""
    word: str = ""
    id_number: str = ""
    account: str = ""
    bank_name: str = ""
    share: str = ""
    proof_page: int | None = None
    confirmed_by: str = ""
    unread: tuple[str, ...] = ()
    """What is said of the values that are read on no page of the papers."""


@dataclass(frozen=True)
class PageChoice:
    """A page that proves something: of this claim, or of the one whose heirs are known."""

    id: int
    words: str


@dataclass(frozen=True)
class HeirsView:
    """The heirs in force, the lines of the form, and the pages a line can point to.

    `waits` says that somebody must confirm them, `keyed_by_me` that it cannot be the reader.
    `known_from` is the number of the member's claim whose heirs the form offers; empty if none.
    """

    lines: tuple[HeirLine, ...]
    form: tuple[HeirLine, ...]
    relations: dict[str, str]
    proofs: tuple[PageChoice, ...]
    statements: tuple[PageChoice, ...]
    statement_page: int | None
    mark: str
    """What the form sends back, so that it is noticed where other heirs were keyed since."""
    keyed_by: str
    waits: bool
    keyed_by_me: bool
    known_from: str


def heirs_view(
    session: Session, office: Office, person: User, claim: Claim, sheets: Sequence[PageTab]
) -> HeirsView | None:
    """What the screen shows of heirs; None while the money goes to the member himself."""
    if not claim.heirs and not goes_to_heirs(session, office, claim):
        return None
    lines = tuple(_line(session, office, heir) for heir in claim.heirs)
    known = () if lines else heirs_known(session, claim)
    offered = lines or tuple(_line(session, office, heir) for heir in known)
    first = next(iter(claim.heirs), None)
    listed = first or next(iter(known), None)
    number = session.get_one(Claim, known[0].claim_id).number if known else ""
    all_ = (*claim.heirs, *known)
    empty = max(_LEAST_LINES - len(offered), 1)
    return HeirsView(
        lines=lines,
        form=(*offered, *[HeirLine()] * empty),
        relations={code: _(word) for code, word in RELATIONS.items()},
        proofs=_choices(session, sheets, Kind.RELATIONSHIP_PROOF, (h.proof_page_id for h in all_)),
        statements=_choices(
            session, sheets, Kind.JOINT_STATEMENT, (h.statement_page_id for h in all_)
        ),
        statement_page=listed.statement_page_id if listed else None,
        mark=mark_of_heirs(claim.heirs),
        keyed_by=session.get_one(User, first.keyed_by).name if first else "",
        waits=any(heir.confirmed_at is None for heir in claim.heirs),
        keyed_by_me=not own_accounts(session, person).isdisjoint(h.keyed_by for h in claim.heirs),
        known_from=number,
    )


def _choices(
    session: Session, sheets: Sequence[PageTab], kind: Kind, proved: Iterable[int]
) -> tuple[PageChoice, ...]:
    """The claim's pages of this kind, and those of another claim by which the heirs are proved."""
    own = [PageChoice(s.id, f"p{s.place} {s.word}") for s in sheets if s.kind == kind]
    others = session.execute(
        select(Page.id, Claim.number)
        .join(Document, Document.id == Page.document_id)
        .join(Claim, Claim.id == Document.claim_id)
        .where(any_of(Page.id, set(proved) - {sheet.id for sheet in sheets}))
        .order_by(Page.id)
    )
    return (*own, *(PageChoice(id_, f"{number} {labels.kind(kind)}") for id_, number in others))


def _line(session: Session, office: Office, heir: Heir) -> HeirLine:
    person = heir_person(office.keys, heir)
    confirmed_by = session.get(User, heir.confirmed_by) if heir.confirmed_by else None
    return HeirLine(
        id=heir.id,
        name=person.name,
        relation=heir.relation,
        word=_(RELATIONS[heir.relation]),
        id_number=mask_id(person.id_number),
        account=mask_card(person.account),
        bank_name=person.bank_name,
        share=share_text(heir_share(heir)),
        proof_page=heir.proof_page_id,
        confirmed_by=confirmed_by.name if confirmed_by else "",
        unread=tuple(_(UNREAD[value]) for value in heir.unread),
    )
