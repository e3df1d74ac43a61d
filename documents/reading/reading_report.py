"""Builds the JSON object that `huzhu read` prints."""

from collections.abc import Sequence
from dataclasses import asdict

from documents.reading.alternatives import alternatives
from documents.reading.fields import Extraction, FieldName, FieldValue, Value, extract
from documents.reading.page import PageReading


def report(files: Sequence[tuple[str, Sequence[PageReading]]]) -> dict[str, object]:
    """Pages, fields and disagreements of one packet; pages are counted from 1 in each file."""
    places = [(name, number) for name, pages in files for number in range(1, len(pages) + 1)]
    pages = [page for _name, own in files for page in own]
    result = extract(pages)
    return {
        "pages": [_page(*place, page) for place, page in zip(places, pages, strict=True)],
        "fields": {
            name.value: _field(value, places) | {"alternatives": _others(result, name, places)}
            for name, value in result.fields.items()
        },
        "disagreements": [
            {"name": one.name.value, "values": [_field(value, places) for value in one.values]}
            for one in result.disagreements
        ],
    }


def plain_value(value: Value) -> object:
    """The value for JSON: diagnoses become a list of objects with text and icd."""
    return [asdict(one) for one in value] if isinstance(value, tuple) else value


def _page(file: str, number: int, page: PageReading) -> dict[str, object]:
    return {
        "file": file,
        "page": number,
        "kind": page.kind.value,
        "rotation": page.rotation,
        "confidence": page.confidence,
    }


def _field(value: FieldValue, places: Sequence[tuple[str, int]]) -> dict[str, object]:
    file, number = places[value.page_index]
    return {
        "value": plain_value(value.value),
        "confidence": value.confidence,
        "file": file,
        "page": number,
        "box": list(value.box),
        "line": value.line,
    }


def _others(
    result: Extraction, name: FieldName, places: Sequence[tuple[str, int]]
) -> list[dict[str, object]]:
    """What else was considered; what no page says has neither page nor line."""
    return [
        (_field(each.said, places) if each.said else {})
        | {"value": plain_value(each.value), "source": each.source.value}
        for each in alternatives(result, name)
    ]
