"""The claim that carries out what the relief committee decided; it has no papers of its own."""

from hashlib import sha256

from sqlalchemy.orm import Session

from documents.reading.fields import FieldName
from models import Claim, Field, Relief, User
from rules.verdict import Benefit
from workflows.claims.acts.relief_payees import payee_of_relief
from workflows.claims.sums.payees import PAYEE_FIELDS
from workflows.engine.moves import start
from workflows.engine.office import Office
from workflows.engine.rows import next_id, numbered
from workflows.member_cards import cards_of, note_card_makers
from workflows.people.claim_makers import Made, ever_makers_of, item, note_maker
from workflows.sealed_values.claims import seal_field, values_of


def claim_of(session: Session, office: Office, person: User, relief: Relief) -> Claim:
    """The claim the decision is carried out by: the one that was sent back, or a new one."""
    claim = relief.claim or _open(session, office, person, relief)
    session.refresh(claim, with_for_update=True)
    applicant = session.get_one(User, relief.applied_by)
    for maker in (person, applicant):
        note_maker(session, claim, maker, Made.DECISION)
    return claim


def _open(session: Session, office: Office, person: User, relief: Relief) -> Claim:
    """A claim for the same member, to the card last paid, with no papers of its own."""
    after = relief.after_claim
    payee = payee_of_relief(session, office, after)
    id_ = next_id(session, Claim)
    claim = Claim(
        id=id_,
        number=numbered("HZ", office.today(), id_),
        digest=sha256(f"relief:{relief.number}".encode()).hexdigest(),
        received_on=relief.applied_on,
        received_at=office.clock(),
        complete_at=office.clock(),
        benefit=Benefit.SECOND_RELIEF.value,
        member_id=relief.member_id,
        unit_id=after.unit_id,
        card_print=office.keys.fingerprint(payee[FieldName.BANK_CARD_NUMBER]),
    )
    told = {"relief": relief.number, "payee_of": after.version}
    start(session, claim, "receive", office, person, **told)
    known = {FieldName.ID_NUMBER: values_of(office.keys, after)[FieldName.ID_NUMBER]}
    for name, value in (known | payee).items():
        sealed = seal_field(office.keys, id_, name, value)
        claim.fields.append(Field(name=name.value, value=sealed, confidence=1.0))
    session.flush()
    # The card last paid may have been keyed over since: who keyed it then made this payee too.
    for maker in ever_makers_of(session, after, [item(name) for name in PAYEE_FIELDS]):
        note_maker(session, claim, maker, Made.PAYEE)
    note_card_makers(session, [claim], cards_of(session, [claim.member_id]))
    return claim
