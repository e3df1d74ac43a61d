"""What the letter says of the days and sums by which money is given back (R36)."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.letters.contents import AgreedInstalment, InstalmentNotice
from models import Claim, Decision, Letter, Recovery, RecoveryInstalment
from rules.money import Fen
from workflows.claims.letters.decided_parts import decided_part
from workflows.claims.letters.objection_letters import account_to_pay_to, part_of_right
from workflows.claims.letters.occasions import ids_in
from workflows.engine.office import Office
from workflows.sealed_values.claims import heir_person


def instalment_notice(
    session: Session, office: Office, letter: Letter, claim: Claim, common: dict[str, Any]
) -> InstalmentNotice:
    """By which days how much is to come in, all together, and to which account."""
    ids = ids_in(letter.occasion)
    query = select(RecoveryInstalment).where(RecoveryInstalment.id.in_(ids))
    agreed = session.scalars(query.order_by(RecoveryInstalment.due_on)).all()
    recovery = session.get_one(Recovery, agreed[0].recovery_id)
    account = account_to_pay_to(session, office, recovery)
    if recovery.heir:
        common["greeting"] = heir_person(office.keys, recovery.heir).name
    decision = session.get_one(Decision, recovery.decision_id)
    return InstalmentNotice(
        **common,
        recovery_number=recovery.number,
        part=decided_part(part_of_right(decision, recovery.entitlement)),
        amount=Fen(sum(each.amount for each in agreed)),
        instalments=tuple(AgreedInstalment(each.due_on, each.amount) for each in agreed),
        account_holder=account.name,
        account=account.account,
        bank_name=account.bank,
    )
