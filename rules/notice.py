"""The founding notice by article: what a letter quotes, and where each article is answered."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator


class Article(BaseModel):
    """One article; `how` says who answers it when no rule does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: str
    title: str
    answered: Literal["rules", "elsewhere", "hand"]
    how: str = ""
    text: str
    quote: str | None = None
    """The words a denial quotes; None: the whole text."""
    quotes: dict[str, str] = {}
    """The words a denial for this reason quotes."""

    @model_validator(mode="after")
    def _say_how(self) -> "Article":
        if (self.answered == "rules") is bool(self.how):
            raise ValueError(f"{self.number}: how")
        return self

    @model_validator(mode="after")
    def _quote_the_text(self) -> "Article":
        for words in (self.quote or "", *self.quotes.values()):
            if words not in self.text:
                raise ValueError(f"{self.number}: {words}")
        return self


class _Notice(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    unsaid: dict[str, str] = {}
    articles: tuple[Article, ...]


def articles() -> Mapping[str, Article]:
    """Every article of the notice by its number, in order."""
    return {article.number: article for article in _notice().articles}


def clause(number: str) -> str:
    """The article as the notice counts: 四（一）1 for 4.1.1; what is no article of it stays."""
    return articles()[number].title if number in articles() else number


def cite(number: str) -> str:
    """The article with the notice it stands in: 吉直工发〔2020〕1号 四（一）1 for 4.1.1."""
    return f"{_notice().source} {clause(number)}" if number in articles() else number


def quote(number: str, code: str) -> str:
    """The sentence of the article that a denial for this reason rests on; may be empty."""
    article = articles().get(number)
    if article is None:
        return ""
    whole = article.text if article.quote is None else article.quote
    return article.quotes.get(code, whole)


def unsaid(code: str) -> str:
    """What the letter says of a reason that the notice does not state but the office has ruled."""
    return _notice().unsaid.get(code, "")


@cache
def _notice() -> _Notice:
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return _Notice.model_validate(tomllib.loads(text))
