"""Payment files: every format the office can write, each checked by reading it back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from banking.batch import PaymentBatch, PaymentLine
from banking.formats import abc_text, ccb_list, pain001
from banking.formats.layout import Layout
from banking.sheets import ListRow
from language import _
from rules.errors import BadInput
from rules.money import yuan


class _Module(Protocol):
    LAYOUT: Layout

    def write(self, batch: PaymentBatch) -> bytes: ...
    def read(self, content: bytes) -> tuple[PaymentLine, ...]: ...


_WRITABLE: tuple[_Module, ...] = (ccb_list, abc_text, pain001)
_MODULES = {module.LAYOUT.code: module for module in _WRITABLE}
_ROWS: Mapping[str, Callable[[bytes], tuple[ListRow, ...]]] = {
    module.LAYOUT.code: module.rows for module in (ccb_list, abc_text)
}
_AVAILABLE = MappingProxyType({code: module.LAYOUT for code, module in _MODULES.items()})


@dataclass(frozen=True)
class BankFile:
    """A finished file as the cashier takes it to the bank."""

    name: str
    media_type: str
    content: bytes


def available() -> Mapping[str, Layout]:
    """The formats by their code, the office's usual one first."""
    return _AVAILABLE


def layout(format_code: str) -> Layout:
    """The description of this format; raises BadInput if there is none."""
    if format_code not in _AVAILABLE:
        raise BadInput(_("没有这种文件格式：%(code)s") % {"code": format_code})
    return _AVAILABLE[format_code]


def write(format_code: str, batch: PaymentBatch) -> BankFile:
    """The batch's file, always the same bytes; BadInput names what the format cannot carry."""
    form = layout(format_code)
    form.check(batch)
    content = _MODULES[format_code].write(batch)
    if read(format_code, content) != tuple(map(form.carried, batch.payments)):
        raise AssertionError(f"{format_code}: what was written does not read back")
    # Count and sum are in the name for the bank's clerk, so they are always in Chinese.
    name = f"代发_{batch.number}_{batch.count}笔_{yuan(batch.total)}元{form.suffix}"
    return BankFile(name, form.media_type, content)


def read(format_code: str, content: bytes) -> tuple[PaymentLine, ...]:
    """The payments in a file, with the values that the format carries; its totals must agree."""
    layout(format_code)
    return _MODULES[format_code].read(content)


def rows(format_code: str, content: bytes) -> tuple[ListRow, ...]:
    """The lines of a list as they are in the file; BadInput for a format that is not a list."""
    if format_code not in _ROWS:
        raise BadInput(_("%(title)s 不是清单") % {"title": layout(format_code).title})
    return _ROWS[format_code](content)
