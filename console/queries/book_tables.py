"""What the statements of the books share: titles, columns and words of a fund."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from console.queries.paying_accounts import families
from documents.tables import Shape, Table, TableCell, TableColumn
from language import _
from models import LedgerAccount
from workflows.books.bank_places import account_names


def fen(heading: str) -> TableColumn:
    """A column of sums."""
    return TableColumn(heading, Shape.FEN, 14)


def statement(
    name: str,
    month: date,
    columns: tuple[TableColumn, ...],
    lines: Sequence[Sequence[TableCell]],
    notes: tuple[str, ...] = (),
) -> Table:
    """A statement of this name for the month that begins on this day."""
    return Table(name, f"{month:%Y-%m} {name}", columns, lines, notes)


def place_columns() -> tuple[TableColumn, TableColumn]:
    """Of which plan and account something is."""
    return TableColumn(_("计划"), width=30), TableColumn(_("付款账户"), width=28)


class PlaceWords:
    """The words of plans and accounts for `place_columns`."""

    def __init__(self, session: Session) -> None:
        self._accounts, self._families = account_names(session), families()

    def of(self, account: LedgerAccount) -> tuple[str, str]:
        """Plan and account at the bank."""
        return self.plan(account.family), self._accounts.get(account.paying_account_id, "—")

    def plan(self, family: str | None) -> str:
        """The name of a plan family."""
        return self._families.get(family or "", family or "")
