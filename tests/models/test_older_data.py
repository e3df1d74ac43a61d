"""What was written in an older form is brought into the newer one, and back only without a loss."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from documents.sealing import KeyRing, new_index_key, new_keys
from models import migrations
from servers.embedded import Addresses

RING = KeyRing.from_text(new_keys(), new_index_key())

# Rows without their neighbours: what a row must hold beside what is said is filled in.
_MUST = text(
    """SELECT column_name, CASE
        WHEN data_type LIKE 'timestamp%' THEN 'now()' WHEN data_type = 'date' THEN 'current_date'
        WHEN data_type = 'jsonb' THEN '''{}''' WHEN data_type = 'ARRAY' THEN '''{}'''
        WHEN data_type = 'boolean' THEN 'false' WHEN data_type = 'bytea' THEN '''x'''
        WHEN data_type = 'text' THEN 'gen_random_uuid()' ELSE '1' END
       FROM information_schema.columns WHERE table_name = :table AND is_nullable = 'NO'
        AND column_default IS NULL AND is_identity = 'NO'"""
)


def put(connection: Connection, table: str, **said: str) -> None:
    """A row of what is said, each value as SQL."""
    row = dict(connection.execute(_MUST, {"table": table}).all()) | said
    override = "OVERRIDING SYSTEM VALUE" if "id" in said else ""
    columns, values = ", ".join(row), ", ".join(row.values())
    connection.execute(text(f"INSERT INTO {table} ({columns}) {override} VALUES ({values})"))  # noqa: S608


@pytest.fixture
def old(addresses: Addresses) -> Iterator[str]:
    """The address of a database of its own."""
    engine = create_engine(addresses.owner_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE older_data"))
    yield addresses.owner_url.replace("/postgres?", "/older_data?")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE older_data WITH (FORCE)"))
    engine.dispose()


def found(url: str, query: str) -> list[tuple[object, ...]]:
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return rows


def do(url: str, *statements: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for each in statements:
            connection.execute(text(each))
    engine.dispose()


def decided(connection: Connection, claim: int, decision: int, hour: int, approver: str) -> None:
    """A decision of this hour, and its approval half an hour later by this person, if any."""
    at = f"timestamptz '2026-01-01 00:00' + interval '{hour} hours'"
    place = {"claim_id": f"{claim}", "number": f"{decision}", "superseded_at": at}
    put(connection, "decision", id=f"{decision}", made_at=at, outcome="'deny'", amount="0", **place)
    if approver:
        of = {"approver_id": approver, "approved_at": f"{at} + interval '30 minutes'"}
        put(connection, "approval", id=f"{decision}", **of)
        of = {"approval_id": f"{decision}", "decision_id": f"{decision}", "claim_id": f"{claim}"}
        put(connection, "approval_item", claim_version=f"{decision}", **of)


def payments(connection: Connection) -> None:
    """One is queued after a decision that was never approved, by a clock that is ahead."""
    for decision, approver in ((10, "1"), (11, "1"), (12, "")):
        decided(connection, 1, decision, decision, approver)
    at = "timestamptz '2026-01-01 12:30'"
    put(connection, "payment", id="10", claim_id="1", state="'queued'", queued_at=at)


def objected(connection: Connection, id_: int, decision: int, state: str) -> None:
    heard = {"heard_by": "9", "heard_at": "timestamptz '2026-01-01 23:45'"}
    facts = {"claim_id": f"{decision // 10}", "decision_id": f"{decision}", "made_by": "'unit'"}
    facts |= {"state": f"'{state}'", "reason": "'x'"}
    put(connection, "objection", id=f"{id_}", **facts, **heard)


def objections(connection: Connection) -> None:
    """The approver approved a correction after one that was rejected, and before one was heard."""
    decided(connection, 2, 20, 1, "1")
    decided(connection, 2, 21, 2, "1")
    objected(connection, 1, 20, "rejected")
    decided(connection, 3, 30, 1, "1")
    objected(connection, 2, 30, "rejected")
    for decision, approver in ((40, "1"), (43, "1"), (44, "2")):
        decided(connection, 4, decision, decision - 20, approver)
    objected(connection, 3, 40, "upheld")


def set_offs(connection: Connection) -> None:
    """A person set off twice in one claim, and undid the first."""
    put(connection, "maker", claim_id="1", user_id="5", about="'set_off'")
    facts = {"kind": "'set_off'", "payment_id": "10", "reason": "'x'", "booked_by": "5"}
    undone = {"undone_by": "5", "undone_at": "now()"}
    put(connection, "recovery_receipt", id="1", **facts, **undone)
    put(connection, "recovery_receipt", id="2", **facts)


def answers(connection: Connection) -> None:
    """An event that moved to another place was answered twice."""
    for place in ("1", "0"):
        of = {"claim_id": "1", "event": place, "question": "'Q'", "about": "'{\"a\": 1}'"}
        by = {"1": "1", "0": "2"}[place]
        put(connection, "claim_answer", id=by, answered_by=by, **of)
        put(connection, "maker", claim_id="1", user_id=by, about=f"'answer {place} Q'")


def parts(connection: Connection) -> None:
    """Two parts of one file, each with an instant of its own, and a file of the next day."""
    for number, later in ((1, "0"), (2, "3 milliseconds"), (3, "1 day")):
        at = f"timestamptz '2026-01-01 12:00' + interval '{later}'"
        of = {"unit_id": "1", "sha256": "'x'", "sheet_rows": f"'{{{number}}}'"}
        of |= {"kind": "'first'", "state": "'checked'"}
        put(connection, "enrolment", id=f"{number}", handed_in_at=at, plan=f"'{number}'", **of)


def test_older_rows_come_into_the_newer_form_and_none_is_lost_on_the_way_back(old: str) -> None:
    migrations.upgrade(old, "0017")
    engine = create_engine(old)
    with engine.begin() as connection:
        # What is written without its neighbours is not checked for them, here nor afterwards.
        connection.execute(text("ALTER DATABASE older_data SET session_replication_role = replica"))
        connection.execute(text("SET session_replication_role = replica"))
        for write in (payments, objections, set_offs, answers, parts):
            write(connection)
    engine.dispose()
    migrations.upgrade(old, keys=RING)
    assert found(old, "SELECT decision_id FROM payment WHERE id = 10") == [(11,)]
    free = "SELECT id, approvers_free_until FROM objection ORDER BY id"
    assert found(old, free) == [(1, 21), (2, None), (3, 43)]
    makers = """SELECT user_id, about, lapsed_at IS NULL FROM maker
        WHERE about LIKE 'set_off%' OR about LIKE 'answer%' ORDER BY about, user_id"""
    assert found(old, makers) == [
        (1, "answer 1", True),
        (2, "answer 2", True),
        (5, "set_off 1", False),
        (5, "set_off 2", True),
    ]
    live = "SELECT id FROM claim_answer WHERE withdrawn_at IS NULL ORDER BY id"
    assert found(old, live) == [(2,)]
    assert len(found(old, "SELECT DISTINCT handed_in_at FROM enrolment")) == 2
    refuses_to_lose(old)


def keeps_what_an_older_form_does_not_know(
    url: str, table: str, back_to: str, words: str, **facts: str
) -> None:
    """The way back is refused while such a row is there, which stays; without it there is one."""
    with create_engine(url).begin() as connection:
        put(connection, table, id="1", **facts)
    with pytest.raises(DBAPIError, match=words):
        migrations.downgrade(url, back_to, RING)
    assert found(url, f"SELECT id FROM {table}") == [(1,)]  # noqa: S608
    do(url, f"DELETE FROM {table}")  # noqa: S608
    migrations.downgrade(url, back_to, RING)


def refuses_to_lose(url: str) -> None:
    two = {"proposed_by": "1", "written_by": "2"}
    keeps_what_an_older_form_does_not_know(
        url, "unclaimed_sum", "0032", "written to the fund", **two
    )
    keeps_what_an_older_form_does_not_know(
        url, "recovery_instalment", "0029", "instalments were agreed"
    )
    do(url, "UPDATE claim_answer SET withdrawn_at = NULL, event = 0, about = to_jsonb(id)")
    with pytest.raises(DBAPIError, match="events that have had one place"):
        migrations.downgrade(url, "0021", RING)
    do(url, "UPDATE claim_answer SET withdrawn_at = now() WHERE id = 1")
    migrations.downgrade(url, "0020")
    do(
        url,
        """UPDATE recovery_receipt SET kind = 'transfer', bank_reference = 'x', reason = NULL,
            payment_id = NULL, confirmed_by = 6, confirmed_at = now() WHERE id = 2""",
    )
    with pytest.raises(DBAPIError, match="second persons"):
        migrations.downgrade(url, "0019")
    do(url, "DELETE FROM recovery_receipt WHERE id = 2")
    migrations.downgrade(url, "0019")
    assert found(url, "SELECT about FROM maker WHERE user_id = 5") == [("set_off",)]


EVENT = """'{"kind": "accident", "outcome": "death", "place": "三号车间"}'"""
KEPT = """SELECT c.events::text, p.facts::text, l.text, r.text, e.event, e.past::text,
    a.about::text, a.reason FROM claim c, decision_part p, decision_line l, decision_reason r,
    entitlement e, claim_answer a WHERE c.events <> '[]'"""


def of_an_accident(connection: Connection) -> None:
    """A claim that tells a death, decided, beside one that tells nothing."""
    put(
        connection,
        "claim",
        id="1",
        number="'a'",
        digest="'a'",
        events=f"jsonb_build_array({EVENT}::jsonb)",
    )
    put(connection, "claim", id="2", number="'b'", digest="'b'", events="'[]'")
    facts = f"jsonb_build_object('event', {EVENT}::jsonb)"
    of = {"decision_id": "1", "part": "1", "number": "1"}
    amount = {"outcome": "'pay'", "amount": "1"}
    put(connection, "decision_part", decision_id="1", number="1", facts=facts, **amount)
    put(connection, "decision_line", text="'在三号车间身故'", **of)
    put(connection, "decision_reason", text="'在三号车间'", **of)
    right = {"id": "1", "decision_id": "1", "part": "1", "claim_id": "1"}
    put(connection, "entitlement", event="'accident:x:death#2'", past="'{\"paid\": []}'", **right)
    put(connection, "claim_answer", id="1", about=EVENT, reason="'在三号车间'", answered_by="1")


def test_what_lay_in_clear_about_health_is_sealed_and_comes_back_with_the_keys(old: str) -> None:
    migrations.upgrade(old, "0050")
    with create_engine(old).begin() as connection:
        connection.execute(text("ALTER DATABASE older_data SET session_replication_role = replica"))
        connection.execute(text("SET session_replication_role = replica"))
        of_an_accident(connection)
    before = found(old, KEPT)
    assert "三号车间" in str(before)
    with pytest.raises(RuntimeError, match="keys"):
        migrations.upgrade(old)
    migrations.upgrade(old, keys=RING)
    tables = "claim", "decision_part", "decision_line", "decision_reason", "entitlement"
    for table in (*tables, "claim_answer"):
        assert "三号车间" not in str(found(old, f"SELECT t::text FROM {table} t"))  # noqa: S608
    assert found(old, "SELECT id, tells_death FROM claim ORDER BY id") == [(1, True), (2, False)]
    migrations.downgrade(old, "0050", RING)
    assert found(old, KEPT) == before


def under_way(connection: Connection) -> None:
    """Books that opened themselves; of a plan 6 yuan in batches of one account, 5 were answered."""
    put(connection, "books", id="1", first_on="'2025-01-01'")
    place = {"family": "'main'", "balance": "0"}
    put(connection, "ledger_account", id="9", kind="'payable'", code="'payable:main'", **place)
    put(connection, "batch", id="1", paying_account_id="7")
    amounts = {"frozen": "100", "sent": "200", "unknown": "300", "credited": "500", "queued": "900"}
    for id_, (state, amount) in enumerate(amounts.items(), 1):
        of = {"entitlement_id": f"{id_}", "amount": amount}
        put(connection, "posting", voucher_id=f"{id_}", line="1", account_id="9", **of)
        batch = "NULL" if state == "queued" else "1"
        put(connection, "payment", id=f"{id_}", state=f"'{state}'", batch_id=batch, **of)


def test_what_was_in_batches_before_sums_were_reserved_is_reserved(old: str) -> None:
    migrations.upgrade(old, "0061", RING)
    with create_engine(old).begin() as connection:
        connection.execute(text("ALTER DATABASE older_data SET session_replication_role = replica"))
        connection.execute(text("SET session_replication_role = replica"))
        under_way(connection)
    migrations.upgrade(old, keys=RING)
    reserved = "SELECT code, family, paying_account_id, balance, reserved FROM ledger_account"
    assert found(old, f"{reserved} WHERE kind = 'bank'") == [("bank:main:7", "main", 7, 0, 600)]
