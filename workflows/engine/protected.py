"""Which rows are protected by stamps, and which of their columns."""

from collections.abc import Mapping

from sqlalchemy import Column, Table

from models import (
    ApiToken,
    Approval,
    ApprovalItem,
    BankStatement,
    BankWord,
    Base,
    Batch,
    Decision,
    Entitlement,
    FeeReceipt,
    Heir,
    LateReturn,
    Maker,
    Member,
    MemberCard,
    PayingAccount,
    Payment,
    ReplyCase,
    ReplyFile,
    SecondFactor,
    SecurityKey,
    StatementLine,
    StatementPayment,
    StatementReceipt,
    User,
)
from models.base import Audited, Worked

# A sealed value is left out, since it is sealed anew with another key: the fingerprint beside it
# is stamped, and a value of another row does not open. What a machine moves is in the events.
_BUT: Mapping[type[Base], tuple[str, ...]] = {
    User: (),
    Member: ("id_number", "card", "phone", "phone_print"),
    MemberCard: ("card",),
    Heir: ("person",),
    Decision: (),
    Entitlement: ("benefit", "past"),
    Maker: (),
    Approval: (),
    ApprovalItem: ("looks",),
    PayingAccount: (),
    Batch: (),
    Payment: ("payee",),
    FeeReceipt: (),
    ReplyFile: (),
    ReplyCase: (),
    BankWord: (),
    LateReturn: (),
    BankStatement: (),
    StatementLine: (),
    StatementPayment: (),
    StatementReceipt: (),
    SecondFactor: ("secret",),
    SecurityKey: (),
    ApiToken: ("last_used_at",),
}


def table_of(row: type[Base] | type[Worked]) -> Table:
    """The table of these rows."""
    return Base.metadata.tables[row.__tablename__]


def _stamped(row: type[Base], but: tuple[str, ...]) -> tuple[str, ...]:
    moved = [*vars(Worked), *vars(Audited)] if issubclass(row, Audited) else []
    return tuple(
        c.name for c in table_of(row).columns if c.name not in (*but, *moved) or c.primary_key
    )


PROTECTED: Mapping[str, tuple[str, ...]] = {
    row.__tablename__: _stamped(row, but) for row, but in _BUT.items()
}
"""The stamped columns of each protected table, its primary key among them."""


def key_columns(table: Table) -> list[Column[object]]:
    """By what a row of the table is told from others, in order of its columns."""
    return [column for column in table.columns if column.primary_key]
