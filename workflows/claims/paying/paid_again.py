"""What came back is paid again (重新付款), once nothing about its payee is open."""

from sqlalchemy.orm import Session

from language import _
from models import Claim, Payment, User
from models.machines.claims import CLAIM
from models.states import ClaimState
from rules.errors import OwnWork, Refused
from workflows.claims.judging.document_check import check_payee
from workflows.claims.judging.facts import goes_to_heirs
from workflows.claims.judging.reversal import can_reverse
from workflows.claims.papers import reading
from workflows.claims.papers.new_card import card_after_return
from workflows.claims.paying.refused_cards import refused_cards
from workflows.claims.sums.bank_doubts import refuse_late_credits
from workflows.claims.sums.confirmed_payees import unconfirmed
from workflows.claims.sums.payees import heirs_stand
from workflows.engine.history import record
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.people.claim_makers import Made, ever_makers_of, note_maker
from workflows.people.persons import own_accounts
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require


def pay_again(
    session: Session, office: Office, person: User, claim: Claim, reason: str = ""
) -> None:
    """Ask that what came back is paid again: the claim goes before the supervisor once its papers
    are read and nothing about the payee is open, and waits as returned until then.

    A claim that waits for the supervisor already may be put again after a change, because another
    part of it was paid and cannot be decided anew. Where the bank refused the card and it is still
    the same, it needs a reason. Who said that the money came back does not have it paid again.
    """
    require(person, Act.CORRECT)
    if not can_pay_again(session, claim):
        raise Refused(_("案件 %(number)s 没有需要重新付款的部分") % {"number": claim.number})
    if _said_it_came_back(session, person, claim):
        raise OwnWork(_("退票是本人载入或认定的，重新付款须由另一人提请"))
    refuse_late_credits(session, Payment.claim_id == claim.id)
    if CLAIM.move("read_filed", claim.state) and reading.has_unread(session, claim):
        note_maker(session, claim, person, Made.DECISION)
        advance(session, claim, "read_filed", office, person)
        return
    _refuse_another_payee(session, office, claim)
    why = {}
    if unchanged := refused_cards(office, claim):
        sentence = _("%(returns)s；收款账户没有更改，请写明仍付原账户的原因")
        refusal = sentence % {"returns": _("；").join(unchanged)}
        why = {"reason": told_reason(reason, refusal)}
    note_maker(session, claim, person, Made.DECISION)
    if _check_payee(session, office, claim):
        advance(session, claim, "pay_again", office, person, **why)
    elif claim.state == ClaimState.RETURNED:
        advance(session, claim, "question_payee", office, person)
    else:
        # A change after it was proposed: nobody can approve it before it is asked for again.
        record(session, claim, "question_payee", office.clock(), person.id)


def _refuse_another_payee(session: Session, office: Office, claim: Claim) -> None:
    """Refused while heirs are wanted, or another card has no paper or no second person."""
    if goes_to_heirs(session, office, claim):
        if not heirs_stand(claim):
            raise Refused(_("会员已身故，请先录入继承人，并由另一人确认"))
        return
    card = card_after_return(session, office, claim)
    if card and card.is_changed and not card.came and not claim.is_relief:
        raise Refused(_("请先补交新卡的材料，再由没有经手过此案的人核对"))
    if unconfirmed(session, office, [claim]):
        raise Refused(_("收款账户已更改，须先由没有经手过此案的人核对"))


def _check_payee(session: Session, office: Office, claim: Claim) -> bool:
    """Have the document check look at the payee; whether nothing about him is open.

    Relief has no papers.
    """
    if claim.is_relief:
        return True
    is_in_order = check_payee(session, office, claim)
    # Its papers may say that the member has died: then his heirs are to be keyed first.
    return is_in_order and (not goes_to_heirs(session, office, claim) or heirs_stand(claim))


def _said_it_came_back(session: Session, person: User, claim: Claim) -> bool:
    own = own_accounts(session, person)
    return any(each.id in own for each in ever_makers_of(session, claim, [Made.RETURN]))


def can_pay_again(session: Session, claim: Claim) -> bool:
    """Whether the claim was returned, or waits for the supervisor with a part that was."""
    if claim.state == ClaimState.PROPOSED:
        return not can_reverse(session, claim)
    return CLAIM.move("pay_again", claim.state) is not None
