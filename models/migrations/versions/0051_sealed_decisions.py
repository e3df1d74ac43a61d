"""What happened to a member is sealed like his numbers: events, answers, decisions, rights."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_AT_ONCE = 1000


class Sealed(NamedTuple):
    """A column that is sealed from now on, and the columns of its row that it is bound to."""

    table: str
    column: str
    by: tuple[str, ...]
    was: type[JSONB | sa.Text] = JSONB
    nullable: bool = False


SEALED = (
    Sealed("claim", "events", ("id",), nullable=True),
    Sealed("claim_answer", "about", ("id",)),
    Sealed("claim_answer", "reason", ("id",), sa.Text),
    Sealed("decision_part", "facts", ("decision_id", "number")),
    Sealed("decision_line", "text", ("decision_id", "part", "number"), sa.Text),
    Sealed("decision_reason", "text", ("decision_id", "part", "number"), sa.Text),
    Sealed("entitlement", "past", ("decision_id", "part")),
)
# By table: the index, its columns, and when the row counts no more.
UNIQUE = {
    "claim_answer": (
        "uq_claim_answer_one_to_a_question",
        ["claim_id", "question", "about_print"],
        "withdrawn_at IS NULL",
    ),
    "entitlement": (
        "uq_entitlement_one_live_right",
        ["member_id", "plan", "event_print"],
        "released_at IS NULL",
    ),
}


def upgrade() -> None:
    for table, column in (("claim", "tells_death"), ("decision_part", "of_death")):
        op.add_column(table, sa.Column(column, sa.Boolean(), nullable=False, server_default="f"))
        op.alter_column(table, column, server_default=None)
    op.execute("""UPDATE claim SET tells_death = true WHERE events @> '[{"outcome": "death"}]'""")
    op.execute(
        """UPDATE decision_part SET of_death = true
           WHERE facts @> '{"event": {"outcome": "death"}}'"""
    )
    for table, (index, _columns, _condition) in UNIQUE.items():
        op.drop_index(index, table_name=table)
    for table, (old, new) in _PRINTED.items():
        op.add_column(table, sa.Column(new, sa.LargeBinary(), nullable=True))
        _fill(table, ("id",), old, new, _print)
        op.alter_column(table, new, nullable=False)
    # The event stays known to who has the keys.
    op.execute(
        "UPDATE entitlement SET past = past"
        " || jsonb_build_object('event', split_part(event, '#', 1))"
    )
    op.drop_column("entitlement", "event")
    for each in SEALED:
        _turn(each, sa.LargeBinary(), _seal)
    for table, (index, columns, condition) in UNIQUE.items():
        op.create_index(index, table, columns, unique=True, postgresql_where=sa.text(condition))


def downgrade() -> None:
    for table, (index, _columns, _condition) in UNIQUE.items():
        op.drop_index(index, table_name=table)
    for each in SEALED:
        _turn(each, each.was(), _open)
    op.execute("UPDATE claim SET events = '[]' WHERE events IS NULL")
    op.alter_column("claim", "events", nullable=False)
    op.add_column("entitlement", sa.Column("event", sa.Text(), nullable=True))
    # What stands behind the fingerprint is the number of an event that was told apart.
    op.execute(
        """UPDATE entitlement SET past = past - 'event',
            event = (past ->> 'event') || convert_from(substr(event_print, 33), 'UTF8')"""
    )
    op.alter_column("entitlement", "event", nullable=False)
    op.drop_column("entitlement", "event_print")
    op.drop_column("claim_answer", "about_print")
    op.drop_column("decision_part", "of_death")
    op.drop_column("claim", "tells_death")
    withdrawn, released = sa.text("withdrawn_at IS NULL"), sa.text("released_at IS NULL")
    op.create_index(
        "uq_claim_answer_one_to_a_question",
        "claim_answer",
        ["claim_id", "question", sa.text("md5(about::text)")],
        unique=True,
        postgresql_where=withdrawn,
    )
    op.create_index(
        "uq_entitlement_one_live_right",
        "entitlement",
        ["member_id", "plan", "event"],
        unique=True,
        postgresql_where=released,
    )


# By table: the column that a unique key was made of, and its fingerprint.
_PRINTED = {"claim_answer": ("about", "about_print"), "entitlement": ("event", "event_print")}

_Turn = Callable[[Any, str], Any]
"""Makes of a value, and of what the row is bound to, the value that takes its place."""


def _turn(each: Sealed, kind: sa.types.TypeEngine[Any], turn: _Turn) -> None:
    """Let the column hold what `turn` makes of it."""
    new = f"{each.column}_new"
    op.add_column(each.table, sa.Column(new, kind, nullable=True))
    _fill(each.table, each.by, each.column, new, turn)
    op.drop_column(each.table, each.column)
    op.alter_column(each.table, new, new_column_name=each.column, nullable=each.nullable)


def _fill(table: str, by: Sequence[str], old: str, new: str, turn: _Turn) -> None:
    """Fill the new column, some rows at a time."""
    same = " AND ".join(f"{name} = :{name}" for name in by)
    update = sa.text(f"UPDATE {table} SET {new} = :new WHERE {same}")  # noqa: S608
    for rows in _some_at_a_time(table, by, old):
        filled = []
        for *key, value in rows:
            about = ":".join((f"{table}.{old}", *map(str, key)))
            filled.append(dict(zip(by, key, strict=True)) | {"new": turn(value, about)})
        op.get_bind().execute(update, filled)


def _some_at_a_time(table: str, by: Sequence[str], old: str) -> Iterator[Sequence[Any]]:
    keys, after = ", ".join(by), ", ".join(f":{name}" for name in by)
    where = "true"
    last: dict[str, Any] = {}
    while True:
        query = f"SELECT {keys}, {old} FROM {table} WHERE {where} ORDER BY {keys} LIMIT {_AT_ONCE}"  # noqa: S608
        rows = op.get_bind().execute(sa.text(query), last).all()
        if not rows:
            return
        where = f"({keys}) > ({after})"
        last = dict(zip(by, rows[-1], strict=False))
        yield [row for row in rows if row[-1] is not None and row[-1] != []]


def _seal(value: Any, about: str) -> bytes:
    text = value if isinstance(value, str) else _json(value)
    return bytes(_ring().seal(text.encode(), about))


def _open(value: Any, about: str) -> str:
    return str(_ring().open(bytes(value), about).decode())


def _print(value: Any, _about: str) -> bytes:
    if not isinstance(value, str):
        return bytes(_ring().fingerprint(_json(value)))
    event, mark, number = value.partition("#")
    return bytes(_ring().fingerprint(event)) + f"{mark}{number}".encode()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _ring() -> Any:
    ring = context.config.attributes.get("keys")
    if ring is None:
        raise RuntimeError("rows are there to be sealed or opened: the ring of keys is needed")
    return ring
