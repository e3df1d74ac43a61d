"""Opening the books (启用账簿): one person states what the bank holds, another agrees.

What the books know already is compared with that, and the difference is the opening balance. From
then on no batch is larger than the fund. Books of a database that is older than they are wait for
this: what was granted, paid and received before is booked first, on the day they are opened.
"""

from collections.abc import Mapping

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from language import _
from models import Books, LedgerAccount, User
from models.ledger import AccountKind
from rules.errors import OwnWork, Refused
from rules.money import Fen, yuan
from workflows.books.accounts import AccountAt, account_ids
from workflows.books.bank_places import bank_code, bank_places
from workflows.books.booking import Booking
from workflows.books.causes import Cause
from workflows.books.opened import books_are_open
from workflows.engine.office import Office
from workflows.engine.session import do_the_last
from workflows.opening.booked_before import book_what_was
from workflows.people.office_events import record_for_office
from workflows.people.persons import own_accounts
from workflows.people.rights import Act, require
from workflows.people.shown_proposals import mark_of, refuse_another


def state_balances(session: Session, office: Office, person: User, sums: Mapping[str, Fen]) -> None:
    """State what the bank holds today, in fen by code; another person opens the books with it."""
    require(person, Act.STATE_BALANCES)
    books = _locked(session, office)
    known = {bank_code(place) for place in bank_places(session)}
    if strange := sorted(sums.keys() - known):
        raise Refused(_("没有这个银行科目：%(code)s") % {"code": strange[0]})
    if min(sums.values(), default=0) < 0:
        raise Refused(_("银行余额不能小于零"))
    books.opening, books.opening_on = dict(sums), office.today()
    books.opening_asked_by = person.id
    record_for_office(session, office, person, "state_balances", sum=sum(sums.values()))


def open_books(session: Session, office: Office, person: User, shown: str) -> None:
    """Open the books with what another person stated today, as it was `shown`."""
    require(person, Act.OPEN_BOOKS)
    books = _asked(session, office, shown)
    if books.opening_asked_by in own_accounts(session, person):
        raise OwnWork(_("填报余额的人不能自己确认，须由另一人确认"))
    if books.opening_on != office.today():
        raise Refused(_("余额是 %(day)s 的，请按今天的余额重新填报") % {"day": books.opening_on})
    stated, is_older = books.opening or {}, books.first_on is None
    books.opening = books.opening_on = books.opening_asked_by = None
    books.first_on = books.first_on or office.today()
    session.flush()
    if is_older:
        book_what_was(session, office)
        do_the_last(session)
    _book_difference(session, Booking(session, office, person, Books, books.id), stated)
    do_the_last(session)
    _limit(session)
    # Last, so that all that was there before is booked by then.
    books.opened_at = office.clock()
    record_for_office(session, office, person, "open_books", sum=sum(stated.values()))


def refuse_balances(session: Session, office: Office, person: User, shown: str) -> None:
    """Leave the books as they are, against what was `shown`."""
    require(person, Act.OPEN_BOOKS)
    books = _asked(session, office, shown)
    books.opening = books.opening_on = books.opening_asked_by = None
    record_for_office(session, office, person, "refuse_balances", sum=0)


def mark_of_opening(books: Books) -> str:
    """What a form sends back of who states which sums."""
    return mark_of(books.opening_asked_by, books.opening_on, books.opening)


def _book_difference(session: Session, booking: Booking, stated: Mapping[str, int]) -> None:
    for place in bank_places(session):
        ids = account_ids(session, [AccountAt.of(AccountKind.BANK, place)])
        [account_id] = ids.values()
        balance = session.scalar(select(LedgerAccount.balance).filter_by(id=account_id)) or 0
        booking.book(Cause.OPENED, stated.get(bank_code(place), 0) - balance, place=place)


def _limit(session: Session) -> None:
    """From now on each account at the bank holds what is in batches."""
    at_the_bank = LedgerAccount.kind == AccountKind.BANK
    short = select(LedgerAccount).where(at_the_bank, LedgerAccount.balance < LedgerAccount.reserved)
    if account := session.scalar(short.limit(1)):
        words = {"code": account.code, "held": yuan(account.reserved)}
        raise Refused(_("%(code)s 已组批未答复 %(held)s 元，超过填报的余额") % words)
    session.execute(update(LedgerAccount).where(at_the_bank).values(limited=True))


def _locked(session: Session, office: Office) -> Books:
    books = session.get(Books, 1, with_for_update=True, populate_existing=True)
    if books is None:
        books_are_open(session, office.today(), ())
        books = session.get_one(Books, 1, with_for_update=True)
    if books.opened_at is not None:
        raise Refused(_("账簿已经启用"))
    return books


def _asked(session: Session, office: Office, shown: str) -> Books:
    books = _locked(session, office)
    if books.opening is None:
        raise Refused(_("没有人填报银行余额"))
    refuse_another(mark_of_opening(books), shown)
    return books
