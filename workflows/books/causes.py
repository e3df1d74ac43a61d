"""What is posted (记账规则): for each cause, the account that is debited and the one credited.

The whole book-keeping is this table. An amount below zero is a red entry (红字): it takes back what
was posted under the same cause.
"""

from dataclasses import dataclass
from enum import StrEnum

from language import N_
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
    OPENED = "opened"
    BANK_FEE = "bank_fee"
    INTEREST = "interest"
    FUNDS_MOVED = "funds_moved"


@dataclass(frozen=True)
class BookRule:
    """The word of a cause, and where its amount goes: debit (借) and credit (贷). What was reserved
    for the payment is free again where it `frees`; two people book it where it is `by_hand`."""

    word: str
    debit: AccountKind
    credit: AccountKind
    frees: bool = False
    by_hand: bool = False


RULES: dict[Cause, BookRule] = {
    # Of units: prepaid until the cover that it pays for begins. A refund is a red entry.
    Cause.FEE_MOVED: BookRule(N_("收会费"), _A.BANK, _A.PREPAID_FEES),
    Cause.COVER_BEGAN: BookRule(N_("保障生效，会费入账"), _A.PREPAID_FEES, _A.FEES),
    Cause.SUBSIDY_GREW_DUE: BookRule(N_("保障生效，应收补助"), _A.SUBSIDY_DUE, _A.SUBSIDY),
    Cause.SUBSIDY_MOVED: BookRule(N_("收补助"), _A.BANK, _A.SUBSIDY_DUE),
    # Of claims: what is approved is owed at once, and is paid when the bank says so.
    Cause.GRANTED: BookRule(N_("批准互助金"), _A.BENEFITS, _A.PAYABLE),
    Cause.GRANTED_RELIEF: BookRule(N_("批准二次救助"), _A.RELIEF, _A.PAYABLE),
    Cause.RELEASED: BookRule(N_("放行付款"), _A.PAYABLE, _A.IN_TRANSIT),
    Cause.CREDITED: BookRule(N_("付款到账"), _A.IN_TRANSIT, _A.BANK, frees=True),
    Cause.RETURNED: BookRule(N_("付款退票"), _A.IN_TRANSIT, _A.RETURNED, frees=True),
    Cause.RETURNED_LATE: BookRule(N_("到账后退回"), _A.BANK, _A.RETURNED),
    Cause.CREDITED_AFTER_ALL: BookRule(N_("退票后核实到账"), _A.RETURNED, _A.BANK),
    Cause.OWED_AGAIN: BookRule(N_("退票重新应付"), _A.RETURNED, _A.PAYABLE),
    # Of what was paid too much, and of what nobody could be paid.
    Cause.ASKED_BACK: BookRule(N_("应追回"), _A.RECOVERABLE, _A.PAYABLE),
    Cause.RECOVERED: BookRule(N_("收回追回款"), _A.BANK, _A.RECOVERABLE),
    Cause.SET_OFF: BookRule(N_("抵扣"), _A.PAYABLE, _A.RECOVERABLE),
    Cause.WRITTEN_OFF: BookRule(N_("核销"), _A.WRITTEN_OFF, _A.RECOVERABLE),
    # What was written off and is granted later counts as paid; a later decision may undo that.
    Cause.WRITTEN_OFF_ANEW: BookRule(N_("核销与给付相抵"), _A.WRITTEN_OFF, _A.PAYABLE),
    Cause.WRITTEN_TO_FUND: BookRule(N_("逾期未领转入基金"), _A.RETURNED, _A.KEPT_BY_FUND),
    Cause.REVIVED: BookRule(N_("恢复领取"), _A.KEPT_BY_FUND, _A.RETURNED),
    # What people state of the bank beyond what the books know, when they are opened.
    Cause.OPENED: BookRule(N_("期初余额"), _A.BANK, _A.OPENING),
    # Of the bank's own doing and of money that people move: booked by hand, from its papers.
    Cause.BANK_FEE: BookRule(N_("银行手续费"), _A.BANK_FEES, _A.BANK, by_hand=True),
    Cause.INTEREST: BookRule(N_("存款利息"), _A.BANK, _A.INTEREST, by_hand=True),
    Cause.FUNDS_MOVED: BookRule(N_("资金调入（调出为负）"), _A.BANK, _A.MOVED_FUNDS, by_hand=True),
}
