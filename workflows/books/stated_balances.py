"""What the bank's statement says that an account holds at the end of a day, keyed by a person."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from language import _
from models import Books, PayingAccount, StatedBalance, User
from rules.errors import Refused
from rules.money import Fen
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.people.rights import Act, require
from workflows.people.watched import installation


def state_balance(
    session: Session, office: Office, person: User, account_id: int, day: date, balance: Fen
) -> None:
    """Keep it; an earlier word of the same day is replaced while its month is open."""
    require(person, Act.STATE_BALANCES)
    if session.get(PayingAccount, account_id) is None:
        raise Refused(_("请选择银行账户"))
    if day > office.today():
        raise Refused(_("日期不能晚于今天"), at="day")
    closed = session.scalar(select(Books.closed_through).where(Books.id == 1))
    if closed and day <= closed:
        words = {"day": day.isoformat(), "through": closed.isoformat()}
        raise Refused(_("日期 %(day)s 所在的月份已结账（结至 %(through)s）") % words)
    row = {"paying_account_id": account_id, "day": day, "balance": balance}
    said = row | {"stated_by": person.id, "stated_at": office.clock()}
    again = insert(StatedBalance).values(said)
    keys = [StatedBalance.paying_account_id, StatedBalance.day]
    session.execute(again.on_conflict_do_update(index_elements=keys, set_=said))
    told = {"account": account_id, "day": day.isoformat(), "sum": balance}
    record(
        session,
        installation(session),
        "state_balance",
        office.clock(),
        person.id,
        None,
        None,
        **told,
    )
