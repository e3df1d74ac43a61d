"""Payment files: every format the office can write, each checked by reading it back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from types import MappingProxyType
from typing import Protocol

from banking.batch import PaymentBatch, PaymentLine
from banking.formats import lists, pain001
from banking.formats.layout import FOLDER, FileKind, Layout, load
from banking.sheets import ListRow
from language import _
from rules.errors import BadInput
from rules.money import yuan


class _Family(Protocol):
    def write(self, layout: Layout, batch: PaymentBatch) -> bytes: ...
    def read(self, layout: Layout, content: bytes) -> Iterator[PaymentLine]: ...
    def faults(self, layout: Layout, content: bytes) -> list[str]: ...


_LAYOUTS = sorted(map(load, FOLDER.glob("*.toml")), key=lambda form: form.order)
_AVAILABLE = MappingProxyType({form.code: form for form in _LAYOUTS})


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
    content = _family(form).write(form, batch)
    if not _says(form, content, batch):
        raise AssertionError(f"{format_code}: what was written does not read back")
    # Count and sum are in the name for the bank's clerk, so they are always in Chinese.
    name = f"代发_{batch.number}_{batch.count}笔_{yuan(batch.total)}元{form.suffix}"
    return BankFile(name, form.media_type, content)


def read(format_code: str, content: bytes) -> tuple[PaymentLine, ...]:
    """The payments in a file, with the values that the format carries; its totals must agree."""
    form = layout(format_code)
    return tuple(_family(form).read(form, content))


def faults(format_code: str, content: bytes) -> list[str]:
    """A sentence for each thing in the file that is not as its format says, by row and column."""
    form = layout(format_code)
    return _family(form).faults(form, content)


def rows(format_code: str, content: bytes) -> tuple[ListRow, ...]:
    """The lines of a list as they are in the file; BadInput for a format that is not a list."""
    form = layout(format_code)
    if form.kind is FileKind.PAIN:
        raise BadInput(_("%(title)s 不是清单") % {"title": form.title})
    return lists.rows(form, content)


def _says(form: Layout, content: bytes, batch: PaymentBatch) -> bool:
    """Whether the file says these payments and no others; read one by one, since they are many."""
    said = _family(form).read(form, content)
    meant = map(form.carried, batch.payments)
    return all(a == b for a, b in zip_longest(said, meant))


def _family(form: Layout) -> _Family:
    return pain001 if form.kind is FileKind.PAIN else lists
