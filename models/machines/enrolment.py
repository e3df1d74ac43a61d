"""The machines of rosters and of reminders to renew."""

from language import N_
from models.machines.machine import Machine, Move, Who
from models.states import EnrolmentState, RenewalState

_E, _R = EnrolmentState, RenewalState


ENROLMENT = Machine(
    "enrolment",
    N_("参保名册"),
    {
        _E.CHECKED: N_("待确认"),
        _E.COPIED: N_("复印件待识读"),
        _E.SHORT: N_("参保率或本人同意不足"),
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
        Move("hold", N_("参保率或本人同意不足"), _E.CHECKED, _E.SHORT, Who.CLERK),
        Move("let_pass", N_("准予参保"), _E.SHORT, _E.ACCEPTED, Who.SUPERVISOR),
        Move("enrol", N_("录入"), _E.ACCEPTED, _E.UNPAID, Who.STEP),
        Move("fund", N_("缴清会费"), _E.UNPAID, _E.FUNDED, Who.CASHIER),
        Move("hold_start", N_("缴清会费，起保日待审"), _E.UNPAID, _E.BACKDATED, Who.CASHIER),
        Move("let_pass", N_("准予参保"), _E.BACKDATED, _E.FUNDED, Who.SUPERVISOR),
        Move("begin_tomorrow", N_("改为次日起保"), _E.BACKDATED, _E.FUNDED, Who.SUPERVISOR),
        Move("reopen_fee", N_("重新核对会费"), _E.BACKDATED, _E.UNPAID, Who.CASHIER),
        Move("begin_cover", N_("生效"), _E.FUNDED, _E.COVERED, Who.STEP),
        Move("withdraw", N_("撤回"), _E.CHECKED, _E.WITHDRAWN, Who.CLERK),
        Move("withdraw", N_("撤回"), _E.COPIED, _E.WITHDRAWN, Who.CLERK),
        Move("withdraw", N_("撤回"), _E.SHORT, _E.WITHDRAWN, Who.CLERK),
        Move("withdraw", N_("撤回"), _E.ACCEPTED, _E.WITHDRAWN, Who.CLERK),
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
