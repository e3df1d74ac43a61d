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

    @model_validator(mode="after")
    def _say_how(self) -> "Article":
        if (self.answered == "rules") is bool(self.how):
            raise ValueError(f"{self.number}: how")
        return self


class _Notice(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    articles: tuple[Article, ...]


def articles() -> Mapping[str, Article]:
    """Every article of the notice by its number, in order."""
    return {article.number: article for article in _notice().articles}


def cite(number: str) -> str:
    """How a letter names the article: 吉直工发〔2020〕1号“四（一）1”."""
    return f"{_notice().source}“{articles()[number].title}”"


@cache
def _notice() -> _Notice:
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return _Notice.model_validate(tomllib.loads(text))
