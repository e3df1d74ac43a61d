"""Fills a database with copies of the claims it holds, by the million, inside the server."""

from collections.abc import Iterator

from sqlalchemy import Column, Connection, Engine, LargeBinary, Table, Text, text

from models import Base

# Tables whose rows all copies share.
_SHARED = {
    "app_user",
    "batch",
    "cover_year",
    "key_rotation",
    "paying_account",
    "payment_file",
    "reply_file",
    "unit",
}
# Texts by which copies are told apart, or that must be the same in two tables.
_NAMES = {("claim", "number"), ("payment", "reference")}
BEYOND = 1_000_000_000_000
_HASHES = {"sha256", "digest", "id_print", "card_print", "phone_print", "name_print", "event_print"}


def copied() -> list[Table]:
    """The tables that grow with every claim."""
    return [table for table in Base.metadata.sorted_tables if table.name not in _SHARED]


def keep_patterns(engine: Engine) -> None:
    """Set the rows there are aside, to be copied again and again."""
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA pattern"))
        for table in copied():
            connection.execute(text(f"CREATE TABLE pattern.{table.name} AS TABLE {table.name}"))
            connection.execute(text(f"ANALYZE pattern.{table.name}"))
        for statement in _sequences():
            connection.execute(text(statement))


def multiply(engine: Engine, first: int, last: int) -> None:
    """Add the copies of these numbers; the server need not check what it has checked once."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("SET LOCAL synchronous_commit = off"))
        stride = _stride(connection)
        for table in copied():
            names = ", ".join(column.name for column in table.columns)
            values = ", ".join(_value(table, column, stride) for column in table.columns)
            connection.execute(
                text(
                    f"INSERT INTO {table.name} ({names}) SELECT {values}"  # noqa: S608
                    f" FROM generate_series({first}, {last}) AS copy, pattern.{table.name} AS p"
                )
            )
    _tidy(engine)


def _stride(connection: Connection) -> int:
    highest = (
        connection.scalar(text(f"SELECT max(id) FROM pattern.{table.name}"))  # noqa: S608
        for table in copied()
        if "id" in table.columns
    )
    return max(number or 0 for number in highest) + 1


def _value(table: Table, column: Column[object], stride: int) -> str:
    """The column in a copy: keys move on, names and hashes differ, the rest is the same."""
    here, moved = f"p.{column.name}", f"p.{column.name} + copy * {stride}"
    if column.name in ("id", "subject_id") or _points_to_a_copy(column):
        return moved
    if (table.name, column.name) in _NAMES:
        return f"{here} || '-' || copy"
    if column.name in _HASHES and isinstance(column.type, LargeBinary):
        return f"sha256({here} || copy::text::bytea)"
    if column.name in _HASHES and isinstance(column.type, Text):
        return f"encode(sha256(({here} || copy)::bytea), 'hex')"
    if column.name == "occasion":
        return f"'decision-' || (substr({here}, 10)::bigint + copy * {stride})"
    if column.name == "ref":
        return "gen_random_uuid()"
    if column.name in ("received_at", "noticed_at"):
        return f"{here} - copy * interval '1 minute'"
    return here


def _points_to_a_copy(column: Column[object]) -> bool:
    return any(key.column.table.name not in _SHARED for key in column.foreign_keys)


def _tidy(engine: Engine) -> None:
    """As it would be after a night: fresh statistics, nothing left to flush."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in copied():
            connection.execute(text(f"VACUUM ANALYZE {table.name}"))
        connection.execute(text("CHECKPOINT"))


def _sequences() -> Iterator[str]:
    """What is new from now on is numbered beyond all copies."""
    for table in copied():
        if "id" in table.columns:
            sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
            yield f"SELECT setval({sequence}, {BEYOND})"
