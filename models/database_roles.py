"""What the users of the database may do in it: the program's own, and one who only reads."""

from collections.abc import Iterator

from sqlalchemy import LargeBinary

from models.base import Base
from models.column_map import column_map

APPEND_ONLY = frozenset(
    {
        "approval",
        "audit_event",
        "audit_root",
        "decision_line",
        "decision_part",
        "decision_reason",
        "fee_receipt",
        "payment_file",
        "posting",
        "reply_file",
        "row_stamp",
        "statement_payment",
        "statement_receipt",
        "voucher",
    }
)
"""Tables whose rows the program writes once: the log, what decided a sum, and what moved money."""

DELETED_FROM = frozenset(
    {
        "activity",
        "api_answer",
        "field",
        "former_password",
        "heartbeat",
        "id_copy",
        "id_copy_answer",
        "key_canary",
        "log_in_attempt",
        "page_reading",
        "recovery_code",
        "roster_change",
        "second_factor",
        "security_key",
        "taken_claim",
        "web_session",
    }
)
"""Tables of which the program also takes rows away; of all others nobody but an owner does."""


def rights_of_app(table: str) -> str:
    """What the program does with the rows of this table.

    What is sealed in rows that are written once is sealed anew with another key; who has no key can
    make a sealed value unreadable there, but none that opens.
    """
    sealed = ", ".join(f'"{name}"' for name in sealed_columns(table))
    changed = ", UPDATE"
    if table in APPEND_ONLY:
        changed = f", UPDATE ({sealed})" if sealed else ""
    return f"SELECT, INSERT{changed}" + (", DELETE" if table in DELETED_FROM else "")


def sealed_columns(table: str) -> list[str]:
    """The columns of this table that hold sealed values and fingerprints of a person."""
    told = column_map()
    return [
        column.name
        for column in Base.metadata.tables[table].columns
        if isinstance(column.type, LargeBinary)
        and told[table, column.name].data_class.is_of_a_person
    ]


def read_by_reports(table: str) -> list[str]:
    """The columns of this table that say nothing of a person: all that reports may read."""
    told = column_map()
    names = (column.name for column in Base.metadata.tables[table].columns)
    return [name for name in names if not told[table, name].data_class.is_of_a_person]


def grants(app: str, report: str) -> Iterator[str]:
    """The statements that give both users what is theirs and take all else from them; `report`
    may be empty. Names come quoted. Run in one transaction, after each upgrade."""
    for user in filter(None, (app, report)):
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {user}"
        yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {user}"
        yield f"GRANT USAGE ON SCHEMA public TO {user}"
    yield f"GRANT SELECT ON alembic_version TO {app}"
    # To read where a sequence stands is part of a dump, which the program makes as this user.
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}"
    for table in Base.metadata.tables:
        yield f'GRANT {rights_of_app(table)} ON "{table}" TO {app}'
        columns = ", ".join(f'"{name}"' for name in read_by_reports(table))
        if report and columns:
            yield f'GRANT SELECT ({columns}) ON "{table}" TO {report}'
