"""Erases the files of vouchers: what went to the bank and came back, statements, rosters, notices.

Each of these files names many persons, so it goes as a whole, when its own years are over.
"""

from collections import Counter
from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import Select, select, union
from sqlalchemy.orm import Session

from models import BankStatement, BankWord, Batch, Enrolment, PaymentFile, Renewal, ReplyFile
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.retention.due import due_vouchers
from workflows.retention.files import forget_files, is_stored_again

VoucherRow = BankStatement | Batch | Enrolment | Renewal
OfVouchers = type[VoucherRow]

_FILES: dict[OfVouchers, tuple[Select[Any, int], ...]] = {
    Batch: (
        select(PaymentFile.sha256, PaymentFile.batch_id),
        select(ReplyFile.sha256, ReplyFile.batch_id),
        select(BankWord.sha256, BankWord.batch_id).where(BankWord.sha256.is_not(None)),
        select(Batch.bank_paper, Batch.id).where(Batch.bank_paper.is_not(None)),
    ),
    BankStatement: (select(BankStatement.sha256, BankStatement.id),),
    Enrolment: (select(Enrolment.sha256, Enrolment.id),),
    Renewal: tuple(
        select(hash_, Renewal.id)
        for hash_ in (Renewal.letter_sha256, Renewal.roster_sha256, Renewal.mailed_roster_sha256)
    ),
}


def count(session: Session, row: OfVouchers, id_: int) -> Counter[str]:
    """How many files of the batch, roster or reminder are there to be erased."""
    return _counted(row, files_of(session, row, id_))


def erase(
    session: Session, office: Office, row: OfVouchers, id_: int, by: int | None
) -> Counter[str]:
    """Erase them if they are still due; how many."""
    found = cast("VoucherRow", session.get_one(row, id_, with_for_update=True))
    if session.scalar(due_vouchers(row, office.today()).where(row.id == id_)) is None:
        return Counter()
    files = files_of(session, row, id_)
    if is_stored_again(office, files):
        return Counter()
    erased = _counted(row, files)
    found.erased_at = office.clock()
    forget_files(session, office, files)
    record(session, found, "erase", office.clock(), by, files=erased.total())
    return erased


def _counted(row: OfVouchers, files: Collection[str]) -> Counter[str]:
    return Counter({f"{row.__tablename__}.files": len(files)})


def files_of(session: Session, row: OfVouchers, id_: int) -> set[str]:
    """The hashes of the files of this batch, statement, roster or reminder."""
    asked = (query.where(query.selected_columns[1] == id_) for query in _FILES[row])
    return {hash_ for hash_, _id in session.execute(union(*asked)) if hash_}
