"""What a dishonest person tries on claims, beside keying a card: events, answers, rests,
objections, late papers and relief."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.kinds import Kind
from documents.settlements.settlement_file import SettledStay, SettlementFile
from models import Answer, Claim, Objection, Relief
from rules.errors import Refused
from rules.money import Fen
from tests.desk import HOSPITAL, a_page
from tests.heirs import DIED_ON
from tests.machine.crooked_acts import Act, Deed
from workflows.claims.acts import (
    answers,
    denial,
    joining,
    overdue_revisions,
    relief,
    resting,
    told_events,
)
from workflows.claims.acts.relief import Sitting
from workflows.claims.approving import approval
from workflows.claims.judging import relief_review
from workflows.claims.objecting import objection_withdrawals, objections
from workflows.claims.objecting.objections import NewObjection
from workflows.claims.packets import claim_division, settlements, uploads
from workflows.claims.papers import late_papers
from workflows.sealed_values.members import id_number_of

WHY = "已核实"


def tell_an_event(session: Session, deed: Deed) -> None:
    """A longer stay, or a death by accident."""
    stay = {"kind": "hospital_stay", "admitted_on": "2026-01-02", "discharged_on": "2026-04-20"}
    death = {"kind": "accident", "happened_on": DIED_ON, "outcome": "death"}
    told, claim = (stay, death)[deed.at % 2], deed.claim(session)
    told_events.establish(session, deed.desk.office, deed.who, claim, told, reason=WHY)


def ask_for_more(session: Session, deed: Deed) -> None:
    kind = ("critical_illness", "accident", "hospital_stay")[deed.at % 3]
    told_events.ask_for(session, deed.desk.office, deed.who, deed.claim(session), kind)


def drop_an_event(session: Session, deed: Deed) -> None:
    told_events.drop_event(session, deed.desk.office, deed.who, deed.claim(session), 0, WHY)


def answer_a_question(session: Session, deed: Deed) -> None:
    claim, office = deed.claim(session), deed.desk.office
    for question in answers.open_questions(claim):
        for possible in answers.offered(question, deed.who)[:1]:
            told = (question.event, question.code, possible.answer, WHY)
            answers.answer_question(session, office, deed.who, claim, *told)
            return
    raise Refused("nothing is asked")


def agree_to_an_answer(session: Session, deed: Deed) -> None:
    given = deed.one(session, select(Answer).order_by(Answer.id))
    claim = session.get_one(Claim, given.claim_id, with_for_update=True)
    answers.confirm_answer(session, deed.desk.office, deed.who, claim, given.id)


def hold(session: Session, deed: Deed) -> None:
    day = deed.desk.office.today() + timedelta(days=3)
    resting.hold(session, deed.desk.office, deed.who, deed.claim(session), WHY, day)


def resume(session: Session, deed: Deed) -> None:
    resting.resume(session, deed.desk.office, deed.who, deed.claim(session))


def withdraw_a_claim(session: Session, deed: Deed) -> None:
    resting.withdraw(session, deed.desk.office, deed.who, deed.claim(session), WHY)


def divide_a_claim(session: Session, deed: Deed) -> None:
    claim = deed.claim(session)
    pages = sum(document.page_count for document in claim.documents)
    asked = session, deed.desk.office, deed.who, claim
    claim_division.divide_claim(*asked, claim_division.cut_claim(*asked, range(pages)))


def leave_another_claim(session: Session, deed: Deed) -> None:
    joining.leave(session, deed.desk.office, deed.who, deed.claim(session), WHY)


def end_a_revision(session: Session, deed: Deed) -> None:
    overdue_revisions.end(session, deed.desk.office, deed.who, deed.claim(session), WHY)


def propose_a_denial(session: Session, deed: Deed) -> None:
    clause = "CAUSE_NOT_COVERED"
    denial.propose_denial(session, deed.desk.office, deed.who, deed.claim(session), clause, WHY)


def send_a_claim_back(session: Session, deed: Deed) -> None:
    approval.send_back(session, deed.desk.office, deed.who, deed.claim(session), WHY)


def send_a_paper_with_his_card(session: Session, deed: Deed) -> None:
    """With a claim, as its late paper."""
    card = a_page(Kind.BANK_CARD, "中国建设银行", deed.crook.other_card)
    files = [("card.jpg", deed.desk.scan(card))]
    uploads.upload(session, deed.desk.office, deed.who, files, deed.claim(session))


def take_in_a_stay_that_never_was(session: Session, deed: Deed) -> None:
    """A settlement file that he wrote himself: of a member's stay, longer than his papers say."""
    office, member = deed.desk.office, deed.claim(session).member
    if member is None:
        raise Refused("nobody is known")
    days = date(2026, 3, 2), date(2026, 3, 20 + deed.at % 9)
    said = (2, member.name, id_number_of(office.keys, member), HOSPITAL, *days, "肺炎")
    read = SettlementFile((SettledStay(*said, None, None, None),), ())
    settlements.take_settlements(session, office, deed.who, "a.xlsx", f"{read}".encode(), read)


