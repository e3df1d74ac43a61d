"""Lines of the bank's statements that wait, beside the receipt or the fee that they fit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.not_found import NotFound
from console.queries.paying_accounts import families
from models import BankStatement, FeeReceipt, StatementLine, User
from rules.money import Fen
from workflows.books.bank_places import account_names, bank_places
from workflows.books.statement_lines import LEFT, WAITS
from workflows.enrolment.paid_fees import FeeFit, fitting

ROWS = 100
_STATEMENTS = 30


@dataclass(frozen=True)
class WaitingLine:
    """A line that waits; `left` is what no receipt says of it, `plans` are the plans by whose funds
    it may be booked, by the codes of their families."""

    line: StatementLine
    account: str
    left: Fen
    fit: FeeFit
    plans: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class StatementRow:
    """A statement that was loaded; `waiting` of its lines wait, `batches` are those it tells of,
    `left_out` are the accounts and currencies that are none of ours."""

    by: str
    at: datetime
    lines: int
    waiting: int
    known: int
    batches: str
    left_out: str
    sha256: str
    is_kept: bool


def waiting_lines(session: Session) -> list[WaitingLine]:
    """The oldest lines that wait, those that came in with what they fit."""
    query = select(StatementLine, LEFT).where(WAITS).order_by(StatementLine.id).limit(ROWS)
    found = [(line, Fen(left)) for line, left in session.execute(query)]
    fits, names, words = fitting(session, found), account_names(session), families()
    places = bank_places(session)
    return [
        WaitingLine(
            line=line,
            account=names[line.paying_account_id],
            left=left,
            fit=fits[line.id],
            plans=[
                (each.family or "", words.get(each.family or "", each.family or ""))
                for each in places
                if each.paying_account_id == line.paying_account_id
            ],
        )
        for line, left in found
    ]


def count_waiting_lines(session: Session) -> int:
    """How many lines wait."""
    return session.scalar(select(func.count()).select_from(StatementLine).where(WAITS)) or 0


def latest_statements(session: Session) -> Iterator[StatementRow]:
    """The statements that were loaded last, the newest first."""
    rows = session.execute(
        select(BankStatement, User.name, func.count(StatementLine.id), func.count().filter(WAITS))
        .join(User, User.id == BankStatement.loaded_by)
        .outerjoin(StatementLine, StatementLine.statement_id == BankStatement.id)
        .group_by(BankStatement.id, User.name)
        .order_by(BankStatement.id.desc())
        .limit(_STATEMENTS)
    )
    for each, name, lines, waiting in rows:
        yield StatementRow(
            by=name,
            at=each.loaded_at,
            lines=lines,
            waiting=waiting,
            known=each.known,
            batches=each.batches or "",
            left_out=each.left_out or "",
            sha256=each.sha256,
            is_kept=each.erased_at is None,
        )


def line_of(session: Session, id_: int) -> StatementLine:
    """The line of this id; NotFound where there is none."""
    found = session.get(StatementLine, id_)
    if found is None:
        raise NotFound(str(id_))
    return found


def receipt_of(session: Session, id_: int) -> FeeReceipt:
    """The receipt of this id; NotFound where there is none."""
    found = session.get(FeeReceipt, id_)
    if found is None:
        raise NotFound(str(id_))
    return found


def refuse_another_statement(session: Session, sha256: str) -> None:
    """NotFound unless this is the hash of a statement that is still kept."""
    kept = select(BankStatement.id).filter_by(sha256=sha256, erased_at=None)
    if session.scalar(kept) is None:
        raise NotFound(sha256)
