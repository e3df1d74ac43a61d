"""Letters: asked for once on each occasion, masked, and the same bytes when written again."""

import io
import re
import zipfile
from hashlib import sha256

import pytest
from sqlalchemy import select

from banking import simulator
from documents.kinds import Kind
from documents.letters.contents import LetterKind
from models import Batch, Claim, Letter
from models.people import Role
from models.states import ClaimState, LetterState
from tests.desk import (
    STEP_BY_NAME,
    UNIT,
    Desk,
    Person,
    a_card_number,
    a_page,
    a_picture,
    an_id_number,
    handed_in,
)
from workflows.claims.acts import correction, told_events
from workflows.claims.letters import letters
from workflows.claims.letters.letters import want_letters
from workflows.claims.packets import inbox, uploads
from workflows.claims.paying import bank_reply, payment_files
from workflows.engine.run import run


@pytest.fixture
def person(desk: Desk) -> Person:
    return desk.member()


def only_letter(desk: Desk) -> Letter:
    with desk.office.sessions.read_only() as session:
        return session.scalars(select(Letter)).one()


def letter_of(desk: Desk, kind: str) -> Letter:
    with desk.office.sessions.read_only() as session:
        return session.scalars(select(Letter).filter_by(kind=kind)).one()


def look_without_reading(desk: Desk) -> None:
    """Take in what was dropped; the claims' bells are left alone."""
    for _ in range(2):
        inbox.look(desk.office)
        desk.clock.pass_(seconds=desk.office.settings.quiet_seconds)
    for bell in [bell for bell in desk.bells if bell.machine == "packet"]:
        run(desk.office, STEP_BY_NAME["intake"], bell.id)
        run(desk.office, STEP_BY_NAME["put_away"], bell.id)
    desk.bells.clear()


def words_of(desk: Desk, letter: Letter) -> str:
    assert letter.sha256 is not None
    with zipfile.ZipFile(io.BytesIO(desk.office.store.get(letter.sha256))) as file:
        xml = file.read("word/document.xml").decode()
    return re.sub(r"<[^>]+>", "", xml)


def written_again(desk: Desk, letter: Letter) -> str:
    with desk.office.sessions.read_only() as session:
        kept = session.get_one(Letter, letter.id)
        [file] = letters.render(session, [kept], desk.office)
        return sha256(file).hexdigest()


def nothing_in_clear(text: str, person: Person) -> None:
    assert person.id_number not in text
    assert person.card not in text
    assert f"{person.id_number[:4]}**********{person.id_number[-4:]}" in text


def test_a_payment_notice_shows_the_sum_and_masks_the_numbers(desk: Desk, person: Person) -> None:
    handed_in(desk, person)
    desk.approve_all()
    letter = only_letter(desk)
    text = words_of(desk, letter)
    assert (letter.kind, letter.state) == ("payment_notice", LetterState.WRITTEN)
    assert "600.00" in text
    assert "陆佰元整" in text
    assert "12" in text
    assert person.name in text
    assert f"{person.card[:4]}****{person.card[-4:]}" in text
    nothing_in_clear(text, person)


def test_a_denial_notice_gives_the_clause_and_how_to_object(desk: Desk, person: Person) -> None:
    handed_in(desk, person, discharged="2026-03-03")
    desk.approve_all()
    letter = only_letter(desk)
    text = words_of(desk, letter)
    assert letter.kind == "denial_notice"
    assert "四（一）1：“在本地同一医院因病住院治疗超过1日（不含）以上" in text
    assert "2026年3月2日至2026年3月3日在吉林大学第一医院住院" in text
    assert "2026年8月14日" in text  # 60 days after 15 June
    nothing_in_clear(text, person)


def test_a_denial_under_a_plan_without_the_benefit_quotes_the_clause_of_optional_plans(
    desk: Desk,
) -> None:
    plan = "在职职工意外伤害互助保障计划"
    handed_in(desk, desk.member(plan="accident-2022"))
    desk.approve_all()
    text = words_of(desk, only_letter(desk))
    assert "四（二）：“中国职工保险互助会长春办事处的其它互助保障计划" in text
    assert f"{plan}不含此项待遇（按{plan}的规定核定）" in text


def test_a_stranger_gets_a_denial_notice_too(desk: Desk) -> None:
    stranger = Person("王五", an_id_number(), a_card_number())
    claim_id, clerk = handed_in(desk, stranger), desk.user(Role.CLERK)
    with desk.at(claim_id) as (session, claim):
        [finding] = claim.findings
        correction.answer(session, desk.office, clerk, claim, finding.id, "确非会员")
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()
    desk.approve_all()
    text = words_of(desk, only_letter(desk))
    assert "王五" in text
    nothing_in_clear(text, stranger)


