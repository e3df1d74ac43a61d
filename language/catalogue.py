"""Keeps the English catalogue in step with the code: `python -m language.catalogue`."""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
PO = Path(__file__).parent / "locale/en/LC_MESSAGES/huzhu.po"
MO = PO.with_suffix(".mo")

# Templates of letters stay Chinese; tests and samples show nothing to people.
_METHODS = [
    ("tests/**", "ignore"),
    ("samples/**", "ignore"),
    ("benchmarks/**", "ignore"),
    ("var/**", "ignore"),
    ("**.py", "python"),
    ("templates/pages/**.html", "jinja2"),
]
_OPTIONS = {"templates/pages/**.html": {"newstyle_gettext": "true"}}
_KEYWORDS = {"_": None, "N_": None}


def texts() -> set[str]:
    """Every text in the code that people see."""
    found = extract_from_dir(ROOT, method_map=_METHODS, options_map=_OPTIONS, keywords=_KEYWORDS)
    return {text for _file, _line, text, _comments, _context in found if isinstance(text, str)}


def catalogue() -> Catalog:
    """The English catalogue as it is kept."""
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def untranslated() -> set[str]:
    """Texts in the code that have no English yet."""
    known = catalogue()
    return {text for text in texts() if text not in known or not known[text].string}


def stale() -> set[str]:
    """Texts in the catalogue that nothing shows any more."""
    return {str(message.id) for message in catalogue() if message.id} - texts()


def refresh() -> set[str]:
    """Drop what is stale, add what is new, compile; gives what a translator has to fill in."""
    known, now = catalogue(), _empty()
    alike = {_bare(str(message.id)): message.string for message in known if message.id}
    for text in sorted(texts()):
        now.add(text, known[text].string if text in known else alike.get(_bare(text), ""))
    with PO.open("wb") as file:
        write_po(file, now, width=0, omit_header=False)
    compile_catalogue()
    return untranslated()


def compiled() -> bytes:
    """What the program reads, made from the catalogue."""
    file = io.BytesIO()
    write_mo(file, catalogue())
    return file.getvalue()


def compile_catalogue() -> None:
    MO.write_bytes(compiled())


def _bare(text: str) -> str:
    """The text without punctuation: where only that has changed, the English still holds."""
    return "".join(char for char in text if char.isalnum() or char == "%")


def _empty() -> Catalog:
    # Fixed dates, so that the same texts make the same files.
    then = datetime(2026, 1, 1, tzinfo=UTC)
    return Catalog(
        locale="en",
        project="Huzhu",
        version="1",
        header_comment="# Huzhu in English.",
        creation_date=then,
        revision_date=then,
        fuzzy=False,
    )


if __name__ == "__main__":
    missing = refresh()
    sys.stdout.writelines(f"{text}\n" for text in sorted(missing))
    sys.exit(1 if missing else 0)
