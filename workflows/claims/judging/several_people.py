"""Papers of several people that came as one claim: nothing is decided of anybody until a person has
said whose each page is."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from documents.reading.page import PageReading
from models import Claim
from workflows.claims.judging.found_faults import FoundFault
from workflows.claims.papers.late_papers import have_been_seen
from workflows.claims.papers.papers_read import Papers
from workflows.claims.papers.whose_pages import are_several, name_others

SEVERAL_PEOPLE = "SEVERAL_PEOPLE"
FOUND = FoundFault(SEVERAL_PEOPLE, "people")


def are_of_several(papers: Papers) -> bool:
    """Whether a person still has to say whose the pages are. After a death the cards are those of
    the heirs."""
    if papers.are_of_a_dead_member:
        return False
    if not are_several(papers.readings) and not name_others(_arrivals(papers)):
        return False
    said = (each for each in papers.claim.findings if each.code == SEVERAL_PEOPLE)
    return not any(each.answered_by for each in said)


def _arrivals(papers: Papers) -> Collection[Sequence[PageReading]]:
    """The pages that came together, packet by packet: a namesake's may have joined his claim."""
    came = [document.packet_id for document in papers.claim.documents for _page in document.pages]
    packets: defaultdict[int, list[PageReading]] = defaultdict(list)
    for packet, page in zip(came, papers.readings, strict=True):
        packets[packet].append(page)
    return packets.values()


def belongs_to_nobody(claim: Claim) -> None:
    """Leave the claim without a member: he whose it was thought to be has no export of the others'
    papers, and his unit does not see them."""
    claim.member = claim.unit = None
    claim.member_id = claim.unit_id = None
    have_been_seen(claim)
