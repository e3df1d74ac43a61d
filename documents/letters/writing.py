"""Writes letters from templates an office can edit in Word: same contents, same bytes."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from documents.letters.amounts import capitals
from documents.letters.contents import Issued
from documents.letters.letter_template import form
from documents.outgoing_text import without_hidden
from language import _
from rules.errors import BadInput
from rules.money import yuan
from rules.notice import cite, clause

# The blanks around a date belong to its figures, and go with them.
# People write 2026-03-02, 2026/3/2 and 2026.3.2, with and without spaces around it.
_DATE = re.compile(r" ?(?<![A-Za-z\d./-])(\d{4})([-/.])(\d\d?)\2(\d\d?)(?![A-Za-z\d/-]) ?")

TEMPLATES = Path(__file__).parents[2] / "templates" / "letters"


def write(letter: Issued, templates: Path = TEMPLATES) -> bytes:
    """The letter as a .docx file; BadInput if its template uses a name that does not exist."""
    template = form(templates / letter.kind / f"{letter.kind}.docx")
    try:
        return template.fill_in(vars(letter), _environment())
    except TemplateError as error:
        raise BadInput(
            _("信函模板 %(name)s.docx 有误：%(error)s") % {"name": letter.kind, "error": error}
        ) from error


def words_only(text: str, words: Mapping[str, object]) -> str:
    """A plain text, not XML, filled in by the same rules. Raises jinja2.TemplateError."""
    return _plain_environment().from_string(text).render(words)


class _Environment(ImmutableSandboxedEnvironment):
    """A sandbox: a template may use the given values only; a missing value is an error."""

    def __init__(self, *, autoescape: bool = True) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=autoescape, finalize=_printable)
        self.filters = {name: self.filters[name] for name in ("length", "sum")}
        self.filters |= {"day": _day, "yuan": yuan, "capitals": capitals}
        self.filters |= {"clause": clause, "cite": cite, "union": _union}
        # Compiling the same template again took half the time of a letter.
        self.from_string = lru_cache(maxsize=100)(super().from_string)  # type: ignore[assignment, method-assign]


@cache
def _environment() -> _Environment:
    return _Environment()


@cache
def _plain_environment() -> _Environment:
    return _Environment(autoescape=False)


def dates_in_words(text: str) -> str:
    """Dates like 2026-03-02 in a sentence as letters write them: 2026年3月2日.

    What is no day of the calendar stays as it was written: a reason may quote it.
    """
    return _DATE.sub(_date_in_words, text)


def _date_in_words(found: re.Match[str]) -> str:
    try:
        return _day(date(int(found[1]), int(found[3]), int(found[4])))
    except ValueError:
        return found[0]


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _union(unit_name: str) -> str:
    """The union of a unit; many units are named after their union already."""
    return unit_name if "工会" in unit_name else f"{unit_name}工会"


def _printable(value: object) -> object:
    """Names come from scans and rosters; a control character in one would break the file."""
    return without_hidden(value) if isinstance(value, str) else value
