"""What a doubtful field may say instead, so that a person can choose."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from console import formatting
from console.queries.sheets import pages_of
from documents.masks import mask_numbers
from documents.reading.alternatives import Alternative, Source, alternatives
from documents.reading.fields import Extraction, FieldName, extract
from language import N_, _
from models import Claim, Page
from workflows.claims.acts.correction import FoundAt
from workflows.claims.papers.reading import named
from workflows.engine.office import Office
from workflows.sealed_values.claims import text_of

_SOURCES = {
    Source.PAPER: "",
    Source.PRINT: N_("材料原字"),
    Source.COUNT: N_("按住院天数推算"),
}


@dataclass(frozen=True)
class OtherValue:
    """One value, why it is offered, and where a page says it; `value` only if not masked.

    `at` is the place of the page, from 1, and `line` what was read there; both are empty for what
    no page says.
    """

    mark: str
    shown: str
    value: str
    why: str
    at: int | None = None
    page_id: int | None = None
    box: tuple[int, int, int, int] | None = None
    line: str = ""


def place_of(
    session: Session, office: Office, claim: Claim, name: str, value: str, page_id: int
) -> FoundAt | None:
    """Where on this page the papers say this alternative of the field; None if it is not there."""
    said = other_values(session, office, claim, pages_of(session, claim), [name]).get(name, ())
    return next(
        (
            FoundAt(page_id, each.box)
            for each in said
            if (each.page_id, each.value) == (page_id, value) and each.box is not None
        ),
        None,
    )


def other_values(
    session: Session, office: Office, claim: Claim, pages: Sequence[Page], names: Sequence[str]
) -> dict[str, list[OtherValue]]:
    """For each of these fields, the values that were considered beside the one it has."""
    fields = [name for name in FieldName if name in names]
    if not fields:
        return {}
    found = extract([named(session, office, page.document, page) for page in pages])
    return {
        name.value: [
            *_read(found, name, pages),
            *_on_roster(claim, found, name),
        ]
        for name in fields
    }


def _read(found: Extraction, name: FieldName, pages: Sequence[Page]) -> Iterator[OtherValue]:
    others = alternatives(found, name)
    if name in {each.name for each in found.disagreements}:
        # A disputed value is chosen like the others.
        chosen = found.fields[name]
        others.insert(0, Alternative(chosen.value, Source.PAPER, chosen))
    for number, each in enumerate(others, 1):
        yield _shown(name, each, f"{name.value}-{number}", pages)


def _shown(name: FieldName, other: Alternative, mark: str, pages: Sequence[Page]) -> OtherValue:
    text = text_of(other.value)
    is_masked = formatting.is_masked(name)
    value = "" if is_masked or isinstance(other.value, tuple) else text
    plain = OtherValue(mark, formatting.value(name, text), value, _why(other))
    if other.said is None:
        return plain
    line = "" if is_masked else mask_numbers(other.said.line)
    at = other.said.page_index
    return OtherValue(
        mark, plain.shown, value, plain.why, at + 1, pages[at].id, other.said.box, line
    )


def _why(other: Alternative) -> str:
    if other.source is Source.REGISTER:
        return _("医院名录，相差 %(n)s 个字") % {"n": other.distance}
    return _(_SOURCES[other.source]) if _SOURCES[other.source] else ""


def _on_roster(claim: Claim, found: Extraction, name: FieldName) -> Iterator[OtherValue]:
    """The member's name as the roster has it, where the papers say another."""
    if name is not FieldName.MEMBER_NAME or claim.member is None:
        return
    said = found.fields.get(name)
    if said is None or said.value != claim.member.name:
        own = claim.member.name
        yield OtherValue(f"{name.value}-roster", own, own, _("参保名册"))
