"""Take a JSON value apart field by field; whatever does not fit is named by its path."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from language import _
from rules.errors import BadInput
from rules.money import Fen, fen

Word = TypeVar("Word", bound=str)


@dataclass(frozen=True, slots=True)
class Field:
    """A value and the path that leads to it, such as event.hospital.level."""

    path: str
    value: object

    def bad(self, should: str) -> BadInput:
        """The error that names this field, what it should be and what it is."""
        return BadInput(
            _("%(field)s：%(should)s：%(value)s")
            % {"field": self.path or _("案件"), "should": should, "value": _shown(self.value)}
        )

    def keys(self, *known: str) -> None:
        """Refuse what is no object, and any key that is not known."""
        for key in self._object():
            if key not in known:
                raise BadInput(_("%(field)s：不认识的字段") % {"field": self._below(key)})

    def get(self, key: str) -> "Field":
        """A field that must be there and not null."""
        found = self.find(key)
        if found is None:
            raise BadInput(_("%(field)s：缺少此项") % {"field": self._below(key)})
        return found

    def find(self, key: str) -> "Field | None":
        """A field that may be absent or null."""
        value = self._object().get(key)
        return None if value is None else Field(self._below(key), value)

    def items(self) -> Iterator["Field"]:
        if not isinstance(self.value, list | tuple):
            raise self.bad(_("应为列表"))
        for index, value in enumerate(self.value):
            yield Field(f"{self.path}[{index}]", value)

    def text(self) -> str:
        if not isinstance(self.value, str):
            raise self.bad(_("应为文字"))
        text = self.value.strip()
        if not text or not text.isprintable() or len(text) > 200:
            raise self.bad(_("应为 1 至 200 个可显示的字符"))
        return text

    def one_of(self, *words: Word) -> Word:
        for word in words:
            if word == self.value:
                return word
        raise self.bad(_("应为 %(words)s 之一") % {"words": "、".join(words)})

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.bad(_("应为 true 或 false"))
        return self.value

    def whole(self, least: int, most: int) -> int:
        if type(self.value) is not int or not least <= self.value <= most:
            raise self.bad(_("应为 %(least)s 至 %(most)s 的整数") % {"least": least, "most": most})
        return self.value

    def percent(self) -> Decimal:
        if isinstance(self.value, bool) or not isinstance(self.value, int | float | Decimal):
            raise self.bad(_("应为数字"))
        number = Decimal(str(self.value))
        if not number.is_finite() or not 0 <= number <= 100:
            raise self.bad(_("应为 0 至 100 的数字"))
        if number != Decimal(str(float(number))):
            raise self.bad(_("小数位数太多"))
        return number

    def money(self) -> Fen:
        if not isinstance(self.value, str):
            raise self.bad(_('金额应写成文字，如 "500.00"'))
        try:
            amount = fen(self.value)
        except BadInput:
            raise self.bad(_("不是金额")) from None
        if not 0 <= amount <= 10_000_000_000:
            raise self.bad(_("金额超出范围"))
        return amount

    def day(self) -> date:
        """A calendar day written as 2026-03-02, between 1900 and 2199."""
        should = _("应为日期，如 2026-03-02")
        value = self.value
        if not isinstance(value, str) or len(value) != 10 or value[4] != "-" or value[7] != "-":
            raise self.bad(should)
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise self.bad(should) from None
        if not 1900 <= day.year < 2200:
            raise self.bad(_("年份应在 1900 至 2199 之间"))
        return day

    def _object(self) -> Mapping[str, object]:
        if not isinstance(self.value, dict):
            raise self.bad(_("应为对象"))
        return self.value

    def _below(self, key: str) -> str:
        key = _shown(key)
        return f"{self.path}.{key}" if self.path else key


def _shown(value: object) -> str:
    """A value as one line of a sentence: cut, and without what no screen can show."""
    shown = str(value)[:80]
    if shown.isprintable():
        return shown
    return "".join(sign if sign.isprintable() else "?" for sign in shown)
