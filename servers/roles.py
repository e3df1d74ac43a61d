"""Makes the users of the database, and gives each what is his after every upgrade."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from language import N_, _
from rules.errors import HuzhuError

NO_ROLE = N_(
    "数据库中没有用户 %(user)s，HUZHU_OWNER_DATABASE_URL 的用户也无权建立；"
    "请数据库管理员先建立此用户"
)


class NoRole(HuzhuError):
    """A user of the database is missing and cannot be made; the message names him."""


def make(owner_url: str, *urls: str) -> None:
    """Make the user of each of these addresses with its password, if he is missing.

    A user who is there gets the password of the address, where the owner may set it.
    """
    with _connected(owner_url) as connection:
        may = bool(_one(connection, _MAY_MAKE_USERS))
        for url in filter(None, urls):
            _make_user(connection, url, may)


def grant(owner_url: str, app_url: str, report_url: str = "") -> None:
    """Give the program's user and the one who only reads what is theirs, and no more."""
    # Loaded late: who only looks for running servers needs no tables.
    from models.database_roles import grants

    app, report = _user(app_url), _user(report_url) if report_url else ""
    if app == _user(owner_url):
        return  # one user for all; the doctor says so
    with _connected(owner_url) as connection:
        database = sql.Identifier(str(_one(connection, "SELECT current_database()")))
        quoted = [sql.Identifier(name) for name in (app, report) if name]
        revoke = sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database)
        connection.execute(revoke)
        for user in quoted:
            connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, user))
        if _one(connection, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
            connection.execute(_NO_LARGE_OBJECTS)
        names = [user.as_string(connection) for user in quoted]
        for statement in grants(names[0], names[1] if report else ""):
            connection.execute(statement.encode())


def _make_user(connection: psycopg.Connection[Any], url: str, may: bool) -> None:
    told = conninfo_to_dict(plain(url))
    name = str(told["user"])
    is_there = bool(_one(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", name))
    if not may and is_there:
        return
    if not may:
        raise NoRole(_(NO_ROLE) % {"user": name})
    # Hashed here: a statement may end in a log.
    word = str(told.get("password") or "").encode()
    hashed = connection.pgconn.encrypt_password(word, name.encode(), b"scram-sha-256")
    words = sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}")
    verb = sql.SQL("ALTER" if is_there else "CREATE")
    connection.execute(words.format(verb, sql.Identifier(name), sql.Literal(hashed.decode())))


# Nothing of ours is a large object, and who may make them fills the disk by them. They are taken
# from everybody: a function of the system belongs to all, and only its owner changes that.
_NO_LARGE_OBJECTS = """DO $$ DECLARE made regprocedure; BEGIN
    FOR made IN SELECT oid FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
        AND proname IN ('lo_creat', 'lo_create', 'lo_from_bytea', 'lo_import') LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', made);
    END LOOP; END $$"""
_MAY_MAKE_USERS = "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection[Any]]:
    """A transaction, alone among those that give rights: two at once would clash."""
    with psycopg.connect(plain(url)) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(7242)")
        yield connection


def _one(connection: psycopg.Connection[Any], statement: str, *values: str) -> object:
    row = connection.execute(statement.encode(), values or None).fetchone()
    return row[0] if row else None


def _user(url: str) -> str:
    return str(conninfo_to_dict(plain(url))["user"])


def plain(url: str) -> str:
    """The address as PostgreSQL's own programs read it."""
    return url.replace("postgresql+psycopg:", "postgresql:", 1)
