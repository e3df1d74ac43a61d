"""A step wired to another table's functions, or to another machine's step, fails type checking.

mypy reads this file with all others. It warns of an `ignore` that ignores nothing, so `make check`
fails as soon as one of these wirings would pass: that is the test. Run, the file shows that the
same wirings without the fault are steps.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from models import Claim, Letter, Packet
from models.states import ClaimState, LetterState
from workflows.engine.office import Office
from workflows.engine.steps import Lease, Quick, Slow


def do_claims(session: Session, claims: Sequence[Claim], office: Office) -> None: ...


def do_letters(session: Session, letters: Sequence[Letter], office: Office) -> None: ...


def gather_claim(session: Session, claim: Claim, office: Office) -> int:
    return claim.id


def gather_letter(session: Session, letter: Letter, office: Office) -> int:
    return letter.id


def work(job: int, office: Office, lease: Lease[Claim]) -> str:
    return str(job)


def work_on_text(job: str, office: Office, lease: Lease[Claim]) -> str:
    return job


def work_on_packet(job: int, office: Office, lease: Lease[Packet]) -> str:
    return str(job)


def record_claim(session: Session, claim: Claim, result: str, office: Office) -> None: ...


def record_letter(session: Session, letter: Letter, result: str, office: Office) -> None: ...


def record_number(session: Session, claim: Claim, result: int, office: Office) -> None: ...


CLAIM = Quick("check", Claim, ClaimState.READ, "claims", do=do_claims)
LETTER = Quick("write_letter", Letter, LetterState.WANTED, "letters", do=do_letters)
SLOW: Slow[Claim, int, str] = Slow(
    "read", Claim, ClaimState.RECEIVED, "reading", gather_claim, work, record_claim, then=CLAIM
)


def wrong_functions_of_a_quick_step() -> None:
    Quick("check", Claim, ClaimState.READ, "claims", do=do_letters)  # type: ignore[arg-type]


def a_quick_step_that_goes_on_with_another_table() -> None:
    quick: Quick[Claim] = Quick(
        "check",
        Claim,
        ClaimState.READ,
        "claims",
        do=do_claims,
        then=LETTER,  # type: ignore[arg-type]
    )
    assert quick


def wrong_functions_of_a_slow_step() -> None:
    name, row, state, queue = "read", Claim, ClaimState.RECEIVED, "reading"
    slow: Slow[Claim, int, str]
    slow = Slow(name, row, state, queue, gather_letter, work, record_claim)  # type: ignore[arg-type]
    slow = Slow(name, row, state, queue, gather_claim, work_on_text, record_claim)  # type: ignore[arg-type]
    slow = Slow(name, row, state, queue, gather_claim, work_on_packet, record_claim)  # type: ignore[arg-type]
    slow = Slow(name, row, state, queue, gather_claim, work, record_letter)  # type: ignore[arg-type]
    slow = Slow(name, row, state, queue, gather_claim, work, record_number)  # type: ignore[arg-type]
    assert slow


def test_the_same_wirings_without_the_fault_are_steps() -> None:
    assert (CLAIM.row, LETTER.row, SLOW.row, SLOW.then) == (Claim, Letter, Claim, CLAIM)
