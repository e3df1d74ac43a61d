"""What the office says of itself on notices to units: where the fee goes, and whom to call."""

from collections.abc import Iterator

from language import _
from settings import Settings


def has_fee_account(settings: Settings) -> bool:
    """Whether all of the account for the fees is set, so that no part would be printed blank."""
    parts = settings.fee_account_name, settings.fee_account, settings.fee_account_bank
    return all(part.strip() for part in parts)


def sender_gaps(settings: Settings) -> Iterator[str]:
    """What the administrator has still to set, in sentences; nothing if the notices are whole."""
    if not has_fee_account(settings):
        yield _(
            "收会费的账户没有设全，续保通知上只写汇至我办，不印账号；请系统管理员设置 %(names)s"
        ) % {"names": "HUZHU_FEE_ACCOUNT_NAME、HUZHU_FEE_ACCOUNT、HUZHU_FEE_ACCOUNT_BANK"}
    if not settings.office_phone.strip():
        yield _("没有设办公室电话，续保通知上不印电话；请系统管理员设置 %(names)s") % {
            "names": "HUZHU_OFFICE_PHONE"
        }
