"""The heirs of a claim whose member has died, as its screen shows them and their form offers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from console.queries.sheets import PageTab
from documents.kinds import Kind
from documents.masks import mask_card, mask_id
from language import _
from models import Claim, Heir, User
from rules.shares import share_text
from workflows.claims.facts import goes_to_heirs
from workflows.claims.heirs import RELATIONS
from workflows.claims.payees import heir_share
from workflows.engine.office import Office
from workflows.sealed_values import heir_person

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


@dataclass(frozen=True)
class HeirsView:
    """The heirs in force, the lines of the form, and the pages a line can point to.

    `waits` says that somebody must confirm them, `keyed_by_me` that it cannot be the reader.
    """

    lines: tuple[HeirLine, ...]
    form: tuple[HeirLine, ...]
    relations: dict[str, str]
    proofs: tuple[PageTab, ...]
    statements: tuple[PageTab, ...]
    statement_page: int | None
    keyed_by: str
    waits: bool
    keyed_by_me: bool


def heirs_view(
    session: Session, office: Office, person: User, claim: Claim, sheets: Sequence[PageTab]
) -> HeirsView | None:
    """What the screen shows of heirs; None while the money goes to the member himself."""
    if not claim.heirs and not goes_to_heirs(session, office, claim):
        return None
    lines = tuple(_line(session, office, heir) for heir in claim.heirs)
    first = claim.heirs[0] if claim.heirs else None
    empty = max(_LEAST_LINES - len(lines), 1)
    return HeirsView(
        lines=lines,
        form=(*lines, *[HeirLine()] * empty),
        relations={code: _(word) for code, word in RELATIONS.items()},
        proofs=tuple(sheet for sheet in sheets if sheet.kind == Kind.RELATIONSHIP_PROOF),
        statements=tuple(sheet for sheet in sheets if sheet.kind == Kind.JOINT_STATEMENT),
        statement_page=first.statement_page_id if first else None,
        keyed_by=session.get_one(User, first.keyed_by).name if first else "",
        waits=any(heir.confirmed_at is None for heir in claim.heirs),
        keyed_by_me=any(heir.keyed_by == person.id for heir in claim.heirs),
    )


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
    )
