"""The values on which papers of a claim disagree, so that a person can choose."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from console import formatting
from console.queries.sheets import pages_of
from documents.reading.fields import extract
from models import Claim, Page
from workflows.claims.acts.correction import FoundAt
from workflows.claims.papers.reading import named
from workflows.engine.office import Office
from workflows.sealed_values.claims import text_of


@dataclass(frozen=True)
class SaidByPaper:
    """One value and the place, from 1, of the page that says it; `value` only if not masked."""

    mark: str
    shown: str
    value: str
    at: int
    page_id: int
    box: tuple[int, int, int, int]


def place_of(
    session: Session, office: Office, claim: Claim, name: str, page_id: int
) -> FoundAt | None:
    """Where on this page the papers say a disputed value; None if they say none there."""
    said = disputed(session, office, pages_of(session, claim)).get(name, ())
    return next((FoundAt(each.page_id, each.box) for each in said if each.page_id == page_id), None)


def disputed(
    session: Session, office: Office, pages: Sequence[Page]
) -> dict[str, list[SaidByPaper]]:
    """For each field on which papers disagree, each different value once."""
    readings = [named(session, office, page.document, page) for page in pages]
    found: dict[str, list[SaidByPaper]] = defaultdict(list)
    for disagreement in extract(readings).disagreements:
        name = disagreement.name.value
        for index, value in enumerate(disagreement.values, 1):
            text = text_of(value.value)
            kept = "" if formatting.is_masked(name) else text
            found[name].append(
                SaidByPaper(
                    f"{name}-{index}",
                    formatting.value(name, text),
                    kept,
                    value.page_index + 1,
                    pages[value.page_index].id,
                    value.box,
                )
            )
    return found
