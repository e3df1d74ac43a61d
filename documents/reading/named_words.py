"""Words that stand for one thing on a paper: the benefits of a form, the tests of a report."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

SEPARATOR = "、"
"""Stands between the names in a value that holds several."""


@dataclass(frozen=True)
class NamedWords:
    """Names in their order, and for each the words by which papers mean it."""

    words: Mapping[str, tuple[str, ...]]

    @staticmethod
    def load(path: Path) -> "NamedWords":
        """Read them from a file of one list for each name."""
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return NamedWords({name: tuple(words) for name, words in tables.items()})

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Any of the words, the longest first."""
        longest_first = sorted(self._names, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)))

    @cached_property
    def _names(self) -> dict[str, str]:
        return {word: name for name, words in self.words.items() for word in words}

    def name(self, word: str) -> str:
        """What this word stands for."""
        return self._names[word]

    def joined(self, names: Iterable[str]) -> str:
        """These names as one value, in their order and each once."""
        found = set(names)
        return SEPARATOR.join(name for name in self.words if name in found)

    def knows(self, value: str) -> bool:
        """Whether the value holds names of the list and nothing else."""
        return all(name in self.words for name in value.split(SEPARATOR))
