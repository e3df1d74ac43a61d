"""Reads which of the benefits on an application form are ticked: √住院津贴 □重大疾病."""

import re
from collections.abc import Iterator
from pathlib import Path

from documents.kinds import Kind
from documents.reading.evidence import FieldValue, offer
from documents.reading.field_names import FieldName
from documents.reading.found_value import FoundValue
from documents.reading.named_words import NamedWords
from documents.reading.page_layout import PageSheet
from documents.reading.spans import Slice, Span

BENEFITS = NamedWords.load(Path(__file__).with_name("benefits_asked.toml"))

# An empty box is often read as the character for mouth, a tick as the letter v.
_TICK = "[√✓✔☑☒■●◆Vv]"
_MARK = re.compile(r"[√✓✔☑☒■●◆□☐○◯◇口囗]|\[\s*\]|\(\s*\)|(?<![A-Za-z])[Vv](?![A-Za-z])")
_IS_TICK = re.compile(_TICK)


def ticks(sheet: PageSheet, page: int) -> Iterator[FieldValue]:
    """The ticked benefits of the page, as one value."""
    if Kind.APPLICATION_FORM not in sheet.kinds:
        return
    rows = {row: names for row in sheet.rows if (names := ticked(row.text))}
    if rows:
        value = BENEFITS.joined(name for names in rows.values() for name in names)
        piece = Span(tuple(Slice(row, 0, len(row.text)) for row in rows), " ")
        whole = FoundValue(value, 0, len(piece.text), 1.0)
        yield from offer(sheet, FieldName.BENEFITS_ASKED, piece, whole, page)


def ticked(text: str) -> list[str]:
    """The names in the text that have a tick, in front of them or, if no mark is, behind them."""
    if not _IS_TICK.search(text):
        return []
    marks = list(_MARK.finditer(text))
    words = list(BENEFITS.pattern.finditer(text))
    if not marks or not words:
        return []
    in_front = marks[0].start() < words[0].start() or marks[-1].start() < words[-1].start()
    found = []
    for place, word in enumerate(words):
        first = words[place - 1].end() if place else 0
        last = words[place + 1].start() if place + 1 < len(words) else len(text)
        between = (first, word.start()) if in_front else (word.end(), last)
        own = [mark[0] for mark in marks if between[0] <= mark.start() < between[1]]
        if own and _IS_TICK.match(own[-1 if in_front else 0]):
            found.append(BENEFITS.name(word[0]))
    return found
