"""The log as the auditor reads it: which events, in which order, and page by page by an index."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import CTE, ColumnElement, Select, select, tuple_, union_all
from sqlalchemy.orm import Session

from console.queries.logged_subjects import NUMBERED, numbers_of
from language import _
from models import AuditEvent, Claim, User
from rules.errors import Refused
from workflows.engine.office import BEIJING, Office
from workflows.engine.sealed_details import details_of

ROWS = 50
MOST_EXPORTED = 20_000
MOST_DAYS = 366
_SHOWN_AT_FIRST = timedelta(days=6)


@dataclass(frozen=True)
class LogFilters:
    """Which events: of these days (Beijing, both inclusive), of this account, of this kind, and of
    this row, given by its table and id. None and empty: of all."""

    since: date
    until: date
    actor: int | None = None
    verb: str = ""
    subject: str = ""
    row: int | None = None

    @classmethod
    def of_these_days(cls, office: Office) -> "LogFilters":
        """What is shown at first."""
        return cls(office.today() - _SHOWN_AT_FIRST, office.today())


@dataclass(frozen=True)
class LoggedEvent:
    """An event with the name behind its account, what it tells, and what people call its row."""

    event: AuditEvent
    actor: str
    told: Mapping[str, object]
    number: str


def one_page(
    session: Session, filters: LogFilters, before: int | None
) -> tuple[list[LoggedEvent], int | None]:
    """The events, the latest first, and by which position the page before these goes on; None on
    the last one. `before` is that of the last event already shown."""
    events = session.execute(events_asked(session, filters, before, ROWS + 1)).all()
    shown = [(event, name) for event, name in events[:ROWS]]
    more = shown[-1][0].position if len(events) > ROWS else None
    return _named(session, shown), more


def all_asked(session: Session, filters: LogFilters) -> Iterator[LoggedEvent]:
    """Every event that the filters let through, some at a time; Refused where these are too many
    for one file."""
    if (filters.until - filters.since).days > MOST_DAYS:
        raise Refused(_("一次最多导出 %(days)s 天，请缩短日期范围") % {"days": MOST_DAYS})
    query = events_asked(session, filters)
    positions = query.with_only_columns(AuditEvent.position).order_by(None)
    if len(session.scalars(positions.limit(MOST_EXPORTED + 1)).all()) > MOST_EXPORTED:
        raise Refused(_("一次最多导出 %(count)s 条，请缩短日期范围") % {"count": MOST_EXPORTED})
    for part in session.execute(query.execution_options(yield_per=1000)).partitions():
        yield from _named(session, [(event, name) for event, name in part])
        session.expunge_all()


def events_asked(
    session: Session, filters: LogFilters, before: int | None = None, at_most: int | None = None
) -> Select[AuditEvent, str | None]:
    """The events with the names behind their accounts, the latest first: those before this
    position, and no more than so many of them. None: from the latest on, and all."""
    query = select(AuditEvent, User.name).outerjoin(User, User.id == AuditEvent.actor_id)
    which = [*_conditions(filters), *_before(session, before)]
    if not filters.subject or filters.row is None:
        query = query.where(*which)
        return query.order_by(AuditEvent.at.desc(), AuditEvent.position.desc()).limit(at_most)
    found = _of_row(session, filters, which, at_most)
    query = query.join(found, found.c.position == AuditEvent.position)
    return query.order_by(found.c.at.desc(), found.c.position.desc()).limit(at_most)


def _before(session: Session, position: int | None) -> Iterator[ColumnElement[bool]]:
    last = select(AuditEvent.at, AuditEvent.position).where(AuditEvent.position == position)
    found = session.execute(last).one_or_none() if position is not None else None
    if found is not None:
        yield tuple_(*found) > _PLACE


def _conditions(filters: LogFilters) -> Iterator[ColumnElement[bool]]:
    yield AuditEvent.at >= _begin(filters.since)
    yield AuditEvent.at < _begin(filters.until + timedelta(days=1))
    if filters.actor is not None:
        yield AuditEvent.actor_id == filters.actor
    if filters.verb:
        yield AuditEvent.verb == filters.verb
    if filters.subject and filters.row is None:
        yield AuditEvent.subject == filters.subject


def _of_row(
    session: Session,
    filters: LogFilters,
    which: Sequence[ColumnElement[bool]],
    at_most: int | None,
) -> CTE:
    """The places of those of the row's events, of the claims of a member too, and of who looked at
    it; of each of these the latest that are asked for.

    They are looked up by themselves: else the planner may walk the events of all rows, the latest
    first, until it has met enough of these.
    """
    assert filters.row is not None
    place = select(AuditEvent.at, AuditEvent.position).where(*which)
    rows = [place.filter_by(subject=filters.subject, subject_id=filters.row)]
    if filters.subject == "member":
        claims = select(Claim.id).where(Claim.member_id == filters.row)
        rows.append(place.where(AuditEvent.subject == "claim", AuditEvent.subject_id.in_(claims)))
    number = numbers_of(session, filters.subject, [filters.row]).get(filters.row)
    if number and filters.subject in NUMBERED:
        asked = AuditEvent.detail[("asked", "number")].astext == number
        rows.append(place.where(AuditEvent.detail.has_key("asked"), asked))
    latest = union_all(*(_latest(each, at_most) for each in rows))
    return latest.cte("of_row").prefix_with("MATERIALIZED")


def _latest(places: Select[datetime, int], at_most: int | None) -> Select[datetime, int]:
    # OFFSET 0: PostgreSQL does not plan what is inside with the order and the limit around it.
    found = places.offset(0).subquery()
    return (
        select(found.c.at, found.c.position)
        .order_by(found.c.at.desc(), found.c.position.desc())
        .limit(at_most)
    )


_PLACE = tuple_(AuditEvent.at, AuditEvent.position)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)


def _named(session: Session, found: list[tuple[AuditEvent, str | None]]) -> list[LoggedEvent]:
    """With the numbers of their rows, asked once for each table."""
    ids: dict[str, set[int]] = {}
    for event, _name in found:
        ids.setdefault(event.subject, set()).add(event.subject_id)
    numbers = {subject: numbers_of(session, subject, rows) for subject, rows in ids.items()}
    told = details_of(event for event, _name in found)
    return [
        LoggedEvent(event, name or "", detail, numbers[event.subject].get(event.subject_id, ""))
        for (event, name), detail in zip(found, told, strict=True)
    ]
