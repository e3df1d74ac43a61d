"""The list of steps: what is done unattended, to which rows, in which state."""

from models import Claim, Letter, Packet
from models.states import ClaimState, LetterState, PacketState
from workflows import adjudication, document_check, intake, letters, payout, reading
from workflows.engine import MACHINE_OF, Quick, Slow, Step

STEPS: tuple[Step, ...] = (
    Slow(
        "intake",
        Packet,
        PacketState.SETTLED,
        "intake",
        gather=intake.gather,
        work=intake.work,
        record=intake.record_packet,
        seconds=300,
    ),
    Quick("put_away", Packet, PacketState.STORED, "intake", do=intake.put_away),
    Slow(
        "read",
        Claim,
        ClaimState.RECEIVED,
        "reading",
        gather=reading.gather,
        work=reading.work,
        record=reading.record_pages,
        needs=reading.NEEDS,
        seconds=180,
    ),
    Quick(
        "check",
        Claim,
        ClaimState.READ,
        "claims",
        do=document_check.check,
        needs=document_check.NEEDS,
    ),
    Quick("adjudicate", Claim, ClaimState.COMPLETE, "claims", do=adjudication.adjudicate),
    Quick("prepare_payment", Claim, ClaimState.APPROVED, "claims", do=payout.prepare_payment),
    Slow(
        "write_letter",
        Letter,
        LetterState.WANTED,
        "letters",
        gather=letters.gather,
        work=letters.work,
        record=letters.record_letter,
    ),
)

STEP_BY_NAME = {step.name: step for step in STEPS}

STEP_AT = {(MACHINE_OF[step.row].name, str(step.source)): step for step in STEPS}

QUEUES = tuple(dict.fromkeys(step.queue for step in STEPS))