def test_a_supplement_notice_lists_exactly_what_is_missing(desk: Desk, person: Person) -> None:
    handed_in(desk, person, without=(Kind.BANK_CARD, Kind.ID_CARD_BACK))
    letter = only_letter(desk)
    text = words_of(desk, letter)
    assert letter.kind == "supplement_notice"
    assert "银行卡" in text
    assert "身份证（国徽面）" in text
    assert "出院记录" not in text
    assert "2026年7月15日" in text  # 30 days after 15 June
    nothing_in_clear(text, person)


def test_a_supplement_notice_says_what_was_missing_when_it_was_asked_for(
    desk: Desk, person: Person
) -> None:
    claim_id = desk.claim(person, without=(Kind.BANK_CARD,))
    for name in ("read", "check"):
        run(desk.office, STEP_BY_NAME[name], claim_id)
    with desk.at(claim_id) as (session, claim):
        [finding] = claim.findings
        clerk = desk.user(Role.CLERK)
        correction.answer(session, desk.office, clerk, claim, finding.id, "已当面核对")
    desk.work()
    assert "银行卡" in words_of(desk, only_letter(desk))


def test_a_letter_written_again_is_the_same_bytes(desk: Desk, person: Person) -> None:
    claim_id = handed_in(desk, person, without=(Kind.BANK_CARD,))
    desk.correct(desk.user(Role.CLERK), claim_id, discharged_on="2026-03-14")
    handed_in(desk, desk.member("李四"))
    handed_in(desk, desk.member("王五"), discharged="2026-03-03")
    desk.approve_all()
    with desk.office.sessions.read_only() as session:
        found = session.scalars(select(Letter)).all()
    kinds = {letter.kind for letter in found}
    assert kinds == {"supplement_notice", "payment_notice", "denial_notice"}
    desk.clock.pass_(days=100)
    assert [written_again(desk, letter) for letter in found] == [x.sha256 for x in found]


def test_a_payment_notice_stays_the_same_after_the_card_was_changed(
    desk: Desk, person: Person
) -> None:
    claim_id, clerk = handed_in(desk, person), desk.user(Role.CLERK)
    desk.approve_all()
    letter = only_letter(desk)
    batch_id = desk.released()
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        file = payment_files.write_file(session, desk.office, desk.user(Role.CASHIER), batch)
        answer = simulator.answer(file.content, "ccb-list", {person.card: "3031"})
        cashier = desk.user(Role.CASHIER)
        bank_reply.load_reply(session, desk.office, cashier, batch, answer)
    desk.pay_again(clerk, claim_id, a_card_number())
    desk.approve_all()
    assert written_again(desk, letter) == letter.sha256


def test_the_same_occasion_asks_for_one_letter(desk: Desk, person: Person) -> None:
    claim_id = handed_in(desk, person)
    desk.approve_all()
    letter = only_letter(desk)
    for _ in range(2):
        with desk.office.sessions.unit_of_work() as session:
            claim = session.get_one(Claim, claim_id)
            kind = LetterKind(letter.kind)
            want_letters(session, desk.office, kind, {claim: letter.occasion})
    assert only_letter(desk).id == letter.id


def test_a_packet_that_becomes_a_claim_has_its_slip_before_it_is_read(desk: Desk) -> None:
    unit_id = desk.unit()
    sender = desk.user(Role.UNIT_CLERK, unit_id=unit_id)
    number = an_id_number()
    files = [(f"{number} 出院记录.jpg", a_picture()), ("银行卡.jpg", a_picture())]
    with desk.office.sessions.unit_of_work() as session:
        packet_id = uploads.upload(session, desk.office, sender, files).id
    run(desk.office, STEP_BY_NAME["intake"], packet_id)
    [bell] = [bell for bell in desk.bells if bell.machine == "letter"]
    run(desk.office, STEP_BY_NAME["write_letter"], bell.id)
    letter = only_letter(desk)
    text = words_of(desk, letter)
    assert letter.kind == "receipt"
    assert f"{UNIT}：" in text
    with desk.office.sessions.read_only() as session:
        claim = session.scalars(select(Claim)).one()
        assert claim.state == ClaimState.RECEIVED
        assert claim.number in text
    assert "2026年6月15日" in text
    assert "银行卡.jpg" in text
    assert "共2份" in text
    assert number not in text
    assert written_again(desk, letter) == letter.sha256


