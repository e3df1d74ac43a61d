"""The words of the screens for codes that only the console shows: verbs, benefits, advice."""

from collections.abc import Iterable, Mapping

from console.event_words import VERBS
from documents.kinds import KIND_NAMES, Kind
from documents.letters.contents import LETTER_NAMES, LetterKind
from documents.page_notes import PageNote
from documents.reading.fields import FIELD_NAMES, FieldName
from language import N_, _
from models.machines import MACHINES
from models.machines.machine import Machine
from models.states import EnrolmentKind, ReceiptKind
from rules.facts import EventKind
from rules.illnesses import illness_name
from rules.verdict import BENEFIT_NAMES, OUTCOME_NAMES, Benefit, Outcome
from workflows.claims.judging.document_check import (
    CHECK_FAILED,
    EVENT_WANTED,
    FIELD_MISSING,
    FINDING_WORDS,
    MAY_ALSO_CLAIM,
    MISSING_PAPER,
    NOT_ON_ROSTER,
    ROSTER_DIFFERS,
    SUMS_CONTRADICT,
)
from workflows.claims.judging.doubtful_pages import KIND_UNSURE, PAGE_UNCLEAR
from workflows.claims.judging.found_faults import DISAGREEMENT
from workflows.claims.judging.money_facts import ONE_WITNESS
from workflows.claims.judging.noted_pages import NOTED_WORDS
from workflows.claims.judging.payee_check import PAYEE_UNCONFIRMED
from workflows.claims.judging.reused_papers import PAPER_REUSED
from workflows.claims.judging.several_people import SEVERAL_PEOPLE
from workflows.claims.papers.new_card import (
    NEW_CARD_DIFFERS,
    NEW_CARD_OF_ANOTHER,
    NEW_CARD_UNREAD,
)
from workflows.claims.papers.reviewed import FIELD_UNSURE

ADVICE = {
    MISSING_PAPER: N_("请单位补交；若其实已在材料中，请在左侧更正该页的种类"),
    PAGE_UNCLEAR: N_("请看图选定该页的种类，或请单位重新拍照补交"),
    KIND_UNSURE: N_("本案须有这种材料：请看图选定该页的种类"),
    FIELD_MISSING: N_("请看图录入"),
    FIELD_UNSURE: N_("请对照图像，确认或更正"),
    ONE_WITNESS: N_("决定给付的内容须有两处依据，请对照图像，确认或更正"),
    DISAGREEMENT: N_("请对照各页，录入正确的值"),
    CHECK_FAILED: N_("多半是识读错了一位，请对照图像更正"),
    ROSTER_DIFFERS: N_("请核实材料与名册以哪个为准，必要时请单位更正"),
    NOT_ON_ROSTER: N_("请核对身份证号；若号码无误，请单位确认是否参保"),
    EVENT_WANTED: N_("请在下方“事件”中填写"),
    NEW_CARD_DIFFERS: N_("请对照退票后的材料更正卡号；卡号无误的，写明原因"),
    NEW_CARD_UNREAD: N_("请看图核对卡号并写明原因，或请单位重新拍照补交"),
    NEW_CARD_OF_ANOTHER: N_("只能付给会员本人：请补交本人的卡；确是本人的，写明原因"),
    PAPER_REUSED: N_("请并排查看两份材料：确属各自的，写明原因；冒用的，不予给付"),
    PAYEE_UNCONFIRMED: N_("请由没有经手过此案的人对照两个账户核对"),
    SEVERAL_PEOPLE: N_("请说明每一页是谁的，按人分开；确属一人的，写明原因"),
    SUMS_CONTRADICT: N_("请对照结算单更正；若另有大病等支付，请写明"),
    MAY_ALSO_CLAIM: N_("材料显示的情况超出所申请的项目：请增加申请，或写明不申请的原因"),
    PageNote.SIGNATURE_BROKEN.value: N_("请向开票单位或在财政电子票据查验平台核实，并写明结果"),
    PageNote.DATA_DIFFERS.value: N_("请向开票单位或在财政电子票据查验平台核实，并写明结果"),
}
PAGE_NOTES = {
    PageNote.UNSIGNED: N_("电子票据没有签名，无法查证是否被改动"),
    PageNote.SIGNATURE_UNREADABLE: N_("电子票据的签名本程序无法核对"),
    PageNote.SEAL_NOT_VERIFIED: N_("电子票据内容与签名一致；印章由谁所盖没有核验"),
    **{PageNote(note): words for note, words in NOTED_WORDS.items()},
}
PURPOSES = (
    N_("核对材料"),
    N_("与会员或单位电话核实"),
    N_("查询退票"),
    N_("答复审计"),
)

