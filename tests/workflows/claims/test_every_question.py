"""Each question on the line: one answer of people ends in money, another one in a letter."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import select, text

from documents.kinds import Kind
from models import Claim, Letter, LimitCounter, Page, User
from models.people import Role
from models.states import ClaimState
from rules.errors import Refused
from rules.questions import Makes, answer_to, questions
from rules.verdict import Code
from settings import ROOT
from tests.desk import Desk, Person, a_page, an_id_number, handed_in, promises_hold, said_of
from tests.heirs import a_death, an_heir, confirm, key, keyed
from tests.workflows.claims.acts.test_answers import agree, answer, asked, establish
from tests.workflows.claims.acts.test_relief import answered
from tests.workflows.claims.judging.test_adjudication import (
    a_stay_and_an_illness,
    an_illness,
    confirm_read,
)
from tests.workflows.claims.test_illness import CERTIFICATE, ECG, TROPONIN, heart_attack
from workflows.claims.acts import answers, resting, told_events
from workflows.claims.approving import approval_queue

HEIRS = (an_heir("李一"), an_heir("李二"))


def the_same_stay_again(desk: Desk) -> int:
    person = desk.member()
    handed_in(desk, person)
    return handed_in(desk, person)


def a_birth(desk: Desk) -> int:
    return handed_in(desk, diagnosis="足月妊娠剖宫产")


def an_unknown_hospital(desk: Desk) -> int:
    return handed_in(desk, hospital="某某无名医院")


def out_before_in(desk: Desk) -> int:
    """The papers say so, and a clerk has looked at them."""
    claim_id = handed_in(desk, admitted="2026-03-14", discharged="2026-03-02")
    confirm_read(desk, claim_id, "FIELD_UNSURE")
    return claim_id


def days_put_right(desk: Desk, claim_id: int) -> None:
    days = {"admitted_on": "2026-03-02", "discharged_on": "2026-03-14"}
    desk.correct(desk.user(Role.CLERK), claim_id, **days)


def out_tomorrow(desk: Desk) -> int:
    return handed_in(desk, admitted="2026-06-01", discharged="2026-06-16")


def an_accident(desk: Desk, person: Person, happened_on: str, **told: object) -> int:
    papers = (Kind.DISABILITY_APPRAISAL, Kind.ACCIDENT_STATEMENT, Kind.DIAGNOSIS_CERTIFICATE)
    more = tuple(a_page(kind, "证明") for kind in papers)
    claim_id = handed_in(desk, person, more=more)
    event: dict[str, object] = {"kind": "accident", "outcome": "disability", "grades": [5]}
    event |= {"happened_on": happened_on, **told}
    establish(desk, desk.user(Role.CLERK), claim_id, **event)
    return claim_id


def another_accident_ten_days_later(desk: Desk) -> int:
    person = desk.member()
    an_accident(desk, person, "2026-03-02")
    return an_accident(desk, person, "2026-03-12")


def an_illness_of_no_known_list(desk: Desk) -> int:
    return an_illness(desk, desk.member(plan="illness-2020"), "2026-04-20", "lupus")


def the_same_name_day_and_card(desk: Desk) -> int:
    first = desk.member()
    other = Person(first.name, an_id_number(), first.card)
    assert other.id_number != first.id_number
    handed_in(desk, first)
    return handed_in(
        desk, desk.member(on_roster=other), admitted="2026-04-02", discharged="2026-04-12"
    )


def a_death_by_accident(desk: Desk) -> int:
    return a_death(desk, desk.member(), *HEIRS)


def heirs_told(desk: Desk, claim_id: int) -> None:
    key(desk, claim_id, *(keyed(desk, claim_id, each, "1/2") for each in HEIRS))
    confirm(desk, claim_id)


def a_heart_attack(desk: Desk) -> int:
    """An illness alone; the stay its papers also show is not asked for."""
    claim_id = heart_attack(desk, CERTIFICATE, ECG, TROPONIN)
    with desk.at(claim_id) as (session, claim):
        told_events.drop_event(session, desk.office, desk.user(Role.CLERK), claim, 0, "不申请")
    desk.work()
    return claim_id


def a_doubted_infarct(desk: Desk) -> int:
    """The clerk says that it is no first diagnosis."""
    claim_id = a_heart_attack(desk)
    establish(desk, desk.user(Role.CLERK), claim_id, **INFARCT | {"first_diagnosis": False})
    return claim_id


def no_settlement_sheet(desk: Desk) -> int:
    return handed_in(desk, desk.member(plan="medical-2022"))


@dataclass(frozen=True)
class Way:
    """How a question comes about, what lets money through, in yuan, and what denies."""

    bring: Callable[[Desk], int]
    lets: str | dict[str, object] | Callable[[Desk, int], None]
    pays: int
    denies: str


INFARCT: dict[str, object] = {
    "kind": "critical_illness",
    "illness": "acute_myocardial_infarction",
    "diagnosed_on": "2026-04-20",
    "first_diagnosis": True,
}
SUMS: dict[str, object] = {"fund_paid": "20000.00", "hospital": {"rank": "province"}}

WAYS = {
    Code.DUPLICATE_EVENT: Way(the_same_stay_again, "another", 600, "same"),
    Code.EXCLUSION_SUSPECTED: Way(a_birth, "not_excluded", 600, "excluded"),
    Code.HOSPITAL_UNKNOWN: Way(
        an_unknown_hospital, {"hospital": {"level": 2, "city": "长春市"}}, 600, "below"
    ),
    Code.DISCHARGE_BEFORE_ADMISSION: Way(out_before_in, days_put_right, 600, "no_stay"),
    Code.EVENT_IN_FUTURE: Way(out_tomorrow, {"discharged_on": "2026-06-13"}, 600, "not_yet"),
    Code.ACCIDENT_NEAR: Way(another_accident_ten_days_later, "same", 8_000, "no_accident"),
    Code.ILLNESS_NOT_LISTED: Way(an_illness_of_no_known_list, "covered", 10_000, "not_covered"),
    Code.SAME_PERSON_SUSPECTED: Way(the_same_name_day_and_card, "two_people", 500, "same_person"),
    Code.PAYEE_NOT_MEMBER: Way(a_death_by_accident, heirs_told, 20_000, "not_proved"),
    Code.ILLNESS_TO_NAME: Way(a_heart_attack, INFARCT, 10_000, "none"),
    Code.FIRST_DIAGNOSIS: Way(a_doubted_infarct, "first", 10_000, "not_first"),
    Code.SETTLEMENT_WANTED: Way(no_settlement_sheet, SUMS, 2_100, "none"),
}


# Answers that tests below walk to money: both concern two claims.
OF_TWO_CLAIMS = {(Code.DUPLICATE_EVENT, "together"), (Code.DUPLICATE_EVENT, "join")}


def test_every_answer_is_walked() -> None:
    given = {(code, way.denies) for code, way in WAYS.items()} | OF_TWO_CLAIMS
    given |= {(code, way.lets) for code, way in WAYS.items() if isinstance(way.lets, str)}
    given.add((Code.ACCIDENT_NEAR, "another"))
    possible = [(code, each) for code, question in questions().items() for each in question.answers]
    told = {(c, a.answer) for c, a in possible if a.makes in (Makes.FACTS, Makes.HEIRS)}
    assert {code for code, _ in told} == {c for c, w in WAYS.items() if not isinstance(w.lets, str)}
    assert given | told == {(code, each.answer) for code, each in possible}


def referring() -> set[Code]:
    """The codes that the glossary, which has every code, says are referred to a person."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([A-Z_]+)` \| ([\w, ]+) \|", text, re.MULTILINE)
    assert {code for code, _does in rows} == set(Code)
    return {Code(code) for code, does in rows if "refer" in does}


