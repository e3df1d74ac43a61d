"""Builders for tests: an office at work, and made-up people whose numbers pass their checks."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from itertools import count
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar

from argon2 import PasswordHasher
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum import luhn
from stdnum.cn import ric

from documents.kinds import Kind
from documents.reading.page import PageReading, TextLine
from documents.rosters.roster_file import RosterRow
from models import (
    Batch,
    Claim,
    Decision,
    Document,
    Finding,
    Member,
    Packet,
    Payment,
    StoredReading,
    Unit,
    User,
)
from models.people import Role
from rules.approval_limits import ApproverLevel
from rules.errors import Refused
from rules.money import Fen
from workflows.claims.acts import correction, payee
from workflows.claims.approving import approval, approval_queue
from workflows.claims.approving.approval import Approved
from workflows.claims.approving.approval_queue import QueuedClaim
from workflows.claims.packets import inbox
from workflows.claims.paying import batches, paid_again
from workflows.claims.paying.paying_accounts import take_over_setting
from workflows.engine.moves import advance, start
from workflows.engine.office import Office
from workflows.engine.run import Ended, run
from workflows.engine.session import Bell
from workflows.enrolment.membership import change_card
from workflows.enrolment.take_over import take_over
from workflows.enrolment.unit_city import confirm_unit_city
from workflows.enrolment.units import UnitFacts, register
from workflows.member_cards import confirm_card, waiting_card
from workflows.people import hashing
from workflows.people.accounts import AccountFacts, add_user
from workflows.people.excluded_roles import excluding
from workflows.pipeline import STEP_AT, STEPS
from workflows.proof import check
from workflows.sealed_values.claims import values_of
from workflows.sealed_values.files import seal_document_name, seal_packet_name, seal_reading

NOW = datetime(2026, 6, 15, 2, 0, tzinfo=UTC)
UNIT = "吉林省某厅机关工会"
HOSPITAL = "吉林大学第一医院"
PASSWORD = "correct horse battery"
BANK_PAPER = b"%PDF-1.4 the bank's letter"

T = TypeVar("T")

STEP_BY_NAME = {step.name: step for step in STEPS}

_serial = count(1)

# Tests make hundreds of people; a hash that is slow on purpose would take most of their time.
hashing._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def handed_in(desk: "Desk", person: "Person | None" = None, **papers: Any) -> int:
    """A claim of these papers, as far as the program takes it by itself."""
    claim_id = desk.claim(person or desk.member(), **papers)
    desk.work()
    return claim_id


def said_of(item: QueuedClaim) -> list[str]:
    """The sentences that ask for a second look at the item."""
    return [look.sentence for look in item.looks]


def number_of(desk: "Desk", claim_id: int) -> str:
    with desk.office.sessions.read_only() as session:
        return session.get_one(Claim, claim_id).number


def release_as_shown(session: Session, office: Office, person: User, batch: Batch) -> None:
    """He releases the batch as it is shown now."""
    batches.release(session, office, person, batch, batch.digest)


def promises_hold(desk: "Desk") -> None:
    """Nothing in the database breaks a promise."""
    with desk.office.sessions.read_only() as session:
        broken = {
            each.code: each.violations for each in check(session, desk.office) if each.violations
        }
    assert broken == {}


def an_id_number(born: str = "19850317", sequence: int | None = None) -> str:
    """An invented ID number of Changchun with a valid check digit; a test's own `sequence`, below
    100, is never met by the others."""
    head = f"220104{born}{100 + next(_serial) % 900 if sequence is None else sequence:03d}"
    # The reader takes the digits before an X for a card when they pass for one.
    last = ric.calc_check_digit(head + "0")
    return head + last if last != "X" or sequence is not None else an_id_number(born)


def a_card_number() -> str:
    """An invented card number with a valid check digit."""
    head = f"621700{next(_serial):012d}"
    return head + luhn.calc_check_digit(head)


@dataclass
class HandClock:
    """A clock a test can move."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass(frozen=True)
class Person:
    """A made-up worker."""

    name: str
    id_number: str
    card: str


