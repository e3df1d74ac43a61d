"""Which papers a claim still wants, by the table of papers and what is known of the event."""

from collections.abc import Set
from datetime import date

from documents.kinds import Kind
from models import Claim
from rules import hospitals, papers
from rules.papers import Circumstance, Paper
from rules.verdict import Benefit

# Papers the reader has no kind of its own for: a person looks for them.
_KNOWN_KINDS = frozenset(Kind)


def missing_papers(
    claim: Claim, kinds: Set[str], hospital: str | None, admitted_on: date | None
) -> list[Paper]:
    """The papers the claim cannot do without and does not have, in the table's order."""
    elsewhere = _is_elsewhere(claim, hospital, admitted_on)
    circumstances = frozenset({Circumstance.ELSEWHERE}) if elsewhere else frozenset()
    return [
        paper
        for paper in papers.wanted(_heading(claim.benefit, kinds), circumstances)
        if paper.required and not _has(kinds, paper)
    ]


def code_of(paper: Paper) -> str:
    """The word a finding names the paper by: the first of its kinds."""
    return paper.kinds[0]


def paper_named(code: str) -> Paper | None:
    """The paper a finding named, for any benefit."""
    headings = ("hospital_allowance", "critical_illness", "disability", "death")
    found = (paper for heading in headings for paper in papers.wanted(heading))
    return next((paper for paper in found if code_of(paper) == code), None)


def _has(kinds: Set[str], paper: Paper) -> bool:
    """One of the alternatives is there; a paper only people can tell is never missed by machine."""
    known = _KNOWN_KINDS & set(paper.kinds)
    return not known or bool(known & kinds)


def _heading(benefit: str, kinds: Set[str]) -> str:
    if benefit != Benefit.ACCIDENT:
        return benefit
    return "death" if Kind.DEATH_CERTIFICATE in kinds else "disability"


def _is_elsewhere(claim: Claim, hospital: str | None, admitted_on: date | None) -> bool:
    """Whether the register puts the hospital outside the unit's city (R6); unknown is not."""
    if hospital is None or admitted_on is None or claim.unit is None:
        return False
    register = hospitals.shipped()
    listing = register.find(hospital, admitted_on)
    return listing is not None and not register.same_city(listing.city, claim.unit.city)
