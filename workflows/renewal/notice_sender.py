"""What the office says of itself on notices to units: where the fee goes, and whom to call."""

from collections.abc import Iterator
from dataclasses import dataclass

from language import _
from settings import Settings


@dataclass(frozen=True)
class SenderGap:
    """What the notices lack, in a sentence; `names` are the settings, for who sets them."""

    sentence: str
    names: str


def has_fee_account(settings: Settings) -> bool:
    """Whether all of the account for the fees is set, so that no part would be printed blank."""
    parts = settings.fee_account_name, settings.fee_account, settings.fee_account_bank
    return all(part.strip() for part in parts)


def sender_gaps(settings: Settings) -> Iterator[SenderGap]:
    """What the administrator has still to set; nothing if the notices are whole."""
    if not has_fee_account(settings):
        yield SenderGap(
            _("收会费的账户没有设全，续保通知上只写汇至我办，不印账号；请系统管理员补全"),
            "HUZHU_FEE_ACCOUNT_NAME、HUZHU_FEE_ACCOUNT、HUZHU_FEE_ACCOUNT_BANK",
        )
    if not settings.office_phone.strip():
        sentence = _("没有设办公室电话，续保通知上不印电话；请系统管理员补全")
        yield SenderGap(sentence, "HUZHU_OFFICE_PHONE")
