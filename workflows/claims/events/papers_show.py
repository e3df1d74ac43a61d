"""What is known of a claim's papers: their kinds, and the values that were read or keyed."""

import json
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from documents.reading import quotes
from documents.reading.diagnoses import find_diagnoses
from documents.reading.fields import FieldName
from documents.reading.named_words import SEPARATOR
from rules.accidents import near_days
from rules.injuries import is_injury


@dataclass(frozen=True)
class PapersShow:
    """The kinds of paper a claim has, and the values read from them or keyed by a person."""

    kinds: Set[str]
    values: Mapping[str, str]
    places: Mapping[str, int]
    """The place, from 1, of the page a value was read from."""

    def names(self, field: FieldName) -> list[str]:
        """The names in the value of a field that holds several."""
        value = self.values.get(field, "")
        return value.split(SEPARATOR) if value else []

    @cached_property
    def diagnoses(self) -> list[tuple[str, str]]:
        """Each diagnosis and its ICD-10 code, empty where none is printed; as read or as keyed."""
        return [(text, icd) for text, icd, _page in self.told_diagnoses]

    @cached_property
    def best_diagnoses(self) -> list[tuple[str, str]]:
        """Those of the paper that is believed most."""
        told = self.values.get(FieldName.DIAGNOSES, "")
        if not told.startswith("["):
            return [(told, "")] if told else []
        return [(each["text"], each["icd"] or "") for each in json.loads(told)]

    @cached_property
    def told_diagnoses(self) -> list[tuple[str, str, int | None]]:
        """All, with the page each stands on: of the best paper, then of the others."""
        page = self.places.get(FieldName.DIAGNOSES)
        further = quotes.read(self.values.get(FieldName.FURTHER_DIAGNOSES, ""))
        return [(text, icd, page) for text, icd in self.best_diagnoses] + [
            (one.text, one.icd or "", quote.page)
            for quote in further
            for one in find_diagnoses(quote.words)
        ]

    @property
    def in_hospital(self) -> bool:
        """Whether the accident happened after an admission and before the discharge (R17)."""
        admitted, happened, discharged = (
            self.values.get(name, "")
            for name in (FieldName.ADMITTED_ON, FieldName.ACCIDENT_ON, FieldName.DISCHARGED_ON)
        )
        return bool(admitted) and admitted < happened <= discharged

    @property
    def follows_accident(self) -> bool:
        """Whether the stay began so soon after the accident that it is taken for its consequence.

        So is a stay beside an accident whose day is not known.
        """
        admitted, happened = (
            self.values.get(name) for name in (FieldName.ADMITTED_ON, FieldName.ACCIDENT_ON)
        )
        if not admitted or not happened:
            return True
        days_after = (date.fromisoformat(admitted) - date.fromisoformat(happened)).days
        return 0 <= days_after <= near_days()

    @property
    def is_for_injuries(self) -> bool:
        """Whether the best paper gives injuries and no other diagnosis."""
        told = [is_injury(text, icd) for text, icd in self.best_diagnoses]
        return bool(told) and all(told)

    @property
    def proofs(self) -> Set[str]:
        """The kinds of paper, and the tests that reports among them show."""
        return self.kinds | set(self.names(FieldName.TESTS_SHOWN))
