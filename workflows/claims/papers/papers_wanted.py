"""Which papers a claim still wants, by the table of papers and what is known of its events."""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.kinds import BILLS, Kind
from documents.reading.fields import FieldName
from documents.reading.page import PageReading
from models import AuditEvent, Claim
from rules import papers
from rules.facts import AccidentOutcome
from rules.papers import Circumstance, Paper
from rules.proofs import missing_proof, proofs
from rules.verdict import Benefit
from workflows.claims.events.events_read import (
    ACCIDENT,
    ILLNESS,
    STAY,
    is_dated_by_admission,
    kind_of,
)
from workflows.claims.events.papers_show import PapersShow
from workflows.claims.papers.bills_wanted import lacks_a_bill
from workflows.engine.rows import any_of

# Papers the reader has no kind of its own for: a person looks for them.
_KNOWN_KINDS = frozenset(Kind)

DEATH_HEADING = "death"
"""The heading of the table of papers for a death: the cards are those of who is paid."""

# Words of an accident on the road, for which the police have a finding.
_TRAFFIC = ("交通事故", "车祸", "机动车", "轿车", "货车", "追尾", "相撞", "被车")


def missing_papers(
    claim: Claim,
    events: Sequence[Mapping[str, object]],
    shown: PapersShow,
    of_payee: Set[str],
    pages: Sequence[PageReading],
) -> list[str]:
    """The codes of the papers the events cannot do without, in the table's order.

    `of_payee` are the kinds of paper that may be the payee's where the member has died. One bill
    among the `pages` is not enough where another hospital elsewhere has none.
    """
    lacking = BILLS if lacks_a_bill(claim, events, pages) else frozenset()
    wanted = [
        code_of(paper)
        for event in events
        for paper in papers.wanted(
            _heading(event, shown.kinds), _circumstances(event, shown, lacking)
        )
        if paper.required
        and not _has((of_payee if paper.who == "payee" else shown.proofs) - lacking, paper)
    ]
    return list(dict.fromkeys([*wanted, *_missing_proofs(events, shown.proofs)]))


def _circumstances(event: Mapping[str, object], shown: PapersShow, lacking: Set[str]) -> Set[str]:
    """What makes more papers necessary: a hospital in another city without a bill of its own, a
    stay that belongs to the illness or the accident, an accident on the road."""
    found = set()
    if lacking and kind_of(event) == STAY:
        found.add(Circumstance.ELSEWHERE)
    if _is_of_a_stay(event, shown):
        found.add(Circumstance.IN_HOSPITAL)
    if any(word in shown.values.get(FieldName.ACCIDENT_CAUSE, "") for word in _TRAFFIC):
        found.add(Circumstance.TRAFFIC)
    return found


def _is_of_a_stay(event: Mapping[str, object], shown: PapersShow) -> bool:
    """Whether an illness or an accident comes with a stay: R13 dates by it, R17 doubles by it.

    The sum of a death is the same with and without one, and what a pathology report dates too.
    """
    if event.get("in_hospital_for_illness"):
        return True
    if FieldName.ADMITTED_ON not in shown.values or _heading(event, shown.kinds) == DEATH_HEADING:
        return False
    if kind_of(event) == ILLNESS:
        return is_dated_by_admission(shown)
    return kind_of(event) == ACCIDENT and shown.follows_accident


def _missing_proofs(events: Sequence[Mapping[str, object]], shown: Set[str]) -> Iterator[str]:
    for event in events:
        if kind_of(event) != ILLNESS:
            continue
        named = event.get("illness", [])
        proof = missing_proof([named] if isinstance(named, str) else named, shown)  # type: ignore[arg-type]
        if proof:
            yield proof


def headings_of(events: Sequence[Mapping[str, object]], shown: PapersShow) -> list[str]:
    """The headings of the table that the events of a claim stand under, each once."""
    return list(dict.fromkeys(str(_heading(event, shown.kinds)) for event in events))


def headings_asked(session: Session, claim_ids: Collection[int]) -> Mapping[int, list[str]]:
    """By claim, the headings its events stood under when it was last asked for papers."""
    asked = select(AuditEvent).where(
        AuditEvent.subject == Claim.__tablename__,
        any_of(AuditEvent.subject_id, claim_ids),
        AuditEvent.verb == "ask_for_papers",
    )
    last = {event.subject_id: event for event in session.scalars(asked.order_by(AuditEvent.seq))}
    # Claims of long ago were asked without them.
    told = {id_: event.detail.get("headings") or [] for id_, event in last.items()}
    return cast("dict[int, list[str]]", told)


def code_of(paper: Paper) -> str:
    """The word a finding names the paper by: the first of its kinds."""
    return paper.kinds[0]


def paper_named(code: str, *first: str) -> Paper | None:
    """The paper or proof a finding named, as these headings of the table have it or, where none
    of them does, the first that has it."""
    if proof := proofs().get(code):
        return Paper((code,), proof.name, "", "member", True)
    found = (paper for heading in (*first, *papers.headings()) for paper in papers.wanted(heading))
    return next((paper for paper in found if code_of(paper) == code), None)


def _has(shown: Set[str], paper: Paper) -> bool:
    """One of the alternatives is there; a paper only people can tell is never missed by machine."""
    known = _KNOWN_KINDS & set(paper.kinds)
    return not known or bool(known & shown)


def _heading(event: Mapping[str, object], shown: Set[str]) -> str:
    if kind_of(event) == ILLNESS:
        return Benefit.CRITICAL_ILLNESS
    if kind_of(event) != ACCIDENT:
        return Benefit.HOSPITAL_ALLOWANCE
    outcome = event.get("outcome", AccidentOutcome.DISABILITY)
    return DEATH_HEADING if Kind.DEATH_CERTIFICATE in shown else str(outcome)