def referred_in_code() -> set[Code]:
    """The codes that rules and office are seen to refer."""
    calls = re.compile(r"\.refer\(\s*Code\.(\w+)|Reason\(\s*Code\.(\w+)[^()]*ReasonKind\.REFER")
    files = [path for folder in ("rules", "workflows") for path in (ROOT / folder).rglob("*.py")]
    found = [calls.findall(path.read_text(encoding="utf-8")) for path in files]
    return {Code(name) for names in found for pair in names for name in pair if name}


def test_every_code_that_is_referred_to_people_has_its_way() -> None:
    assert set(WAYS) == set(questions()) == referring()
    assert len(referred_in_code()) > 7
    assert referred_in_code() <= referring()


def a_page_of(desk: Desk, claim_id: int) -> int:
    with desk.office.sessions.read_only() as session:
        [first, *_] = session.get_one(Claim, claim_id).documents
        return session.scalars(select(Page.id).filter_by(document_id=first.id)).one()


def say(desk: Desk, claim_id: int, code: Code, said: str, page_id: int | None = None) -> User:
    person = desk.user(Role(answer_to(code, said).who))
    with desk.at(claim_id) as (session, claim):
        answers.answer_question(
            session, desk.office, person, claim, 0, code, said, "已核实", page_id
        )
    desk.work()
    if answer_to(code, said).confirmed:
        agree(desk, desk.user(Role.SUPERVISOR), claim_id)
    return person


