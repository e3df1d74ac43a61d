"""A claim that is a stack without cover sheets is divided: a clerk says whose each page is, and the
papers of each person become a packet of their own.

The files are cut before the claim is locked, and lie sealed in the spool. All the rest is one
transaction: the claim rests as withdrawn, and the packets wait for intake. What the spool holds of
a division that was refused is swept.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.masks import mask_numbers
from documents.packets.confined_child import ProcessKilled
from documents.packets.cutting import files_of
from documents.packets.opening import PacketFile, digest_of
from documents.packets.surveyed import SurveyedPage
from documents.packets.unfit import Unfit
from language import _
from models import Claim, Document, Packet, User
from models.states import ClaimState
from rules.errors import Refused
from workflows.claims.judging.reversal import reverse
from workflows.claims.judging.revision import is_under_revision
from workflows.claims.judging.several_people import SEVERAL_PEOPLE
from workflows.claims.packets.inbox import begun
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.people.claim_makers import Made, note_maker
from workflows.people.rights import Act, require
from workflows.sealed_values.files import document_name

ClaimPage = tuple[int, int]
"""The id of a paper of the claim, and the number of the page in it."""


@dataclass(frozen=True)
class CutClaim:
    """The pages of a claim, cut by person."""

    pages: Sequence[ClaimPage]
    whose: Sequence[int]
    """For each page the number of its person."""
    entries: Sequence[str]
    """The name in the spool of the files of each person."""


def cut_claim(
    session: Session, office: Office, person: User, claim: Claim, whose: Sequence[int]
) -> CutClaim:
    """Put the pages of each person into the spool. `whose` tells for each page of the claim, in its
    order, the number of its person. The claim need not be locked."""
    _require_divisible(session, person, claim)
    pages = _pages(claim)
    if len(whose) != len(pages):
        raise _pages_changed(claim)
    people = sorted(set(whose))
    if len(people) < 2:
        raise Refused(_("所有页都分给了同一个人；确属一人的，请写明原因不再要求"))
    files = [_file(office, document) for document in claim.documents]
    places = {document.id: place for place, document in enumerate(claim.documents)}
    surveyed = [SurveyedPage(places[document], number) for document, number in pages]
    entries = []
    for one in people:
        mine = [page for page, of in zip(surveyed, whose, strict=True) if of == one]
        entries.append(_put(office, _cut_out(office, mine, files)))
    return CutClaim(pages, whose, entries)


def divide_claim(
    session: Session, office: Office, person: User, claim: Claim, cut: CutClaim
) -> int:
    """Make a packet of each person's pages; how many."""
    _require_divisible(session, person, claim)
    if cut.pages != _pages(claim):
        raise _pages_changed(claim)
    for entry in cut.entries:
        _begin(session, office, person, claim, entry)
    reverse(session, claim, office)
    _take_digest_of_all(session, claim)
    note_maker(session, claim, person, Made.PAPERS)
    claim.fence += 1
    told = {"parts": len(cut.entries), "whose": list(cut.whose)}
    advance(session, claim, "divide", office, person, **told)
    return len(cut.entries)


def _require_divisible(session: Session, person: User, claim: Claim) -> None:
    require(person, Act.CORRECT)
    asked = any(f.code == SEVERAL_PEOPLE and f.closed_at is None for f in claim.findings)
    if not asked or claim.state != ClaimState.IN_QUESTION:
        raise Refused(_("案件 %(number)s 现在不能按人分开") % {"number": claim.number})
    if is_under_revision(session, claim):
        raise Refused(
            _("案件 %(number)s 已有决定，正在重新办理，不能按人分开") % {"number": claim.number}
        )


def _pages(claim: Claim) -> list[ClaimPage]:
    return [(document.id, page.number) for document in claim.documents for page in document.pages]


def _pages_changed(claim: Claim) -> Refused:
    return Refused(_("案件 %(number)s 的页数已变，请刷新后再分") % {"number": claim.number})


def _cut_out(
    office: Office, mine: Sequence[SurveyedPage], files: Sequence[PacketFile]
) -> list[tuple[str, bytes]]:
    try:
        return list(files_of(mine, files, office.limits))
    except (Unfit, ProcessKilled) as fault:
        taken = Counter(page.file for page in mine)
        cut = [files[place].name for place, pages in taken.items() if pages < files[place].pages]
        words = {"names": "、".join(map(mask_numbers, cut))}
        raise Refused(
            _(
                "“%(names)s”不能按页分开：请把同一文件的各页都分给一个人，"
                "或撤回案件，请单位按人分开后再交"
            )
            % words
        ) from fault


def _take_digest_of_all(session: Session, claim: Claim) -> None:
    """Where others' papers joined the claim: what it came with may be a part now, which is not to
    be taken for it."""
    if len({document.packet_id for document in claim.documents}) > 1:
        digest = digest_of(document.sha256 for document in claim.documents)
        if session.scalar(select(Claim.id).filter_by(digest=digest)) is None:
            claim.digest = digest


def _file(office: Office, document: Document) -> PacketFile:
    name, data = document_name(office.keys, document), office.store.get(document.sha256)
    return PacketFile(name, document.media_type, data, document.sha256, document.page_count)


def _put(office: Office, files: Sequence[tuple[str, bytes]]) -> str:
    entry = uuid4().hex
    office.spool.put(entry, ((name, BytesIO(data)) for name, data in files))
    return entry


def _begin(session: Session, office: Office, person: User, claim: Claim, entry: str) -> None:
    """The packet is of who handed the stack in, who goes on seeing what becomes of it; else of who
    divided it, and then he made these claims too."""
    came = session.get_one(Packet, claim.documents[0].packet_id)
    packet = begun(
        session,
        office,
        entry,
        person,
        notes=[_("由案件 %(number)s 按人分出") % {"number": claim.number}],
        sent_by=came.sent_by or person.id,
        part_of=came.id,
        cut_from=claim.id,
    )
    advance(session, packet, "settle", office, person)
