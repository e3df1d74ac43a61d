"""Claims of every kind, and where each ends when nothing goes wrong."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select

from documents.kinds import Kind
from models import Claim, Decision, Document, Letter, Payment
from tests.desk import Desk, Person, a_stay
from tests.faults.packets import a_packet
from workflows.engine.office import Office

End = tuple[str, str, int, tuple[str, ...], tuple[str, ...]]
"""State, outcome and amount in force, the states of its payments, its letters."""

PAID: End = ("paid", "pay", 60000, ("credited",), ("payment_notice", "receipt"))

ENDS: dict[str, list[End]] = {
    "clean": [PAID],
    "dropped twice": [PAID],
    "two claims for one stay": [PAID, ("referred", "refer", 0, (), ("receipt",))],
    "returned": [
        (
            "returned",
            "pay",
            60000,
            ("returned",),
            ("payment_notice", "receipt", "return_notice"),
        )
    ],
    "too short": [("denied", "deny", 0, (), ("denial_notice", "receipt"))],
    "paper missing": [("incomplete", "", 0, (), ("receipt", "supplement_notice"))],
    "names differ": [("in_question", "", 0, (), ("receipt",))],
}

_PAPERS: dict[str, dict[str, object]] = {
    "too short": {"discharged": "2026-03-03"},
    "paper missing": {"without": (Kind.BANK_CARD,)},
    "names differ": {"name_on_record": "欧阳某"},
}


@dataclass(frozen=True)
class Story:
    """One member's papers on their way; the files are dropped in this order."""

    kind: str
    person: Person
    files: tuple[tuple[str, bytes], ...]

    def ends(self, office: Office) -> list[End]:
        """Where the claims of these papers are now."""
        hashes = {sha256(data).hexdigest() for _, data in self.files}
        with office.sessions.read_only() as session:
            ids = session.scalars(
                select(Document.claim_id).where(Document.sha256.in_(hashes)).distinct()
            ).all()
        return sorted(_end(office, claim_id) for claim_id in ids)

    @property
    def has_ended(self) -> list[End]:
        return sorted(ENDS[self.kind])


def stories(desk: Desk, chance: random.Random, claims: int) -> list[Story]:
    """Stories that come to at least so many claims, every kind among them."""
    kinds = list(ENDS)
    found: list[Story] = []
    while sum(len(ENDS[story.kind]) for story in found) < claims:
        usual = chance.choice(kinds) if chance.random() < 0.6 else "clean"
        kind = kinds[len(found)] if len(found) < len(kinds) else usual
        found.append(_story(desk, kind, f"{len(found) + 1:04d}"))
    return found


def not_ended(told: list[Story], office: Office) -> Iterator[tuple[Story, list[End]]]:
    """The stories that are elsewhere than they should be, and where."""
    for story in told:
        if (ends := story.ends(office)) != story.has_ended:
            yield story, ends


def count(told: list[Story]) -> Counter[str]:
    return Counter(story.kind for story in told)


def _story(desk: Desk, kind: str, number: str) -> Story:
    person = desk.member()
    pages = a_stay(person, **_PAPERS.get(kind, {}))  # type: ignore[arg-type]
    with desk.office.sessions.unit_of_work() as session:
        one = a_packet(session, desk.office, number, pages)
        other = a_packet(session, desk.office, f"{number} again", pages)
    files = [(f"{number}.pdf", one)]
    if kind == "dropped twice":
        files.append((f"{number}-again.pdf", one))
    elif kind == "two claims for one stay":
        files.append((f"{number}-other.pdf", other))
    return Story(kind, person, tuple(files))


def _end(office: Office, claim_id: int) -> End:
    with office.sessions.read_only() as session:
        claim = session.get_one(Claim, claim_id)
        decision = session.scalar(select(Decision).filter_by(claim_id=claim_id, superseded_at=None))
        payments = select(Payment.state).filter_by(claim_id=claim_id).order_by(Payment.id)
        letters = (
            select(Letter.kind).filter_by(claim_id=claim_id, state="written").order_by(Letter.kind)
        )
        return (
            claim.state,
            decision.outcome if decision else "",
            decision.amount if decision else 0,
            tuple(session.scalars(payments)),
            tuple(session.scalars(letters)),
        )
