"""A frozen list of payments; every bank file is computed from it alone."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

from documents.new_workbook import EXACT_BELOW
from documents.outgoing_text import is_plain
from language import _
from rules.errors import BadInput
from rules.money import Fen

# ISO 20022 gives MsgId and EndToEndId 35 places; letters, digits and hyphen pass every layout.
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,34}")
_ACCOUNT = re.compile(r"[0-9]{8,32}")
_CNAPS = re.compile(r"[0-9]{12}")


@dataclass(frozen=True)
class Payer:
    """The account that pays."""

    name: str
    account: str
    bank_name: str
    cnaps: str | None  # None: not known


@dataclass(frozen=True)
class PaymentLine:
    """One payment: payee, amount, and our reference, which the bank must return in its reply."""

    reference: str
    name: str
    account: str
    bank_name: str  # empty: not known
    cnaps: str | None  # None: not known
    amount: Fen
    purpose: str  # empty: none


@dataclass(frozen=True)
class PaymentBatch:
    """The approved payments; their order is the order of the lines in every file."""

    number: str
    created_at: datetime
    execute_on: date
    payer: Payer
    payments: tuple[PaymentLine, ...]

    def __post_init__(self) -> None:
        if faults := _faults(self):
            raise BadInput("\n".join(faults))

    @property
    def count(self) -> int:
        return len(self.payments)

    @property
    def total(self) -> Fen:
        return Fen(sum(payment.amount for payment in self.payments))

    def digest(self) -> str:
        """SHA-256 over every value the files are made from, in a canonical form."""
        values = asdict(self) | {
            "form": "huzhu-payment-batch-1",
            "created_at": self.created_at.astimezone(UTC).isoformat(),
            "execute_on": self.execute_on.isoformat(),
        }
        canonical = json.dumps(values, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def _faults(batch: PaymentBatch) -> list[str]:
    faults = []
    if not _REFERENCE.fullmatch(batch.number):
        faults.append(
            _("批次号只能用字母、数字和连字符，至多 35 位：%(value)s") % {"value": batch.number}
        )
    if batch.created_at.utcoffset() is None:
        faults.append(_("批次的生成时间没有时区：%(value)s") % {"value": batch.created_at})
    if not batch.payments:
        faults.append(_("批次中没有付款"))
    found = payer_faults(batch.payer)
    faults += [_("付款方：%(fault)s") % {"fault": fault} for fault in found]
    seen: dict[str, int] = {}
    for row, payment in enumerate(batch.payments, start=1):
        found = line_faults(payment)
        if first := seen.get(payment.reference):
            found.append(_("业务编号与第 %(first)s 笔重复") % {"first": first})
        seen.setdefault(payment.reference, row)
        faults += [_("第 %(row)s 笔：%(fault)s") % {"row": row, "fault": fault} for fault in found]
    return faults


def line_faults(payment: PaymentLine) -> list[str]:
    """What no bank file can be made from, by the field that each fault names."""
    return _party_faults(payment) + _payment_faults(payment)


def payer_faults(payer: Payer) -> list[str]:
    """What no bank file can be made from: of name, account and bank."""
    return _party_faults(payer) + ([] if payer.bank_name else [_("行名为空")])


def _party_faults(party: Payer | PaymentLine) -> list[str]:
    faults = []
    if not party.name:
        faults.append(_("户名为空"))
    if not _ACCOUNT.fullmatch(party.account):
        faults.append(_("账号应为 8 至 32 位数字"))
    if party.cnaps is not None and not _CNAPS.fullmatch(party.cnaps):
        faults.append(_("联行号应为 12 位数字：%(value)s") % {"value": party.cnaps})
    for heading, text in ((_("户名"), party.name), (_("行名"), party.bank_name)):
        if not is_plain(text):
            faults.append(_("%(field)s中有不可见字符或首尾空格") % {"field": heading})
    return faults


def _payment_faults(payment: PaymentLine) -> list[str]:
    faults = []
    if not _REFERENCE.fullmatch(payment.reference):
        faults.append(
            _("业务编号只能用字母、数字和连字符，至多 35 位：%(value)s")
            % {"value": payment.reference}
        )
    if not 0 < payment.amount < EXACT_BELOW:
        faults.append(_("金额必须大于零且不超过 15 位：%(value)s 分") % {"value": payment.amount})
    if not is_plain(payment.purpose):
        faults.append(_("摘要中有不可见字符或首尾空格"))
    return faults
