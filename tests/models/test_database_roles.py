"""What the program and a reader may do in the database, by really trying as each of them."""

import re
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import Connection, sql
from psycopg.errors import InsufficientPrivilege

from models import Base
from models.column_map import DataClass, column_map
from models.database_roles import APPEND_ONLY, DELETED_FROM, sealed_columns
from servers.embedded import Addresses
from settings import ROOT

TABLES = sorted(Base.metadata.tables)
HIDDEN = (DataClass.PERSONAL, DataClass.SENSITIVE)


def connected(url: str) -> Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace("postgresql+psycopg:", "postgresql:"))


@pytest.fixture(scope="module")
def app(addresses: Addresses) -> Iterator[Connection[tuple[object, ...]]]:
    with connected(addresses.database_url) as connection:
        yield connection


@pytest.fixture(scope="module")
def report(addresses: Addresses) -> Iterator[Connection[tuple[object, ...]]]:
    with connected(addresses.report_url) as connection:
        yield connection


def may(user: Connection[tuple[object, ...]], statement: str, *names: str) -> bool:
    """Whether he may, tried on no row: rights are asked before rows are looked for."""
    quoted = sql.SQL(statement).format(*map(sql.Identifier, names))
    try:
        with user.transaction(force_rollback=True):
            user.execute(quoted)
    except InsufficientPrivilege:
        return False
    return True


def columns(table: str) -> list[str]:
    return [column.name for column in Base.metadata.tables[table].columns]


def changed(app: Connection[tuple[object, ...]]) -> set[str]:
    """Tables of which the program changes what is not sealed; that, a rotation of keys reaches."""
    statement = "UPDATE {} SET {} = NULL WHERE false"
    open_ = {t: [c for c in columns(t) if c not in sealed_columns(t)] for t in TABLES}
    return {table for table in TABLES if may(app, statement, table, open_[table][-1])}


def test_the_program_reads_and_adds_everywhere(app: Connection[tuple[object, ...]]) -> None:
    assert all(may(app, "SELECT 1 FROM {} WHERE false", table) for table in TABLES)
    adds = "INSERT INTO {} ({}) SELECT NULL WHERE false"
    assert all(may(app, adds, table, columns(table)[-1]) for table in TABLES)


def test_the_program_changes_nothing_that_is_written_once(
    app: Connection[tuple[object, ...]],
) -> None:
    assert set(TABLES) - changed(app) == APPEND_ONLY


def test_the_program_takes_rows_away_only_where_the_list_says_so(
    app: Connection[tuple[object, ...]],
) -> None:
    deleted = {table for table in TABLES if may(app, "DELETE FROM {} WHERE false", table)}
    assert deleted == DELETED_FROM
    assert not [table for table in TABLES if may(app, "TRUNCATE {}", table)]


def test_every_table_of_which_the_code_takes_rows_away_is_on_the_list() -> None:
    called = {mapper.class_.__name__: str(mapper.local_table) for mapper in Base.registry.mappers}
    code = "".join(
        path.read_text()
        for folder in ("workflows", "console", "workers")
        for path in (ROOT / folder).rglob("*.py")
    )
    taken = {called[name] for name in re.findall(r"\bdelete\((\w+)\)", code) if name in called}
    assert taken <= DELETED_FROM


@pytest.mark.parametrize(
    "act",
    [
        "CREATE TABLE own (id int)",
        "CREATE TEMP TABLE own (id int)",
        "CREATE SCHEMA own",
        "DROP TABLE audit_event",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "ALTER TABLE batch DROP CONSTRAINT ck_batch_releaser_is_not_freezer",
        "CREATE OR REPLACE FUNCTION one_person(a bigint) RETURNS text LANGUAGE sql RETURN 1",
        "SET session_replication_role = replica",
        "SET ROLE postgres",
        "CREATE ROLE other",
        "UPDATE alembic_version SET version_num = '0001'",
        "COPY audit_event TO PROGRAM 'cat'",
        "SELECT pg_read_file('pg_hba.conf')",
        "SELECT rolpassword FROM pg_authid",
        "SELECT lo_create(0)",
        "SELECT lo_creat(-1)",
        "SELECT lo_from_bytea(0, 'much')",
    ],
)
def test_the_program_is_no_owner(app: Connection[tuple[object, ...]], act: str) -> None:
    assert not may(app, act)


def test_a_report_reads_what_says_nothing_of_a_person_and_changes_nothing(
    report: Connection[tuple[object, ...]],
) -> None:
    for table in TABLES:
        read = {name for name in columns(table) if may(report, "SELECT {} FROM {}", name, table)}
        hidden = {name for name in columns(table) if column_map()[table, name].data_class in HIDDEN}
        assert read == {*columns(table)} - hidden, table
        assert not may(report, "DELETE FROM {} WHERE false", table)
        last = columns(table)[-1]
        assert not may(report, "UPDATE {} SET {} = NULL WHERE false", table, last)
        assert not may(report, "INSERT INTO {} ({}) SELECT NULL WHERE false", table, last)
    assert not may(report, "CREATE TABLE own (id int)")
