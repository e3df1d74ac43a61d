"""What the document check finds, and how each finding is closed by a paper or by a person."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.kinds import Kind
from documents.reading.page import PageReading
from models import AuditEvent, Claim, Field, Finding, Letter, Page, User
from models.people import Role
from models.states import ClaimState
from rules.errors import Refused
from tests.desk import HOSPITAL, Desk, Person, a_card_number, a_page, an_id_number, handed_in
from tests.opened import facts as facts_of
from workflows.claims.acts import correction, told_events
from workflows.engine.sealed_details import detail_of
from workflows.sealed_values.claims import field_value

ELSEWHERE = "吉林市中心医院"


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


def letters(desk: Desk) -> list[str]:
    with desk.office.sessions.read_only() as session:
        return list(session.scalars(select(Letter.kind).order_by(Letter.id)))


def finding_id(session: Session, claim_id: int, code: str) -> int:
    return session.scalars(
        select(Finding.id).filter_by(claim_id=claim_id, code=code, closed_at=None)
    ).one()


def answer(desk: Desk, clerk: User, claim_id: int, code: str, reason: str = "已核实") -> None:
    with desk.at(claim_id) as (session, claim):
        about = finding_id(session, claim_id, code)
        correction.answer(session, desk.office, clerk, claim, about, reason)
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()


def value_of(desk: Desk, claim_id: int, name: str) -> str | None:
    with desk.office.sessions.read_only() as session:
        field = session.scalar(select(Field).filter_by(claim_id=claim_id, name=name))
        return field_value(desk.office.keys, field) if field else None


def test_a_claim_in_order_has_no_findings_and_goes_on(desk: Desk) -> None:
    claim_id = handed_in(desk)
    assert desk.open_findings(claim_id) == set()
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    assert letters(desk) == []


@pytest.mark.parametrize(
    "kind",
    [
        Kind.APPLICATION_FORM,
        Kind.ID_CARD_FRONT,
        Kind.ID_CARD_BACK,
        Kind.BANK_CARD,
        Kind.DISCHARGE_RECORD,
    ],
)
def test_each_paper_of_a_stay_is_missed_by_name_and_asked_for_once(desk: Desk, kind: Kind) -> None:
    claim_id = handed_in(desk, without=(kind,))
    assert desk.open_findings(claim_id) == {("MISSING_PAPER", kind.value)}
    assert desk.state_of(claim_id) == ClaimState.INCOMPLETE
    assert letters(desk) == ["supplement_notice"]
    desk.clock.pass_(hours=1)
    desk.work()
    assert letters(desk) == ["supplement_notice"]


def test_two_papers_copied_on_one_sheet_are_both_there(desk: Desk) -> None:
    person = desk.member()
    both = replace(
        a_page(Kind.ID_CARD_FRONT, f"姓名 {person.name}", f"公民身份号码 {person.id_number}"),
        also=(Kind.ID_CARD_BACK,),
    )
    claim_id = handed_in(
        desk, person, without=(Kind.ID_CARD_FRONT, Kind.ID_CARD_BACK), more=(both,)
    )
    assert desk.open_findings(claim_id) == set()
    assert desk.state_of(claim_id) == ClaimState.PROPOSED


def test_an_event_the_rules_could_not_read_is_refused_at_once(desk: Desk, clerk: User) -> None:
    claim_id = handed_in(desk, name_on_record="张山")
    half: dict[str, object] = {"kind": "critical_illness", "illness": "malignant_tumour"}
    with pytest.raises(Refused, match="diagnosed_on"), desk.at(claim_id) as (session, claim):
        told_events.establish(session, desk.office, clerk, claim, half, reason="已核对材料")
    assert desk.state_of(claim_id) == ClaimState.IN_QUESTION


@pytest.mark.parametrize("kind", [Kind.SETTLEMENT_SHEET, Kind.INVOICE])
def test_a_stay_elsewhere_wants_a_settlement_sheet_or_an_invoice(desk: Desk, kind: Kind) -> None:
    without = handed_in(desk, hospital=ELSEWHERE)
    assert desk.open_findings(without) == {("MISSING_PAPER", "settlement_sheet")}
    proof = a_page(kind, "医疗费用")
    with_it = handed_in(desk, desk.member("李四"), hospital=ELSEWHERE, more=(proof,))
    assert desk.open_findings(with_it) == set()


def test_a_pathology_report_makes_it_an_illness_and_asks_for_its_papers(desk: Desk) -> None:
    report = a_page(Kind.PATHOLOGY_REPORT, "病理诊断报告", "病理诊断:腺癌")
    claim_id = handed_in(desk, more=(report,))
    assert desk.open_findings(claim_id) == {
        ("MISSING_PAPER", "diagnosis_certificate"),
        ("EVENT_WANTED", "event"),
    }
    assert desk.state_of(claim_id) == ClaimState.INCOMPLETE


def test_an_illness_waits_until_a_person_says_which_and_is_then_paid(
    desk: Desk, clerk: User
) -> None:
    report = a_page(Kind.PATHOLOGY_REPORT, "病理诊断报告", "病理诊断:腺癌")
    certificate = a_page(Kind.DIAGNOSIS_CERTIFICATE, "诊断证明书", "诊断:肺腺癌")
    claim_id = handed_in(desk, more=(report, certificate))
    assert desk.open_findings(claim_id) == {("EVENT_WANTED", "event")}
    assert desk.state_of(claim_id) == ClaimState.IN_QUESTION
    illness: dict[str, object] = {
        "kind": "critical_illness",
        "illness": "malignant_tumour",
        "diagnosed_on": "2026-05-05",
        "first_diagnosis": True,
    }
    with desk.at(claim_id) as (session, claim):
        told_events.establish(session, desk.office, clerk, claim, illness, reason="已核对材料")
    desk.work()
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    # The stay the packet also shows is paid beside it (R14).
    assert desk.decision(claim_id).amount == 1_060_000


def test_an_illegible_page_is_a_question_before_papers_are_asked_for(
    desk: Desk, clerk: User
) -> None:
    dark = a_page(Kind.OTHER, confidence=0.1)
    claim_id = handed_in(desk, without=(Kind.ID_CARD_BACK,), more=(dark,))
    codes = {code for code, _ in desk.open_findings(claim_id)}
    assert codes == {"MISSING_PAPER", "PAGE_UNCLEAR"}
    assert desk.state_of(claim_id) == ClaimState.IN_QUESTION
    assert letters(desk) == []
    name_the_dark_page(desk, clerk, claim_id, Kind.ID_CARD_BACK)
    assert desk.open_findings(claim_id) == set()
    assert desk.state_of(claim_id) == ClaimState.PROPOSED


def name_the_dark_page(desk: Desk, clerk: User, claim_id: int, kind: Kind) -> None:
    with desk.at(claim_id) as (session, claim):
        page_id = session.scalars(
            select(Page.id).where(Page.confidence < 0.5, Page.kind == Kind.OTHER)
        ).one()
        correction.name_kind(session, desk.office, clerk, claim, page_id, kind)
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()


def test_an_illegible_page_that_is_no_paper_leaves_the_missing_one_wanted(
    desk: Desk, clerk: User
) -> None:
    dark = a_page(Kind.OTHER, confidence=0.1)
    claim_id = handed_in(desk, without=(Kind.ID_CARD_BACK,), more=(dark,))
    name_the_dark_page(desk, clerk, claim_id, Kind.OTHER)
    assert desk.open_findings(claim_id) == {("MISSING_PAPER", "id_card_back")}
    assert desk.state_of(claim_id) == ClaimState.INCOMPLETE
    assert letters(desk) == ["supplement_notice"]


def unread(page: PageReading, *words: str) -> PageReading:
    """The page without the lines that hold one of these words."""
    return replace(
        page, lines=tuple(x for x in page.lines if not any(word in x.text for word in words))
    )


@pytest.mark.parametrize(
    ("name", "words", "right"),
    [
        ("hospital_name", ("医院",), HOSPITAL),
        ("admitted_on", ("入院日期",), "2026-03-02"),
        ("discharged_on", ("出院日期",), "2026-03-14"),
    ],
)
def test_a_value_that_was_not_read_is_keyed_by_a_person(
    desk: Desk, clerk: User, name: str, words: tuple[str, ...], right: str
) -> None:
    claim_id = desk.claim(desk.member(), change=lambda page: unread(page, *words))
    desk.work()
    assert desk.open_findings(claim_id) == {("FIELD_MISSING", name)}
    assert desk.state_of(claim_id) == ClaimState.IN_QUESTION
    desk.correct(clerk, claim_id, **{name: right})
    assert desk.open_findings(claim_id) == set()
    assert desk.decision(claim_id).amount == 60000


def test_a_missing_value_cannot_be_waved_through(desk: Desk, clerk: User) -> None:
    claim_id = desk.claim(desk.member(), change=lambda page: unread(page, "入院日期"))
    desk.work()
    with pytest.raises(Refused):
        answer(desk, clerk, claim_id, "FIELD_MISSING")
    assert desk.state_of(claim_id) == ClaimState.IN_QUESTION


def doubtful(word: str) -> Callable[[PageReading], PageReading]:
    def change(page: PageReading) -> PageReading:
        lines = tuple(
            replace(line, confidence=0.4) if word in line.text else line for line in page.lines
        )
        return replace(page, lines=lines)

    return change


def test_a_doubtful_value_is_confirmed_by_keying_it_as_it_is(desk: Desk, clerk: User) -> None:
    claim_id = desk.claim(desk.member(), change=doubtful("出院日期"))
    desk.work()
    assert desk.open_findings(claim_id) == {("FIELD_UNSURE", "discharged_on")}
    desk.correct(clerk, claim_id, discharged_on="2026-03-14")
    assert desk.state_of(claim_id) == ClaimState.PROPOSED


def test_a_doubtful_value_may_also_be_answered_with_a_reason(desk: Desk, clerk: User) -> None:
    claim_id = desk.claim(desk.member(), change=doubtful("出院日期"))
    desk.work()
    answer(desk, clerk, claim_id, "FIELD_UNSURE")
    assert desk.state_of(claim_id) == ClaimState.PROPOSED


def test_an_answer_about_a_value_is_asked_again_when_a_later_paper_says_another(
    desk: Desk, clerk: User
) -> None:
    claim_id = desk.claim(desk.member(), change=doubtful("出院日期"))
    desk.work()
    answer(desk, clerk, claim_id, "FIELD_UNSURE")
    assert desk.open_findings(claim_id) == set()
    later = a_page(Kind.DISCHARGE_RECORD, "出院记录", "出院日期:2026-03-20", confidence=0.7)
    desk.add_paper(claim_id, later)
    assert desk.open_findings(claim_id) == {("FIELD_UNSURE", "discharged_on")}


def test_two_papers_that_disagree_are_a_question(desk: Desk, clerk: User) -> None:
    claim_id = handed_in(desk, name_on_record="张山")
    assert desk.open_findings(claim_id) == {("DISAGREEMENT", "member_name")}
    assert desk.state_of(claim_id) == ClaimState.IN_QUESTION
    desk.correct(clerk, claim_id, member_name="张三")
    assert desk.open_findings(claim_id) == set()
    assert desk.state_of(claim_id) == ClaimState.PROPOSED


@pytest.mark.parametrize(
    ("card", "bank"),
    [("6228480010000000017", "中国农业银行"), ("6226300000000017", "华夏银行")],
    ids=["ABC", "HXBANK"],
)
def test_a_card_of_another_bank_than_the_form_names_is_a_question(
    desk: Desk, clerk: User, card: str, bank: str
) -> None:
    """Else the bank file would name a bank that does not know the account."""
    member = desk.member(on_roster=Person("张三", an_id_number(), card))
    claim_id = desk.claim(member)
    desk.work()
    assert desk.open_findings(claim_id) == {("DISAGREEMENT", "bank_name")}
    desk.correct(clerk, claim_id, bank_name=bank)
    assert desk.state_of(claim_id) == ClaimState.PROPOSED


def test_a_question_is_answered_only_with_a_reason_and_only_once(desk: Desk, clerk: User) -> None:
    claim_id = handed_in(desk, name_on_record="张山")
    with pytest.raises(Refused, match="原因"):
        answer(desk, clerk, claim_id, "DISAGREEMENT", "  ")
    with desk.at(claim_id) as (session, claim):
        about = finding_id(session, claim_id, "DISAGREEMENT")
        correction.answer(session, desk.office, clerk, claim, about, "笔误,医院已更正")
    with pytest.raises(Refused, match="处理过"), desk.at(claim_id) as (session, claim):
        correction.answer(session, desk.office, clerk, claim, about, "又一次")
    with desk.office.sessions.read_only() as session:
        [said] = session.scalars(select(AuditEvent).filter_by(verb="answer"))
        assert said.actor_id == clerk.id
        assert detail_of(said)["reason"] == "笔误,医院已更正"


def test_an_answered_question_is_not_asked_again(desk: Desk, clerk: User) -> None:
    claim_id = handed_in(desk, name_on_record="张山")
    answer(desk, clerk, claim_id, "DISAGREEMENT")
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    with desk.at(claim_id) as (session, claim):
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()
    assert desk.state_of(claim_id) == ClaimState.PROPOSED


def test_a_card_that_fails_its_check_must_be_corrected(desk: Desk, clerk: User) -> None:
    person = desk.member()
    wrong = person.card[:-1] + str((int(person.card[-1]) + 1) % 10)
    claim_id = handed_in(desk, person, card=wrong)
    assert ("CHECK_FAILED", "bank_card_number") in desk.open_findings(claim_id)
    with pytest.raises(Refused):
        answer(desk, clerk, claim_id, "CHECK_FAILED")
    with pytest.raises(Refused, match="银行卡号"):
        desk.correct(clerk, claim_id, bank_card_number=wrong)
    desk.correct(clerk, claim_id, bank_card_number=" ".join([person.card[:6], person.card[6:]]))
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    assert value_of(desk, claim_id, "bank_card_number") == person.card


def test_a_card_that_is_not_the_one_on_the_roster_is_a_question(desk: Desk, clerk: User) -> None:
    claim_id = handed_in(desk, card=a_card_number())
    assert desk.open_findings(claim_id) == {("ROSTER_DIFFERS", "bank_card_number")}
    answer(desk, clerk, claim_id, "ROSTER_DIFFERS", "会员换卡")
    assert desk.open_findings(claim_id) == {("PAYEE_UNCONFIRMED", "bank_card_number")}
    with pytest.raises(Refused, match="第二人"):
        answer(desk, clerk, claim_id, "PAYEE_UNCONFIRMED", "会员换卡")
    with pytest.raises(Refused, match="经手过"):
        desk.confirm_payee(claim_id, clerk)
    desk.confirm_payee(claim_id)
    assert desk.state_of(claim_id) == ClaimState.PROPOSED


def test_a_name_that_is_not_the_one_on_the_roster_is_a_question(desk: Desk) -> None:
    person = desk.member()
    claim_id = handed_in(desk, replace(person, name="张珊"))
    assert desk.open_findings(claim_id) == {("ROSTER_DIFFERS", "member_name")}


def test_a_stranger_is_a_question_and_the_corrected_number_goes_on(desk: Desk, clerk: User) -> None:
    person = desk.member()
    claim_id = handed_in(desk, replace(person, id_number=an_id_number("19860412")))
    assert desk.open_findings(claim_id) == {("NOT_ON_ROSTER", "id_number")}
    desk.correct(clerk, claim_id, id_number=person.id_number)
    assert desk.open_findings(claim_id) == {("PAYEE_UNCONFIRMED", "bank_card_number")}
    desk.confirm_payee(claim_id)
    assert desk.open_findings(claim_id) == set()
    assert desk.decision(claim_id).outcome == "pay"


def test_a_stranger_confirmed_by_a_clerk_ends_in_a_denial_proposed(desk: Desk, clerk: User) -> None:
    stranger = Person("王五", an_id_number(), a_card_number())
    claim_id = handed_in(desk, stranger)
    answer(desk, clerk, claim_id, "NOT_ON_ROSTER", "确非会员")
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    decision = desk.decision(claim_id)
    assert decision.outcome == "deny"
    assert [reason.code for reason in decision.reasons] == ["NOT_A_MEMBER"]


def test_a_decision_about_a_stranger_rests_on_nothing_that_no_paper_says(
    desk: Desk, clerk: User
) -> None:
    claim_id = handed_in(desk, Person("王五", an_id_number(), a_card_number()))
    answer(desk, clerk, claim_id, "NOT_ON_ROSTER", "确非会员")
    facts = facts_of(desk, desk.decision(claim_id).parts[0])
    assert facts["coverages"] == []
    assert set(facts) == {"plan", "received_on", "coverages", "history", "event"}


def test_the_answer_about_one_stranger_does_not_stand_for_the_next(desk: Desk, clerk: User) -> None:
    stranger = Person("王五", an_id_number(), a_card_number())
    claim_id = handed_in(desk, stranger)
    answer(desk, clerk, claim_id, "NOT_ON_ROSTER", "确非会员")
    desk.correct(clerk, claim_id, id_number=an_id_number("19860412"))
    assert desk.open_findings(claim_id) == {("NOT_ON_ROSTER", "id_number")}


def test_no_cover_on_the_day_of_admission_is_a_denial_proposed(desk: Desk) -> None:
    claim_id = handed_in(desk, admitted="2025-12-20", discharged="2025-12-30")
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    decision = desk.decision(claim_id)
    assert (decision.outcome, decision.amount) == ("deny", 0)
    assert [reason.code for reason in decision.reasons] == ["NOT_COVERED_ON_EVENT"]


def test_a_corrected_value_survives_reading_everything_again(desk: Desk, clerk: User) -> None:
    claim_id = handed_in(desk, name_on_record="张山")
    desk.correct(clerk, claim_id, discharged_on="2026-03-20")
    answer(desk, clerk, claim_id, "DISAGREEMENT")
    assert value_of(desk, claim_id, "discharged_on") == "2026-03-20"
    assert desk.decision(claim_id).amount == 90000


def test_a_value_no_page_says_any_more_is_forgotten(desk: Desk, clerk: User) -> None:
    other = a_page(Kind.INVOICE, "医疗收费票据", "金额合计:¥888.00")
    claim_id = handed_in(desk, name_on_record="张山", more=(other,))
    assert value_of(desk, claim_id, "medical_expense_total") == "888.00"
    with desk.at(claim_id) as (session, claim):
        page_id = session.scalars(select(Page.id).filter_by(kind=Kind.INVOICE)).one()
        correction.name_kind(session, desk.office, clerk, claim, page_id, Kind.ID_CARD_BACK)
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()
    assert value_of(desk, claim_id, "medical_expense_total") is None


def test_a_correction_is_an_event_with_sealed_before_and_after(desk: Desk, clerk: User) -> None:
    claim_id = handed_in(desk, name_on_record="张山")
    desk.correct(clerk, claim_id, member_name="张三")
    with desk.office.sessions.read_only() as session:
        [said] = session.scalars(select(AuditEvent).filter_by(verb="correct"))
        assert said.detail["field"] == "member_name"
        told = detail_of(said)
        assert (told["before"], told["after"]) == ("张三", "张三")
        assert "张" not in json.dumps(said.detail, ensure_ascii=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id_number", "220104198503170001"),
        ("bank_card_number", "6217000000000001"),
        ("admitted_on", "2026/13/2"),
        ("admitted_on", "2026-02-30"),
        ("admitted_on", "20260230"),
        ("member_name", "   "),
        ("hospital_name", "协和\u200b医院\n"),
        ("bank_name", "建设\u202e银行"),
        ("phone", "13812"),
        ("phone", "8812345"),
        ("phone", "88123456"),
        ("medical_expense_total", "many"),
        ("medical_expense_total", "-5"),
        ("shoe_size", "43"),
    ],
)
def test_a_keyed_value_that_cannot_be_right_is_refused(
    desk: Desk, clerk: User, name: str, value: str
) -> None:
    claim_id = handed_in(desk, name_on_record="张山")
    with pytest.raises(Refused):
        desk.correct(clerk, claim_id, **{name: value})
    assert desk.state_of(claim_id) == ClaimState.IN_QUESTION


def test_a_page_of_another_claim_cannot_be_named(desk: Desk, clerk: User) -> None:
    mine, other = handed_in(desk, name_on_record="张山"), handed_in(desk, desk.member("李四"))
    with desk.office.sessions.read_only() as session:
        page = session.scalars(
            select(Page.id).where(Page.document.has(claim_id=other)).limit(1)
        ).one()
    with pytest.raises(Refused), desk.at(mine) as (session, claim):
        correction.name_kind(session, desk.office, clerk, claim, page, Kind.INVOICE)
    with pytest.raises(Refused), desk.at(mine) as (session, claim):
        page = session.scalars(
            select(Page.id).where(Page.document.has(claim_id=mine)).limit(1)
        ).one()
        correction.name_kind(session, desk.office, clerk, claim, page, "napkin")


def test_only_a_clerk_may_correct(desk: Desk) -> None:
    claim_id = handed_in(desk, name_on_record="张山")
    for role in set(Role) - {Role.CLERK}:
        with pytest.raises(Refused, match="经办"):
            desk.correct(desk.user(role), claim_id, member_name="张三")


def test_an_approved_claim_cannot_be_corrected(desk: Desk, clerk: User) -> None:
    claim_id = handed_in(desk)
    desk.approve_all()
    with pytest.raises(Refused, match="不能修改"):
        desk.correct(clerk, claim_id, discharged_on="2026-03-20")


def test_papers_of_the_same_person_are_the_unit_of_that_person(desk: Desk) -> None:
    claim_id = handed_in(desk)
    with desk.office.sessions.read_only() as session:
        claim = session.get_one(Claim, claim_id)
        assert claim.member is not None
        assert claim.unit_id == claim.member.unit_id
