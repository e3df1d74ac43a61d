"""What a dead member is owed goes to the heirs, each his share, and never to his own card."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import docx
import pytest
from sqlalchemy import select

from banking import formats
from documents.kinds import Kind
from documents.reading.page import PageReading
from models import Batch, Claim, Entitlement, Heir, Letter, Maker, Member, Payment
from models.people import Role
from models.states import ClaimState
from rules.errors import BadInput, Refused
from rules.money import Fen, yuan
from rules.verdict import Code
from tests.desk import Desk, Person, a_card_number, a_page, number_of, release_as_shown, said_of
from tests.heirs import a_death, an_heir, confirm, key, keyed, of_a_death, pages
from tests.workflows.claims.acts.test_answers import answer, decided
from tests.workflows.claims.letter_words import letter_words
from tests.workflows.test_proof import answered
from workflows import known_deaths
from workflows.claims.acts import correction, heirs, resting, told_events
from workflows.claims.approving import approval, approval_queue
from workflows.claims.objecting import objections
from workflows.claims.objecting.objections import NewObjection
from workflows.claims.paying import batches, paid_again, payment_files
from workflows.claims.sums.balances import Balance
from workflows.claims.sums.dues import Dues
from workflows.sealed_values.claims import payee_of

FORM = "ccb-list"
WHOLE = 2_000_000


def open_reasons(desk: Desk, claim_id: int) -> list[str]:
    return [reason.code for reason in desk.decision(claim_id).reasons if reason.kind == "refer"]


def paid_to(desk: Desk, claim_id: int) -> list[tuple[str, int, str]]:
    """Account, amount and state of each payment of the claim, oldest first."""
    with desk.office.sessions.read_only() as session:
        payments = session.scalars(
            select(Payment).filter_by(claim_id=claim_id).order_by(Payment.id)
        )
        return [(payee_of(desk.office.keys, p).account, p.amount, p.state) for p in payments]


def lines(desk: Desk, batch_id: int) -> list[tuple[str, str, str]]:
    """Name, account and amount of each line of the bank file."""
    with desk.office.sessions.unit_of_work() as session:
        file = payment_files.write_file(
            session, desk.office, desk.user(Role.CASHIER), session.get_one(Batch, batch_id)
        )
    return [(p.name, p.account, yuan(p.amount)) for p in formats.read(FORM, file.content)]


def two_thirds_and_one(desk: Desk) -> tuple[int, Person, Person]:
    """A death with two heirs, keyed and confirmed: proposed to pay."""
    one, other = an_heir("李一"), an_heir("李二")
    claim_id = a_death(desk, desk.member(), one, other)
    key(desk, claim_id, keyed(desk, claim_id, one, "2/3"), keyed(desk, claim_id, other, "1/3"))
    confirm(desk, claim_id)
    return claim_id, one, other


def test_a_death_waits_for_the_heirs_and_then_each_is_paid_his_share(desk: Desk) -> None:
    one, other = an_heir("李一"), an_heir("李二")
    claim_id = a_death(desk, desk.member(), one, other)
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    assert open_reasons(desk, claim_id) == ["PAYEE_NOT_MEMBER"]
    clerk = key(
        desk, claim_id, keyed(desk, claim_id, one, "2/3"), keyed(desk, claim_id, other, "1/3")
    )
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    second = confirm(desk, claim_id)
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    with desk.office.sessions.read_only() as session:
        [item] = approval_queue.queue(session, desk.office)
        assert not item.is_clean
        assert f"{clerk.name}录入，{second.name}确认" in said_of(item)[0]
        assert {clerk.id, second.id} <= set(session.scalars(select(Maker.user_id)))
    desk.approve_all()
    batch_id = desk.released()
    assert lines(desk, batch_id) == [
        ("李一", one.card, "13333.33"),
        ("李二", other.card, "6666.67"),
    ]
    answered(desk, batch_id, {})
    assert desk.state_of(claim_id) == ClaimState.PAID


def test_three_thirds_come_to_the_whole_to_the_fen(desk: Desk) -> None:
    theirs = [an_heir(name) for name in ("李一", "李二", "李三")]
    claim_id = a_death(desk, desk.member(), *theirs)
    key(desk, claim_id, *(keyed(desk, claim_id, each, "1/3") for each in theirs))
    confirm(desk, claim_id)
    desk.approve_all()
    amounts = [amount for _card, amount, _state in paid_to(desk, claim_id)]
    assert amounts == [666_667, 666_667, 666_666]


def test_two_plans_pay_each_heir_twice(desk: Desk) -> None:
    member, one, other = desk.member(), an_heir("李一"), an_heir("李二")
    desk.member(on_roster=member, plan="accident-2022")
    claim_id = a_death(desk, member, one, other)
    key(desk, claim_id, keyed(desk, claim_id, one, "50%"), keyed(desk, claim_id, other, "50%"))
    confirm(desk, claim_id)
    desk.approve_all()
    with desk.office.sessions.read_only() as session:
        rights = session.scalars(select(Entitlement.amount).order_by(Entitlement.id)).all()
    assert len(rights) == 2
    halves = [amount // 2 for amount in rights for _ in range(2)]
    assert [(card, amount) for card, amount, _ in paid_to(desk, claim_id)] == list(
        zip([one.card, other.card] * 2, halves, strict=True)
    )


def test_a_returned_heir_is_paid_again_alone_to_his_new_card(desk: Desk) -> None:
    claim_id, one, other = two_thirds_and_one(desk)
    desk.approve_all()
    answered(desk, desk.released(), {other.card: "3031"})
    assert desk.state_of(claim_id) == ClaimState.RETURNED
    anew = Person(other.name, other.id_number, a_card_number())
    clerk = key(
        desk, claim_id, keyed(desk, claim_id, one, "2/3"), keyed(desk, claim_id, anew, "1/3")
    )
    with pytest.raises(Refused, match="由另一人确认"), desk.at(claim_id) as (session, claim):
        paid_again.pay_again(session, desk.office, clerk, claim, "已与会员核实")
    confirm(desk, claim_id)
    with desk.at(claim_id) as (session, claim):
        paid_again.pay_again(session, desk.office, clerk, claim, "已与会员核实")
    desk.approve_all()
    assert paid_to(desk, claim_id)[2:] == [(anew.card, 666_667, "queued")]
    answered(desk, desk.released(), {})
    assert desk.state_of(claim_id) == ClaimState.PAID
    assert [state for *_, state in paid_to(desk, claim_id)] == ["credited", "returned", "credited"]


def test_who_was_paid_keeps_his_share(desk: Desk) -> None:
    one, other, third = (an_heir(name) for name in ("李一", "李二", "李三"))
    claim_id = a_death(desk, desk.member(), one, other, third)
    key(desk, claim_id, keyed(desk, claim_id, one, "2/3"), keyed(desk, claim_id, other, "1/3"))
    confirm(desk, claim_id)
    desk.approve_all()
    answered(desk, desk.released(), {other.card: "3031"})
    with pytest.raises(BadInput, match=r"^已向李一付款，其份额 2/3 不能更改$"):
        key(desk, claim_id, keyed(desk, claim_id, one, "1/2"), keyed(desk, claim_id, other, "50%"))
    key(desk, claim_id, keyed(desk, claim_id, one, "2/3"), keyed(desk, claim_id, third, "1/3"))


def test_heirs_changed_before_the_approval_are_asked_for_again(desk: Desk) -> None:
    claim_id, one, _other = two_thirds_and_one(desk)
    key(desk, claim_id, keyed(desk, claim_id, one, "100%"))
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    confirm(desk, claim_id)
    desk.approve_all()
    assert paid_to(desk, claim_id) == [(one.card, WHOLE, "queued")]


def test_nobody_confirms_the_heirs_he_keyed(desk: Desk) -> None:
    claim_id = a_death(desk, desk.member(), one := an_heir())
    clerk = key(desk, claim_id, keyed(desk, claim_id, one, "1/1"))
    with pytest.raises(Refused, match="录入人以外的人"):
        confirm(desk, claim_id, clerk)
    supervisor = confirm(desk, claim_id, desk.user(Role.SUPERVISOR))
    assert desk.approve_all(supervisor).count == 0
    assert desk.approve_all().count == 1


def test_without_the_joint_statement_no_heir_can_be_keyed(desk: Desk) -> None:
    claim_id = a_death(desk, desk.member(), one := an_heir())
    each = keyed(desk, claim_id, one, "1/1")
    clerk = desk.user(Role.CLERK)
    for statement in (None, each.proof_page, 10**9):
        with (
            pytest.raises(BadInput, match="“继承人共同声明”在哪一页"),
            desk.at(claim_id) as (session, claim),
        ):
            heirs.key_heirs(session, desk.office, clerk, claim, [each], statement)
    assert kept(desk) == 0


def kept(desk: Desk) -> int:
    with desk.office.sessions.read_only() as session:
        return len(session.scalars(select(Heir.id)).all())


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"name": " "}, "第 2 位继承人“ ”：.*姓名不能为空"),
        ({"relation": "friend"}, "第 2 位继承人“李二”：请选择与会员的关系"),
        ({"id_number": "220104198801010000"}, "“2201[*]+0000”有误，身份证号应为 18 位"),
        ({"account": "6217000000000000000"}, r"银行卡号“6217\*\*\*\*0000”有误"),
        ({"bank_name": "中国工商银行"}, "开户行“中国工商银行”与银行卡 .*（中国建设银行）不符"),
        ({"share": "half"}, "份额应写作 1/3 或 50%：half"),
        ({"share": "0%"}, "份额应大于 0"),
        ({"proof_page": None}, "第 2 位继承人“李二”：请指明“关系证明”在哪一页"),
    ],
)
def test_a_fault_names_heir_field_and_value_and_nothing_is_kept(
    desk: Desk, facts: dict[str, Any], told: str
) -> None:
    one, other = an_heir("李一"), an_heir("李二")
    claim_id = a_death(desk, desk.member(), one, other)
    first = keyed(desk, claim_id, one, "50%")
    with pytest.raises(BadInput, match=told):
        key(desk, claim_id, first, keyed(desk, claim_id, other, **{"share": "50%"} | facts))
    assert kept(desk) == 0


def test_shares_of_99_percent_are_refused_with_their_sum(desk: Desk) -> None:
    one, other = an_heir("李一"), an_heir("李二")
    claim_id = a_death(desk, desk.member(), one, other)
    with pytest.raises(BadInput, match="份额合计为 99%，应为 100%"):
        key(desk, claim_id, keyed(desk, claim_id, one, "50%"), keyed(desk, claim_id, other, "49%"))
    with pytest.raises(BadInput, match="份额合计为 0%"):
        key(desk, claim_id)
    assert kept(desk) == 0


def test_one_person_or_one_card_twice_is_refused_by_its_number(desk: Desk) -> None:
    one = an_heir("李一")
    claim_id = a_death(desk, desk.member(), one)
    half = keyed(desk, claim_id, one, "50%")
    for again, told in (
        (
            Person("李二", one.id_number, a_card_number()),
            r"第 1 位和第 2 位.*身份证号 2201\*+\d{4} 相同",
        ),
        (an_heir("李二", one.card), r"第 1 位和第 2 位继承人的银行卡 6217\*{4}\d{4} 相同"),
    ):
        with pytest.raises(BadInput, match=told):
            key(desk, claim_id, half, keyed(desk, claim_id, again, "50%"))
    assert kept(desk) == 0


def register(*theirs: Person) -> PageReading:
    """A page of the household register that names these heirs."""
    names = (f"户主之子 {each.name}" for each in theirs)
    return a_page(Kind.RELATIONSHIP_PROOF, "居民户口簿", *names)


def test_a_page_proves_two_heirs_only_if_it_names_both(desk: Desk) -> None:
    one, other, third = (an_heir(name) for name in ("李一", "李二", "李三"))
    claim_id = a_death(desk, desk.member(), one, more=(register(other, third),))
    alone, both = pages(desk, claim_id, Kind.RELATIONSHIP_PROOF)
    told = "第 1 位继承人“李一”和第 2 位继承人“李二”指向同一页关系证明，该页没有同时写明两人"
    for page in (alone, both):
        halves = [keyed(desk, claim_id, p, "1/2", proof_page=page) for p in (one, other)]
        with pytest.raises(BadInput, match=told) as refused:
            key(desk, claim_id, *halves)
        assert refused.value.at == "proof_page"
    assert kept(desk) == 0
    key(desk, claim_id, *(keyed(desk, claim_id, each, "1/2") for each in (other, third)))
    confirm(desk, claim_id)
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    with desk.office.sessions.read_only() as session:
        assert set(session.scalars(select(Heir.proof_page_id))) == {both}


def test_the_dead_member_is_no_heir_and_his_card_gets_nothing(desk: Desk) -> None:
    member = desk.member()
    claim_id = a_death(desk, member, an_heir())
    for heir, told in (
        (Person("张三", member.id_number, a_card_number()), "身份证号 .* 是已故会员本人的"),
        (an_heir("李一", member.card), "银行卡 .* 是已故会员本人的，不能收款"),
    ):
        with pytest.raises(BadInput, match=told):
            key(desk, claim_id, keyed(desk, claim_id, heir, "100%"))
    assert kept(desk) == 0


def test_a_living_member_has_no_heirs(desk: Desk) -> None:
    claim_id = a_death(desk, desk.member(), one := an_heir())
    each = keyed(desk, claim_id, one, "100%")
    stay = desk.claim(desk.member("赵甲"))
    desk.work()
    clerk = desk.user(Role.CLERK)
    with pytest.raises(Refused, match="没有身故"), desk.at(stay) as (session, claim):
        heirs.key_heirs(session, desk.office, clerk, claim, [each], None)


def test_papers_of_a_death_that_miss_one_are_asked_for_from_the_family(desk: Desk) -> None:
    """Only the papers tell of the death: no person established it, no decision was made."""
    person, heir = desk.member(), an_heir()
    without = (Kind.DISCHARGE_RECORD, Kind.BANK_CARD, Kind.ID_CARD_BACK)
    more = of_a_death(person, heir)
    claim_id = desk.claim(person, more=more, without=without, card=heir.card)
    desk.work()
    assert desk.state_of(claim_id) == ClaimState.INCOMPLETE
    with desk.office.sessions.read_only() as session:
        assert session.get_one(Claim, claim_id).events is None
    assert f"{person.name}同志的家属" in letter_words(desk, claim_id, "supplement_notice")


def test_the_dead_members_own_cards_are_not_those_of_his_heirs(desk: Desk) -> None:
    person, heir = desk.member(), an_heir()
    theirs = of_a_death(person, heir)
    cards = [page for page in theirs if page.kind in (Kind.ID_CARD_FRONT, Kind.BANK_CARD)]
    more = tuple(page for page in theirs if page not in cards)
    claim_id = desk.claim(person, more=more, without=(Kind.DISCHARGE_RECORD,))
    desk.work()
    assert desk.open_findings(claim_id) == {
        ("MISSING_PAPER", "id_card_front"),
        ("MISSING_PAPER", "bank_card"),
    }
    assert desk.state_of(claim_id) == ClaimState.INCOMPLETE
    [letter] = written(desk, claim_id, "supplement_notice")
    assert "领取人身份证（人像面）" in letter
    assert "领取人银行卡" in letter
    # A sheet may show the member's card beside that of the heir.
    both = a_page(Kind.ID_CARD_FRONT, person.id_number, heir.id_number)
    desk.drop(number_of(desk, claim_id), {"1.jpg": desk.scan(both), "2.jpg": desk.scan(cards[1])})
    desk.look()
    assert not {code for code, _ in desk.open_findings(claim_id)} & {"MISSING_PAPER"}


def test_a_stay_of_a_member_who_has_died_is_asked_about_too(desk: Desk) -> None:
    member = desk.member()
    a_death(desk, member, an_heir())
    stay = desk.claim(member)
    desk.work()
    assert open_reasons(desk, stay) == ["PAYEE_NOT_MEMBER"]


@pytest.mark.parametrize("act", ["hold", "withdraw"])
def test_a_death_whose_claim_rests_is_known_all_the_same(desk: Desk, act: str) -> None:
    member = desk.member()
    death, stay = a_death(desk, member, an_heir()), desk.claim(member)
    desk.work()
    clerk = desk.user(Role.CLERK)
    with desk.at(death) as (session, claim):
        if act == "hold":
            tomorrow = desk.office.today() + timedelta(days=1)
            resting.hold(session, desk.office, clerk, claim, "等材料", tomorrow)
        else:
            unit_clerk = desk.user(Role.UNIT_CLERK, unit_id=desk.unit())
            resting.withdraw(session, desk.office, unit_clerk, claim, "家属撤回")
    with desk.at(stay) as (session, claim):
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()
    assert open_reasons(desk, stay) == ["PAYEE_NOT_MEMBER"]


def test_a_death_told_by_mistake_is_taken_back_by_two_people_and_the_queue_says_by_whom(
    desk: Desk,
) -> None:
    member, clerk = desk.member(), desk.user(Role.CLERK)
    told, stay = a_death(desk, member, an_heir()), desk.claim(member)
    desk.work()
    assert open_reasons(desk, stay) == ["PAYEE_NOT_MEMBER"]
    event = {"kind": "accident", "happened_on": "2026-04-01", "outcome": "disability"}
    [certificate] = pages(desk, told, Kind.DEATH_CERTIFICATE)
    with desk.at(told) as (session, claim):
        correction.name_kind(session, desk.office, clerk, claim, certificate, Kind.OTHER)
        told_events.establish(
            session, desk.office, clerk, claim, event | {"grades": [5]}, 0, reason="已核对材料"
        )
    desk.work()
    # Where no certificate tells a death, a clerk is asked why there are two people's ID cards.
    assert desk.open_findings(told) == {("SEVERAL_PEOPLE", "people")}
    desk.waive(clerk, told, "原件已核")
    desk.correct(clerk, told, bank_card_number=member.card)
    desk.waive(clerk, told, "原件已核")
    # The card on the papers is the heir's: a second person sees that the member's was keyed.
    desk.confirm_payee(told)
    assert open_reasons(desk, told) == ["PAYEE_NOT_MEMBER"]
    confirmer = desk.user(Role.SUPERVISOR)
    with desk.office.sessions.unit_of_work() as session:
        known = session.query(Member).one()
        known_deaths.doubt_death(session, desk.office, clerk, known, "证明属另一人")
        known_deaths.take_back_death(session, desk.office, confirmer, known)
    for claim_id in (told, stay):
        with desk.at(claim_id) as (session, claim):
            correction.recheck(session, desk.office, clerk, claim)
    desk.work()
    assert open_reasons(desk, told) == []
    assert decided(desk, stay) == ("pay", 600_00, [])
    with desk.office.sessions.read_only() as session:
        items = approval_queue.queue(session, desk.office)
    said = (
        f"会员 2026-06-15 曾记为身故（死亡证明），2026-06-15 由{clerk.name}申请、"
        f"{confirmer.name}确认撤销：证明属另一人"
    )
    assert {item.claim_id: said in said_of(item) for item in items} == {told: True, stay: True}
    assert not any(item.is_clean for item in items)


def test_an_heir_who_was_written_to_may_object(desk: Desk) -> None:
    one, other = an_heir("李一"), an_heir("李二")
    claim_id = a_death(desk, desk.member(), one, other)
    key(desk, claim_id, *(keyed(desk, claim_id, heir, "1/2") for heir in (one, other)))
    confirm(desk, claim_id)
    desk.approve_all()
    answered(desk, desk.released(), {})
    said = NewObjection(desk.office.today(), "heir", one.name, "份额有误")
    with desk.at(claim_id) as (session, claim):
        objection = objections.register(session, desk.office, desk.user(Role.CLERK), claim, said)
        assert objection.letter_on == desk.office.today()


def test_a_stay_that_waits_when_the_death_is_known_is_not_approved(desk: Desk) -> None:
    member = desk.member()
    stay = desk.claim(member)
    desk.work()
    a_death(desk, member, an_heir())
    [dropped] = desk.approve_all().dropped
    assert "会员已身故" in dropped.reason
    assert desk.state_of(stay) == ClaimState.PROPOSED


def test_what_waits_for_the_bank_when_the_death_is_known_does_not_go(desk: Desk) -> None:
    member = desk.member()
    payable, frozen = (
        desk.claim(member, admitted=f"2026-0{month}-02", discharged=f"2026-0{month}-05")
        for month in (1, 2)
    )
    desk.work()
    desk.approve_one(frozen)
    batch_id = desk.frozen(desk.user(Role.CASHIER))
    desk.approve_one(payable)
    a_death(desk, member, an_heir())
    cashier = desk.user(Role.CASHIER)
    with pytest.raises(Refused, match="会员已身故，付款 HZ"):
        desk.frozen(cashier)
    with (
        pytest.raises(Refused, match="会员已身故，付款 HZ"),
        desk.office.sessions.unit_of_work() as session,
    ):
        release_as_shown(session, desk.office, cashier, session.get_one(Batch, batch_id))
    with desk.office.sessions.unit_of_work() as session:
        batches.discard(session, desk.office, cashier, session.get_one(Batch, batch_id))
    supervisor = desk.user(Role.SUPERVISOR)
    for claim_id in (frozen, payable):
        with desk.at(claim_id) as (session, claim):
            approval.send_back(session, desk.office, supervisor, claim, "会员已身故")
        assert desk.state_of(claim_id) == ClaimState.REFERRED


def test_an_approved_claim_goes_back_when_the_death_is_known_before_it_is_paid(desk: Desk) -> None:
    member = desk.member()
    stay = desk.claim(member)
    desk.work()
    with desk.office.sessions.unit_of_work() as session:
        items = approval_queue.queue(session, desk.office)
        approval.approve(session, desk.office, desk.user(Role.SUPERVISOR), items, items)
    bells, desk.bells[:] = list(desk.bells), []
    a_death(desk, member, an_heir())
    desk.bells += bells
    desk.work()
    assert (desk.state_of(stay), paid_to(desk, stay)) == (ClaimState.REFERRED, [])


def test_a_death_the_papers_do_not_prove_heirs_for_is_denied(desk: Desk) -> None:
    claim_id = a_death(desk, desk.member(), an_heir())
    answer(desk, desk.user(Role.CLERK), claim_id, Code.PAYEE_NOT_MEMBER, "not_proved")
    assert decided(desk, claim_id) == ("deny", 0, ["PAYEE_NOT_MEMBER"])


def test_the_heirs_cards_raise_no_doubt_about_the_member(desk: Desk) -> None:
    claim_id = a_death(desk, desk.member(), an_heir("李一"), an_heir("李二"))
    assert desk.open_findings(claim_id) == set()


def test_a_death_without_its_papers_asks_for_each(desk: Desk) -> None:
    claim_id = desk.claim(desk.member(), without=(Kind.DISCHARGE_RECORD, Kind.BANK_CARD))
    desk.work()
    with desk.at(claim_id) as (session, claim):
        event = {"kind": "accident", "happened_on": "2026-04-01", "outcome": "death"}
        clerk = desk.user(Role.CLERK)
        told_events.establish(session, desk.office, clerk, claim, event, 0, reason="已核对材料")
    desk.work()
    assert {subject for _code, subject in desk.open_findings(claim_id)} == {
        "id_card_front",
        "bank_card",
        "accident_statement",
        "death_certificate",
        "household_cancellation",
        "relationship_proof",
        "joint_statement",
    }


def text_of(file: bytes) -> str:
    document = docx.Document(BytesIO(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def written(desk: Desk, claim_id: int, kind: str) -> list[str]:
    """The words of the claim's letters of this kind, oldest first."""
    with desk.office.sessions.read_only() as session:
        query = select(Letter).filter_by(claim_id=claim_id, kind=kind).order_by(Letter.id)
        kept = [letter.sha256 for letter in session.scalars(query)]
    files = [desk.office.store.get(sha256) for sha256 in kept if sha256]
    return [text_of(file) for file in files]


