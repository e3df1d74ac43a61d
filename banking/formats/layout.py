"""A file format described as data: its columns, what each field may hold, and its fixed words."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from banking.batch import PaymentBatch, PaymentLine
from banking.sheets import ListColumn
from documents.outgoing_text import TextHazard, brings
from language import N_, _
from rules.errors import BadInput

FOLDER = Path(__file__).parent
_FIELDS = {
    "reference": N_("业务编号"),
    "name": N_("户名"),
    "account": N_("账号"),
    "bank_name": N_("行名"),
    "cnaps": N_("联行号"),
    "purpose": N_("摘要"),
}
_OF_PAYMENT = {*_FIELDS, "position", "amount", "crosses"}
_OF_BATCH = {"number", "execute_on", "count", "total", "payer_name", "payer_account", "payer_bank"}
# GB18030 of 2022 gave these other bytes than before: a bank may read another character.
_MOVED = frozenset(map(chr, (0x1E3F, *range(0x9FB4, 0x9FBC), *range(0xFE10, 0xFE1A))))
_OWN_USE = frozenset(map(chr, range(0xE000, 0xF900)))
_UNSURE = {"gbk": _OWN_USE, "gb18030": _MOVED | _OWN_USE}


class FileKind(StrEnum):
    """How the lines of a file are laid out."""

    SHEET = "sheet"
    """A spreadsheet with a row of headings."""
    SEPARATED = "separated"
    """A text whose columns are parted by a character."""
    FIXED = "fixed"
    """A text whose columns have so many bytes each."""
    XML = "xml"
    """An element for each payment, its columns as attributes."""
    PAIN = "pain"
    """A message of ISO 20022."""


class AmountUnit(StrEnum):
    """In what a file states amounts."""

    YUAN = "yuan"
    """With two places: 600.00."""
    FEN = "fen"
    """Whole: 60000."""


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
    order: int  # where it stands among the formats; the first is the office's usual one
    kind: FileKind
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
    limits: Mapping[str, int]  # the fields it carries, with the most that each may have
    words: Mapping[str, str]  # fixed values of this format
    columns: tuple[ListColumn, ...]
    summary: tuple[ListColumn, ...] = ()  # of the line over the payments; empty: there is none
    amounts: AmountUnit = AmountUnit.YUAN
    limits_in_bytes: bool = False  # False: the limits count characters
    guided_from: date | None = None
    """From which day a message has what banks ask for beyond the schema: files of older batches
    stay the same to the byte. None: of a format that never had another form."""

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
        if self.limits_in_bytes:
            if len(text.encode(self.charset, "replace")) > limit:
                return _("超过 %(limit)s 个字节") % {"limit": limit}
        elif len(text) > limit:
            return _("超过 %(limit)s 个字符") % {"limit": limit}
        if not frozenset(self.forbidden).isdisjoint(text):
            found = "".join(c for c in text if c in self.forbidden)
            return _("不能含有“%(characters)s”") % {"characters": found}
        if any(brings(hazard, text) for hazard in self.hazards):
            return _("在这种文件里会被当作公式或别的字符")
        unsure = _UNSURE.get(self.charset, frozenset())
        if _can_encode(text, self.charset) and unsure.isdisjoint(text):
            return None
        found = "".join(c for c in text if c in unsure or not _can_encode(c, self.charset))
        words = {"charset": self.charset, "characters": found}
        return _("银行字符集 %(charset)s 中没有“%(characters)s”") % words


def load(file: Path) -> Layout:
    """Read a format; ValueError names a column that carries nothing known."""
    table = tomllib.loads(file.read_text("utf-8"))
    return Layout(
        **table
        | {
            "kind": FileKind(table["kind"]),
            "hazards": tuple(map(TextHazard, table["hazards"])),
            "amounts": AmountUnit(table.get("amounts", AmountUnit.YUAN)),
            "columns": _columns(file, table.get("columns", ()), _OF_PAYMENT | _OF_BATCH),
            "summary": _columns(file, table.get("summary", ()), _OF_BATCH),
        }
    )


def _columns(
    file: Path, entries: Sequence[Mapping[str, Any]], known: set[str]
) -> tuple[ListColumn, ...]:
    for entry in entries:
        if entry.get("field", "position") not in known | {"position"}:
            raise ValueError(f"{file.name}: {entry['heading']}: no field {entry['field']}")
    return tuple(
        ListColumn(**{"field": entry["heading"], **entry, "also": tuple(entry.get("also", ()))})
        for entry in entries
    )


def _can_encode(text: str, charset: str) -> bool:
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
