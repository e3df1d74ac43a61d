"""The list of steps: what is done unattended, to which rows, in which state."""

from dataclasses import replace
from datetime import timedelta

from models import Claim, Enrolment, Letter, Packet, Renewal
from models.states import ClaimState, EnrolmentState, LetterState, PacketState, RenewalState
from workflows.claims.acts import settled_claims
from workflows.claims.judging import adjudication, document_check
from workflows.claims.letters import letters
from workflows.claims.packets import inbox, intake, put_away
from workflows.claims.papers import reading
from workflows.claims.paying import payout
from workflows.engine.moves import MACHINE_OF
from workflows.engine.steps import Quick, Retry, Slow, Step
from workflows.enrolment import cover, enrol_rows, id_copies
from workflows.page_readings import read_pages
from workflows.renewal import mail, notice_writing

_ADJUDICATE = Quick(
    "adjudicate",
    Claim,
    ClaimState.COMPLETE,
    "claims",
    do=adjudication.adjudicate,
    reads=adjudication.READS,
)

_CHECK = Quick(
    "check",
    Claim,
    ClaimState.READ,
    "claims",
    do=settled_claims.check_papers,
    reads=document_check.READS,
    then=_ADJUDICATE,
)

_READ = Slow(
    "read",
    Claim,
    ClaimState.RECEIVED,
    "reading",
    gather=reading.gather,
    work=read_pages,
    record=reading.record_pages,
    pass_on=reading.pass_on,
    reads=reading.WITH_READINGS,
    then=_CHECK,
    seconds=180,
)

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
        reach=inbox.is_within_reach,
    ),
    # What is refused and very large is sealed here.
    Quick(
        "put_away",
        Packet,
        PacketState.STORED,
        "intake",
        do=put_away.put_away,
        limit=600,
        reach=inbox.is_within_reach,
    ),
    _READ,
    _CHECK,
    _ADJUDICATE,
    # Nothing of the claim is decided anew by papers that come after a return.
    replace(_READ, name="read_new_papers", source=ClaimState.NEW_PAPERS, then=None),
    Quick(
        "prepare_payment",
        Claim,
        ClaimState.APPROVED,
        "claims",
        do=payout.prepare_payment,
        reads=payout.READS,
    ),
    Quick(
        "write_letter",
        Letter,
        LetterState.WANTED,
        "letters",
        do=letters.write_letter,
        reads=letters.READS,
    ),
    Slow(
        "write_renewal",
        Renewal,
        RenewalState.WANTED,
        "letters",
        gather=notice_writing.gather,
        work=notice_writing.work,
        record=notice_writing.record_papers,
        seconds=300,
    ),
    Slow(
        "mail_renewal",
        Renewal,
        RenewalState.WRITTEN,
        "mail",
        gather=mail.gather,
        work=mail.work,
        record=mail.record_sent,
        # A mail server may be away for half a day before a person has to look.
        retry=Retry(attempts=16, first=timedelta(minutes=1), longest=timedelta(hours=1)),
        seconds=300,
    ),
    Slow(
        "read_copies",
        Enrolment,
        EnrolmentState.COPIED,
        "reading",
        gather=id_copies.gather,
        work=read_pages,
        record=id_copies.record_copies,
        seconds=180,
    ),
    Slow(
        "enrol",
        Enrolment,
        EnrolmentState.ACCEPTED,
        "enrolment",
        gather=enrol_rows.gather,
        work=enrol_rows.work,
        record=enrol_rows.record_lines,
    ),
    Quick(
        "begin_cover",
        Enrolment,
        EnrolmentState.FUNDED,
        "enrolment",
        do=cover.begin_cover,
        limit=600,
    ),
)

STEP_AT = {(MACHINE_OF[step.row].name, str(step.source)): step for step in STEPS}

QUEUES = tuple(dict.fromkeys(step.queue for step in STEPS))