_STEPS = {
    "intake": N_("收件"),
    "put_away": N_("归位"),
    "read": N_("识读"),
    "read_new_papers": N_("识读退票后的材料"),
    "check": N_("材料审核"),
    "adjudicate": N_("核定"),
    "prepare_payment": N_("备付"),
    "write_letter": N_("出具通知书"),
    "read_copies": N_("识读证件复印件"),
    "enrol": N_("录入名册"),
    "begin_cover": N_("保障生效"),
    "write_renewal": N_("出具续保通知"),
    "mail_renewal": N_("发送续保通知"),
}
_WAYS_ON = {
    "intake": N_("经办按“重试”；仍失败的，请投件人重新扫描后投入"),
    "put_away": N_("系统管理员让程序可以写入投件夹，再按“重试”"),
    "read": N_("经办按“重试”；仍失败的，打开案件，在“补件”中上传重新拍照的页"),
    "read_new_papers": N_("经办按“重试”；仍失败的，打开案件，在“补件”中上传重新拍照的页"),
    "check": N_("经办按“重试”；仍失败的，系统管理员按所示原因处理后再“重试”"),
    "adjudicate": N_("经办按“重试”；仍失败的，系统管理员按所示原因处理后再“重试”"),
    "prepare_payment": N_("经办按“重试”；仍失败的，系统管理员按所示原因处理后再“重试”"),
    "write_letter": N_("系统管理员改好通知书模板，再按“重试”"),
    "read_copies": N_("经办按“重试”；仍失败的，撤回名册，连同清晰的复印件重新报送"),
    "enrol": N_("经办按“重试”；仍失败的，系统管理员按所示原因处理后再“重试”"),
    "begin_cover": N_("经办按“重试”；仍失败的，系统管理员按所示原因处理后再“重试”"),
    "write_renewal": N_("系统管理员改好续保通知模板，再按“重试”"),
    "mail_renewal": N_("系统管理员改好邮件设置，再按“重试”"),
}
_RUNS = {
    "done": N_("完成"),
    "retry": N_("未成，稍后再试"),
    "failed": N_("失败"),
    "lost": N_("中断"),
}
_ENROLMENT_KINDS: dict[str, str] = {
    EnrolmentKind.FIRST: N_("新参保"),
    EnrolmentKind.RENEWAL: N_("续保"),
    EnrolmentKind.ADDITION: N_("增员"),
}
_RECEIPTS: dict[str, str] = {
    ReceiptKind.RECEIPT: N_("收款"),
    ReceiptKind.REFUND: N_("退费"),
    ReceiptKind.REVERSAL: N_("冲销"),
}


def state(machine: Machine, code: str) -> str:
    return _(machine.states[code])


def verb(machine_name: str, code: str) -> str:
    """The word for a verb in the history of this kind of row."""
    moves = MACHINES[machine_name].moves if machine_name in MACHINES else ()
    word = next((move.word for move in moves if move.verb == code), None)
    return _(word or VERBS.get(code, code))


def kinds_of_events() -> dict[str, str]:
    """Every verb of the log with its words, in the order of these; one verb may have several."""
    words: dict[str, list[str]] = {code: [word] for code, word in VERBS.items()}
    for move in (move for machine in MACHINES.values() for move in machine.moves):
        words.setdefault(move.verb, []).append(move.word)
    told = {code: " / ".join(dict.fromkeys(map(_, each))) for code, each in words.items()}
    return dict(sorted(told.items(), key=lambda item: item[1]))


def step(code: str) -> str:
    return _(_STEPS.get(code, code))


def way_on(step: str) -> str:
    """Who does what with rows that this step has failed on."""
    return _(_WAYS_ON[step]) if step in _WAYS_ON else ""


def run(outcome: str) -> str:
    return _(_RUNS.get(outcome, outcome))


def machine(name: str) -> str:
    return _(MACHINES[name].word)


EVENTS = {
    EventKind.STAY: N_("住院"),
    EventKind.ILLNESS: N_("重大疾病"),
    EventKind.ACCIDENT: N_("意外伤害"),
}


def event(kind: str) -> str:
    return _(EVENTS[EventKind(kind)])


def events(told: Iterable[Mapping[str, object]]) -> str:
    """What a claim is about, all of it: 住院 + 恶性肿瘤."""
    return " + ".join(dict.fromkeys(map(_event, told)))


def _event(told: Mapping[str, object]) -> str:
    illness = told.get("illness")
    codes = [illness] if isinstance(illness, str) else illness
    if isinstance(codes, list) and codes:
        return _("、").join(illness_name(str(code)) for code in codes)
    return event(str(told.get("kind", EventKind.STAY)))


def benefit(code: str) -> str:
    return _(BENEFIT_NAMES[Benefit(code)])


def outcome(code: str) -> str:
    return _(OUTCOME_NAMES[Outcome(code)])


def letter(code: str) -> str:
    return _(LETTER_NAMES[LetterKind(code)])


def enrolment_kind(code: str) -> str:
    return _(_ENROLMENT_KINDS.get(code, code))


def receipt(code: str) -> str:
    return _(_RECEIPTS[code])


def kind(code: str) -> str:
    return _(KIND_NAMES[Kind(code)])


def field(code: str) -> str:
    return _(FIELD_NAMES[FieldName(code)])


def finding(code: str) -> str:
    return _(FINDING_WORDS.get(code, code))


def advice(code: str) -> str:
    return _(ADVICE.get(code, ""))


def page(place: int | None) -> str:
    return _("第 %(n)s 页") % {"n": place} if place else ""


def about(thing: str, more: str) -> str:
    """The thing with what is said of it, if anything is."""
    return _("%(thing)s：%(more)s") % {"thing": thing, "more": more} if more else thing


def subject(code: str) -> str:
    """What a finding is about, where that is a field or a kind of paper."""
    if code in FieldName.__members__.values():
        return field(code)
    if code in Kind.__members__.values():
        return kind(code)
    return event(code) if code in EVENTS else ""


def after_retry(state_word: str, *, is_parked: bool, is_due: bool) -> str:
    """Whether the cause is gone: what a retried row came to."""
    if is_parked:
        return _("再次失败")
    if is_due:
        return _("正在办理")
    return _("已继续：%(state)s") % {"state": state_word}
