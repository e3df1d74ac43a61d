"""Which hospital each settlement sheet or invoice among the papers is of."""

from collections.abc import Sequence

from documents.kinds import BILLS
from documents.reading.field_names import FieldName
from documents.reading.labelled import labelled
from documents.reading.page import PageReading
from documents.reading.page_layout import lay_out
from documents.reading.page_papers import papers_on
from documents.reading.unlabelled import unlabelled


def billing_hospitals(pages: Sequence[PageReading]) -> list[str | None]:
    """The hospital that each bill names, None where it names none."""
    return [
        _hospital(page)
        for each in pages
        for page in papers_on(each)
        if BILLS & {page.kind, *page.also}
    ]


def _hospital(page: PageReading) -> str | None:
    sheet = lay_out(page)
    told = [
        value
        for value in (*labelled(sheet, 0), *unlabelled(sheet, 0))
        if value.name is FieldName.HOSPITAL_NAME
    ]
    best = max(told, key=lambda value: value.confidence, default=None)
    return str(best.value) if best else None
