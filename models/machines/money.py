"""The machines of the money: payment, batch, recovery."""

from language import N_
from models.machines.machine import Machine, Move, Who
from models.states import BatchState, PaymentState, RecoveryState

_Y, _B, _V = PaymentState, BatchState, RecoveryState


PAYMENT = Machine(
    "payment",
    N_("付款"),
    {
        _Y.QUEUED: N_("待组批"),
        _Y.FROZEN: N_("已组批"),
        _Y.SENT: N_("已报盘"),
        _Y.UNKNOWN: N_("去向不明"),
        _Y.CREDITED: N_("已到账"),
        _Y.RETURNED: N_("退票"),
        _Y.CANCELLED: N_("已取消"),
        _Y.SET_OFF: N_("已抵扣"),
    },
    _Y.QUEUED,
    (
        Move("freeze", N_("组批"), _Y.QUEUED, _Y.FROZEN, Who.CASHIER),
        Move("cancel", N_("取消"), _Y.QUEUED, _Y.CANCELLED, Who.SUPERVISOR),
        Move("thaw", N_("解批"), _Y.FROZEN, _Y.QUEUED, Who.CASHIER),
        Move("take_out", N_("抽出"), _Y.FROZEN, _Y.QUEUED, Who.CASHIER),
        Move("send", N_("报盘"), _Y.FROZEN, _Y.SENT, Who.CASHIER),
        Move("credit", N_("到账"), _Y.SENT, _Y.CREDITED, Who.BANK),
        Move("return", N_("退票"), _Y.SENT, _Y.RETURNED, Who.BANK),
        Move("return", N_("退票"), _Y.CREDITED, _Y.RETURNED, Who.BANK),
        # Its batch was discarded although there was a file of it, and the bank may have taken it.
        Move("lose", N_("转为去向不明"), _Y.SENT, _Y.UNKNOWN, Who.CASHIER),
        Move("credit", N_("到账"), _Y.UNKNOWN, _Y.CREDITED, Who.BANK),
        Move("return", N_("退票"), _Y.UNKNOWN, _Y.RETURNED, Who.BANK),
        # The bank said returned first, and a supervisor has asked which is true.
        Move("credit", N_("到账"), _Y.RETURNED, _Y.CREDITED, Who.BANK),
        Move("set_off", N_("抵扣追回"), _Y.QUEUED, _Y.SET_OFF, Who.SUPERVISOR),
        Move("undo_set_off", N_("取消抵扣"), _Y.SET_OFF, _Y.QUEUED, Who.SUPERVISOR),
        Move("cancel", N_("取消"), _Y.SET_OFF, _Y.CANCELLED, Who.SUPERVISOR),
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
        Move("ask_take_out", N_("提请抽出"), _B.FROZEN, _B.FROZEN, Who.CASHIER),
        Move("refuse_take_out", N_("不同意抽出"), _B.FROZEN, _B.FROZEN, Who.CASHIER),
        Move("agree_take_out", N_("同意抽出"), _B.FROZEN, _B.FROZEN, Who.CASHIER),
        # There may be a file of it from the time when one was made before the release.
        Move("ask_discard", N_("提请作废"), _B.FROZEN, _B.FROZEN, Who.CASHIER),
        Move("refuse_discard", N_("不同意作废"), _B.FROZEN, _B.FROZEN, Who.CASHIER),
        Move("agree_discard", N_("同意作废"), _B.FROZEN, _B.DISCARDED, Who.CASHIER),
        Move("ask_discard", N_("提请作废"), _B.RELEASED, _B.RELEASED, Who.CASHIER),
        Move("refuse_discard", N_("不同意作废"), _B.RELEASED, _B.RELEASED, Who.CASHIER),
        Move("agree_discard", N_("同意作废"), _B.RELEASED, _B.DISCARDED, Who.CASHIER),
        # What was unknown after the first time, the bank may yet say that it did not take.
        Move("ask_discard", N_("提请作废"), _B.DISCARDED, _B.DISCARDED, Who.CASHIER),
        Move("refuse_discard", N_("不同意作废"), _B.DISCARDED, _B.DISCARDED, Who.CASHIER),
        Move("agree_discard", N_("同意作废"), _B.DISCARDED, _B.DISCARDED, Who.CASHIER),
    ),
)

RECOVERY = Machine(
    "recovery",
    N_("追回"),
    {
        _V.OPEN: N_("待收回"),
        _V.REPAID: N_("已收回"),
        _V.WRITTEN_OFF: N_("已核销"),
        _V.CALLED_OFF: N_("已取消"),
    },
    _V.OPEN,
    (
        Move("book", N_("登记退款"), _V.OPEN, _V.OPEN, Who.CASHIER),
        Move("receive", N_("确认退款到账"), _V.OPEN, _V.OPEN, Who.SUPERVISOR),
        Move("receive_last", N_("确认收清"), _V.OPEN, _V.REPAID, Who.SUPERVISOR),
        Move("refuse_receipt", N_("退款未到账，撤销登记"), _V.OPEN, _V.OPEN, Who.SUPERVISOR),
        Move("set_off", N_("抵扣"), _V.OPEN, _V.OPEN, Who.SUPERVISOR),
        Move("set_off_all", N_("全部抵扣"), _V.OPEN, _V.REPAID, Who.SUPERVISOR),
        Move("undo_set_off", N_("取消抵扣"), _V.OPEN, _V.OPEN, Who.SUPERVISOR),
        Move("undo_set_off", N_("取消抵扣"), _V.REPAID, _V.OPEN, Who.SUPERVISOR),
        Move("agree_instalments", N_("约定分期退回"), _V.OPEN, _V.OPEN, Who.SUPERVISOR),
        Move("lower", N_("减少追回"), _V.OPEN, _V.OPEN, Who.SUPERVISOR),
        Move("close", N_("了结"), _V.OPEN, _V.REPAID, Who.SUPERVISOR),
        Move("call_off", N_("取消追回"), _V.OPEN, _V.CALLED_OFF, Who.SUPERVISOR),
        Move("propose_write_off", N_("提议核销"), _V.OPEN, _V.OPEN, Who.SUPERVISOR),
        Move("refuse_write_off", N_("不同意核销"), _V.OPEN, _V.OPEN, Who.SUPERVISOR),
        Move("write_off", N_("核销"), _V.OPEN, _V.WRITTEN_OFF, Who.SUPERVISOR),
    ),
)
