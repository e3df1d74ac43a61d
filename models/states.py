"""Every machine's table of moves: the only place that defines which state may follow which."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from language import N_


class Who(StrEnum):
    """Who makes a move; people are checked against their roles in `workflows`.

    A supervisor records what the relief committee decides, and then cannot approve it.
    """

    STEP = "step"
    BEAT = "beat"
    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    CASHIER = "cashier"
    COMMITTEE = "committee"
    BANK = "bank"


@dataclass(frozen=True)
class Move:
    """One permitted move: its verb is the history row, the button and the log field."""

    verb: str
    word: str
    source: str
    target: str
    who: Who


@dataclass(frozen=True)
class Machine:
    """One kind of row: its table and what people call it, its states (code to Chinese word), the
    first state, and the moves.
    """

    name: str
    word: str
    states: dict[str, str]
    start: str
    moves: tuple[Move, ...]

    def move(self, verb: str, source: str) -> Move | None:
        """The move with this verb out of this state, or None where it is not permitted."""
        return next((m for m in self.moves if m.verb == verb and m.source == source), None)

    @cached_property
    def automatic(self) -> frozenset[str]:
        """The states that a step leaves; in every other state a row is at rest."""
        return frozenset(m.source for m in self.moves if m.who is Who.STEP)

    def out_of(self, source: str) -> tuple[Move, ...]:
        """All moves that leave this state."""
        return tuple(m for m in self.moves if m.source == source)


class PacketState(StrEnum):
    NOTICED = "noticed"
    SETTLED = "settled"
    STORED = "stored"
    AWAY = "away"
    GONE = "gone"


class ClaimState(StrEnum):
    RECEIVED = "received"
    READ = "read"
    INCOMPLETE = "incomplete"
    IN_QUESTION = "in_question"
    COMPLETE = "complete"
    REFERRED = "referred"
    PROPOSED = "proposed"
    APPROVED = "approved"
    PAYABLE = "payable"
    SENT = "sent"
    PAID = "paid"
    RETURNED = "returned"
    DENIED = "denied"
    HELD = "held"
    WITHDRAWN = "withdrawn"
    JOINED = "joined"


class LetterState(StrEnum):
    WANTED = "wanted"
    WRITTEN = "written"


class PaymentState(StrEnum):
    QUEUED = "queued"
    FROZEN = "frozen"
    SENT = "sent"
    CREDITED = "credited"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class BatchState(StrEnum):
    FROZEN = "frozen"
    RELEASED = "released"
    DISCARDED = "discarded"


class EnrolmentState(StrEnum):
    CHECKED = "checked"
    COPIED = "copied"
    SHORT = "short"
    ACCEPTED = "accepted"
    UNPAID = "unpaid"
    BACKDATED = "backdated"
    FUNDED = "funded"
    COVERED = "covered"
    WITHDRAWN = "withdrawn"


class EnrolmentKind(StrEnum):
    FIRST = "first"
    RENEWAL = "renewal"
    ADDITION = "addition"


class FeePayer(StrEnum):
    """Who pays: the unit, for itself and its members, or the provincial-organs union."""

    UNIT = "unit"
    SUBSIDY = "subsidy"


class ReceiptKind(StrEnum):
    RECEIPT = "receipt"
    REFUND = "refund"
    REVERSAL = "reversal"


class RenewalState(StrEnum):
    HELD = "held"
    WANTED = "wanted"
    WRITTEN = "written"
    SENT = "sent"
    POSTED = "posted"
    OVERTAKEN = "overtaken"
    STOPPED = "stopped"


class ReliefState(StrEnum):
    APPLIED = "applied"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ObjectionState(StrEnum):
    REGISTERED = "registered"
    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class RevisionCause(StrEnum):
    """Why a decided claim goes its way again."""

    OBJECTION = "objection"
    PAPERS = "papers"
    MISTAKE = "mistake"


class RecoveryState(StrEnum):
    OPEN = "open"
    SETTLED = "settled"
    WRITTEN_OFF = "written_off"
    CALLED_OFF = "called_off"


_P, _C, _L, _Y, _B = PacketState, ClaimState, LetterState, PaymentState, BatchState
_E, _R, _S = EnrolmentState, RenewalState, ReliefState
_O, _V = ObjectionState, RecoveryState

# Where a claim waits for a person before it is approved.
_WITH_PEOPLE = (_C.INCOMPLETE, _C.IN_QUESTION, _C.REFERRED, _C.PROPOSED)

PACKET = Machine(
    "packet",
    N_("收件"),
    {
        _P.NOTICED: N_("等待写完"),
        _P.SETTLED: N_("待收件"),
        _P.STORED: N_("已入库"),
        _P.AWAY: N_("已归位"),
        _P.GONE: N_("已取走"),
    },
    _P.NOTICED,
    (
        Move("settle", N_("写完"), _P.NOTICED, _P.SETTLED, Who.BEAT),
        Move("take_back", N_("取回"), _P.NOTICED, _P.GONE, Who.BEAT),
        Move("disturb", N_("又有变动"), _P.SETTLED, _P.NOTICED, Who.STEP),
        Move("intake", N_("收件"), _P.SETTLED, _P.STORED, Who.STEP),
        Move("vanish", N_("取走"), _P.SETTLED, _P.GONE, Who.STEP),
        Move("put_away", N_("归位"), _P.STORED, _P.AWAY, Who.STEP),
    ),
)

CLAIM = Machine(
    "claim",
    N_("案件"),
    {
        _C.RECEIVED: N_("待识读"),
        _C.READ: N_("待审核"),
        _C.INCOMPLETE: N_("待补件"),
        _C.IN_QUESTION: N_("待核对"),
        _C.COMPLETE: N_("待核定"),
        _C.REFERRED: N_("转人工"),
        _C.PROPOSED: N_("待审批"),
        _C.APPROVED: N_("已审批"),
        _C.PAYABLE: N_("待拨付"),
        _C.SENT: N_("拨付中"),
        _C.PAID: N_("已到账"),
        _C.RETURNED: N_("退票"),
        _C.DENIED: N_("不予给付"),
        _C.HELD: N_("搁置"),
        _C.WITHDRAWN: N_("已撤回"),
        _C.JOINED: N_("已并入"),
    },
    _C.RECEIVED,
    (
        Move("read", N_("识读"), _C.RECEIVED, _C.READ, Who.STEP),
        Move("find_complete", N_("材料齐全"), _C.READ, _C.COMPLETE, Who.STEP),
        Move("ask_for_papers", N_("通知补件"), _C.READ, _C.INCOMPLETE, Who.STEP),
        Move("question", N_("提请核对"), _C.READ, _C.IN_QUESTION, Who.STEP),
        Move("add_papers", N_("收到补件"), _C.INCOMPLETE, _C.RECEIVED, Who.CLERK),
        Move("add_papers", N_("收到补件"), _C.IN_QUESTION, _C.RECEIVED, Who.CLERK),
        Move("add_papers", N_("收到补件"), _C.REFERRED, _C.RECEIVED, Who.CLERK),
        Move("add_papers", N_("收到补件"), _C.READ, _C.RECEIVED, Who.CLERK),
        Move("add_papers", N_("收到补件"), _C.COMPLETE, _C.RECEIVED, Who.CLERK),
        Move("add_papers", N_("收到补件"), _C.PROPOSED, _C.RECEIVED, Who.CLERK),
        Move("add_papers", N_("收到补件"), _C.RECEIVED, _C.RECEIVED, Who.CLERK),
        Move("add_papers", N_("收到补件"), _C.HELD, _C.RECEIVED, Who.CLERK),
        Move("add_papers", N_("收到补件"), _C.WITHDRAWN, _C.RECEIVED, Who.CLERK),
        Move("recheck", N_("重新审核"), _C.INCOMPLETE, _C.READ, Who.CLERK),
        Move("recheck", N_("重新审核"), _C.IN_QUESTION, _C.READ, Who.CLERK),
        Move("recheck", N_("重新审核"), _C.REFERRED, _C.READ, Who.CLERK),
        Move("recheck", N_("重新审核"), _C.PROPOSED, _C.READ, Who.CLERK),
        Move("decide_relief", N_("救助评审"), _C.RECEIVED, _C.PROPOSED, Who.COMMITTEE),
        Move("decide_relief", N_("救助评审"), _C.REFERRED, _C.PROPOSED, Who.COMMITTEE),
        Move("propose", N_("核定"), _C.COMPLETE, _C.PROPOSED, Who.STEP),
        Move("refer", N_("转人工"), _C.COMPLETE, _C.REFERRED, Who.STEP),
        Move("join", N_("并入已有案件"), _C.REFERRED, _C.JOINED, Who.CLERK),
        Move("approve", N_("批准给付"), _C.PROPOSED, _C.APPROVED, Who.SUPERVISOR),
        Move("deny", N_("批准不予给付"), _C.PROPOSED, _C.DENIED, Who.SUPERVISOR),
        Move("send_back", N_("退回"), _C.PROPOSED, _C.REFERRED, Who.SUPERVISOR),
        Move("prepare_payment", N_("备付"), _C.APPROVED, _C.PAYABLE, Who.STEP),
        # It became known after the approval that the member has died.
        Move("refer", N_("转人工"), _C.APPROVED, _C.REFERRED, Who.STEP),
        Move("send_back", N_("退回"), _C.PAYABLE, _C.REFERRED, Who.SUPERVISOR),
        Move("send", N_("报盘"), _C.PAYABLE, _C.SENT, Who.CASHIER),
        Move("credit", N_("到账"), _C.SENT, _C.PAID, Who.BANK),
        Move("return", N_("退票"), _C.SENT, _C.RETURNED, Who.BANK),
        Move("return", N_("退票"), _C.PAID, _C.RETURNED, Who.BANK),
        Move("pay_again", N_("重新付款"), _C.RETURNED, _C.PROPOSED, Who.CLERK),
        Move("pay_again", N_("重新付款"), _C.PROPOSED, _C.PROPOSED, Who.CLERK),
        *(Move("hold", N_("搁置"), state, _C.HELD, Who.CLERK) for state in _WITH_PEOPLE),
        Move("resume", N_("恢复办理"), _C.HELD, _C.READ, Who.CLERK),
        Move("resume", N_("恢复办理"), _C.WITHDRAWN, _C.READ, Who.CLERK),
        *(
            Move("withdraw", N_("撤回申请"), state, _C.WITHDRAWN, Who.CLERK)
            for state in (*_WITH_PEOPLE, _C.HELD, _C.RECEIVED, _C.READ, _C.COMPLETE)
        ),
        *(
            Move("propose_denial", N_("提请不予给付"), state, _C.PROPOSED, Who.SUPERVISOR)
            for state in (_C.INCOMPLETE, _C.IN_QUESTION, _C.REFERRED)
        ),
        Move("reopen", N_("重新办理"), _C.DENIED, _C.RECEIVED, Who.CLERK),
        Move("reopen", N_("重新办理"), _C.PAID, _C.RECEIVED, Who.CLERK),
        Move("reopen", N_("重新办理"), _C.RETURNED, _C.RECEIVED, Who.CLERK),
        Move("uphold", N_("异议成立"), _C.DENIED, _C.RECEIVED, Who.SUPERVISOR),
        Move("uphold", N_("异议成立"), _C.PAID, _C.RECEIVED, Who.SUPERVISOR),
        Move("uphold", N_("异议成立"), _C.RETURNED, _C.RECEIVED, Who.SUPERVISOR),
        Move("owe_nothing", N_("无须再付"), _C.APPROVED, _C.PAID, Who.STEP),
    ),
)

LETTER = Machine(
    "letter",
    N_("通知书"),
    {_L.WANTED: N_("待出具"), _L.WRITTEN: N_("已出具")},
    _L.WANTED,
    (Move("write_letter", N_("出具"), _L.WANTED, _L.WRITTEN, Who.STEP),),
)

PAYMENT = Machine(
    "payment",
    N_("付款"),
    {
        _Y.QUEUED: N_("待组批"),
        _Y.FROZEN: N_("已组批"),
        _Y.SENT: N_("已报盘"),
        _Y.CREDITED: N_("已到账"),
        _Y.RETURNED: N_("退票"),
        _Y.CANCELLED: N_("已取消"),
    },
    _Y.QUEUED,
    (
        Move("freeze", N_("组批"), _Y.QUEUED, _Y.FROZEN, Who.CASHIER),
        Move("cancel", N_("取消"), _Y.QUEUED, _Y.CANCELLED, Who.SUPERVISOR),
        Move("thaw", N_("解批"), _Y.FROZEN, _Y.QUEUED, Who.CASHIER),
        Move("send", N_("报盘"), _Y.FROZEN, _Y.SENT, Who.CASHIER),
        Move("credit", N_("到账"), _Y.SENT, _Y.CREDITED, Who.BANK),
        Move("return", N_("退票"), _Y.SENT, _Y.RETURNED, Who.BANK),
        Move("return", N_("退票"), _Y.CREDITED, _Y.RETURNED, Who.BANK),
    ),
)

BATCH = Machine(
    "batch",
    N_("批次"),
    {_B.FROZEN: N_("待放行"), _B.RELEASED: N_("已放行"), _B.DISCARDED: N_("已作废")},
    _B.FROZEN,
    (
        Move("release", N_("放行"), _B.FROZEN, _B.RELEASED, Who.CASHIER),
        Move("discard", N_("作废"), _B.FROZEN, _B.DISCARDED, Who.CASHIER),
    ),
)

ENROLMENT = Machine(
    "enrolment",
    N_("参保名册"),
    {
        _E.CHECKED: N_("待确认"),
        _E.COPIED: N_("复印件待识读"),
        _E.SHORT: N_("参保率不足"),
        _E.ACCEPTED: N_("待录入"),
        _E.UNPAID: N_("待缴费"),
        _E.BACKDATED: N_("起保日待审"),
        _E.FUNDED: N_("待生效"),
        _E.COVERED: N_("已参保"),
        _E.WITHDRAWN: N_("已撤回"),
    },
    _E.CHECKED,
    (
        Move("hand_in_copies", N_("交来证件复印件"), _E.CHECKED, _E.COPIED, Who.CLERK),
        Move("read_copies", N_("识读复印件"), _E.COPIED, _E.CHECKED, Who.STEP),
        Move("accept", N_("确认名册"), _E.CHECKED, _E.ACCEPTED, Who.CLERK),
        Move("hold", N_("参保率不足"), _E.CHECKED, _E.SHORT, Who.CLERK),
        Move("let_pass", N_("准予参保"), _E.SHORT, _E.ACCEPTED, Who.SUPERVISOR),
        Move("enrol", N_("录入"), _E.ACCEPTED, _E.UNPAID, Who.STEP),
        Move("fund", N_("缴清会费"), _E.UNPAID, _E.FUNDED, Who.CLERK),
        Move("hold_start", N_("缴清会费，起保日待审"), _E.UNPAID, _E.BACKDATED, Who.CLERK),
        Move("let_pass", N_("准予参保"), _E.BACKDATED, _E.FUNDED, Who.SUPERVISOR),
        Move("begin_tomorrow", N_("改为次日起保"), _E.BACKDATED, _E.FUNDED, Who.SUPERVISOR),
        Move("reopen_fee", N_("重新核对会费"), _E.BACKDATED, _E.UNPAID, Who.CLERK),
        Move("begin_cover", N_("生效"), _E.FUNDED, _E.COVERED, Who.STEP),
        Move("withdraw", N_("撤回"), _E.CHECKED, _E.WITHDRAWN, Who.CLERK),
        Move("withdraw", N_("撤回"), _E.COPIED, _E.WITHDRAWN, Who.CLERK),
        Move("withdraw", N_("撤回"), _E.SHORT, _E.WITHDRAWN, Who.CLERK),
        Move("withdraw", N_("撤回"), _E.UNPAID, _E.WITHDRAWN, Who.CLERK),
        Move("withdraw", N_("撤回"), _E.BACKDATED, _E.WITHDRAWN, Who.CLERK),
    ),
)

RENEWAL = Machine(
    "renewal",
    N_("续保提醒"),
    {
        _R.HELD: N_("暂停"),
        _R.WANTED: N_("待出具"),
        _R.WRITTEN: N_("待发送"),
        _R.SENT: N_("已发送"),
        _R.POSTED: N_("已公布"),
        _R.OVERTAKEN: N_("并入后一次"),
        _R.STOPPED: N_("已续保"),
    },
    _R.HELD,
    (
        Move("release", N_("到期"), _R.HELD, _R.WANTED, Who.BEAT),
        Move("overtake", N_("并入后一次"), _R.HELD, _R.OVERTAKEN, Who.BEAT),
        Move("renewed", N_("已续保"), _R.HELD, _R.STOPPED, Who.BEAT),
        Move("write_renewal", N_("出具"), _R.WANTED, _R.WRITTEN, Who.STEP),
        Move("stop", N_("不再提醒"), _R.WANTED, _R.STOPPED, Who.STEP),
        Move("stop", N_("不再提醒"), _R.WRITTEN, _R.STOPPED, Who.STEP),
        Move("give_way", N_("让与后一次"), _R.WANTED, _R.OVERTAKEN, Who.STEP),
        Move("give_way", N_("让与后一次"), _R.WRITTEN, _R.OVERTAKEN, Who.STEP),
        Move("mail_renewal", N_("发送"), _R.WRITTEN, _R.SENT, Who.STEP),
        Move("post", N_("公布"), _R.WRITTEN, _R.POSTED, Who.STEP),
    ),
)

RELIEF = Machine(
    "relief",
    N_("二次救助"),
    {
        _S.APPLIED: N_("待评审"),
        _S.GRANTED: N_("予以救助"),
        _S.REFUSED: N_("不予救助"),
        _S.WITHDRAWN: N_("已撤回"),
    },
    _S.APPLIED,
    (
        Move("grant", N_("予以救助"), _S.APPLIED, _S.GRANTED, Who.SUPERVISOR),
        Move("refuse", N_("不予救助"), _S.APPLIED, _S.REFUSED, Who.SUPERVISOR),
        Move("reopen", N_("退回评审"), _S.GRANTED, _S.APPLIED, Who.SUPERVISOR),
        Move("reopen", N_("退回评审"), _S.REFUSED, _S.APPLIED, Who.SUPERVISOR),
        Move("withdraw", N_("撤回"), _S.APPLIED, _S.WITHDRAWN, Who.CLERK),
    ),
)

OBJECTION = Machine(
    "objection",
    N_("异议"),
    {
        _O.REGISTERED: N_("待听取"),
        _O.UPHELD: N_("异议成立"),
        _O.REJECTED: N_("异议不成立"),
        _O.WITHDRAWN: N_("已撤回"),
    },
    _O.REGISTERED,
    (
        Move("uphold", N_("异议成立"), _O.REGISTERED, _O.UPHELD, Who.SUPERVISOR),
        Move("reject", N_("异议不成立"), _O.REGISTERED, _O.REJECTED, Who.SUPERVISOR),
        Move("withdraw", N_("撤回"), _O.REGISTERED, _O.WITHDRAWN, Who.CLERK),
    ),
)

RECOVERY = Machine(
    "recovery",
    N_("追回"),
    {
        _V.OPEN: N_("待收回"),
        _V.SETTLED: N_("已收回"),
        _V.WRITTEN_OFF: N_("已核销"),
        _V.CALLED_OFF: N_("已取消"),
    },
    _V.OPEN,
    (
        Move("receive", N_("收到退款"), _V.OPEN, _V.OPEN, Who.CASHIER),
        Move("settle", N_("收清"), _V.OPEN, _V.SETTLED, Who.CASHIER),
        Move("lower", N_("减少追回"), _V.OPEN, _V.OPEN, Who.SUPERVISOR),
        Move("close", N_("了结"), _V.OPEN, _V.SETTLED, Who.SUPERVISOR),
        Move("call_off", N_("取消追回"), _V.OPEN, _V.CALLED_OFF, Who.SUPERVISOR),
        Move("propose_write_off", N_("提议核销"), _V.OPEN, _V.OPEN, Who.SUPERVISOR),
        Move("refuse_write_off", N_("不同意核销"), _V.OPEN, _V.OPEN, Who.SUPERVISOR),
        Move("write_off", N_("核销"), _V.OPEN, _V.WRITTEN_OFF, Who.SUPERVISOR),
    ),
)

MACHINES = {
    m.name: m
    for m in (
        PACKET,
        CLAIM,
        LETTER,
        PAYMENT,
        BATCH,
        ENROLMENT,
        RENEWAL,
        RELIEF,
        OBJECTION,
        RECOVERY,
    )
}

# Enrolled, and cover has not begun: the lines say whose cover is on its way.
ENROLLED_NOT_COVERED = (_E.UNPAID, _E.BACKDATED, _E.FUNDED)
UNDER_WAY_STATES = (_Y.QUEUED, _Y.FROZEN, _Y.SENT)
LIVE_PAYMENT_STATES = (*UNDER_WAY_STATES, _Y.CREDITED)
