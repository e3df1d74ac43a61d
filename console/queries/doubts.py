"""What a doubtful field may say instead, so that a person can choose."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from console import formatting
from console.queries.sheets import pages_of
from documents.masks import mask_numbers
from documents.reading.alternatives import Alternative, Source, alternatives
from documents.reading.fields import Extraction, FieldName, extract
from language import N_, _
from models import Claim, Page
from rules.errors import Refused
from workflows.claims.acts.correction import FoundAt
from workflows.claims.papers.reading import named
from workflows.engine.office import Office
from workflows.sealed_values.claims import text_of
from workflows.sealed_values.members import card_of

_SOURCES = {
    Source.PAPER: "",
    Source.PRINT: N_("材料原字"),
    Source.COUNT: N_("按住院天数推算"),
}


@dataclass(frozen=True)
class OtherValue:
    """One value, why it is offered, and where a page says it; `value` only if not masked, `whole`
    in any case: no page shows it.

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
    whole: str = field(default="", repr=False)


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


def said_by(
    session: Session, office: Office, claim: Claim, name: str, mark: str
) -> tuple[str, FoundAt | None]:
    """The value of the field that stands under this mark, and its place; Refused if none does."""
    said = other_values(session, office, claim, pages_of(session, claim), [name]).get(name, ())
    found = next((each for each in said if each.mark == mark and each.whole), None)
    if found is None:
        raise Refused(_("材料上的这个值已有变动：请刷新后再选"))
    place = FoundAt(found.page_id, found.box) if found.page_id and found.box else None
    return found.whole, place


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
            *_on_roster(office, claim, found, name),
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
    is_list = isinstance(other.value, tuple)
    plain = _plain(name, text, mark, _why(other), is_typed=not is_list)
    if other.said is None:
        return plain
    line = "" if formatting.is_masked(name) else mask_numbers(other.said.line)
    at = other.said.page_index
    return replace(plain, at=at + 1, page_id=pages[at].id, box=other.said.box, line=line)


def _plain(name: str, text: str, mark: str, why: str, *, is_typed: bool = True) -> OtherValue:
    """`is_typed` is False for what is no single line."""
    value = "" if formatting.is_masked(name) or not is_typed else text
    whole = text if is_typed else ""
    return OtherValue(mark, formatting.value(name, text), value, why, whole=whole)


def _why(other: Alternative) -> str:
    if other.source is Source.REGISTER:
        return _("医院名录，相差 %(n)s 个字") % {"n": other.distance}
    return _(_SOURCES[other.source]) if _SOURCES[other.source] else ""


def _on_roster(
    office: Office, claim: Claim, found: Extraction, name: FieldName
) -> Iterator[OtherValue]:
    """What the roster says of the member's name and card, where the papers say something else."""
    if claim.member is None:
        return
    said = found.fields.get(name)
    if name is FieldName.MEMBER_NAME:
        own: str | None = claim.member.name
    elif name is FieldName.BANK_CARD_NUMBER:
        own = card_of(office.keys, claim.member)
    else:
        return
    if own and (said is None or said.value != own):
        yield _plain(name, own, f"{name.value}-roster", _("参保名册"))
