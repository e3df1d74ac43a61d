"""What heirs were paid too much is asked back from each by his share, to the fen."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from documents.kinds import Kind
from models import Letter, Recovery, User
from models.people import Role
from models.states import ClaimState, RecoveryState
from rules.errors import Refused
from tests import as_shown
from tests.desk import Desk, Person, promises_hold
from tests.heirs import an_heir, confirm, key, keyed, of_a_death
from tests.workflows.claims.acts.test_heirs import paid_to, text_of, written
from tests.workflows.claims.objecting.test_objections import (
    answered,
    booked,
    corrected_stay,
    on_recovery,
    proposed,
    reopened,
)
from workflows.claims.acts import told_events
from workflows.claims.letters.letters import render
from workflows.sealed_values.claims import heir_person


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


@pytest.fixture
def theirs() -> tuple[Person, Person, Person]:
    return an_heir("李一"), an_heir("李二"), an_heir("李三")


def stay_and_death(desk: Desk, clerk: User, theirs: Sequence[Person]) -> int:
    """A stay of 20 days, 1,000, and the death, 20,000, are paid to heirs with a third each."""
    person = desk.member()
    more = of_a_death(person, *theirs)
    claim_id = desk.claim(
        person, more=more, without=(Kind.BANK_CARD,), card=theirs[0].card, discharged="2026-03-22"
    )
    desk.work()
    with desk.at(claim_id) as (session, claim):
        stay = {"kind": "hospital_stay", "cause": "illness"}
        told_events.establish(session, desk.office, clerk, claim, stay, 1, reason="已核对材料")
    desk.work()
    # The statement alone says when the accident was: he was in hospital before it.
    assert desk.open_findings(claim_id) == {("ONE_WITNESS", "accident_on")}
    desk.bear_out(claim_id)
    key(desk, claim_id, *(keyed(desk, claim_id, each, "1/3") for each in theirs))
    confirm(desk, claim_id)
    desk.approve_all()
    return claim_id


def asked_back(desk: Desk, claim_id: int) -> list[tuple[str, str, int, int]]:
    """Of whom, state, amount and what came in, oldest first."""
    with desk.office.sessions.read_only() as session:
        rows = session.scalars(select(Recovery).filter_by(claim_id=claim_id).order_by(Recovery.id))
        return [
            (
                heir_person(desk.office.keys, row.heir).name if row.heir else "",
                row.state,
                row.amount,
                row.received,
            )
            for row in rows
        ]


def shortened(desk: Desk, clerk: User, claim_id: int, discharged: str) -> None:
    """A clerk reopens the claim and keys another end of the stay; a supervisor approves."""
    reopened(desk, clerk, claim_id)
    corrected_stay(desk, clerk, claim_id, discharged)
    desk.approve_all()


def test_each_heir_gives_back_his_share_to_the_fen_by_his_own_item_and_letter(
    desk: Desk, clerk: User, theirs: tuple[Person, ...]
) -> None:
    claim_id = stay_and_death(desk, clerk, theirs)
    assert [amount for _card, amount, _state in paid_to(desk, claim_id)] == [
        666_667, 666_667, 666_666, 33_334, 33_333, 33_333,
    ]  # fmt: skip
    answered(desk)
    shortened(desk, clerk, claim_id, "2026-03-14")
    assert desk.state_of(claim_id) == ClaimState.PAID
    assert asked_back(desk, claim_id) == [
        ("李一", RecoveryState.OPEN, 13_334, 0),
        ("李二", RecoveryState.OPEN, 13_333, 0),
        ("李三", RecoveryState.OPEN, 13_333, 0),
    ]
    promises_hold(desk)
    letters = written(desk, claim_id, "recovery_notice")
    assert len(letters) == 3
    for words, name, paid, back in zip(
        letters,
        ("李一", "李二", "李三"),
        ("333.34", "333.33", "333.33"),
        ("133.34", "133.33", "133.33"),
        strict=True,
    ):
        assert f"{name}：\n张三同志身故后，其互助金由继承人领取，您的份额为1/3。" in words
        assert "此前给付您的互助金多于应给付的金额，请您退回人民币" in words
        for said in (f"已付给您\n¥{paid}", "您应得的\n¥200.00（重新核定金额的1/3）", f"¥{back}"):
            assert said in words, said
        assert "1．重新办理的原因：出院日期录入有误" in words
        assert "抵扣" not in words


def test_each_heir_is_told_what_he_had_before_and_what_is_paid_now(
    desk: Desk, clerk: User, theirs: tuple[Person, ...]
) -> None:
    claim_id = stay_and_death(desk, clerk, theirs)
    answered(desk)
    shortened(desk, clerk, claim_id, "2026-03-28")
    letters = written(desk, claim_id, "heir_notice")
    assert len(letters) == 6
    for letter, had in zip(letters, ("7000.01", "7000.00", "6999.99") * 2, strict=True):
        if letter in letters[:3]:
            assert f"（¥{had}）。现将核定情况" in letter
            assert "您的份额由我处直接划入您的银行卡" in letter
        else:
            assert f"此前已给付您{had}元，本次补付人民币壹佰元整（¥100.00）" in letter
            assert "本次补付的款项由我处直接划入您的银行卡" in letter
    # Written anew, the first ones know nothing of what was paid after them.
    with desk.office.sessions.read_only() as session:
        query = select(Letter).filter_by(claim_id=claim_id, kind="heir_notice")
        first = session.scalars(query.order_by(Letter.id).limit(3)).all()
        assert [text_of(file) for file in render(session, first, desk.office)] == letters[:3]
    promises_hold(desk)


def test_one_heir_pays_by_instalments_one_is_written_off_and_a_third_pays_less(
    desk: Desk, clerk: User, theirs: tuple[Person, ...]
) -> None:
    claim_id = stay_and_death(desk, clerk, theirs)
    answered(desk)
    shortened(desk, clerk, claim_id, "2026-03-14")
    cashier = desk.user(Role.CASHIER)
    first, second, _third = range(1, 4)
    booked(desk, cashier, first, 3_334, "1")
    with pytest.raises(Refused, match=r"100\.01.*100\.00"):
        booked(desk, cashier, first, 10_001, "2")
    booked(desk, cashier, first, 10_000, "2")
    proposed(desk, desk.user(Role.SUPERVISOR), second, "继承人无力退还")
    on_recovery(desk, desk.user(Role.SUPERVISOR), second, as_shown.write_off)
    promises_hold(desk)
    # 800 now: 266.67, 266.67 and 266.66. The fund bears what it wrote off; the others get theirs.
    shortened(desk, clerk, claim_id, "2026-03-18")
    assert asked_back(desk, claim_id) == [
        ("李一", RecoveryState.REPAID, 13_334, 13_334),
        ("李二", RecoveryState.WRITTEN_OFF, 13_333, 0),
        ("李三", RecoveryState.OPEN, 6_667, 0),
    ]
    assert paid_to(desk, claim_id)[6:] == [(theirs[0].card, 6_667, "queued")]
    answered(desk)
    promises_hold(desk)
    # Nothing for the stay: each gives back all he holds of it, less what was written off.
    shortened(desk, clerk, claim_id, "2026-03-03")
    assert asked_back(desk, claim_id)[3:] == [
        ("李一", RecoveryState.OPEN, 26_667, 0),
        ("李二", RecoveryState.OPEN, 20_000, 0),
        ("李三", RecoveryState.OPEN, 26_666, 0),
    ]
    promises_hold(desk)
