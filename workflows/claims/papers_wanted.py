"""Which papers a claim still wants, by the table of papers and what is known of its events."""

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date

from documents.kinds import Kind
from models import Claim
from rules import hospitals, papers
from rules.facts import AccidentOutcome
from rules.papers import Circumstance, Paper
from rules.proofs import missing_proof, proofs
from rules.verdict import Benefit
from workflows.claims.events_read import ACCIDENT, ILLNESS

# Papers the reader has no kind of its own for: a person looks for them.
_KNOWN_KINDS = frozenset(Kind)

# Words of an accident on the road, for which the police have a finding.
_TRAFFIC = ("交通事故", "车祸", "机动车", "轿车", "货车", "追尾", "相撞", "被车")


def missing_papers(
    claim: Claim,
    events: Sequence[Mapping[str, object]],
    shown: Set[str],
    hospital: str | None,
    admitted_on: date | None,
    accident_cause: str | None,
) -> list[str]:
    """The codes of the papers the events cannot do without, in the table's order.

    `shown` are the kinds of paper there are and the tests that reports show; `accident_cause` is
    how an accident happened, in the words of its papers.
    """
    elsewhere = _is_elsewhere(claim, hospital, admitted_on)
    circumstances = {Circumstance.ELSEWHERE} if elsewhere else set()
    if any(word in (accident_cause or "") for word in _TRAFFIC):
        circumstances.add(Circumstance.TRAFFIC)
    wanted = [
        code_of(paper)
        for event in events
        for paper in papers.wanted(_heading(event, shown), circumstances)
        if paper.required and not _has(shown, paper)
    ]
    return list(dict.fromkeys([*wanted, *_missing_proofs(events, shown)]))


def _missing_proofs(events: Sequence[Mapping[str, object]], shown: Set[str]) -> Iterator[str]:
    for event in events:
        if event.get("kind") != ILLNESS:
            continue
        named = event.get("illness", [])
        proof = missing_proof([named] if isinstance(named, str) else named, shown)  # type: ignore[arg-type]
        if proof:
            yield proof


def code_of(paper: Paper) -> str:
    """The word a finding names the paper by: the first of its kinds."""
    return paper.kinds[0]


def paper_named(code: str) -> Paper | None:
    """The paper or proof a finding named, for any benefit."""
    if proof := proofs().get(code):
        return Paper((code,), proof.name, "", "member", True)
    found = (paper for heading in papers.headings() for paper in papers.wanted(heading))
    return next((paper for paper in found if code_of(paper) == code), None)


def _has(shown: Set[str], paper: Paper) -> bool:
    """One of the alternatives is there; a paper only people can tell is never missed by machine."""
    known = _KNOWN_KINDS & set(paper.kinds)
    return not known or bool(known & shown)


def _heading(event: Mapping[str, object], shown: Set[str]) -> str:
    if event.get("kind") == ILLNESS:
        return Benefit.CRITICAL_ILLNESS
    if event.get("kind") != ACCIDENT:
        return Benefit.HOSPITAL_ALLOWANCE
    outcome = event.get("outcome", AccidentOutcome.DISABILITY)
    return "death" if Kind.DEATH_CERTIFICATE in shown else str(outcome)


def _is_elsewhere(claim: Claim, hospital: str | None, admitted_on: date | None) -> bool:
    """Whether the register puts the hospital outside the unit's city (R6); unknown is not."""
    if hospital is None or admitted_on is None or claim.unit is None:
        return False
    register = hospitals.shipped()
    listing = register.find(hospital, admitted_on)
    return listing is not None and not register.same_city(listing.city, claim.unit.city)
