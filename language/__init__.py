"""Every text a person sees: Chinese is the source, other languages are gettext catalogues."""

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

SOURCE = "zh"
LANGUAGES = {"zh": "中文", "en": "English"}

_current: ContextVar[str] = ContextVar("language", default=SOURCE)
_LOCALE = Path(__file__).parent / "locale"


def N_(text: str) -> str:  # noqa: N802 - the name extraction tools look for
    """Mark a text for translation where it is defined; `_` translates it where it is shown."""
    return text


def _(text: str) -> str:
    """Translate into the language in force; Chinese returns the text itself."""
    language = _current.get()
    return text if language == SOURCE else _catalogue(language).gettext(text)


def current() -> str:
    """The code of the language in force."""
    return _current.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Show texts in this language inside the block; an unknown code means Chinese."""
    token = _current.set(language if language in LANGUAGES else SOURCE)
    try:
        yield
    finally:
        _current.reset(token)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("huzhu", _LOCALE, [language], fallback=True)
