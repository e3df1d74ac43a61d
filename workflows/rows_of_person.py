"""Every row about one person or one claim, found by the foreign keys: what points to it, to a claim
of his, and so on. So a new table is found from its first day."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, ForeignKeyConstraint, RowMapping, Table, or_, select, tuple_
from sqlalchemy.orm import Session

from documents.plain_text import squeezed
from language import _
from models import AuditEvent, Base, Claim, Member, Packet, StoredReading
from rules.errors import Refused
from workflows.engine.office import Office

Rows = dict[str, Sequence[RowMapping]]
"""Rows as they are stored, by table."""

_NOT_ABOUT_HIM = Base.metadata.tables[Packet.__tablename__].c.cut_from
"""Leads from a claim that was divided to the papers of the other persons in it."""


def rows_about(session: Session, table: str, id_: int, without: Collection[str] = ()) -> Rows:
    """This row, and all that point to it, to those, and so on; none of the tables `without`."""
    found: Rows = {}
    for each in Base.metadata.sorted_tables:
        if each.name not in without and (asked := _about(each, found, table, id_)) is not None:
            found[each.name] = _all(session, each, asked)
    readings = Base.metadata.tables[StoredReading.__tablename__]
    papers = [row["sha256"] for row in found.get("document", ())]
    found[readings.name] = _all(session, readings, readings.c.sha256.in_(papers))
    return found


def stacks_of(session: Session, rows: Rows) -> Sequence[RowMapping]:
    """The stacks, of several persons, in which these packets came; nothing points from them to a
    claim."""
    packets, found = Base.metadata.tables[Packet.__tablename__], list[RowMapping]()
    above = {row["part_of"] for row in rows.get(packets.name, ())} - {None}
    while above:
        stacks = _all(session, packets, packets.c.id.in_(above))
        found += stacks
        above = {row["part_of"] for row in stacks} - {None}
    return found


def member_with(session: Session, office: Office, id_number: str) -> Member:
    """The member with this ID number; Refused where there is none."""
    print_ = office.keys.fingerprint(squeezed(id_number).upper())
    found = session.scalar(select(Member).filter_by(id_print=print_))
    if found is None:
        raise Refused(_("没有这个身份证号的会员"), at="whose")
    return found


def named(session: Session, office: Office, words: str) -> Member | Claim:
    """The claim of this number, or the member with this ID number; Refused without one."""
    claim = session.scalar(select(Claim).filter_by(number=squeezed(words).upper()))
    return claim or member_with(session, office, words)


def events_of(session: Session, rows: Rows) -> Sequence[AuditEvent]:
    """What happened to these rows, by table."""
    return [
        event
        for name, of_table in rows.items()
        if of_table and "id" in of_table[0]
        for event in session.scalars(
            select(AuditEvent)
            .where(AuditEvent.subject == name)
            .where(AuditEvent.subject_id.in_([row["id"] for row in of_table]))
            .order_by(AuditEvent.subject_id, AuditEvent.seq)
        )
    ]


def _about(table: Table, found: Rows, first: str, id_: int) -> ColumnElement[bool] | None:
    """Which rows of the table point to rows that are found; None where the table points to none."""
    if table.name == first:
        return table.c.id == id_
    pointing = [
        _points_to(key, found)
        for key in table.foreign_key_constraints
        if key.referred_table.name in found and _NOT_ABOUT_HIM not in key.columns.values()
    ]
    return or_(*pointing) if pointing else None


def _points_to(key: ForeignKeyConstraint, found: Rows) -> ColumnElement[bool]:
    names = [element.column.name for element in key.elements]
    rows = found[key.referred_table.name]
    return tuple_(*key.columns).in_([tuple(row[name] for name in names) for row in rows])


def _all(session: Session, table: Table, asked: ColumnElement[bool]) -> Sequence[RowMapping]:
    return session.execute(select(table).where(asked)).mappings().all()
