"""A settlement file and scans of the same stays bring one right each, whichever comes first."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from documents.kinds import Kind
from documents.settlements.settlement_file import read_settlements
from models import Claim, Decision, Entitlement, User
from models.people import Role
from models.states import ClaimState
from rules.errors import BadInput, Forbidden
from tests.conftest import empty
from tests.desk import HOSPITAL, Desk, Person, an_id_number, promises_hold, said_of
from tests.sheets import a_sheet
from workflows.claims.acts import joining
from workflows.claims.approving import approval_queue
from workflows.claims.packets.settled_stays import StayOutcome
from workflows.claims.packets.settlements import SettlementPreview, preview, take_settlements

HEADINGS = [
    *("姓名", "证件号码", "医疗机构名称", "入院日期", "出院日期"),
    *("出院诊断", "医疗费总额", "统筹基金支付", "个人支付"),
]
STAY = (HOSPITAL, "2026-03-02", "2026-03-14", "肺炎", "12000", "8000", "4000")


def a_file(*rows: Sequence[str]) -> bytes:
    return a_sheet([HEADINGS, *map(list, rows)])


def row_of(person: Person, *stay: str) -> tuple[str, ...]:
    return person.name, person.id_number, *(stay or STAY)


def taken(desk: Desk, content: bytes, clerk: User | None = None) -> SettlementPreview:
    """What the file did; the claims it opened or added to go on."""
    clerk = clerk or desk.user(Role.CLERK)
    read = read_settlements(content, desk.office.limits)
    with desk.office.sessions.unit_of_work() as session:
        done = take_settlements(session, desk.office, clerk, "三月.xlsx", content, read)
    desk.work()
    return done


def outcomes(done: SettlementPreview) -> list[StayOutcome]:
    return [each.outcome for each in done.stays]


def states(desk: Desk) -> list[str]:
    with desk.office.sessions.read_only() as session:
        return list(session.scalars(select(Claim.state).order_by(Claim.id)))


def rights(desk: Desk) -> list[int]:
    """The amounts of the live rights."""
    with desk.office.sessions.read_only() as session:
        query = select(Entitlement.amount).where(Entitlement.released_at.is_(None))
        return list(session.scalars(query))


def test_a_row_opens_a_claim_that_is_judged_without_papers_and_paid_to_the_register_s_card(
    desk: Desk,
) -> None:
    person = desk.member()
    done = taken(desk, a_file(row_of(person)))
    assert outcomes(done) == [StayOutcome.OPENS]
    assert states(desk) == [ClaimState.PROPOSED]
    with desk.office.sessions.read_only() as session:
        decision = session.scalars(select(Decision)).one()
        assert (decision.outcome, decision.amount) == ("pay", 60000)
        claim = session.scalars(select(Claim)).one()
        assert claim.card_print == desk.office.keys.fingerprint(person.card)
    promises_hold(desk)


def test_a_claim_of_which_only_a_file_tells_is_approved_by_name_alone(desk: Desk) -> None:
    taken(desk, a_file(row_of(desk.member())))
    with desk.office.sessions.read_only() as session:
        [item] = approval_queue.queue(session, desk.office)
    assert any("只凭" in sentence for sentence in said_of(item))


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    content = a_file(row_of(desk.member()))
    taken(desk, content)
    assert outcomes(taken(desk, content)) == [StayOutcome.HELD]
    assert states(desk) == [ClaimState.PROPOSED]
    assert rights(desk) == [60000]


def test_scans_that_come_later_join_the_claim_of_the_file(desk: Desk) -> None:
    person = desk.member()
    taken(desk, a_file(row_of(person)))
    desk.claim(person)
    desk.work()
    assert states(desk) == [ClaimState.PROPOSED, ClaimState.JOINED]
    assert rights(desk) == [60000]
    promises_hold(desk)


def test_what_a_person_parts_again_is_not_joined_by_itself_but_asked_about(desk: Desk) -> None:
    person = desk.member()
    taken(desk, a_file(row_of(person)))
    scans = desk.claim(person)
    desk.work()
    clerk = desk.user(Role.CLERK)
    with desk.at(scans) as (session, claim):
        joining.leave(session, desk.office, clerk, claim, "另一次住院")
    desk.work()
    assert states(desk) == [ClaimState.PROPOSED, ClaimState.REFERRED]
    assert rights(desk) == [60000]


def test_a_row_is_one_paper_more_of_a_claim_that_holds_its_stay(desk: Desk) -> None:
    person = desk.member()
    claim_id = desk.claim(person, without=(Kind.DISCHARGE_RECORD,))
    desk.work()
    assert desk.state_of(claim_id) == ClaimState.INCOMPLETE
    assert outcomes(taken(desk, a_file(row_of(person)))) == [StayOutcome.JOINS]
    assert states(desk) == [ClaimState.PROPOSED]
    assert rights(desk) == [60000]


def test_a_row_that_says_otherwise_is_a_question(desk: Desk) -> None:
    person = desk.member()
    taken(desk, a_file(row_of(person)))
    other = row_of(person, HOSPITAL, "2026-03-02", "2026-03-20", "肺炎", "12000", "8000", "4000")
    assert outcomes(taken(desk, a_file(other))) == [StayOutcome.DIFFERS]
    assert states(desk) == [ClaimState.IN_QUESTION]
    assert rights(desk) == []


def test_other_sums_of_a_decided_stay_wait_for_a_person(desk: Desk) -> None:
    person = desk.member()
    taken(desk, a_file(row_of(person)))
    other = row_of(person, *STAY[:4], "13000", "8000", "5000")
    assert outcomes(taken(desk, a_file(other))) == [StayOutcome.DIFFERS]
    assert states(desk) == [ClaimState.IN_QUESTION]


def test_scans_and_a_row_that_are_read_together_are_one_claim(desk: Desk) -> None:
    person = desk.member()
    desk.claim(person)
    assert outcomes(taken(desk, a_file(row_of(person)))) == [StayOutcome.OPENS]
    assert sorted(states(desk)) == [ClaimState.JOINED, ClaimState.PROPOSED]
    assert rights(desk) == [60000]
    promises_hold(desk)


def test_each_fault_is_named_by_row_and_column(desk: Desk) -> None:
    person, stranger = desk.member(), Person("李四", "220104198503171239", "")
    content = a_file(
        row_of(person),
        row_of(person, HOSPITAL, "三月", *STAY[2:]),
        row_of(stranger),
        row_of(person, HOSPITAL, "2026-03-02", "2026-03-01", *STAY[3:]),
        row_of(person, *STAY[:4], "-1", "", ""),
        row_of(person, *STAY[:4], "9", "", ""),
        ("合计", "", "", "", "", "", "12000", "", ""),
    )
    read = read_settlements(content, desk.office.limits)
    told = [(fault.row, fault.column, fault.sentence) for fault in read.faults]
    assert told == [
        (3, "入院日期", "不是日期"),
        (4, "证件号码", "证件号码校验不通过"),
        (5, "出院日期", "出院早于入院"),
        (6, "医疗费总额", "不是金额，或为负数"),
        (7, "入院日期", "与第 2 行是同一次住院"),
    ]
    assert [stay.row for stay in read.stays] == [2]


def test_a_row_that_repeats_takes_none_of_its_number_from_another_sheet(desk: Desk) -> None:
    person, other = desk.member(), desk.member("李四")
    repeated = [HEADINGS, row_of(person), row_of(person)]
    elsewhere = [HEADINGS, row_of(other, HOSPITAL, "2026-02-02", *STAY[2:]), row_of(other)]
    read = read_settlements(a_sheet(repeated, elsewhere), desk.office.limits)
    assert [(stay.name, stay.row) for stay in read.stays] == [
        (person.name, 2),
        (other.name, 2),
        (other.name, 3),
    ]
    assert [fault.row for fault in read.faults] == [3]


def test_who_is_not_on_the_roster_or_has_another_name_opens_nothing(desk: Desk) -> None:
    person = desk.member()
    strange = Person("李四", an_id_number(), "")
    renamed = Person("张三丰", person.id_number, "")
    done = taken(desk, a_file(row_of(strange), row_of(renamed)))
    assert outcomes(done) == [StayOutcome.NO_MEMBER, StayOutcome.ANOTHER_NAME]
    assert states(desk) == []


def test_only_a_clerk_of_the_office_takes_a_file_and_none_without_its_headings(desk: Desk) -> None:
    content = a_file(row_of(desk.member()))
    read = read_settlements(content, desk.office.limits)
    with desk.office.sessions.unit_of_work() as session, pytest.raises(Forbidden):
        preview(session, desk.office, desk.user(Role.UNIT_CLERK), read)
    with pytest.raises(BadInput, match="入院日期"):
        read_settlements(a_sheet([["姓名", "证件号码"], ["张三", "1"]]), desk.office.limits)


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(["file", "scans", "file", "other file"]), at_once=st.booleans())
def test_in_any_order_each_stay_brings_one_right(
    desk: Desk, order: list[str], at_once: bool
) -> None:
    empty(desk.office.sessions)
    desk.bells.clear()
    person, other = desk.settle_in().member(), desk.member("李四")
    clerk = desk.user(Role.CLERK)
    files = {"file": a_file(row_of(person)), "other file": a_file(row_of(other), row_of(person))}
    for what in order:
        if what == "scans":
            desk.claim(person)
            if not at_once:
                desk.work()
        else:
            taken(desk, files[what], clerk)
    desk.work()
    assert rights(desk) == [60000, 60000]
    assert set(states(desk)) <= {ClaimState.PROPOSED, ClaimState.JOINED}
