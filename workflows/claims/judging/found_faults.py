"""What the document check finds, beside what it found before and what people said of it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from models import Claim, Finding
from workflows.claims.papers.papers_read import Papers
from workflows.engine.office import Office
from workflows.sealed_values.claims import field_value

DISAGREEMENT = "DISAGREEMENT"
"""The papers say one thing in two ways, or against what is known."""


@dataclass(frozen=True)
class FoundFault:
    """One thing that is not in order: what, about which field, paper or page."""

    code: str
    subject: str


def still_asked(claim: Claim, code: str, subjects: Collection[str]) -> set[str]:
    """Those of these subjects of which no person has said that they may stay as they are."""
    answered = {each.subject for each in claim.findings if each.code == code and each.answered_by}
    return set(subjects) - answered


def ask_again(office: Office, claim: Claim, codes: Collection[str]) -> None:
    """Forget what a person said of these: the next check asks anew where it still finds them."""
    for finding in claim.findings:
        if finding.code in codes:
            _forget_answer(office, finding)


def ask_of_new_values(office: Office, read: Iterable[Papers]) -> None:
    """Forget what a person said of a value that the papers do not say any more. To be asked before
    what they say now is kept."""
    for papers in read:
        answered = [finding for finding in papers.claim.findings if finding.answered_by]
        before = {field.name: field for field in papers.claim.fields} if answered else {}
        for finding in answered:
            field, now = before.get(finding.subject), papers.values.get(finding.subject)
            if field is not None and field_value(office.keys, field) != now:
                _forget_answer(office, finding)


def _forget_answer(office: Office, finding: Finding) -> None:
    finding.answered_by, finding.closed_at = None, finding.closed_at or office.clock()


def update_findings(office: Office, claim: Claim, found: set[FoundFault]) -> list[Finding]:
    """Open what is new, close what is no longer so; what a person answered stays answered. What is
    open now."""
    known = {FoundFault(finding.code, finding.subject): finding for finding in claim.findings}
    for key, finding in known.items():
        if key not in found and finding.closed_at is None:
            finding.closed_at = office.clock()
        elif key in found and finding.answered_by is None:
            finding.closed_at = None
    for key in sorted(found - known.keys(), key=lambda f: (f.code, f.subject)):
        claim.findings.append(
            Finding(claim_id=claim.id, code=key.code, subject=key.subject, detail={})
        )
    return [finding for finding in claim.findings if finding.closed_at is None]
