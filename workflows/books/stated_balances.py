"""What the bank's statement says that an account holds at the end of a day: keyed by one person,
agreed to by another. It is the bank's word only then."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from language import _
from models import PayingAccount, StatedBalance, User
from rules.errors import OwnWork, Refused
from rules.money import Fen
from workflows.books.opened import closed_through, refuse_closed_now
from workflows.engine.office import Office
from workflows.people.office_events import record_for_office
from workflows.people.persons import own_accounts
from workflows.people.rights import Act, require
from workflows.people.shown_proposals import mark_of, refuse_another


def state_balance(
    session: Session,
    office: Office,
    person: User,
    account_id: int,
    day: date,
    balance: Fen,
    statement_id: int | None = None,
) -> None:
    """Keep it, with the bank's file where one says so; an earlier word of the same day, and what
    another person agreed to, is replaced while its month is open."""
    require(person, Act.STATE_BALANCES)
    if session.get(PayingAccount, account_id) is None:
        raise Refused(_("请选择银行账户"))
    if day > office.today():
        raise Refused(_("日期不能晚于今天"), at="day")
    refuse_closed_now(session, day)
    row = {"paying_account_id": account_id, "day": day, "balance": balance}
    said = row | {"stated_by": person.id, "stated_at": office.clock()}
    said |= {"agreed_by": None, "agreed_at": None, "statement_id": statement_id}
    again = insert(StatedBalance).values(said)
    keys = [StatedBalance.paying_account_id, StatedBalance.day]
    session.execute(again.on_conflict_do_update(index_elements=keys, set_=said))
    told = _told(account_id, day, balance)
    record_for_office(session, office, person, "state_balance", **told)


def agree_balance(
    session: Session, office: Office, person: User, account_id: int, day: date, shown: str
) -> None:
    """Agree that the bank's statement says so, as it was `shown`, while its month is open."""
    require(person, Act.BOOK_VOUCHER)
    refuse_closed_now(session, day)
    key = (account_id, day)
    said = session.get(StatedBalance, key, with_for_update=True, populate_existing=True)
    if said is None or said.agreed_by is not None:
        raise Refused(_("没有待复核的余额"))
    refuse_another(mark_of_balance(said), shown)
    if said.stated_by in own_accounts(session, person):
        raise OwnWork(_("填报余额的人不能自己复核，须由另一人复核"))
    said.agreed_by, said.agreed_at = person.id, office.clock()
    record_for_office(
        session, office, person, "agree_balance", **_told(account_id, day, said.balance)
    )


def waiting_balances(session: Session) -> Sequence[StatedBalance]:
    """What waits for a second person, in months that are open, the oldest first."""
    waiting = select(StatedBalance).where(
        StatedBalance.agreed_by.is_(None), StatedBalance.day > (closed_through(session) or date.min)
    )
    keys = (StatedBalance.day, StatedBalance.paying_account_id)
    return session.scalars(waiting.order_by(*keys)).all()


def mark_of_balance(said: StatedBalance) -> str:
    """What a form sends back of who keyed which sum."""
    return mark_of(said.paying_account_id, said.day, said.balance, said.stated_by)


def _told(account_id: int, day: date, balance: Fen) -> dict[str, object]:
    return {"account": account_id, "day": day.isoformat(), "sum": balance}
