"""Compiles a Word template once, so that a letter renders only the parts that differ."""

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from docxtpl import DocxTemplate
from jinja2 import Environment
from lxml import etree

from documents.letters.word_file import WordFile

_BODY = "word/document.xml"
_WITH_WORDS = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml|docProps/core\.xml")
_MARKS = ("{{", "{%", "{#")
# docxtpl's tags that leave a row with another number of cells than its table has columns.
_CHANGES_COLUMNS = re.compile(r"{%-?\s*(?:tc|colspan|hm)\b")
_QUICKLY, _WELL = 1, 9
"""How hard to compress what is written once, and what is in every letter."""


@dataclass(frozen=True)
class LetterForm:
    """A compiled template: the constant parts, packed, and the text of the other parts."""

    constant: WordFile
    texts: Mapping[str, str]
    uneven: DocxTemplate | None
    """The template if its tags can change the number of cells in a row of a table; else None."""

    def fill_in(self, words: Mapping[str, object], environment: Environment) -> bytes:
        """The letter; the same words give the same bytes. Raises jinja2.TemplateError."""
        file = self.constant
        for name, text in self.texts.items():
            # Not docxtpl's rendering: it searches the whole letter for line breaks in values,
            # which our values never hold, and takes longer than everything else.
            filled = environment.from_string(text).render(words)
            part = self._whole(filled) if name == _BODY else filled.encode()
            file = file.plus(name, part, _QUICKLY)
        return file.packed()

    def _whole(self, body: str) -> bytes:
        """Give each table as many columns as its rows have cells, as docxtpl does."""
        if self.uneven is None:
            return body.encode()
        tree = self.uneven.fix_tables(body)
        return bytes(etree.tostring(tree, encoding="UTF-8", standalone=True))


def form(path: Path) -> LetterForm:
    """The form of this template as it is now; an office may edit it while the program runs."""
    stat = path.stat()
    return _taken_apart(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=50)
def _taken_apart(path: Path, _changed: int, _size: int) -> LetterForm:
    template = DocxTemplate(path)
    texts, constant, uneven = {}, WordFile(), None
    with zipfile.ZipFile(path) as source:
        for name in source.namelist():
            content = source.read(name)
            text = _text(template, content) if _WITH_WORDS.fullmatch(name) else ""
            if name == _BODY and _CHANGES_COLUMNS.search(_words(content)):
                uneven = template
            if any(mark in text for mark in _MARKS):
                texts[name] = text
            else:
                constant = constant.plus(name, content, _WELL)
    return LetterForm(constant, texts, uneven)


def _text(template: DocxTemplate, part: bytes) -> str:
    """The part as a Jinja template; tags that Word has split are joined."""
    text: str = template.patch_xml(etree.tostring(etree.fromstring(part), encoding="unicode"))
    return text


def _words(part: bytes) -> str:
    """The text of the part; text that Word has split is joined."""
    return "".join(etree.fromstring(part).itertext())
