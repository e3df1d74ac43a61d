"""Which files of the store the database names."""

from collections.abc import Collection

from sqlalchemy import Select, select, union
from sqlalchemy.orm import Session

from models import (
    BankStatement,
    BankWord,
    Batch,
    Claim,
    Document,
    Enrolment,
    IdCopy,
    Letter,
    PaymentFile,
    Renewal,
    ReplyFile,
)

# The column of the hash, and the row with which its file is erased.
_FILES = (
    (Document.sha256, Claim),
    (Letter.sha256, Claim),
    (PaymentFile.sha256, Batch),
    (ReplyFile.sha256, Batch),
    (BankWord.sha256, Batch),
    (Batch.bank_paper, Batch),
    (BankStatement.sha256, BankStatement),
    (Renewal.letter_sha256, Renewal),
    (Renewal.roster_sha256, Renewal),
    (Renewal.mailed_roster_sha256, Renewal),
    (Enrolment.sha256, Enrolment),
)
_NAMED: tuple[Select[str | None], ...] = (
    select(IdCopy.sha256),
    *(
        (select(hash_) if hash_.class_ is of else select(hash_).join(of)).where(
            of.erased_at.is_(None), hash_.is_not(None)
        )
        for hash_, of in _FILES
    ),
)


def named_in_store(session: Session) -> list[str]:
    """The hash of every file that a row of any table names, and that is not erased."""
    return [str(each) for each in session.scalars(union(*_NAMED))]


def named_among(session: Session, hashes: Collection[str]) -> set[str]:
    """Those of the files that a row still names."""
    named = union(*_NAMED).subquery()
    return set(session.scalars(select(named.c[0]).where(named.c[0].in_(hashes))))
