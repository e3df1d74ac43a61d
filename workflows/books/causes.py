"""What is posted (记账规则): for each cause, the account that is debited and the one credited.

The whole book-keeping is this table. An amount below zero is a red entry (红字): it takes back what
was posted under the same cause.
"""

from dataclasses import dataclass
from enum import StrEnum

from models.ledger import AccountKind

_A = AccountKind


class Cause(StrEnum):
    """What happened."""

    FEE_MOVED = "fee_moved"
    COVER_BEGAN = "cover_began"
    SUBSIDY_GREW_DUE = "subsidy_grew_due"
    SUBSIDY_MOVED = "subsidy_moved"
    GRANTED = "granted"
    GRANTED_RELIEF = "granted_relief"
    RELEASED = "released"
    CREDITED = "credited"
    RETURNED = "returned"
    RETURNED_LATE = "returned_late"
    CREDITED_AFTER_ALL = "credited_after_all"
    OWED_AGAIN = "owed_again"
    ASKED_BACK = "asked_back"
    RECOVERED = "recovered"
    SET_OFF = "set_off"
    WRITTEN_OFF = "written_off"
    WRITTEN_OFF_ANEW = "written_off_anew"
    WRITTEN_TO_FUND = "written_to_fund"
    REVIVED = "revived"


@dataclass(frozen=True)
class BookRule:
    """Where the amount of a cause goes: debit (借) and credit (贷)."""

    debit: AccountKind
    credit: AccountKind


RULES: dict[Cause, BookRule] = {
    # Of units: prepaid until the cover that it pays for begins. A refund is a red entry.
    Cause.FEE_MOVED: BookRule(_A.BANK, _A.PREPAID_FEES),  # 收会费
    Cause.COVER_BEGAN: BookRule(_A.PREPAID_FEES, _A.FEES),  # 保障生效，会费入账
    Cause.SUBSIDY_GREW_DUE: BookRule(_A.SUBSIDY_DUE, _A.SUBSIDY),  # 保障生效，应收补助
    Cause.SUBSIDY_MOVED: BookRule(_A.BANK, _A.SUBSIDY_DUE),  # 收补助
    # Of claims: what is approved is owed at once, and is paid when the bank says so.
    Cause.GRANTED: BookRule(_A.BENEFITS, _A.PAYABLE),  # 批准互助金
    Cause.GRANTED_RELIEF: BookRule(_A.RELIEF, _A.PAYABLE),  # 批准二次救助
    Cause.RELEASED: BookRule(_A.PAYABLE, _A.IN_TRANSIT),  # 放行付款
    Cause.CREDITED: BookRule(_A.IN_TRANSIT, _A.BANK),  # 付款到账
    Cause.RETURNED: BookRule(_A.IN_TRANSIT, _A.RETURNED),  # 付款退票
    Cause.RETURNED_LATE: BookRule(_A.BANK, _A.RETURNED),  # 到账后退回
    Cause.CREDITED_AFTER_ALL: BookRule(_A.RETURNED, _A.BANK),  # 退票后核实到账
    Cause.OWED_AGAIN: BookRule(_A.RETURNED, _A.PAYABLE),  # 退票重新应付
    # Of what was paid too much, and of what nobody could be paid.
    Cause.ASKED_BACK: BookRule(_A.RECOVERABLE, _A.PAYABLE),  # 应追回
    Cause.RECOVERED: BookRule(_A.BANK, _A.RECOVERABLE),  # 收回追回款
    Cause.SET_OFF: BookRule(_A.PAYABLE, _A.RECOVERABLE),  # 抵扣
    Cause.WRITTEN_OFF: BookRule(_A.WRITTEN_OFF, _A.RECOVERABLE),  # 核销
    # What was written off and is granted later counts as paid; a later decision may undo that.
    Cause.WRITTEN_OFF_ANEW: BookRule(_A.WRITTEN_OFF, _A.PAYABLE),  # 核销与给付相抵
    Cause.WRITTEN_TO_FUND: BookRule(_A.RETURNED, _A.KEPT_BY_FUND),  # 逾期未领转入基金
    Cause.REVIVED: BookRule(_A.KEPT_BY_FUND, _A.RETURNED),  # 恢复领取
}
