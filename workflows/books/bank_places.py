"""Which accounts the office has at the bank in its books: one for each plan family and account."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.masks import mask_card
from models import LedgerAccount, PayingAccount
from models.ledger import AccountKind
from rules import plans
from workflows.books.chart import BookPlace, code_of


def bank_places(session: Session) -> list[BookPlace]:
    """Each family and account that is booked, and each family with the account that pays for it."""
    booked = session.scalars(select(LedgerAccount).filter_by(kind=AccountKind.BANK.value))
    places = {BookPlace(each.family, each.paying_account_id) for each in booked}
    open_ones = (PayingAccount.confirmed_at.is_not(None), PayingAccount.last_on.is_(None))
    of_family = {
        each.family: each.id for each in session.scalars(select(PayingAccount).where(*open_ones))
    }
    for family in {plan.family for plan in plans.available()}:
        if account_id := of_family.get(family, of_family.get(None)):
            places.add(BookPlace(family, account_id))
    return sorted(places, key=lambda place: (place.family or "", place.paying_account_id or 0))


def bank_code(place: BookPlace) -> str:
    """The code of the account at the bank of this place."""
    return code_of(AccountKind.BANK, place)


def account_names(session: Session) -> dict[int | None, str]:
    """Bank and masked number of each paying account."""
    query = select(PayingAccount.id, PayingAccount.bank, PayingAccount.account)
    return {id_: f"{bank} {mask_card(number)}" for id_, bank, number in session.execute(query)}