def letters(desk: Desk, claim_id: int) -> list[str]:
    with desk.office.sessions.read_only() as session:
        return list(session.scalars(select(Letter.kind).filter_by(claim_id=claim_id)))


@pytest.mark.parametrize("code", WAYS)
def test_an_answer_leads_from_the_question_to_money(desk: Desk, code: Code) -> None:
    way = WAYS[code]
    claim_id = way.bring(desk)
    assert asked(desk, claim_id) == [code]
    if isinstance(way.lets, str):
        say(desk, claim_id, code, way.lets, a_page_of(desk, claim_id))
    elif code is Code.EVENT_IN_FUTURE:
        desk.correct(desk.user(Role.CLERK), claim_id, discharged_on="2026-06-13")
    elif isinstance(way.lets, dict):
        establish(desk, desk.user(Role.CLERK), claim_id, **way.lets)
    else:
        way.lets(desk, claim_id)
    assert desk.decision(claim_id).amount == way.pays * 100
    desk.approve_all()
    answered(desk)
    assert desk.state_of(claim_id) == ClaimState.PAID
    promises_hold(desk)


@pytest.mark.parametrize("code", WAYS)
def test_an_answer_leads_from_the_question_to_a_denial_that_another_person_approves(
    desk: Desk, code: Code
) -> None:
    """The answer alone denies nothing: a supervisor who did not give it sees it and agrees."""
    way = WAYS[code]
    claim_id = way.bring(desk)
    answerer = say(desk, claim_id, code, way.denies)
    assert desk.decision(claim_id).outcome == "deny"
    with desk.office.sessions.read_only() as session:
        [item] = [
            each for each in approval_queue.queue(session, desk.office) if each.claim_id == claim_id
        ]
    words = answer_to(code, way.denies).words
    assert any(said.startswith(f"{words} {answerer.name}") for said in said_of(item))
    same = desk.user(Role.SUPERVISOR, of=answerer)
    dropped = {each.number: each.reason for each in desk.approve_all(same).dropped}
    assert "须由他人审批" in dropped[item.number]
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    desk.approve_one(claim_id)
    assert desk.state_of(claim_id) == ClaimState.DENIED
    assert letters(desk, claim_id)[-1] == "denial_notice"
    promises_hold(desk)


def test_another_accident_than_the_near_one_is_paid_in_full(desk: Desk) -> None:
    claim_id = another_accident_ten_days_later(desk)
    say(desk, claim_id, Code.ACCIDENT_NEAR, "another")
    desk.approve_all()
    answered(desk)
    assert (desk.state_of(claim_id), desk.decision(claim_id).amount) == ("paid", 12_000_00)
    promises_hold(desk)


def test_an_answer_that_needs_a_paper_names_one_of_the_claim(desk: Desk) -> None:
    claim_id = the_same_name_day_and_card(desk)
    other = handed_in(desk)
    for page_id in (None, a_page_of(desk, other)):
        with pytest.raises(Refused, match="请选定所依据的材料"):
            say(desk, claim_id, Code.SAME_PERSON_SUSPECTED, "two_people", page_id)
    page_id = a_page_of(desk, claim_id)
    say(desk, claim_id, Code.SAME_PERSON_SUSPECTED, "two_people", page_id)
    with desk.office.sessions.read_only() as session:
        claim = session.get_one(Claim, claim_id)
        assert [each.document_id for each in claim.answers] == [claim.documents[0].id]