def test_each_heir_gets_a_letter_of_his_own_in_fitting_words(desk: Desk) -> None:
    claim_id, one, other = two_thirds_and_one(desk)
    desk.approve_all()
    letters = written(desk, claim_id, "heir_notice")
    assert len(letters) == 2
    for letter, heir, share, amount in zip(
        letters, (one, other), ("2/3", "1/3"), ("13333.33", "6666.67"), strict=True
    ):
        assert f"{heir.name}：\n惊悉张三同志不幸离世" in letter
        assert "慰问" in letter
        assert f"您的份额为{share}" in letter
        assert f"¥{amount}" in letter
        assert "20000.00" in letter
        assert heir.card not in letter
        assert "您的身故" not in letter
    assert written(desk, claim_id, "payment_notice") == []


def test_what_the_bank_returned_is_told_to_the_heir_and_a_denial_to_the_family(desk: Desk) -> None:
    claim_id, _one, other = two_thirds_and_one(desk)
    desk.approve_all()
    answered(desk, desk.released(), {other.card: "3031"})
    desk.work()
    [letter] = written(desk, claim_id, "return_notice")
    assert "李二：\n我处划付给您的互助金" in letter
    assert "张三同志：" not in letter
    denied = a_death(desk, desk.member("赵甲"), an_heir())
    answer(desk, desk.user(Role.CLERK), denied, Code.PAYEE_NOT_MEMBER, "not_proved")
    desk.approve_all()
    assert "赵甲同志的家属：" in written(desk, denied, "denial_notice")[0]


