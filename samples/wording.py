"""Wordings of different offices for the same thing; each paper draws one at random."""

from datetime import date
from random import Random

DATE_STYLES = (
    "{y}年{m:02d}月{d:02d}日",
    "{y}年{m}月{d}日",
    "{y}-{m:02d}-{d:02d}",
    "{y}.{m}.{d}",
    "{y}.{m:02d}.{d:02d}",
    "{y}/{m:02d}/{d:02d}",
)
DIGITS = "零壹贰叁肆伍陆柒捌玖"
UNITS = ("", "拾", "佰", "仟")


class Wording:
    """The habits of one office, drawn once for a paper."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.date_style = rng.choice(DATE_STYLES)
        self.clock = rng.random() < 0.3
        self.admitted = rng.choice(("入院日期", "入院时间"))
        self.discharged = self.admitted.replace("入院", "出院")
        self.days = rng.choice(("住院天数", "实际住院天数", "住院日数"))
        self.record = rng.choice(("住院号", "病案号", "住院病历号"))

    def day(self, value: date) -> str:
        return self.date_style.format(y=value.year, m=value.month, d=value.day)

    def moment(self, value: date) -> str:
        """A date; with the hour, if the office prints hours."""
        return self.day(value) + self.hour() if self.clock else self.day(value)

    def hour(self) -> str:
        hour, minute = self.rng.randrange(8, 17), self.rng.randrange(60)
        return (
            f"{hour:02d}时{minute:02d}分"
            if self.date_style.endswith("日")
            else f" {hour:02d}:{minute:02d}"
        )

    def stay_days(self, days: int) -> str:
        return self.rng.choice((f"{days}", f"{days}天", f"{days} 天", f"{days}日"))


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def capitals(fen: int) -> str:
    """An amount under a hundred million yuan in the capitals of bank papers."""
    whole, jiao, cents = fen // 100, fen % 100 // 10, fen % 10
    text = _section(whole // 10000) + "万" if whole >= 10000 else ""
    rest = whole % 10000
    if text and 0 < rest < 1000:
        text += "零"
    text += _section(rest) + "元"
    if not jiao and not cents:
        return text + "整"
    text += DIGITS[jiao] + ("角" if jiao else "")
    return text + (DIGITS[cents] + "分" if cents else "整")


def _section(value: int) -> str:
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = value // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + UNITS[place]
        gap = not digit
    return text
