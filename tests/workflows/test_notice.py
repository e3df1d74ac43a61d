"""The notice, sentence by sentence: papers or a roster in, money or a letter out."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from banking import formats
from documents.kinds import Kind
from models import Batch, Letter, Payment
from models.people import Role
from rules.errors import Refused
from tests.desk import UNIT, Desk, Person, a_card_number, a_page, an_id_number
from tests.heirs import a_death, an_heir, key, keyed
from tests.heirs import confirm as confirm_heirs
from tests.workflows.claims.judging.test_adjudication import SHEET, confirm_read
from tests.workflows.claims.test_accident import appraisal, certificate, statement
from tests.workflows.claims.test_illness import ticking
from tests.workflows.enrolment.rosters import Hall, Worker, workers
from workflows.claims.acts import denial, told_events
from workflows.claims.paying import payment_files
from workflows.enrolment import rosters
from workflows.enrolment.consent import Consent
from workflows.enrolment.roster_preview import preview

LOCAL, ELSEWHERE = "吉林大学第一医院", "吉林市中心医院"
notice = pytest.mark.notice


def claimed(desk: Desk, person: Person, change: Any = lambda page: page, **papers: Any) -> int:
    """A claim from its papers; a clerk says that the originals are as they are read, and that no
    more is asked for."""
    claim_id = desk.claim(person, change, **papers)
    desk.work()
    for unsure in ("FIELD_UNSURE", "DISAGREEMENT", "MAY_ALSO_CLAIM"):
        confirm_read(desk, claim_id, unsure)
    return claim_id


def paid(desk: Desk, claim_id: int) -> int:
    """Approve, freeze and release; the yuan that are on their way to the bank for this claim."""
    desk.approve_all()
    desk.released()
    with desk.office.sessions.read_only() as session:
        sent = select(Payment.amount).filter_by(claim_id=claim_id, state="sent")
        return sum(session.scalars(sent)) // 100


def refused(desk: Desk, claim_id: int) -> str:
    """Approve; the letter of denial."""
    desk.approve_all()
    with desk.office.sessions.read_only() as session:
        letters = select(Letter).filter_by(claim_id=claim_id, kind="denial_notice")
        letter = session.scalars(letters).one()
        assert letter.sha256 is not None
        assert not session.scalars(select(Payment).filter_by(claim_id=claim_id)).all()
    with zipfile.ZipFile(io.BytesIO(desk.office.store.get(letter.sha256))) as file:
        return re.sub(r"<[^>]+>", "", file.read("word/document.xml").decode())


@notice("1", "当出现患病或意外伤害等情况时，将可获得一定金额的赔付")
@notice("6.3", "由各单位工会统一将申请材料报送")
@notice("6.3", "互助金将直接发放到会员提供的银行卡中")
def test_papers_of_a_stay_become_money_on_the_members_own_card(desk: Desk) -> None:
    person = desk.member()
    claim_id = claimed(desk, person)
    desk.approve_all()
    batch_id = desk.released()
    with desk.office.sessions.unit_of_work() as session:
        file = payment_files.write_file(
            session, desk.office, desk.user(Role.CASHIER), session.get_one(Batch, batch_id)
        )
    [line] = formats.read("ccb-list", file.content)
    assert (line.account, line.amount, line.name) == (person.card, 60_000, person.name)
    assert desk.payments(claim_id) == ["sent"]


@notice("4.1", "二级（含二级）以上医疗机构住院治疗")
@notice("4.1.1", "在本地同一医院因病住院治疗")
@pytest.mark.parametrize(
    ("discharged", "yuan"), [("2026-03-04", 100), ("2026-03-12", 500), ("2026-06-15", 4_500)]
)
def test_a_local_stay_pays_fifty_a_day_up_to_4500(desk: Desk, discharged: str, yuan: int) -> None:
    claim_id = claimed(desk, desk.member(), admitted="2026-03-02", discharged=discharged)
    assert paid(desk, claim_id) == yuan


@notice("4.1.1", "在异地因病住院治疗")
@pytest.mark.parametrize(
    ("discharged", "yuan"), [("2026-03-04", 100), ("2026-03-12", 400), ("2026-06-15", 3_600)]
)
def test_a_stay_elsewhere_pays_forty_a_day_up_to_3600(
    desk: Desk, discharged: str, yuan: int
) -> None:
    stay = {"admitted": "2026-03-02", "discharged": discharged, "hospital": ELSEWHERE}
    claim_id = claimed(desk, desk.member(), more=(SHEET,), **stay)
    assert paid(desk, claim_id) == yuan


@notice("4.1.1", "一个保障期内可以领取2次住院津贴")
def test_two_long_stays_pay_9000_and_the_third_is_refused_with_its_clause(desk: Desk) -> None:
    desk.clock.pass_(days=180)
    person = desk.member()
    stays = {"2026-01-02": "2026-05-02", "2026-05-10": "2026-09-10", "2026-10-01": "2026-10-09"}
    first, second, third = (
        claimed(desk, person, admitted=admitted, discharged=discharged)
        for admitted, discharged in stays.items()
    )
    assert "一个保障期内可以领取2次住院津贴" in refused(desk, third)
    assert paid_together(desk, first, second) == 9_000


def paid_together(desk: Desk, *claims: int) -> int:
    desk.released()
    with desk.office.sessions.read_only() as session:
        sums = select(Payment.amount).where(Payment.claim_id.in_(claims))
        return sum(session.scalars(sums)) // 100


@notice("4.1.1", "在本地同一医院因病住院治疗")
def test_one_day_in_hospital_is_refused_in_the_words_of_the_notice(desk: Desk) -> None:
    claim_id = claimed(desk, desk.member(), admitted="2026-03-02", discharged="2026-03-03")
    assert "超过1日（不含）以上的有效住院治疗天数" in refused(desk, claim_id)


@notice("4.1", "首次确诊患者有本计划所列的15种重大疾病")
@notice("4.1.2", "首次确诊患有15类重大疾病")
@pytest.mark.parametrize(
    ("reported", "yuan"),
    [("2026-01-31", 500), ("2026-03-31", 500), ("2026-04-01", 10_000)],
)
def test_a_tumour_pays_by_its_day_of_cover(desk: Desk, reported: str, yuan: int) -> None:
    assert paid(desk, a_tumour(desk, reported)) == yuan


@notice("4.1.2", "互助保障计划开始生效30日后")
def test_a_tumour_of_the_first_thirty_days_is_refused(desk: Desk) -> None:
    assert "开始生效30日后90日内" in refused(desk, a_tumour(desk, "2026-01-30"))


def a_tumour(desk: Desk, reported: str) -> int:
    report = ("病理诊断报告", "病理诊断:胃腺癌", f"报告日期:{reported}")
    claim_id = claimed(
        desk,
        desk.member(),
        ticking("□住院津贴 √重大疾病 □意外伤害"),
        without=(Kind.DISCHARGE_RECORD,),
        diagnosis="胃恶性肿瘤",
        more=(
            certificate("胃恶性肿瘤 C16.9"),
            a_page(Kind.PATHOLOGY_REPORT, *report),
        ),
    )
    desk.waive(desk.user(Role.CLERK), claim_id, "门诊确诊，未住院")
    name(desk, claim_id, reported)
    return claim_id


def name(desk: Desk, claim_id: int, diagnosed_on: str) -> None:
    told: dict[str, object] = {
        "kind": "critical_illness",
        "illness": "malignant_tumour",
        "diagnosed_on": diagnosed_on,
        "first_diagnosis": True,
    }
    with desk.at(claim_id) as (session, claim):
        told_events.establish(
            session, desk.office, desk.user(Role.CLERK), claim, told, reason="已核对材料"
        )
    desk.work()


@notice("4.1", "残疾")
@notice("4.1.3", "残疾时，最高可以领取互助金20000元")
@pytest.mark.parametrize(("grade", "yuan"), [("一", 20_000), ("五", 12_000), ("十", 2_000)])
def test_a_disability_pays_by_its_grade_up_to_20000(desk: Desk, grade: str, yuan: int) -> None:
    told = statement("在单位食堂门前不慎滑倒,造成右胫腓骨骨折")
    claim_id = an_accident(desk, told, f"评定为{grade}级伤残")
    assert paid(desk, claim_id) == yuan


@notice("4.1.3", "会员因病住院期间发生意外事故")
def test_a_disability_from_a_fall_in_hospital_pays_up_to_40000(desk: Desk) -> None:
    told = statement("在病房卫生间不慎滑倒,造成右髋骨骨折", day="2026年3月5日")
    claim_id = claimed(
        desk,
        desk.member(),
        ticking("□住院津贴 □重大疾病 √意外伤害"),
        more=(told, certificate("右髋骨骨折"), appraisal("评定为一级伤残")),
    )
    desk.bear_out(claim_id)
    assert paid(desk, claim_id) == 600 + 40_000


@notice("4.1", "烧伤")
@notice("4.1.3", "烧烫伤导致")
def test_a_burn_pays_by_its_place_and_its_share_of_the_skin(desk: Desk) -> None:
    burnt = "双手Ⅲ度烧伤3%"
    claim_id = claimed(
        desk,
        desk.member(),
        ticking("□住院津贴 □重大疾病 √意外伤害"),
        more=(statement("操作锅炉时不慎被蒸汽烫伤"), certificate(burnt)),
        diagnosis=burnt,
        admitted="2026-04-20",
        discharged="2026-05-02",
    )
    assert paid(desk, claim_id) == 10_000


@notice("4.1", "意外事故导致身故")
@notice("4.1.3", "导致死亡")
def test_a_death_by_accident_pays_20000_to_the_heirs(desk: Desk) -> None:
    theirs = (an_heir("李一"), an_heir("李二"))
    claim_id = a_death(desk, desk.member(), *theirs)
    key(desk, claim_id, *(keyed(desk, claim_id, each, "1/2") for each in theirs))
    confirm_heirs(desk, claim_id)
    assert paid(desk, claim_id) == 20_000


def an_accident(desk: Desk, told: Any, opinion: str) -> int:
    return claimed(
        desk,
        desk.member(),
        ticking("□住院津贴 □重大疾病 √意外伤害"),
        more=(told, certificate("右胫腓骨骨折"), appraisal(opinion)),
        admitted="2026-04-20",
        discharged="2026-05-02",
    )


@notice("2", "年龄在16至60周岁")
def test_a_roster_takes_whom_the_notice_admits(desk: Desk) -> None:
    hall = Hall.of(desk, headcount=2)
    ages = {"满十六": "20100701", "未满十六": "20100702", "六十": "19650702", "六十一": "19650701"}
    people = [Worker(name, an_id_number(born)) for name, born in ages.items()]
    number = hall.enrolled(people)
    assert hall.lines(number) == [2, 4]
    hall.pay(number, 16_000)
    desk.work()
    assert len(hall.periods()) == 2
    [alone] = hall.hand_in([people[1]])
    with pytest.raises(Refused, match="没有可以参保的人"):
        hall.accept(alone)


@notice("2", "在本人自愿的前提下")
def test_whose_consent_is_not_stated_is_covered_only_when_a_supervisor_says_why(desk: Desk) -> None:
    hall, unsaid = Hall.of(desk, headcount=2), Consent()
    people = workers(2)
    [number] = hall.hand_in(people, consent=unsaid)
    assert hall.accept(number).without_consent == 2
    desk.work()
    assert (hall.state(number), hall.lines(number)) == ("short", [])
    with pytest.raises(Refused, match="请写明原因"):
        hall.let_pass(number, " ")
    hall.let_pass(number, "两人已当面签字，纸质同意书在单位")
    desk.work()
    hall.pay(number, 16_000)
    desk.work()
    assert len(hall.periods()) == 2


@notice("2", "不接受个人申请参加")
def test_whom_no_unit_has_enrolled_is_refused_in_the_words_of_the_notice(desk: Desk) -> None:
    desk.unit()
    claim_id = claimed(desk, Person("张三", an_id_number(), a_card_number()))
    reason = "个人申请，未经单位工会参保"
    with desk.at(claim_id) as (session, claim):
        proposer = desk.user(Role.SUPERVISOR)
        denial.propose_denial(session, desk.office, proposer, claim, "NOT_A_MEMBER", reason)
    desk.work()
    assert "由本单位工会统一组织" in refused(desk, claim_id)


@notice("2", "不接受个人申请参加")
def test_who_joins_by_himself_is_refused_by_his_row_and_the_others_are_covered(desk: Desk) -> None:
    hall = Hall.of(desk, headcount=1)
    people = [
        Worker("张三", unit=UNIT, employment="正式"),
        Worker("李四", unit="个人"),
        Worker("王五", unit=UNIT, employment="灵活就业"),
    ]
    [number] = hall.hand_in(people)
    with desk.office.sessions.unit_of_work() as session:
        shown = preview(session, desk.office, rosters.locked(session, number))
    sentence = "不接受个人申请参加，须由本人所在单位的工会统一组织参保"
    told = [(fault.row, fault.column, fault.text) for fault in shown.faults]
    assert told == [(3, "单位名称", sentence), (4, "用工性质", sentence)]
    hall.accept(number)
    desk.work()
    assert hall.lines(number) == [2]
    hall.pay(number, 8_000)
    desk.work()
    assert len(hall.periods()) == 1
    [alone] = hall.hand_in(people[1:], date(2026, 8, 1))
    with pytest.raises(Refused, match="没有可以参保的人"):
        hall.accept(alone)


@notice("2", "200人以上的参保率要求达到80% 以上")
@pytest.mark.parametrize(
    ("headcount", "joining", "passes"),
    [(5, 4, False), (5, 5, True), (200, 159, False), (200, 160, True)],
)
def test_all_of_a_small_unit_join_and_four_fifths_of_a_large_one(
    desk: Desk, headcount: int, joining: int, passes: bool
) -> None:
    hall = Hall.of(desk, headcount)
    number = hall.enrolled(workers(joining))
    assert hall.state(number) == ("unpaid" if passes else "short")
    hall.pay(number, 8_000 * joining)
    desk.work()
    assert len(hall.periods()) == (joining if passes else 0)


@notice("4.1", "会费标准是每人每年110元")
@notice("5", "剩余80元")
@notice("6.2", "由各单位工会统一")
def test_three_members_cost_240_of_the_unit_and_90_of_the_provincial_union(desk: Desk) -> None:
    hall = Hall.of(desk, headcount=3)
    number = hall.enrolled(workers(3))
    found = hall.find(number)
    assert (found.fee_due, found.subsidy_due) == (24_000, 9_000)
    hall.pay(number, 24_000)
    desk.work()
    assert hall.periods() == [(date(2026, 7, 1), date(2027, 6, 30))] * 3


@notice("4.1", "期满续交，每人限参一份")
def test_cover_is_renewed_for_one_share_a_person(desk: Desk) -> None:
    hall = Hall.of(desk, headcount=1)
    person = Worker("张三")
    hall.covered([person])
    desk.clock.pass_(days=360)
    [two] = hall.hand_in([replace(person, shares=2)], date(2027, 7, 1))
    with pytest.raises(Refused, match="没有可以参保的人"):
        hall.accept(two)
    hall.covered([person], date(2027, 7, 1))
    assert hall.periods()[-1] == (date(2027, 7, 1), date(2028, 6, 30))


@notice("5", "未成立工会组织的单位，不能参加")
def test_a_unit_without_a_union_cannot_hand_in_a_roster(desk: Desk) -> None:
    desk.unit(headcount=3, has_union=False)
    hall = Hall.of(desk)
    with pytest.raises(Refused, match="工会"):
        hall.hand_in(workers(3))


@notice("4.2", "其它互助保障计划")
def test_an_optional_plan_pays_beside_the_main_one(desk: Desk) -> None:
    person = desk.member()
    desk.member(on_roster=person, plan="accident-2022")
    claim_id = claimed(
        desk,
        person,
        ticking("□住院津贴 □重大疾病 √意外伤害"),
        more=(
            statement("在单位食堂门前不慎滑倒,造成右胫腓骨骨折"),
            certificate("右胫腓骨骨折"),
            appraisal("评定为五级伤残"),
        ),
        admitted="2026-04-20",
        discharged="2026-05-02",
    )
    assert paid(desk, claim_id) == 12_000 + 18_000
