"""Faults of what a row says of its numbers, its fee and its unit."""

from documents.check_digits import has_birth_date, is_card_number_shaped, is_id_number_shaped
from documents.phones import phone_is_valid
from documents.plain_text import squeezed
from documents.rosters.cells import has_lost_digits
from documents.rosters.engagement import names_no_unit, says_individual
from documents.rosters.roster_file import SAID_OF_STAFF, RosterRow
from language import N_, _
from rules.money import Fen, yuan_text
from rules.plans import Plan


def phone_fault(row: RosterRow) -> str | None:
    """The sentence that says what is wrong with the phone; an empty cell is no fault."""
    if not row.phone or phone_is_valid(row.phone):
        return None
    words = {"digits": len(row.phone)}
    return _("手机号应为 11 位，现有 %(digits)s 位（座机须连同区号）") % words


def fee_fault(row: RosterRow, plan: Plan) -> str | None:
    """The sentence where the fee is not the plan's for the shares of the row."""
    fee = plan.enrolment.fee.value
    if fee is None or row.fee in (None, whole := Fen(fee * row.shares)):
        return None
    assert row.fee is not None
    words = {"fee": yuan_text(whole), "shares": row.shares, "said": yuan_text(row.fee)}
    return _("会费应为 %(fee)s 元（%(shares)s 份），不是 %(said)s 元") % words


def unit_fault(row: RosterRow, unit_name: str) -> str | None:
    """The sentence where the row names another unit than the one that hands the roster in; a part
    of its name will do."""
    said, own = squeezed(row.unit_name), squeezed(unit_name)
    if not said or not own or names_no_unit(said) or said in own or own in said:
        return None
    return _("此行的单位“%(said)s”不是报送单位“%(unit)s”") % {
        "said": row.unit_name,
        "unit": unit_name,
    }


def alone_by(row: RosterRow) -> str | None:
    """The field by which the row is of a person who joins by himself or has no unit (article 2)."""
    if names_no_unit(squeezed(row.unit_name)):
        return "unit_name"
    fields = (*SAID_OF_STAFF, "notes")
    return next((field for field in fields if says_individual(str(getattr(row, field)))), None)


def why_not_an_id(number: str) -> str:
    """What is wrong with a number that is none of an ID card; in Chinese, to be translated."""
    if has_lost_digits(number):
        return _DIGITS_LOST
    if len(number) == 15 and number.isdigit():
        return N_("15 位的旧号码已停用，应填 18 位")
    if not is_id_number_shaped(number):
        return N_("证件号码应为 18 位")
    if not has_birth_date(number):
        return N_("证件号码中的出生日期不存在")
    return N_("证件号码校验不通过")


def why_not_a_card(number: str) -> str:
    """What is wrong with a number that is none of a bank card; in Chinese, to be translated."""
    if has_lost_digits(number):
        return _DIGITS_LOST
    if not is_card_number_shaped(number):
        return N_("银行卡号应为 16 至 19 位数字")
    return N_("银行卡号校验不通过")


_DIGITS_LOST = N_("被 Excel 存成了数字，末几位已丢失，请改为文本后重填")