@dataclass
class Desk:
    """An office at work in one test: its clock, and the bells that were not answered yet."""

    office: Office
    clock: HandClock
    bells: list[Bell] = field(default_factory=list)

    def settle_in(self) -> "Desk":
        """Let the account of the settings be the first that pays, as where the program starts."""
        with self.office.sessions.unit_of_work() as session:
            take_over_setting(session, self.office)
        return self

    def work(self) -> None:
        """Answer every bell in this process until all is quiet."""
        while self.bells:
            bell = self.bells.pop(0)
            step = STEP_AT.get((bell.machine, bell.state))
            if step is not None:
                run(self.office, step, bell.id)

    def run_only(self, name: str, claim_id: int) -> Ended:
        """Run this step on the claim, and nothing that would go on from there."""
        return run(self.office, replace(STEP_BY_NAME[name], then=None), claim_id)

    def state_of(self, claim_id: int) -> str:
        with self.office.sessions.read_only() as session:
            return session.get_one(Claim, claim_id).state

    @contextmanager
    def at(self, claim_id: int) -> Iterator[tuple[Session, Claim]]:
        """A unit of work on one claim, locked as the console locks it."""
        with self.office.sessions.unit_of_work() as session:
            yield session, session.get_one(Claim, claim_id, with_for_update=True)

    @contextmanager
    def unless_refused(self) -> Iterator[Session]:
        """A unit of work of a person, who may be refused."""
        with suppress(Refused), self.office.sessions.unit_of_work() as session:
            yield session

    def open_findings(self, claim_id: int) -> set[tuple[str, str]]:
        """Code and subject of what the document check still wants."""
        with self.office.sessions.read_only() as session:
            query = select(Finding).filter_by(claim_id=claim_id, closed_at=None)
            return {(finding.code, finding.subject) for finding in session.scalars(query)}

    def decision(self, claim_id: int) -> Decision:
        """The decision in force, with its lines and reasons."""
        with self.office.sessions.read_only() as session:
            query = select(Decision).filter_by(claim_id=claim_id, superseded_at=None)
            found = session.scalars(query).one()
            assert found.lines is not None
            assert found.reasons is not None
            assert found.parts is not None
            session.expunge_all()
            return found

    def correct(self, clerk: User, claim_id: int, **values: str) -> None:
        """A clerk keys these values and sends the claim through the check again."""
        with self.at(claim_id) as (session, claim):
            for name, value in values.items():
                correction.correct_field(session, self.office, clerk, claim, name, value)
            correction.recheck(session, self.office, clerk, claim)
        self.work()

    def bear_out(self, claim_id: int) -> None:
        """A clerk compares with the pictures what only one paper says, and finds it right."""
        open_ = self.open_findings(claim_id)
        lone = [subject for code, subject in open_ if code == "ONE_WITNESS"]
        if lone:
            with self.office.sessions.read_only() as session:
                kept = values_of(self.office.keys, session.get_one(Claim, claim_id))
            values = {name: kept[name] for name in lone}
            self.correct(self.user(Role.CLERK), claim_id, **values)

    def waive(self, clerk: User, claim_id: int, reason: str) -> None:
        """A clerk answers what the check still wants and sends the claim on."""
        with self.at(claim_id) as (session, claim):
            for finding in [each for each in claim.findings if each.closed_at is None]:
                correction.answer(session, self.office, clerk, claim, finding.id, reason)
            correction.recheck(session, self.office, clerk, claim)
        self.work()

    def confirm_payee(self, claim_id: int, person: User | None = None) -> None:
        """A person without a part in the claim agrees to the account it names."""
        second = person or self.user(Role.CLERK)
        with self.at(claim_id) as (session, claim):
            found = payee.payees_to_compare(session, self.office, claim)
            assert found is not None
            payee.confirm_payee(session, self.office, second, claim, found.mark)
        self.work()

    def add_card_paper(self, claim_id: int, card: str) -> None:
        """The picture of a bank card comes in under the claim's number."""
        self.add_paper(claim_id, a_page(Kind.BANK_CARD, "中国建设银行", card))

    def add_paper(self, claim_id: int, page: PageReading) -> None:
        """A picture on which the reader sees this comes in under the claim's number."""
        self.clock.pass_(minutes=1)
        self.drop(f"{number_of(self, claim_id)}-x", {"1.jpg": self.scan(page)})
        self.look()
        self.clock.pass_(minutes=1)

    def pay_again(self, clerk: User, claim_id: int, card: str, reason: str = "") -> None:
        """A clerk keys another card on a returned claim from its paper, a second person confirms
        it, and the claim goes to the supervisor again."""
        self.add_card_paper(claim_id, card)
        with self.at(claim_id) as (session, claim):
            correction.correct_field(session, self.office, clerk, claim, "bank_card_number", card)
        self.confirm_payee(claim_id)
        with self.at(claim_id) as (session, claim):
            paid_again.pay_again(session, self.office, clerk, claim, reason)

    def change_card(self, person: Person, card: str) -> None:
        """A clerk names another card for the member on the register, and another confirms it."""
        with self.office.sessions.unit_of_work() as session:
            query = select(Member).filter_by(
                id_print=self.office.keys.fingerprint(person.id_number)
            )
            member = session.scalars(query.with_for_update()).one()
            bank, clerks = "中国建设银行", [self.user(Role.CLERK) for _ in range(2)]
            change_card(session, self.office, clerks[0], member, card, bank)
            session.flush()
            waiting = waiting_card(session, member)
            assert waiting is not None
            confirm_card(session, self.office, clerks[1], member, waiting.id)

    def approve_all(self, supervisor: User | None = None) -> Approved:
        """A supervisor agrees to everything in the queue, and others to what waits for more."""
        first = result = self._approve(supervisor or self.user(Role.SUPERVISOR))
        while result.waits:
            result = self._approve(self.user(Role.SUPERVISOR), only=result.waits)
            first = replace(
                first, count=first.count + result.count, sum=Fen(first.sum + result.sum), waits=()
            )
        self.work()
        return first

    def _approve(self, person: User, only: tuple[str, ...] = ()) -> Approved:
        with self.office.sessions.unit_of_work() as session:
            items = approval_queue.queue(session, self.office)
            chosen = [item for item in items if not only or item.number in only]
            return approval.approve(session, self.office, person, chosen, chosen)

    def approve_one(self, claim_id: int) -> None:
        """A supervisor agrees to this claim alone, and others as far as its sum asks for more."""
        number = (number_of(self, claim_id),)
        while self._approve(self.user(Role.SUPERVISOR), only=number).waits:
            pass
        self.work()

    def frozen(self, cashier: User) -> int:
        """A batch of everything that waits for payment."""
        with self.office.sessions.unit_of_work() as session:
            [batch] = batches.freeze(session, self.office, cashier)
            return batch.id

    def released(self) -> int:
        """A batch of everything that waits for payment, frozen by one and released by another."""
        batch_id = self.frozen(self.user(Role.CASHIER))
        other = self.user(Role.CASHIER)
        with self.office.sessions.unit_of_work() as session:
            release_as_shown(session, self.office, other, session.get_one(Batch, batch_id))
        return batch_id

    def payments(self, claim_id: int) -> list[str]:
        """The states of a claim's payments, oldest first."""
        with self.office.sessions.read_only() as session:
            query = select(Payment.state).filter_by(claim_id=claim_id).order_by(Payment.id)
            return list(session.scalars(query))

    def scan(self, page: PageReading) -> bytes:
        """A picture unlike any other, on which the reader has seen this already."""
        data = a_picture()
        digest = sha256(data).hexdigest()
        with self.office.sessions.unit_of_work() as session:
            reading = seal_reading(self.office.keys, digest, 1, page.to_json())
            session.add(StoredReading(sha256=digest, number=1, reading=reading))
        return data

    def drop(self, name: str, content: bytes | dict[str, bytes]) -> Path:
        """Lay a file, or a folder of files, into the drop folder."""
        path = inbox.drop_folder(self.office) / name
        if isinstance(content, bytes):
            path.write_bytes(content)
            return path
        path.mkdir(exist_ok=True)
        for file, data in content.items():
            (path / file).parent.mkdir(parents=True, exist_ok=True)
            (path / file).write_bytes(data)
        return path

    def look(self) -> None:
        """Beat looks twice into the drop folder, and everything it settles is worked on."""
        inbox.look(self.office)
        self.clock.pass_(seconds=self.office.settings.quiet_seconds)
        inbox.look(self.office)
        self.work()

    def user(
        self,
        *roles: Role,
        unit_id: int | None = None,
        of: User | None = None,
        level: ApproverLevel = ApproverLevel.ORDINARY,
    ) -> User:
        """A new person with these roles, of this unit if he is a unit's clerk; or the person whose
        account `of` is, in another post: his accounts whose roles exclude it are shut."""
        with self.office.sessions.unit_of_work() as session:
            login = f"user{next(_serial)}"
            account = AccountFacts(login, login, login, roles, unit_id, level)
            user = add_user(session, self.office, account, PASSWORD, by=None)
            if of:
                user.staff_number = of.staff_number
                query = select(User).filter_by(staff_number=of.staff_number)
                for held in session.scalars(query):
                    if held is not user and excluding(held.roles, user.roles):
                        held.disabled_at = self.clock()
            return user

    def unit(self, name: str = UNIT, **facts: Any) -> int:
        """The unit of this name; a new one is registered by a clerk, its city confirmed by another
        person."""
        with self.office.sessions.read_only() as session:
            known = session.scalar(select(Unit.id).filter_by(name=name))
        if known is not None:
            return known
        clerk, second = self.user(Role.CLERK), self.user(Role.SUPERVISOR)
        with self.office.sessions.unit_of_work() as session:
            whole = UnitFacts(**{"name": name, "city": "长春市"} | facts)
            unit = register(session, self.office, clerk, whole)
            confirm_unit_city(session, self.office, second, unit, whole.city)
            return unit.id

    def member(
        self,
        name: str = "张三",
        born: str = "19850317",
        covered: tuple[date, date] = (date(2026, 1, 1), date(2026, 12, 31)),
        plan: str = "main-2020",
        on_roster: Person | None = None,
        shares: int = 1,
    ) -> Person:
        """A covered member of the one unit."""
        person = on_roster or Person(name, an_id_number(born), a_card_number())
        unit_id = self.unit()
        with self.office.sessions.unit_of_work() as session:
            row = RosterRow(
                1,
                person.name,
                person.id_number,
                card=person.card,
                bank_name="中国建设银行",
                shares=shares,
            )
            unit = session.get_one(Unit, unit_id)
            take_over(session, self.office, unit, plan, *covered, [row])
        return person

    def claim(
        self,
        person: Person,
        change: Callable[[PageReading], PageReading] = lambda page: page,
        **papers: object,
    ) -> int:
        """A claim of this person whose pages have been read already, waiting to be taken up."""
        pages = [change(page) for page in a_stay(person, **papers)]  # type: ignore[arg-type]
        with self.office.sessions.unit_of_work() as session:
            number = next(_serial)
            packet = Packet(folder="inbox", fingerprint="", noticed_at=self.clock(), notes=[])
            seal_packet_name(self.office.keys, packet, f"packet{number}".encode())
            start(session, packet, "notice", self.office)
            claim = Claim(
                number=f"HZ2026{number:06d}",
                digest=sha256(f"packet{number}".encode()).hexdigest(),
                received_on=self.office.today(),
                received_at=self.clock(),
            )
            start(session, claim, "receive", self.office)
            packet.claim_id, packet.outcome = claim.id, "taken"
            for verb in ("settle", "intake", "put_away"):
                advance(session, packet, verb, self.office)
            for at, page in enumerate(pages):
                self._add_page(session, claim, packet, page, f"{number}.{at}")
            return claim.id

    def _add_page(
        self, session: Session, claim: Claim, packet: Packet, page: PageReading, name: str
    ) -> None:
        digest = self.office.store.put(name.encode())
        keys = self.office.keys
        session.add(
            Document(
                claim_id=claim.id,
                packet_id=packet.id,
                sha256=digest,
                name=seal_document_name(keys, claim.id, digest, f"{name}.jpg"),
                media_type="image/jpeg",
                bytes=1,
                page_count=1,
            )
        )
        reading = seal_reading(keys, digest, 1, page.to_json())
        session.add(StoredReading(sha256=digest, number=1, reading=reading))


