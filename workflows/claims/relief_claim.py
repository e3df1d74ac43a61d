"""The claim that carries out what the relief committee decided; it has no papers of its own."""

from hashlib import sha256

from sqlalchemy.orm import Session

from documents.reading.fields import FieldName
from models import Claim, Field, Relief, User
from rules.verdict import Benefit
from workflows.claims.payees import PAYEE_FIELDS
from workflows.engine.moves import start
from workflows.engine.office import Office
from workflows.engine.rows import next_id, numbered
from workflows.people.claim_makers import Made, item, makers_of, note_maker
from workflows.sealed_values import field_value, seal_field


def claim_of(session: Session, office: Office, person: User, relief: Relief) -> Claim:
    """The claim the decision is carried out by: the one that was sent back, or a new one."""
    claim = relief.claim or _open(session, office, person, relief)
    session.refresh(claim, with_for_update=True)
    applicant = session.get_one(User, relief.applied_by)
    for maker in (person, applicant):
        note_maker(session, claim, maker, Made.DECISION)
    return claim


def _open(session: Session, office: Office, person: User, relief: Relief) -> Claim:
    """A claim for the same member and account, with no papers of its own."""
    after = relief.after_claim
    id_ = next_id(session, Claim)
    claim = Claim(
        id=id_,
        number=numbered("HZ", office.today(), id_),
        digest=sha256(f"relief:{relief.number}".encode()).hexdigest(),
        received_on=relief.applied_on,
        received_at=office.clock(),
        complete_at=office.clock(),
        benefit=Benefit.SECOND_RELIEF.value,
        events=[],
        member_id=relief.member_id,
        unit_id=after.unit_id,
        card_print=after.card_print,
    )
    told = {"relief": relief.number, "payee_of": after.version}
    start(session, claim, "receive", office, person, **told)
    for field in after.fields:
        if field.name in (FieldName.ID_NUMBER, *PAYEE_FIELDS):
            value = seal_field(office.keys, id_, field.name, field_value(office.keys, field))
            claim.fields.append(Field(name=field.name, value=value, confidence=field.confidence))
    session.flush()
    for maker in makers_of(session, after, [item(name) for name in PAYEE_FIELDS]):
        note_maker(session, claim, maker, Made.PAYEE)
    return claim
