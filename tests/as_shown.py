"""Second persons who decide a proposal as the page shows it now."""

from sqlalchemy.orm import Session

from models import Batch, Recovery, User
from workflows.claims.paying import recovery, sent_batches, taken_out
from workflows.engine.office import Office


def agree_discard(session: Session, office: Office, person: User, batch: Batch) -> None:
    mark = sent_batches.mark_of_discard(batch)
    sent_batches.agree_discard(session, office, person, batch, mark)


def refuse_discard(session: Session, office: Office, person: User, batch: Batch) -> None:
    mark = sent_batches.mark_of_discard(batch)
    sent_batches.refuse_discard(session, office, person, batch, mark)


def agree_take_out(
    session: Session, office: Office, person: User, batch: Batch, reference: str
) -> None:
    mark = _out_mark(batch, reference)
    taken_out.agree_take_out(session, office, person, batch, reference, mark)


def refuse_take_out(
    session: Session, office: Office, person: User, batch: Batch, reference: str
) -> None:
    mark = _out_mark(batch, reference)
    taken_out.refuse_take_out(session, office, person, batch, reference, mark)


def _out_mark(batch: Batch, reference: str) -> str:
    [payment] = [each for each in batch.payments if each.reference == reference]
    return taken_out.mark_of_take_out(payment)


def write_off(session: Session, office: Office, person: User, row: Recovery) -> None:
    recovery.write_off(session, office, person, row, recovery.mark_of_write_off(row))


def refuse_write_off(session: Session, office: Office, person: User, row: Recovery) -> None:
    recovery.refuse_write_off(session, office, person, row, recovery.mark_of_write_off(row))
