"""Looks at the calendar: makes the reminders that have come due, and releases useful ones."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from models import CoverYear, Renewal, RenewalLook, RenewalPause
from models.states import RenewalState
from rules.renewal import due_on, rungs, rungs_within
from workflows.engine.moves import advance, start
from workflows.engine.office import Office
from workflows.renewal.renewed_years import renewed

_DAY = timedelta(days=1)

# States in which a reminder is on its way to the unit, or has reached it.
LET_OUT = (RenewalState.WANTED, RenewalState.WRITTEN, RenewalState.SENT, RenewalState.POSTED)


def look(office: Office) -> None:
    """Handle every day since the last look once; a clock behind the last look does nothing."""
    today = office.today()
    with office.sessions.unit_of_work("remind") as session:
        last = locked_look(session, office)
        if today < last.looked_on:
            return
        _note_due(session, office, last.looked_on, today)
        last.looked_on = today
        let_out(session, office, held(session))


def locked_look(session: Session, office: Office) -> RenewalLook:
    """The single row that looks, releases and numbering lock; the first look creates it."""
    yesterday = office.today() - _DAY
    session.execute(insert(RenewalLook).values(id=1, looked_on=yesterday).on_conflict_do_nothing())
    return session.get_one(RenewalLook, 1, with_for_update=True, populate_existing=True)


def years_due(session: Session, after: date, until: date) -> Sequence[CoverYear]:
    """The cover years with a rung due after `after` and up to `until`, which is included."""
    first, *_between, last = rungs()
    return session.scalars(
        select(CoverYear)
        .where(
            CoverYear.ends_on > after - timedelta(days=last),
            CoverYear.ends_on <= until - timedelta(days=first),
        )
        .order_by(CoverYear.id)
    ).all()


def held(session: Session) -> Sequence[Renewal]:
    """The reminders that have not been released, locked."""
    return session.scalars(
        select(Renewal)
        .where(Renewal.state == RenewalState.HELD)
        .options(joinedload(Renewal.cover_year))
        .order_by(Renewal.id)
        .with_for_update(of=Renewal)
    ).all()


def let_out(session: Session, office: Office, rows: Iterable[Renewal]) -> int:
    """Release the newest unpaused reminder of each cover year; return how many were released.

    A reminder older than a released one is overtaken. Reminders of a renewed year stop. The caller
    must hold the lock of `locked_look`.
    """
    waiting: dict[int, list[Renewal]] = defaultdict(list)
    for row in rows:
        waiting[row.cover_year_id].append(row)
    done = renewed(session, [group[0].cover_year for group in waiting.values()])
    out, pauses, count = _newest_out(session, list(waiting)), open_pauses(session), 0
    for year_id, group in waiting.items():
        if year_id in done:
            for row in group:
                advance(session, row, "renewed", office)
        else:
            count += _let_out_of_year(session, office, group, out.get(year_id), pauses)
    return count


def is_paused(pauses: Iterable[RenewalPause], unit_id: int, rung: int) -> bool:
    """Whether one of these pauses applies to this rung of this unit."""
    return any(pause.unit_id in (None, unit_id) and pause.rung in (None, rung) for pause in pauses)


def open_pauses(session: Session) -> Sequence[RenewalPause]:
    """The pauses in force, oldest first."""
    query = select(RenewalPause).where(RenewalPause.lifted_at.is_(None))
    return session.scalars(query.order_by(RenewalPause.id)).all()


def is_still_wanted(session: Session, office: Office, row: Renewal) -> bool:
    """Whether a reminder is still useful; one that is not is moved to its final state."""
    if renewed(session, [row.cover_year]):
        advance(session, row, "stop", office)
        return False
    if _newest_out(session, [row.cover_year_id]).get(row.cover_year_id, row.rung) > row.rung:
        advance(session, row, "give_way", office)
        return False
    return True


def _note_due(session: Session, office: Office, after: date, today: date) -> None:
    years = years_due(session, after, today)
    done = renewed(session, years)
    for year in years:
        if year.id in done:
            continue
        for rung in rungs_within(year.ends_on, after, today):
            row = Renewal(
                unit_id=year.unit_id,
                cover_year=year,
                rung=rung,
                due_on=due_on(year.ends_on, rung),
            )
            start(session, row, "come_due", office, rung=rung)
    session.flush()


def _let_out_of_year(
    session: Session,
    office: Office,
    group: list[Renewal],
    newest: int | None,
    pauses: Sequence[RenewalPause],
) -> int:
    free = [row for row in group if not is_paused(pauses, row.unit_id, row.rung)]
    chosen = max(free, key=lambda row: row.rung, default=None)
    if chosen is not None and (newest is None or chosen.rung > newest):
        advance(session, chosen, "release", office)
        newest = chosen.rung
    else:
        chosen = None
    for row in group:
        if row is not chosen and newest is not None and row.rung < newest:
            advance(session, row, "overtake", office)
    return int(chosen is not None)


def _newest_out(session: Session, year_ids: Sequence[int]) -> dict[int, int]:
    """For each of these cover years, the latest rung that has been released."""
    rows = session.execute(
        select(Renewal.cover_year_id, Renewal.rung)
        .where(Renewal.cover_year_id.in_(year_ids), Renewal.state.in_(LET_OUT))
        .order_by(Renewal.rung)
    )
    return dict(rows.all())
