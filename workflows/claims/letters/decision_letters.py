"""The letters that tell a decision: what is paid and how it was worked out, or why not."""

from typing import Any

from sqlalchemy.orm import Session

from documents.letters import contents
from documents.letters.writing import dates_in_words
from documents.masks import mask_card
from language import _
from models import (
    Claim,
    Decision,
    DecisionPart,
    Heir,
    Letter,
)
from rules.money import Fen
from rules.notice import quote
from rules.shares import share_text
from rules.verdict import Outcome
from workflows.claims.letters.decided_parts import decided_part, ground_told, is_internal
from workflows.claims.letters.objection_letters import (
    before_and_now,
    heir_had_before,
    told_of_paid_before,
)
from workflows.claims.letters.occasions import ids_in
from workflows.claims.letters.set_off_letters import paid_out_beside_set_off, set_off
from workflows.claims.letters.terms import last_day_to_object
from workflows.claims.sums.balances import paid_under
from workflows.claims.sums.payees import heir_share, payee_from_heir
from workflows.engine.office import Office
from workflows.sealed_values.claims import Payee, payee_of
from workflows.sealed_values.decisions import line_text, reason_text


def payment_notice(
    session: Session, office: Office, letter: Letter, claim: Claim, common: dict[str, Any]
) -> contents.PaymentNotice:
    """What is paid to the member, and how it was worked out."""
    decision = _decision(session, letter)
    payee = _payee(office, claim, decision)
    return contents.PaymentNotice(
        **common,
        **_worked_out(session, claim, decision),
        payee_name=payee.name,
        bank_name=payee.bank_name,
        card_masked=mask_card(payee.account),
        paid_out=paid_out_beside_set_off(claim, decision),
        topped_up=sums[1] if (sums := before_and_now(claim, decision)) else None,
        object_by=last_day_to_object(office, common["issued_on"]),
    )


def heir_notice(
    session: Session, office: Office, letter: Letter, claim: Claim, common: dict[str, Any]
) -> contents.HeirNotice:
    """What is paid, and the share of one heir."""
    decision_id, heir_id = ids_in(letter.occasion)
    decision, heir = session.get_one(Decision, decision_id), session.get_one(Heir, heir_id)
    payee = payee_from_heir(office.keys, heir)
    # What came back and was paid again is told once.
    own = {p.entitlement_id: p for p in paid_under(claim, decision) if p.heir_id == heir_id}
    return contents.HeirNotice(
        **common,
        **_worked_out(session, claim, decision),
        heir_name=payee.name,
        share=share_text(heir_share(heir)),
        amount=Fen(sum(payment.amount for payment in own.values())),
        had_before=heir_had_before(claim, decision, heir) or None,
        bank_name=payee.bank_name,
        card_masked=mask_card(payee.account),
        object_by=last_day_to_object(office, common["issued_on"]),
    )


def _worked_out(session: Session, claim: Claim, decision: Decision) -> dict[str, Any]:
    """What is paid and how it was worked out."""
    return {
        "parts": tuple(map(decided_part, decision.parts)),
        "lines": tuple(
            contents.SumLine(_of(decision, part, line_text(line)), line.article, line.amount)
            for part in decision.parts
            for line in part.lines
        ),
        "notes": tuple(
            contents.Note(_of(decision, part, reason_text(reason)), reason.article)
            for part in decision.parts
            if part.outcome == Outcome.PAY
            for reason in part.reasons
            if not is_internal(part, reason)
        )
        + tuple(told_of_paid_before(claim, decision))
        + tuple(set_off(session, claim, decision)),
        "grounds": _grounds(decision),
        "total": decision.amount,
    }


def denial_notice(
    session: Session, office: Office, letter: Letter, claim: Claim, common: dict[str, Any]
) -> contents.DenialNotice:
    """Why nothing is paid, each ground with its article."""
    decision = _decision(session, letter)
    return contents.DenialNotice(
        **common,
        parts=tuple(map(decided_part, decision.parts)),
        grounds=_grounds(decision),
        object_by=last_day_to_object(office, common["issued_on"]),
    )


def _grounds(decision: Decision) -> tuple[contents.Ground, ...]:
    """Why parts are not paid, each ground with its article and the words it rests on."""
    return tuple(
        contents.Ground(
            reason.article,
            _of(decision, part, ground_told(part, reason)),
            quote(reason.article, reason.code),
        )
        for part in decision.parts
        if part.outcome != Outcome.PAY
        for reason in part.reasons
        if not is_internal(part, reason)
    )


def _of(decision: Decision, part: DecisionPart, text: str) -> str:
    """The text, and where the decision has several parts which of them it is about."""
    text = dates_in_words(text)
    if len(decision.parts) == 1:
        return text
    words = {"number": decision.parts.index(part) + 1, "text": text}
    return _("第 %(number)s 项：%(text)s") % words


def _decision(session: Session, letter: Letter) -> Decision:
    """The decision the letter is about: the first id that its occasion names."""
    return session.get_one(Decision, ids_in(letter.occasion)[0])


def _payee(office: Office, claim: Claim, decision: Decision) -> Payee:
    """The first payee of this decision; where it pays nothing more, that of the last payment."""
    own = paid_under(claim, decision) or claim.payments[-1:]
    return payee_of(office.keys, own[0])