def test_papers_that_come_later_or_twice_get_no_second_slip(desk: Desk) -> None:
    picture = a_picture()
    for files in ({"1.jpg": picture}, {"1.jpg": picture, "2.jpg": a_picture()}, {"1.jpg": picture}):
        desk.drop(f"packet{len(files)}{a_card_number()}", files)
        look_without_reading(desk)
    with desk.office.sessions.read_only() as session:
        assert [letter.kind for letter in session.scalars(select(Letter))] == ["receipt"]


def a_stay_and_a_tumour(desk: Desk, person: Person) -> int:
    report = a_page(Kind.PATHOLOGY_REPORT, "病理诊断报告")
    certificate = a_page(Kind.DIAGNOSIS_CERTIFICATE, "诊断证明书")
    claim_id = handed_in(desk, person, more=(report, certificate))
    told: dict[str, object] = {
        "kind": "critical_illness",
        "illness": ["malignant_tumour"],
        "diagnosed_on": "2026-04-20",
        "first_diagnosis": True,
    }
    with desk.at(claim_id) as (session, claim):
        told_events.establish(
            session, desk.office, desk.user(Role.CLERK), claim, told, reason="已核对材料"
        )
    desk.work()
    return claim_id


def test_a_letter_names_the_illness_and_numbers_what_was_asked_for(
    desk: Desk, person: Person
) -> None:
    a_stay_and_a_tumour(desk, person)
    desk.approve_all()
    text = words_of(desk, letter_of(desk, "payment_notice"))
    assert "第2项2026年4月20日确诊恶性肿瘤" in text
    assert "第 1 项：12 天 × 50 元 = 600 元四（一）1600.00" in text
    assert "第 2 项：确诊在生效第 110 日：一次性 10000 元四（一）2" in text
    assert "尚未取得" not in text
    assert not re.search(r"20\d\d-\d\d-\d\d|4\.1|[a-z_]{5,}", text)


def returned(desk: Desk, results: dict[str, str]) -> None:
    """What waits is approved and sent, and the bank answers with these results by card."""
    desk.approve_all()
    batch_id, cashier = desk.released(), desk.user(Role.CASHIER)
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        file = payment_files.write_file(session, desk.office, desk.user(Role.CASHIER), batch)
        answer = simulator.answer(file.content, "ccb-list", results)
        bank_reply.load_reply(session, desk.office, cashier, batch, answer)
    desk.work()


def test_a_payment_the_bank_returned_tells_why_and_what_to_bring(
    desk: Desk, person: Person
) -> None:
    handed_in(desk, person)
    returned(desk, {person.card: "3031"})
    letter = letter_of(desk, "return_notice")
    text = words_of(desk, letter)
    assert letter.state == LetterState.WRITTEN
    assert "账号与户名不符" in text
    assert "本人银行卡和身份证复印件" in text
    assert "600.00" in text
    assert f"{person.card[:4]}****{person.card[-4:]}" in text
    nothing_in_clear(text, person)
    assert written_again(desk, letter) == letter.sha256


def test_payments_of_one_claim_that_come_back_together_are_one_letter(
    desk: Desk, person: Person
) -> None:
    claim_id = a_stay_and_a_tumour(desk, person)
    returned(desk, {person.card: "3008"})
    text = words_of(desk, letter_of(desk, "return_notice"))
    assert desk.payments(claim_id) == ["returned", "returned"]
    assert text.count("付款账户余额不足") == 2
    assert "10600.00" in text
    assert "您无需补交材料" in text


def test_each_check_that_misses_papers_asks_again(desk: Desk, person: Person) -> None:
    claim_id = handed_in(desk, person, without=(Kind.BANK_CARD, Kind.DISCHARGE_RECORD))
    desk.correct(desk.user(Role.CLERK), claim_id, member_name=person.name)
    with desk.office.sessions.read_only() as session:
        assert [letter.kind for letter in session.scalars(select(Letter))] == [
            "supplement_notice",
            "supplement_notice",
        ]


def test_a_name_with_marks_of_xml_is_printed_as_it_is(desk: Desk) -> None:
    odd = Person("张<三>&", an_id_number(), a_card_number())
    desk.member(on_roster=odd)
    claim_id = desk.claim(odd)
    desk.work()
    desk.correct(desk.user(Role.CLERK), claim_id, member_name=odd.name)
    desk.approve_all()
    assert "张&lt;三&gt;&amp;" in words_of(desk, only_letter(desk))
