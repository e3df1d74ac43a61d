"""What a dishonest person tries on the books: closing months, opening them again, and stating what
the bank holds."""

from datetime import timedelta

from sqlalchemy.orm import Session

from models import Books
from rules.errors import Refused
from rules.money import Fen
from tests.machine.crooked_acts import Act, Deed
from workflows.books import months
from workflows.opening import opening


def close_a_month(session: Session, deed: Deed) -> None:
    last = deed.desk.office.today().replace(day=1) - timedelta(days=1)
    begun = months.next_to_close(_books(session))
    month = begun if begun and deed.at % 2 else last.replace(day=1)
    months.close_month(session, deed.desk.office, deed.who, month)


def open_a_month_again(session: Session, deed: Deed) -> None:
    books, office = _books(session), deed.desk.office
    shown = months.mark_of_reopening(books)
    if books.reopen_asked_by is None:
        months.ask_reopen(session, office, deed.who, "有一笔漏记")
    elif deed.at % 2:
        months.agree_reopen(session, office, deed.who, shown)
    else:
        months.refuse_reopen(session, office, deed.who, shown)


def open_the_books(session: Session, deed: Deed) -> None:
    books, office = _books(session), deed.desk.office
    shown = opening.mark_of_opening(books)
    if books.opening is None:
        places = opening.bank_places(session)
        sums = {opening.bank_code(place): Fen(10**10) for place in places}
        opening.state_balances(session, office, deed.who, sums)
    elif deed.at % 2:
        opening.open_books(session, office, deed.who, shown)
    else:
        opening.refuse_balances(session, office, deed.who, shown)


def _books(session: Session) -> Books:
    books = session.get(Books, 1)
    if books is None:
        raise Refused("nothing was booked yet")
    return books


ON_BOOKS: tuple[Act, ...] = (close_a_month, open_a_month_again, open_the_books)
