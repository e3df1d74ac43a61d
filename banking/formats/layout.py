"""A file format described as data: its columns, what each field may hold, and its fixed words."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from banking.batch import PaymentBatch, PaymentLine
from banking.sheets import ListColumn
from documents.outgoing_text import TextHazard, brings
from language import N_, _
from rules.errors import BadInput

_FIELDS = {
    "reference": N_("业务编号"),
    "name": N_("户名"),
    "account": N_("账号"),
    "bank_name": N_("行名"),
    "cnaps": N_("联行号"),
    "purpose": N_("摘要"),
}


@dataclass(frozen=True)
class LayoutFault:
    """A value that a format cannot carry: of which payment, the word of its field, and why."""

    row: int
    field: str
    why: str


@dataclass(frozen=True)
class Layout:
    """One banking/formats/*.toml."""

    code: str
    title: str
    source: str  # where the layout is known from
    suffix: str
    media_type: str
    max_rows: (
        int  # the most payments in a batch; asked at freezing, so that old files stay possible
    )
    charset: str
    forbidden: str  # characters that the format cannot carry
    hazards: Sequence[TextHazard]  # what a file of this format would take amiss
    carries_payer: bool  # whether the name of who pays, and of his bank, stand in the file
    limits: Mapping[str, int]  # the fields it carries, with the most characters each may have
    words: Mapping[str, str]  # fixed values of this format
    columns: tuple[ListColumn, ...]

    def carried(self, payment: PaymentLine) -> PaymentLine:
        """The payment with only the values this format carries; reading the file must return it."""
        return replace(
            payment,
            bank_name=payment.bank_name if "bank_name" in self.limits else "",
            cnaps=payment.cnaps if "cnaps" in self.limits else None,
            purpose=payment.purpose if "purpose" in self.limits else "",
        )

    def check(self, batch: PaymentBatch) -> None:
        """Raise BadInput, with row, field and value, for what this format cannot carry."""
        sentence = _("第 %(row)s 笔 %(field)s：%(why)s")
        words = ({**vars(fault), "field": _(fault.field)} for fault in self.faults(batch.payments))
        told = [sentence % each for each in words]
        if self.carries_payer:
            sentence = _("付款方 %(field)s：%(why)s")
            told += [
                sentence % {"field": _(_FIELDS[field]), "why": why}
                for field in ("name", "account", "bank_name")
                if (why := self._fault(getattr(batch.payer, field), self.limits[field]))
            ]
        if told:
            raise BadInput("\n".join(told))

    def faults(self, payments: Sequence[PaymentLine]) -> list[LayoutFault]:
        """What of these payments this format cannot carry."""
        return [
            LayoutFault(row, _FIELDS[field], why)
            for row, payment in enumerate(payments, start=1)
            for field, limit in self.limits.items()
            if (why := self._fault(str(getattr(payment, field) or ""), limit))
        ]

    def _fault(self, text: str, limit: int) -> str | None:
        if len(text) > limit:
            return _("超过 %(limit)s 个字符") % {"limit": limit}
        if found := [c for c in text if c in self.forbidden]:
            return _("不能含有“%(characters)s”") % {"characters": "".join(found)}
        if any(brings(hazard, text) for hazard in self.hazards):
            return _("在这种文件里会被当作公式或别的字符")
        if found := [c for c in text if not _can_encode(c, self.charset)]:
            return _("银行字符集 %(charset)s 中没有“%(characters)s”") % {
                "charset": self.charset,
                "characters": "".join(found),
            }
        return None


def load(name: str) -> Layout:
    """Read banking/formats/<name>.toml."""
    table = tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text("utf-8"))
    columns = tuple(
        ListColumn(
            entry["heading"], entry["field"], tuple(entry.get("also", ())), entry.get("width", 12)
        )
        for entry in table.pop("columns", ())
    )
    hazards = tuple(map(TextHazard, table.pop("hazards")))
    return Layout(**table, hazards=hazards, columns=columns)


def _can_encode(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
