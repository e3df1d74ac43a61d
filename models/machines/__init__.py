"""Every machine: its table of moves alone defines which state may follow which."""

from models.machines.claims import CLAIM, LETTER, OBJECTION, PACKET, RELIEF
from models.machines.enrolment import ENROLMENT, RENEWAL
from models.machines.money import BATCH, PAYMENT, RECOVERY

MACHINES = {
    m.name: m
    for m in (
        PACKET,
        CLAIM,
        LETTER,
        PAYMENT,
        BATCH,
        ENROLMENT,
        RENEWAL,
        RELIEF,
        OBJECTION,
        RECOVERY,
    )
}
