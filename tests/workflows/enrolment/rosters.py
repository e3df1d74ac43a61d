"""Rosters for tests: made-up people on a sheet, and the way of a roster from hand to cover."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO

import xlsxwriter
from sqlalchemy import select

from models import Coverage, CoverYear, Enrolment, EnrolmentLine, Unit, User
from models.people import Role
from models.states import FeePayer
from rules.money import Fen
from tests.desk import UNIT, Desk, a_card_number, an_id_number
from workflows.enrolment import fees, rosters
from workflows.enrolment.consent import Consent
from workflows.enrolment.opened_roster import opened_roster
from workflows.enrolment.rosters import Accepted

PLAN = "main-2025"
START = date(2026, 7, 1)
"""The desk's clock stands on 15 June 2026."""
DAY_BEFORE = date(2026, 6, 15)
CONSENT = Consent(date(2026, 6, 1), "2026-1")
OWN, SUBSIDY = Fen(8000), Fen(3000)
HEADINGS = ("姓名", "证件号码", "银行卡号", "计划代码", "份数", "手机号", "单位名称", "用工性质")


@dataclass(frozen=True)
class Worker:
    """One row of a roster."""

    name: str = "张三"
    id_number: str = field(default_factory=an_id_number)
    card: str = field(default_factory=a_card_number)
    plan: str = ""
    shares: int = 1
    phone: str = ""
    unit: str = ""
    employment: str = ""


def workers(count: int) -> list[Worker]:
    return [Worker(f"职工{number}") for number in range(count)]


def sheet(people: Sequence[Worker]) -> bytes:
    """The roster as an .xlsx file."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        # Otherwise the file notes the second it was made.
        book.set_properties({"created": datetime(2026, 1, 1)})  # noqa: DTZ001
        page = book.add_worksheet()
        page.write_row(0, 0, HEADINGS)
        for row, each in enumerate(people, 1):
            said = (each.name, each.id_number, each.card, each.plan, str(each.shares), each.phone)
            for column, value in enumerate((*said, each.unit, each.employment)):
                page.write_string(row, column, value)
    return out.getvalue()


@dataclass
class Hall:
    """The people who take a roster from hand to cover, and one unit."""

    desk: Desk
    unit_id: int
    clerk: User
    supervisor: User
    cashier: User

    @classmethod
    def of(cls, desk: Desk, headcount: int = 3, unit: str = UNIT) -> "Hall":
        unit_id = desk.unit(unit, headcount=headcount)
        people = (desk.user(role) for role in (Role.CLERK, Role.SUPERVISOR, Role.CASHIER))
        return cls(desk, unit_id, *people)

    def hand_in(
        self,
        people: Sequence[Worker],
        start: date | None = START,
        plan: str = PLAN,
        person: User | None = None,
        consent: Consent = CONSENT,
    ) -> list[str]:
        """The numbers of the enrolments that were made."""
        office, person = self.desk.office, person or self.clerk
        with office.sessions.unit_of_work() as session:
            unit = session.get_one(Unit, self.unit_id)
            made = rosters.hand_in(
                session,
                office,
                person,
                unit,
                plan,
                opened_roster(office, person, sheet(people)),
                start,
                Fen(3000),
                consent,
            )
            return [each.number for each in made]

    def accept(self, number: str, person: User | None = None) -> Accepted:
        with self.desk.office.sessions.unit_of_work() as session:
            found = rosters.locked(session, number)
            return rosters.accept(session, self.desk.office, person or self.clerk, found)

    def pay(
        self,
        number: str,
        amount: int,
        on: date = DAY_BEFORE,
        payer: FeePayer = FeePayer.UNIT,
        receipt: str = "",
    ) -> None:
        with self.desk.office.sessions.unit_of_work() as session:
            found = rosters.locked(session, number)
            name = receipt or f"{number}-{len(found.receipts)}"
            fees.note_receipt(
                session, self.desk.office, self.cashier, found, name, payer, Fen(amount), on
            )

    def let_pass(self, number: str, reason: str = "回单在案", person: User | None = None) -> None:
        with self.desk.office.sessions.unit_of_work() as session:
            found = rosters.locked(session, number)
            rosters.let_pass(session, self.desk.office, person or self.supervisor, found, reason)

    def enrolled(self, people: Sequence[Worker], start: date | None = START) -> str:
        """A roster that waits for its fee; its number."""
        [number] = self.hand_in(people, start)
        self.accept(number)
        self.desk.work()
        return number

    def covered(self, people: Sequence[Worker], start: date | None = START) -> str:
        """A roster whose members are covered; its number."""
        number = self.enrolled(people, start)
        self.pay(number, OWN * len(people), self.desk.office.today())
        self.desk.work()
        return number

    def state(self, number: str) -> str:
        return self.find(number).state

    def find(self, number: str) -> Enrolment:
        with self.desk.office.sessions.read_only() as session:
            found = session.scalars(select(Enrolment).filter_by(number=number)).one()
            session.expunge(found)
            return found

    def lines(self, number: str) -> list[int]:
        """The sheet's rows that are lines."""
        with self.desk.office.sessions.read_only() as session:
            query = select(EnrolmentLine.row).join(Enrolment).where(Enrolment.number == number)
            return list(session.scalars(query.order_by(EnrolmentLine.row)))

    def periods(self) -> list[tuple[date, date]]:
        """The periods of all covers, one for each member."""
        with self.desk.office.sessions.read_only() as session:
            query = select(Coverage.starts_on, Coverage.ends_on).order_by(Coverage.id)
            return [(start, end) for start, end in session.execute(query)]

    def years(self) -> int:
        with self.desk.office.sessions.read_only() as session:
            return len(session.scalars(select(CoverYear.id)).all())