def at_once(*calls: Callable[[], T]) -> list[T]:
    """What these calls return when all start at the same moment; the first error flies."""
    gate = Barrier(len(calls))

    def wait_and(call: Callable[[], T]) -> T:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        futures = [pool.submit(wait_and, call) for call in calls]
        return [future.result() for future in futures]


def a_picture() -> bytes:
    """A small JPEG unlike any other."""
    serial, out = next(_serial), BytesIO()
    colour = (serial % 256, serial // 256 % 256, 200)
    Image.new("RGB", (60, 80), colour).save(out, "JPEG", comment=f"sample {serial}".encode())
    return out.getvalue()


def a_page(kind: Kind, *lines: str, confidence: float = 0.99) -> PageReading:
    """A page as the reader would have seen it, one line under the other."""
    return PageReading(
        kind=kind,
        kind_confidence=0.99,
        rotation=0,
        confidence=confidence,
        width=1600,
        height=2200,
        lines=tuple(
            TextLine(line, confidence, (100, 100 + 60 * at, 100 + 40 * len(line), 140 + 60 * at))
            for at, line in enumerate(lines)
        ),
    )


def a_stay(
    person: Person,
    admitted: str = "2026-03-02",
    discharged: str = "2026-03-14",
    hospital: str = HOSPITAL,
    without: tuple[Kind, ...] = (),
    more: tuple[PageReading, ...] = (),
    card: str | None = None,
    name_on_record: str | None = None,
    diagnosis: str = "肺炎",
) -> list[PageReading]:
    """The papers of a stay in hospital."""
    card = card or person.card
    record_name = name_on_record or person.name
    pages = [
        a_page(
            Kind.APPLICATION_FORM,
            "职工互助保障互助金申请表",
            f"姓名:{person.name}",
            f"身份证号:{person.id_number}",
            f"银行卡号:{card}",
            "开户行:中国建设银行",
            f"就诊医院:{hospital}",
            f"入院日期:{admitted}",
            f"出院日期:{discharged}",
        ),
        a_page(Kind.ID_CARD_FRONT, f"姓名 {person.name}", f"公民身份号码 {person.id_number}"),
        a_page(Kind.ID_CARD_BACK, "中华人民共和国", "居民身份证"),
        a_page(Kind.BANK_CARD, "中国建设银行", card),
        a_page(
            Kind.DISCHARGE_RECORD,
            hospital,
            "出院记录",
            f"姓名:{record_name}",
            f"入院日期:{admitted}",
            f"出院日期:{discharged}",
            f"出院诊断:{diagnosis}",
        ),
    ]
    return [page for page in pages if page.kind not in without] + list(more)