def test_one_card_and_one_stay_under_two_names_is_asked_about(desk: Desk) -> None:
    first = desk.member()
    other = Person("李四", an_id_number("19900101"), first.card)
    desk.member(on_roster=other)
    handed_in(desk, first)
    assert asked(desk, handed_in(desk, other)) == [Code.SAME_PERSON_SUSPECTED]
    apart = handed_in(desk, other, admitted="2026-05-02", discharged="2026-05-12")
    assert desk.state_of(apart) == ClaimState.PROPOSED


def test_a_repeated_packet_is_joined_to_the_claim_that_holds_its_event(desk: Desk) -> None:
    person = desk.member()
    first, again = handed_in(desk, person), handed_in(desk, person)
    with desk.office.sessions.read_only() as session:
        had = len(session.get_one(Claim, first).documents)
    say(desk, again, Code.DUPLICATE_EVENT, "join")
    assert desk.state_of(again) == ClaimState.JOINED
    with desk.office.sessions.read_only() as session:
        assert len(session.get_one(Claim, first).documents) == 2 * had
    assert desk.state_of(first) == ClaimState.PROPOSED
    desk.approve_all()
    answered(desk)
    assert desk.state_of(first) == ClaimState.PAID
    promises_hold(desk)


def test_papers_joined_to_a_claim_that_is_paid_are_filed_with_it(desk: Desk) -> None:
    person = desk.member()
    first = handed_in(desk, person)
    desk.approve_all()
    answered(desk)
    again = handed_in(desk, person)
    say(desk, again, Code.DUPLICATE_EVENT, "join")
    assert (desk.state_of(first), desk.state_of(again)) == (ClaimState.PAID, ClaimState.JOINED)
    with desk.office.sessions.read_only() as session:
        [paper] = {len(each.pages) for each in session.get_one(Claim, first).documents[-5:]}
        assert paper == 0
    promises_hold(desk)


def test_a_claim_with_another_event_goes_on_without_the_one_that_is_joined(desk: Desk) -> None:
    person = desk.member()
    handed_in(desk, person)
    both = a_stay_and_an_illness(desk, person, "2026-04-20", "malignant_tumour")
    say(desk, both, Code.DUPLICATE_EVENT, "join")
    assert desk.state_of(both) == ClaimState.PROPOSED
    decision = desk.decision(both)
    assert (len(decision.parts), decision.amount) == (1, 1_000_000)


def test_the_day_cap_holds_over_two_packets_of_one_stay(desk: Desk) -> None:
    """R7, R3: 70 days in one hospital, moved, 40 days in the next: 90 days are paid in all."""
    person = desk.member()
    first = handed_in(desk, person, admitted="2026-01-05", discharged="2026-03-16")
    moved = handed_in(
        desk, person, admitted="2026-03-17", discharged="2026-04-26", hospital="吉林大学第二医院"
    )
    assert asked(desk, moved) == [Code.DUPLICATE_EVENT]
    say(desk, moved, Code.DUPLICATE_EVENT, "together")
    assert (desk.decision(first).amount, desk.decision(moved).amount) == (3_500_00, 1_000_00)
    # Both halves are one of the two stays of the period.
    later = handed_in(desk, person, admitted="2026-05-10", discharged="2026-05-20")
    assert desk.decision(later).amount == 500_00
    desk.approve_all()
    answered(desk)
    assert {desk.state_of(each) for each in (first, moved, later)} == {ClaimState.PAID}
    third = handed_in(desk, person, admitted="2026-06-01", discharged="2026-06-11")
    assert [reason.code for reason in desk.decision(third).reasons] == ["STAY_LIMIT"]
    promises_hold(desk)


def test_the_same_stay_is_not_paid_twice_as_two_halves_of_one(desk: Desk) -> None:
    again = the_same_stay_again(desk)
    say(desk, again, Code.DUPLICATE_EVENT, "together")
    assert asked(desk, again) == [Code.DUPLICATE_EVENT]