def test_heirs_whose_payments_came_back_together_each_learn_of_their_own_card(desk: Desk) -> None:
    claim_id, one, other = two_thirds_and_one(desk)
    desk.approve_all()
    answered(desk, desk.released(), {one.card: "3031", other.card: "3010"})
    desk.work()
    letters = written(desk, claim_id, "return_notice")
    assert [one.card[-4:] in each for each in letters] == [True, False]
    assert [other.card[-4:] in each for each in letters] == [False, True]


@pytest.mark.parametrize(
    ("paid", "due", "owed"),
    [
        ([], 600_00, [(0, 300_00), (0, 300_00)]),
        ([("a", 0, 300_00)], 300_00, [None, (0, 300_00)]),
        ([("a", 0, 300_00), ("b", 0, 300_00)], 400_00, [(1, 200_00), (1, 200_00)]),
        # The first payment of one came back after both had a top-up.
        ([("a", 0, 300_00), ("a", 1, 200_00), ("b", 1, 200_00)], 300_00, [None, (2, 300_00)]),
        # One has more than his share of a smaller sum by now.
        ([("a", 0, 500_00)], 100_00, [None, (0, 100_00)]),
    ],
)
def test_each_heir_gets_his_share_of_the_whole_whichever_payment_came_back(
    paid: list[tuple[str, int, int]], due: int, owed: list[tuple[int, int] | None]
) -> None:
    heirs = [Heir(id_print=name, share=1, share_of=2) for name in (b"a", b"b")]
    by_print = {heir.id_print: heir for heir in heirs}
    payments = [
        Payment(
            entitlement_id=7,
            state="credited",
            heir=by_print[name.encode()],
            round=round_,
            amount=amount,
        )
        for name, round_, amount in paid
    ]
    granted = sum(amount for _name, _round, amount in paid) + due
    balance = Balance(1, 7, Fen(granted), Fen(granted - due), Fen(0), Fen(0))
    still = Dues(balance, heirs, payments, []).still_owed()
    found = {each.heir: (each.round, each.amount) for each in still}
    assert [found.get(heir) for heir in heirs] == owed
