"""How values look on a screen: money, days, instants, masked names and numbers."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from documents.masks import mask_numbers
from documents.shown_values import is_masked as is_masked
from documents.shown_values import name as name
from documents.shown_values import value as value
from documents.tables import Shape, TableCell
from language import SOURCE, _, current
from rules.money import Fen, yuan
from rules.notice import clause
from workflows.engine.office import BEIJING


def file_name(raw: bytes) -> str:
    """The name of a dropped entry; bytes that are not UTF-8 are shown as replacements."""
    text = raw.decode("utf-8", "replace")
    return mask_numbers("".join(char if char.isprintable() else "\ufffd" for char in text))


def money(amount: Fen | None) -> str:
    """12345678 -> 123,456.78."""
    if amount is None:
        return ""
    sign = "-" if amount < 0 else ""
    whole, _dot, cents = yuan(Fen(abs(amount))).partition(".")
    return f"{sign}{int(whole):,}.{cents}"


def percent(confidence: float) -> int:
    """Rounded down: only what is certain may say 100."""
    return int(round(confidence * 100, 6))


# The first one counts: nearly all browsers say Safari too, and many Chrome.
_BROWSERS = {
    "Edg/": "Edge",
    "MicroMessenger/": "WeChat",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


def browser(agent: str) -> str:
    """Chrome · Windows; what the browser said of itself where that names no usual one."""
    found = [
        next((name for sign, name in table.items() if sign in agent), "")
        for table in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(filter(None, found)) or agent


def tenths(number: int | None) -> str:
    """875 -> 87.5."""
    return "" if number is None else f"{number // 10}.{number % 10}"


def share(basis_points: int | None) -> str:
    """Hundredths of a per cent, rounded down to tenths: 9876 -> 98.7%."""
    return "" if basis_points is None else f"{tenths(basis_points // 10)}%"


def instant(at: datetime | None) -> str:
    """Minutes in Beijing."""
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M") if at else ""


def short_instant(at: datetime | None) -> str:
    """Month, day and minute in Beijing, for narrow columns."""
    return at.astimezone(BEIJING).strftime("%m-%d %H:%M") if at else ""


def days(number: int) -> str:
    return _("今天") if number == 0 else _("%(n)s 天") % {"n": number}


def day(on: date | None) -> str:
    return on.isoformat() if on else ""


def cell(content: TableCell, shape: Shape) -> str:
    """A cell of a table as a page and a Word file show it."""
    return "—" if content is None else _SHOWN[shape](content)


_SHOWN: dict[Shape, Callable[[Any], str]] = {
    Shape.TEXT: str,
    Shape.COUNT: str,
    Shape.FEN: money,
    Shape.TENTHS: tenths,
    Shape.BASIS_POINTS: share,
    Shape.DAY: day,
}


def article(number: str) -> str:
    """As the notice counts, which only Chinese can: 四（一）1; elsewhere 4.1.1."""
    return clause(number) if current() == SOURCE else number


FILTERS: dict[str, Callable[..., str]] = {
    "cell": cell,
    "money": money,
    "tenths": tenths,
    "share": share,
    "instant": instant,
    "short_instant": short_instant,
    "browser": browser,
    "days": days,
    "day": day,
    "masked_name": name,
    "free": mask_numbers,
    "clause": article,
}
