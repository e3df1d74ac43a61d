"""What asks for a second look at a payment: each reason, and its other edge."""

from dataclasses import replace
from datetime import date

import pytest

from rules.money import Fen
from rules.second_look import (
    CoverOfEvent,
    Draw,
    KnownCard,
    Look,
    LookReason,
    OtherMember,
    OtherStay,
    PayeeFacts,
    PaymentFacts,
    UsedLimit,
    second_look,
)

TODAY = date(2026, 6, 15)
OWN, OTHER = KnownCard(b"own", "6217****0001"), KnownCard(b"other", "6217****0002")
PAYEE = PayeeFacts(True, "张*", "张*", OWN, register_card=OWN)
FACTS = PaymentFacts("HZ2026000001", TODAY, payee=PAYEE)
NEVER = Draw("", 0)
COVER = CoverOfEvent(date(2026, 3, 2), date(2025, 1, 1), date(2026, 1, 1), None)
STAY = OtherStay("HZ2026000001", date(2026, 3, 2), date(2026, 3, 14))


def codes(facts: PaymentFacts, draw: Draw = NEVER) -> list[Look]:
    return [reason.code for reason in second_look(facts, draw)]


def of_payee(**changes: object) -> PaymentFacts:
    return replace(FACTS, payee=replace(PAYEE, **changes))  # type: ignore[arg-type]


def test_a_payment_to_the_card_on_the_register_is_clean() -> None:
    assert second_look(FACTS, NEVER) == ()


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (of_payee(is_member=False, name="李*"), Look.PAYEE_NOT_MEMBER),
        (of_payee(register_card=OTHER), Look.CARD_NOT_ON_REGISTER),
        (of_payee(register_card=None), Look.CARD_NOT_ON_REGISTER),
        (of_payee(last_paid=OTHER), Look.CARD_NOT_LAST_PAID),
        (of_payee(register_changed_on=date(2026, 5, 16), last_paid=OWN), Look.CARD_CHANGED),
        (of_payee(register_changed_on=date(2020, 1, 1)), Look.CARD_CHANGED),
        (of_payee(brought_by="王贪"), Look.CARD_BY_ONE_PERSON),
        (of_payee(run_cards=(OTHER,)), Look.TWO_CARDS),
        (of_payee(others=(OtherMember("李*", has_card=True),)), Look.CARD_OF_ANOTHER),
        (of_payee(others=(OtherMember("李*", has_phone=True),)), Look.PHONE_OF_ANOTHER),
        (
            of_payee(others=(OtherMember("张*", has_card=True, is_namesake=True),)),
            Look.TWO_ID_NUMBERS,
        ),
        (
            of_payee(others=(OtherMember("李*", has_card=True, same_stay=True),)),
            Look.TWO_ID_NUMBERS,
        ),
        (replace(FACTS, unsure=(("出院日期", 0.87),)), Look.READ_UNSURELY),
        (replace(FACTS, covers=(replace(COVER, since=date(2026, 2, 1)),)), Look.FIRST_WEEKS),
        (
            replace(FACTS, covers=(replace(COVER, handed_in_on=date(2026, 1, 2)),)),
            Look.COVER_BACKDATED,
        ),
        (replace(FACTS, limits=(UsedLimit(3, 3, Fen(0), None),)), Look.NEAR_LIMIT),
        (replace(FACTS, limits=(UsedLimit(2, 3, Fen(90), Fen(100)),)), Look.NEAR_LIMIT),
        (
            replace(
                FACTS,
                stays=(STAY,),
                other_stays=(OtherStay("HZ2", date(2026, 3, 9), date(2026, 3, 20)),),
            ),
            Look.STAY_NEAR,
        ),
        (replace(FACTS, papers_of=("HZ2026000002",)), Look.PAPER_USED),
        (replace(FACTS, told=(LookReason(Look.NOTED, "说明"),)), Look.NOTED),
    ],
)
def test_each_of_these_asks_for_a_second_look(facts: PaymentFacts, code: Look) -> None:
    assert codes(facts) == [code]


@pytest.mark.parametrize(
    "facts",
    [
        of_payee(register_changed_on=date(2026, 5, 15), last_paid=OWN),
        of_payee(run_cards=(OWN,)),
        of_payee(others=(OtherMember("张*", is_namesake=True),)),
        replace(FACTS, payee=None),
        replace(FACTS, covers=(replace(COVER, since=date(2026, 1, 31)),)),
        replace(FACTS, covers=(replace(COVER, handed_in_on=date(2026, 1, 1)),)),
        replace(FACTS, limits=(UsedLimit(2, 3, Fen(89), Fen(100)),)),
        replace(FACTS, limits=(UsedLimit(1, 1, Fen(100), Fen(100)),)),
        replace(
            FACTS,
            stays=(STAY,),
            other_stays=(OtherStay("HZ2", date(2026, 3, 22), date(2026, 3, 25)),),
        ),
    ],
)
def test_on_the_other_edge_it_is_clean(facts: PaymentFacts) -> None:
    assert codes(facts) == []


def test_a_reason_says_what_it_was_before_and_after() -> None:
    [reason] = second_look(of_payee(register_card=OTHER), NEVER)
    assert (reason.before, reason.after) == (OTHER.masked, OWN.masked)
    assert reason.in_words.endswith("6217****0002 → 6217****0001")
    [reason] = second_look(of_payee(register_card=None), NEVER)
    assert reason.before == "未登记"
    [reason] = second_look(of_payee(others=(OtherMember("李*", has_phone=True),)), NEVER)
    assert reason.in_words == "手机号也是另一会员 李* 的"


def test_a_share_of_the_rest_is_drawn_by_a_seed_and_can_be_drawn_again() -> None:
    numbers = [f"HZ2026{number:06d}" for number in range(1000)]
    draw = Draw("一个种子", 0.05)
    drawn = [number for number in numbers if codes(replace(FACTS, number=number), draw)]
    assert 30 <= len(drawn) <= 70
    assert drawn == [number for number in numbers if draw.hits(number)]
    assert drawn != [number for number in numbers if Draw("另一个种子", 0.05).hits(number)]
    assert codes(FACTS, Draw("", 1)) == [Look.DRAWN]


def test_what_is_looked_at_anyway_is_not_drawn_but_a_denial_is() -> None:
    every = Draw("", 1)
    told = replace(FACTS, told=(LookReason(Look.NOTED, "说明"),))
    assert codes(told, every) == [Look.NOTED]
    assert codes(replace(told, is_denial=True), every) == [Look.NOTED, Look.DRAWN]
