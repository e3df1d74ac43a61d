"""The signs of exclusions (R33) an event shows, as its facts hold them: a person then looks."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from documents.reading.quotes import Quote
from rules.exclusions import of_all_plans, signs_in_code, signs_in_text
from rules.facts import ExclusionSign


def signs_of(
    diagnoses: Iterable[tuple[str, str, int | None]], quoted: Iterable[Quote], keyed: str
) -> dict[str, object]:
    """Every sign in the diagnoses, in the quotes of statement and police, and in keyed words.

    The answer to the question holds for these facts alone: with a new sign it is asked again.
    """
    found = dict.fromkeys((*_in_diagnoses(diagnoses), *_in_quotes(quoted)))
    told = {sign.exclusion for sign in found}
    found |= dict.fromkeys(sign for sign in _in_text(keyed, None) if sign.exclusion not in told)
    if not found:
        return {}
    first, *further = found
    said: dict[str, object] = {"exclusion": first.exclusion, "exclusion_words": first.words}
    said |= {"exclusion_page": first.page} if first.page else {}
    return said | ({"further_signs": [_said(sign) for sign in further]} if further else {})


def _said(sign: ExclusionSign) -> dict[str, object]:
    return {name: value for name, value in asdict(sign).items() if value is not None}


def _in_diagnoses(diagnoses: Iterable[tuple[str, str, int | None]]) -> Iterator[ExclusionSign]:
    """One sign for each exclusion a diagnosis may mean, by its words or else by its code."""
    for text, icd, page in diagnoses:
        by_words = list(signs_in_text(of_all_plans(), text)) if text else []
        told = [sign.exclusion for sign in by_words]
        by_code = signs_in_code(of_all_plans(), icd) if icd else ()
        for sign in (*by_words, *(each for each in by_code if each.exclusion not in told)):
            yield ExclusionSign(sign.exclusion.code, sign.quoted, page)


def _in_quotes(quoted: Iterable[Quote]) -> Iterator[ExclusionSign]:
    for quote in quoted:
        yield from _in_text(quote.words, quote.page)


def _in_text(text: str, page: int | None) -> Iterator[ExclusionSign]:
    for sign in signs_in_text(of_all_plans(), text) if text else ():
        yield ExclusionSign(sign.exclusion.code, sign.quoted, page)
