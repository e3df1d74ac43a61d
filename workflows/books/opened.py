"""Whether the books are open, and from which day on something may be dated in them."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from language import _
from models import Books
from rules.errors import Refused


def books_are_open(session: Session, today: date, days: Collection[date]) -> bool:
    """Whether what happened on these days is booked. If not, nobody opens the books before this
    transaction ends. Refused where a day lies before their first one.

    Books in which nothing was booked yet open themselves, at zero, from the year before on: fees
    may have come in then for cover that begins now.
    """
    asked = select(Books.first_on).where(Books.id == 1)
    first_on = session.scalar(asked)
    if first_on is None:
        first = {"id": 1, "first_on": date(today.year - 1, 1, 1)}
        session.execute(insert(Books).values(first).on_conflict_do_nothing())
        first_on = session.scalar(asked.with_for_update(read=True))
    if first_on is None:
        return False
    _refuse_before(first_on, days)
    return True


def _refuse_before(first_on: date, days: Collection[date]) -> None:
    for day in days:
        if day < first_on:
            words = {"day": day.isoformat(), "first": first_on.isoformat()}
            raise Refused(_("日期 %(day)s 早于账簿的起始日 %(first)s") % words)
