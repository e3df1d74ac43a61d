"""Whether the books are open, and from which day on something may be dated in them."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from language import _
from models import Books
from rules.errors import Refused
from workflows.engine.office import Office


def books_are_open(session: Session, today: date, days: Collection[date]) -> bool:
    """Whether what happened on these days is booked; nobody opens the books or closes a month
    before this transaction ends. Refused where a day lies before their first one, or in a month
    that is closed.

    Books in which nothing was booked yet open themselves, at zero, from the year before on: fees
    may have come in then for cover that begins now.
    """
    asked = select(Books.first_on, Books.closed_through).where(Books.id == 1)
    shared = asked.with_for_update(read=True)
    row = session.execute(shared).one_or_none()
    if row is None:
        first = {"id": 1, "first_on": date(today.year - 1, 1, 1)}
        session.execute(insert(Books).values(first).on_conflict_do_nothing())
        row = session.execute(shared).one()
    first_on, closed = row
    if first_on is None:
        return False
    for day in days:
        _refuse_before(first_on, day)
        refuse_closed(day, closed)
    return True


def open_day(session: Session, office: Office, day: date) -> date:
    """This day, or today where its month is closed: what is put right is dated where it can be."""
    closed = closed_through(session)
    return office.today() if closed and day <= closed else day


def closed_through(session: Session) -> date | None:
    """The last day of the month that was closed last; None where none is closed."""
    return session.scalar(select(Books.closed_through).where(Books.id == 1))


def refuse_closed_now(session: Session, day: date) -> None:
    """Refused where the day lies in a month that is closed; nobody closes one before this
    transaction ends."""
    closed = select(Books.closed_through).where(Books.id == 1)
    refuse_closed(day, session.scalar(closed.with_for_update(read=True)))


def refuse_closed(day: date, closed: date | None) -> None:
    """Refused where the day lies in a month that is closed; `closed` is the last day of these."""
    if closed and day <= closed:
        words = {"day": day.isoformat(), "through": closed.isoformat()}
        raise Refused(_("日期 %(day)s 所在的月份已结账（结至 %(through)s）") % words)


def _refuse_before(first_on: date, day: date) -> None:
    if day < first_on:
        words = {"day": day.isoformat(), "first": first_on.isoformat()}
        raise Refused(_("日期 %(day)s 早于账簿的起始日 %(first)s") % words)
