"""Reads again the bank files, as they are kept, of the batches that were released on a day."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from banking import formats
from models import Batch, PaymentFile
from rules.errors import HuzhuError
from workflows.day_proof.told import DaySpan, Told
from workflows.engine.office import Office


def file_lines(session: Session, office: Office, span: DaySpan) -> Iterator[Told]:
    """The lines of each file; a file that is missing or damaged has none."""
    made = select(Batch.number, PaymentFile.format, PaymentFile.sha256).join(
        PaymentFile, PaymentFile.batch_id == Batch.id
    )
    released = Batch.released_at.between(span.begin, span.end)
    for number, format_code, sha256 in session.execute(made.where(released)).all():
        try:
            lines = formats.read(format_code, office.store.get(sha256))
        except HuzhuError:
            continue
        yield Told(number, len(lines), sum(line.amount for line in lines))