def test_several_outcomes_of_one_accident_stay_within_the_highest_sum(desk: Desk) -> None:
    person = desk.member()
    an_accident(desk, person, "2026-03-02")
    worse = an_accident(desk, person, "2026-03-02", grades=[3])
    assert asked(desk, worse) == [Code.DUPLICATE_EVENT]
    say(desk, worse, Code.DUPLICATE_EVENT, "together")
    assert desk.decision(worse).amount == 8_000_00
    later = an_accident(desk, person, "2026-03-10")
    say(desk, later, Code.ACCIDENT_NEAR, "same")
    assert desk.decision(later).outcome == "deny"
    desk.approve_all()
    promises_hold(desk)


def test_the_outcomes_of_one_accident_take_from_one_counter_whatever_their_days(
    desk: Desk,
) -> None:
    """R30: dated earlier than what was decided first, too; another accident has its own."""
    person = desk.member()
    an_accident(desk, person, "2026-03-10")
    moved = an_accident(desk, person, "2026-03-02", grades=[3])
    assert asked(desk, moved) == [Code.ACCIDENT_NEAR]
    say(desk, moved, Code.ACCIDENT_NEAR, "same")
    assert desk.decision(moved).amount == 8_000_00
    third = an_accident(desk, person, "2026-03-20", grades=[3])
    say(desk, third, Code.ACCIDENT_NEAR, "same")
    assert desk.decision(third).outcome == "deny"
    other = an_accident(desk, person, "2026-04-05")
    say(desk, other, Code.ACCIDENT_NEAR, "another")
    with desk.office.sessions.read_only() as session:
        counters = session.scalars(select(LimitCounter).order_by(LimitCounter.about))
        assert [(each.about, each.amount, each.amount_limit) for each in counters] == [
            ("2026-03-10", 20_000_00, 40_000_00),
            ("2026-04-05", 12_000_00, 40_000_00),
        ]
    desk.approve_all()
    promises_hold(desk)


BEFORE_COUNTERS_OF_ACCIDENTS = "UPDATE limit_counter SET about = '', amount_limit = NULL"


@pytest.mark.parametrize("kept", [True, False], ids=["with its counter", "decided before counters"])
def test_one_accident_over_two_cover_years_stays_within_the_highest_sum(
    desk: Desk, kept: bool
) -> None:
    """R30: its days have a counter in each year; the rules count what was paid in all of them."""
    person = desk.member(covered=(date(2025, 1, 1), date(2025, 12, 31)))
    desk.member(on_roster=person)
    an_accident(desk, person, "2025-12-28")
    if not kept:
        with desk.office.sessions.unit_of_work() as session:
            session.execute(text(BEFORE_COUNTERS_OF_ACCIDENTS))
    worse = an_accident(desk, person, "2026-01-03", grades=[3])
    say(desk, worse, Code.ACCIDENT_NEAR, "same")
    assert desk.decision(worse).amount == 8_000_00
    third = an_accident(desk, person, "2026-01-05", grades=[1])
    say(desk, third, Code.ACCIDENT_NEAR, "same")
    assert desk.decision(third).outcome == "deny"
    desk.approve_all()
    promises_hold(desk)


def test_a_question_joined_by_nothing_is_not_joined(desk: Desk) -> None:
    """Between the question and the answer the other claim gave its right back."""
    again = the_same_stay_again(desk)
    with desk.office.sessions.read_only() as session:
        first = session.scalars(select(Claim.id).where(Claim.id != again)).one()
    with desk.at(first) as (session, claim):
        resting.withdraw(session, desk.office, desk.user(Role.CLERK), claim, "不再申请")
    with pytest.raises(Refused, match="不能并入"):
        say(desk, again, Code.DUPLICATE_EVENT, "join")


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


def test_what_was_told_apart_is_asked_again_once_its_right_is_given_back(
    desk: Desk, clerk: User
) -> None:
    again = the_same_stay_again(desk)
    say(desk, again, Code.DUPLICATE_EVENT, "another")
    assert desk.state_of(again) == ClaimState.PROPOSED
    desk.correct(clerk, again, discharged_on="2026-03-14")
    assert asked(desk, again) == [Code.DUPLICATE_EVENT]
    answer(desk, clerk, again, Code.DUPLICATE_EVENT, "same")
    assert desk.decision(again).outcome == "deny"


def test_makes_of_answers_are_all_in_use() -> None:
    used = {each.makes for question in questions().values() for each in question.answers}
    assert used == set(Makes)
