"""What a dishonest person tries on the books: closing months, opening them again, stating what the
bank holds, and statements that he makes himself."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Books, FeeReceipt, ManualVoucher, PayingAccount, StatedBalance, StatementLine
from models.states import FeePayer
from rules.errors import Refused
from rules.money import Fen
from tests.banking.statements import entry, statement_of
from tests.machine.crooked_acts import Act, Deed
from workflows.books import by_hand, months, statement_lines, statements
from workflows.books.bank_places import bank_code, bank_places
from workflows.books.by_hand import ToldVoucher
from workflows.books.causes import Cause
from workflows.books.stated_balances import agree_balance, mark_of_balance, state_balance
from workflows.day_proof import day_proof
from workflows.enrolment import paid_fees
from workflows.opening import opening


def close_a_month(session: Session, deed: Deed) -> None:
    last = deed.desk.office.today().replace(day=1) - timedelta(days=1)
    begun = months.next_to_close(session, _books(session), deed.desk.office.today())
    month = begun if begun and deed.at % 2 else last.replace(day=1)
    months.close_month(session, deed.desk.office, deed.who, month, "对账单未到")


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
        places = bank_places(session)
        sums = {bank_code(place): Fen(10**10) for place in places}
        opening.state_balances(session, office, deed.who, sums)
    elif deed.at % 2:
        opening.open_books(session, office, deed.who, shown)
    else:
        opening.refuse_balances(session, office, deed.who, shown)


def book_by_hand(session: Session, deed: Deed) -> None:
    """Move money into the fund; whoever asks for it books it too, if he can."""
    office = deed.desk.office
    waiting = session.scalars(select(ManualVoucher.id).filter_by(is_booked=None)).first()
    if waiting is None:
        place, today = bank_code(bank_places(session)[0]), office.today()
        told = ToldVoucher(Cause.FUNDS_MOVED, place, today, Fen(10**8), "银行回单")
        by_hand.propose_voucher(session, office, deed.who, told)
    elif deed.at % 3:
        by_hand.book_voucher(session, office, deed.who, waiting)
    else:
        by_hand.refuse_voucher(session, office, deed.who, waiting)


def state_what_the_bank_says(session: Session, deed: Deed) -> None:
    office = deed.desk.office
    said = session.get(StatedBalance, (1, office.today()))
    if said is None or deed.at % 2:
        state_balance(session, office, deed.who, 1, office.today(), Fen(10**8))
    else:
        agree_balance(session, office, deed.who, 1, said.day, mark_of_balance(said))


def sign_a_day(session: Session, deed: Deed) -> None:
    office = deed.desk.office
    yesterday = office.today() - timedelta(days=1)
    day_proof.keep_day(session, office, yesterday)
    day_proof.sign_day(session, office, deed.who, yesterday, "已核")


def load_a_forged_statement(session: Session, deed: Deed) -> None:
    """A fee came in, or money of his own is interest of the bank."""
    office, who = deed.desk.office, deed.who
    account = session.scalars(select(PayingAccount.account).order_by(PayingAccount.id)).first()
    line = entry(f"{deed.at + 1}.00", "会费", day=f"{office.today()}", number=f"{deed.at}")
    content = statement_of(account or "", line)
    loaded = statements.load_statement(session, office, who, content)
    lines = select(StatementLine).filter_by(statement_id=loaded.id)
    made = deed.one(session, lines)
    if deed.at % 3 == 0:
        told = deed.roster(session).number, "", FeePayer.UNIT, made.amount
        paid_fees.book_line(session, office, who, made, *told)
    elif deed.at % 3 == 1:
        statement_lines.propose_for_line(session, office, who, made, "interest", "main", "结息")
    else:
        statement_lines.set_line_aside(session, office, who, made, "不是本办的款")


def tie_a_receipt_to_a_line(session: Session, deed: Deed) -> None:
    line = deed.one(session, select(StatementLine).order_by(StatementLine.id))
    receipt = deed.one(session, select(FeeReceipt).order_by(FeeReceipt.id))
    paid_fees.tie_receipt(session, deed.desk.office, deed.who, line, receipt)


def _books(session: Session) -> Books:
    books = session.get(Books, 1)
    if books is None:
        raise Refused("nothing was booked yet")
    return books


ON_BOOKS: tuple[Act, ...] = (
    close_a_month,
    open_a_month_again,
    open_the_books,
    book_by_hand,
    state_what_the_bank_says,
    sign_a_day,
    load_a_forged_statement,
    tie_a_receipt_to_a_line,
)
