"""What came from the bank about a batch, as it is kept: replies, and papers of its word."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.not_found import NotFound
from console.queries.unanswered import WAYS
from language import _
from models import BankWord, Batch, ReplyFile, User
from models.bank_words import BankWay
from workflows.retention.vouchers import files_of


@dataclass(frozen=True)
class BankPaper:
    """A file: what it says, who brought it and when (None: the day is in the history of its batch),
    and the hash under which it is kept."""

    what: str
    by: str
    at: datetime | None
    sha256: str


def bank_papers(session: Session, batch: Batch) -> Iterator[BankPaper]:
    """All of the batch, replies first."""
    replies = select(ReplyFile, User.name).join(User, User.id == ReplyFile.loaded_by)
    for file, name in session.execute(replies.filter_by(batch_id=batch.id).order_by(ReplyFile.id)):
        counts = {each: getattr(file, each) for each in ("credited", "returned", "unknown")}
        said = _("到账 %(credited)s，退票 %(returned)s，未明 %(unknown)s") % counts
        yield BankPaper(said, name, file.loaded_at, file.sha256)
    words = select(BankWord, User.name).join(User, User.id == BankWord.asked_by)
    for word, name in session.execute(words.filter_by(batch_id=batch.id).order_by(BankWord.id)):
        if word.sha256:
            said = f"{word.payment.reference} {_(WAYS[BankWay(word.way)])}"
            yield BankPaper(said, name, word.asked_at, word.sha256)
    if batch.bank_paper and batch.asked_by:
        name = session.get_one(User, batch.asked_by).name
        yield BankPaper(_("银行没有受理"), name, None, batch.bank_paper)


def refuse_another_file(session: Session, batch: Batch, sha256: str) -> None:
    """NotFound unless this is the hash of a file of the batch that is still kept."""
    if batch.erased_at is not None or sha256 not in files_of(session, Batch, batch.id):
        raise NotFound(sha256)