def say_that_papers_change_nothing(session: Session, deed: Deed) -> None:
    late_papers.propose_let_stand(session, deed.desk.office, deed.who, deed.claim(session), WHY)


def decide_that_papers_change_nothing(session: Session, deed: Deed) -> None:
    decide = (late_papers.let_stand, late_papers.refuse_let_stand)[deed.at % 2]
    decide(session, deed.desk.office, deed.who, deed.claim(session))


def object_to_a_decision(session: Session, deed: Deed) -> None:
    said = NewObjection(deed.desk.office.today(), "member", "张三", "少算了天数")
    card = a_page(Kind.BANK_CARD, "中国建设银行", deed.crook.other_card)
    files = [("card.jpg", deed.desk.scan(card))]
    office, claim = deed.desk.office, deed.claim(session)
    objections.register(session, office, deed.who, claim, said, WHY, files[: deed.at % 2])


def send_papers_with_an_objection(session: Session, deed: Deed) -> None:
    card = a_page(Kind.BANK_CARD, "中国建设银行", deed.crook.other_card)
    files = [("card.jpg", deed.desk.scan(card))]
    objection = _objection(session, deed)
    uploads.upload_with_objection(session, deed.desk.office, deed.who, objection, files)


def hear_an_objection(session: Session, deed: Deed) -> None:
    decide = (objections.uphold, objections.reject)[deed.at % 2]
    decide(session, deed.desk.office, deed.who, _objection(session, deed), WHY)


def take_an_objection_back(session: Session, deed: Deed) -> None:
    """Ask for it; where that was done already, agree or refuse."""
    office, objection = deed.desk.office, _objection(session, deed)
    if objection.withdrawal_by is None:
        about = (objection, office.today(), WHY)
        objection_withdrawals.ask_to_withdraw(session, office, deed.who, *about)
    elif deed.at % 2:
        objection_withdrawals.confirm_withdrawal(session, office, deed.who, objection)
    else:
        objection_withdrawals.refuse_withdrawal(session, office, deed.who, objection)


def apply_for_relief(session: Session, deed: Deed) -> None:
    relief.apply(session, deed.desk.office, deed.who, deed.claim(session), "困难", Fen(300_000))


def take_an_application_back(session: Session, deed: Deed) -> None:
    relief.withdraw(session, deed.desk.office, deed.who, _relief(session, deed))


def sit_over_relief(session: Session, deed: Deed) -> None:
    """The committee never met."""
    office, row = deed.desk.office, _relief(session, deed)
    sitting = Sitting(office.today(), "会议纪要〔2026〕3号")
    if deed.at % 3:
        relief.grant(session, office, deed.who, row, Fen(300_000), sitting)
    else:
        relief.refuse(session, office, deed.who, row, WHY, sitting)


def keep_doubted_relief(session: Session, deed: Deed) -> None:
    relief_review.keep(session, deed.desk.office, deed.who, _relief(session, deed), WHY)


def _objection(session: Session, deed: Deed) -> Objection:
    return deed.one(session, select(Objection).order_by(Objection.id))


def _relief(session: Session, deed: Deed) -> Relief:
    return deed.one(session, select(Relief).order_by(Relief.id))


ON_CLAIMS: tuple[Act, ...] = (
    tell_an_event,
    ask_for_more,
    drop_an_event,
    answer_a_question,
    agree_to_an_answer,
    hold,
    resume,
    withdraw_a_claim,
    divide_a_claim,
    leave_another_claim,
    end_a_revision,
    propose_a_denial,
    send_a_claim_back,
    send_a_paper_with_his_card,
    take_in_a_stay_that_never_was,
    say_that_papers_change_nothing,
    decide_that_papers_change_nothing,
    object_to_a_decision,
    send_papers_with_an_objection,
    hear_an_objection,
    take_an_objection_back,
    apply_for_relief,
    take_an_application_back,
    sit_over_relief,
    keep_doubted_relief,
)
