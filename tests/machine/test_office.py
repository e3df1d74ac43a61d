"""Hypothesis drives the whole office in any order; after each act every promise still holds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import cycle

from beancount import loader
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from banking import formats, simulator
from documents.kinds import Kind
from models import Batch, Claim, Entitlement, Heir, Member, Payment, User, Voucher
from models.machines.claims import CLAIM
from models.people import Role
from rules.errors import Refused
from rules.verdict import Code
from tests.conftest import empty
from tests.desk import NOW, Desk, a_card_number, release_as_shown
from tests.machine.batch_acts import BatchActs
from tests.machine.deaths import DeathActs
from tests.machine.late_papers import LatePaperActs
from tests.machine.rest import FORM, RestActs
from tests.machine.rosters import RosterActs
from tests.machine.transfers import TransferActs
from workflows import failures
from workflows.books.beancount import beancount
from workflows.claims.acts import (
    answers,
    correction,
    denial,
    joining,
    payee,
    resting,
    told_events,
)
from workflows.claims.approving import approval, approval_queue
from workflows.claims.paying import bank_reply, batches, paid_again, payment_files
from workflows.day_proof.day_proof import prove_day
from workflows.enrolment import membership
from workflows.member_cards import confirm_card, waiting_card
from workflows.proof import check
from workflows.sealed_values.claims import payee_of
from workflows.sealed_values.members import named_card
from workflows.sweep import sweep

STAYS = [("2026-01-02", "2026-01-14"), ("2026-02-02", "2026-02-14"), ("2026-03-02", "2026-03-04")]
PAPERS: list[dict[str, object]] = [
    {},
    {},
    {"without": (Kind.BANK_CARD,)},
    {"name_on_record": "赵某"},
    {"diagnosis": "足月妊娠剖宫产"},
    {"hospital": "某某无名医院"},
]
LEFT_OUT = "left out"
STATES = {"0000": "credited", "3031": "returned"}
RESULTS = st.lists(st.sampled_from([*STATES, "0000", LEFT_OUT]), min_size=1, max_size=4)

some = st.integers(0, 30)


class OfficeMachine(BatchActs, DeathActs, TransferActs, LatePaperActs, RosterActs, RestActs):
    """Three members, a few people, a bank that remembers what it paid, and a clock."""

    desk: Desk

    def __init__(self) -> None:
        super().__init__()
        empty(self.desk.office.sessions)
        self.desk.bells.clear()
        self.desk.clock.now = NOW
        self.desk.settle_in()
        self.members = [self.desk.member(name) for name in ("张三", "李四", "王五")]
        self.clerk = self.desk.user(Role.CLERK)
        self.as_clerk = self.desk.user(Role.CLERK)
        self.both = self.desk.user(Role.SUPERVISOR, of=self.as_clerk)
        self.supervisor = self.desk.user(Role.SUPERVISOR)
        self.insider = self.desk.user(Role.UNIT_CLERK, unit_id=self.desk.unit())
        self.second = self.desk.user(Role.CLERK)
        self.cashiers = [self.desk.user(Role.CASHIER) for _ in range(2)]
        self.bank: dict[str, str] = {}

    @rule(member=some, stay=st.sampled_from(STAYS), papers=st.sampled_from(PAPERS))
    def hand_in(self, member: int, stay: tuple[str, str], papers: dict[str, object]) -> None:
        person = self.members[member % len(self.members)]
        self.desk.claim(person, admitted=stay[0], discharged=stay[1], **papers)  # type: ignore[arg-type]

    @rule()
    def work(self) -> None:
        self.desk.work()

    @rule(which=some)
    def lose_a_bell(self, which: int) -> None:
        if self.desk.bells:
            self.desk.bells.pop(which % len(self.desk.bells))

    @rule(which=some)
    def ring_twice(self, which: int) -> None:
        if self.desk.bells:
            self.desk.bells.insert(0, self.desk.bells[which % len(self.desk.bells)])

    @rule(seconds=st.sampled_from([1, 20, 600, 86400]))
    def pass_time_and_sweep(self, seconds: int) -> None:
        self.desk.clock.pass_(seconds=seconds)
        sweep(self.desk.office)

    @rule(which=some)
    def confirm_what_is_unsure(self, which: int) -> None:
        self._correct(which, self.clerk, ("in_question", "incomplete", "referred"))

    @rule(which=some, state=st.sampled_from(sorted(CLAIM.states)))
    def change_the_card(self, which: int, state: str) -> None:
        self._correct(which, self.as_clerk, (state,), card=a_card_number())

    @rule(which=some, who=st.integers(0, 3))
    def confirm_the_payee(self, which: int, who: int) -> None:
        claim_id = self._one_in(("in_question", "returned", "proposed"), which)
        if claim_id is not None:
            with self._by_hand(claim_id) as (session, claim):
                person = (self.clerk, self.both, self.supervisor, self.second)[who]
                found = payee.payees_to_compare(session, self.desk.office, claim)
                mark = found.mark if found else ""
                payee.confirm_payee(session, self.desk.office, person, claim, mark)

    @rule(member=some, who=st.integers(0, 2))
    def change_the_card_on_the_register(self, member: int, who: int) -> None:
        """Name another card; where one waits already, confirm it."""
        person, office = (self.clerk, self.as_clerk, self.second)[who], self.desk.office
        name = self.members[member % len(self.members)].name
        with self.desk.unless_refused() as session:
            query = select(Member).filter_by(name=name)
            found = session.scalars(query.with_for_update()).one()
            if waiting := waiting_card(session, found):
                confirm_card(session, office, person, found, waiting.id)
                self.cards[name] = named_card(office.keys, waiting)
            else:
                card = a_card_number()
                membership.change_card(session, office, person, found, card, "中国建设银行")

    @rule(which=some)
    def answer_what_is_asked(self, which: int) -> None:
        claim_id = self._one_in(("incomplete",), which)
        if claim_id is not None:
            with self._by_hand(claim_id) as (session, claim):
                for finding in [f for f in claim.findings if f.closed_at is None]:
                    reason = "原件已核"
                    correction.answer(
                        session, self.desk.office, self.clerk, claim, finding.id, reason
                    )
                correction.recheck(session, self.desk.office, self.clerk, claim)

    @rule(which=some, level=st.integers(1, 3))
    def tell_the_event_anew(self, which: int, level: int) -> None:
        claim_id = self._one_in(("proposed", "referred", "in_question"), which)
        if claim_id is not None:
            with self._by_hand(claim_id) as (session, claim):
                told: dict[str, object] = {"hospital": {"level": level}}
                told_events.establish(
                    session, self.desk.office, self.clerk, claim, told, reason="已核对材料"
                )

    @rule(which=some, answer=some, by_clerk=st.booleans())
    def answer_a_question(self, which: int, answer: int, by_clerk: bool) -> None:
        """Some answer to the first question of a claim; join and deny are among them."""
        claim_id = self._one_in(("referred",), which)
        person = self.as_clerk if by_clerk else self.both
        if claim_id is not None:
            with self._by_hand(claim_id) as (session, claim):
                for asked in answers.open_questions(claim)[:1]:
                    given = answers.offered(asked, person)
                    if not given:
                        return
                    chosen = given[answer % len(given)].answer
                    page = claim.documents[0].pages[0].id
                    answers.answer_question(
                        session,
                        self.desk.office,
                        person,
                        claim,
                        asked.event,
                        asked.code,
                        chosen,
                        "已核实",
                        page,
                    )

    @rule(which=some, who=st.integers(0, 2))
    def agree_to_an_answer(self, which: int, who: int) -> None:
        claim_id = self._one_in(("referred",), which)
        if claim_id is not None:
            with self._by_hand(claim_id) as (session, claim):
                waiting = [asked.waiting for asked in answers.open_questions(claim)]
                person = (self.clerk, self.both, self.supervisor)[who]
                for given in [each for each in waiting if each][:1]:
                    answers.confirm_answer(session, self.desk.office, person, claim, given.id)

    @rule(which=some)
    def join_two_claims(self, which: int) -> None:
        """Both acts at once, for a claim whose event another one holds."""
        claim_id = self._one_in(("referred",), which)
        if claim_id is None:
            return
        office = self.desk.office
        with self._by_hand(claim_id) as (session, claim):
            asked = [q for q in answers.open_questions(claim) if q.code == Code.DUPLICATE_EVENT]
            for each in asked[:1]:
                about = (claim, each.event, each.code, "join", "同一次住院")
                answers.answer_question(session, office, self.as_clerk, *about)
                [given] = [
                    a for a in claim.answers if a.withdrawn_at is None and a.answer == "join"
                ]
                answers.confirm_answer(session, office, self.supervisor, claim, given.id)

    @rule(which=some, who=st.integers(0, 2))
    def leave_what_was_joined(self, which: int, who: int) -> None:
        claim_id = self._one_in(("joined",), which)
        if claim_id is not None:
            person = (self.clerk, self.both, self.supervisor)[who]
            with self._by_hand(claim_id) as (session, claim):
                joining.leave(session, self.desk.office, person, claim, "另一次住院")

    @rule(which=some, state=st.sampled_from(sorted(CLAIM.states)))
    def hold(self, which: int, state: str) -> None:
        claim_id = self._one_in((state,), which)
        if claim_id is not None:
            later = self.desk.office.today() + timedelta(days=7)
            with self._by_hand(claim_id) as (session, claim):
                resting.hold(session, self.desk.office, self.supervisor, claim, "等待调查", later)

    @rule(which=some)
    def resume(self, which: int) -> None:
        claim_id = self._one_in(("held", "withdrawn"), which)
        if claim_id is not None:
            with self._by_hand(claim_id) as (session, claim):
                resting.resume(session, self.desk.office, self.clerk, claim)

    @rule(which=some, state=st.sampled_from(sorted(CLAIM.states)), by_unit=st.booleans())
    def withdraw(self, which: int, state: str, by_unit: bool) -> None:
        claim_id = self._one_in((state,), which)
        if claim_id is not None:
            person = self.insider if by_unit else self.clerk
            with self._by_hand(claim_id) as (session, claim):
                resting.withdraw(session, self.desk.office, person, claim, "不再申请")

    @rule(which=some)
    def propose_a_denial(self, which: int) -> None:
        claim_id = self._one_in(("incomplete", "in_question", "referred"), which)
        if claim_id is not None:
            with self._by_hand(claim_id) as (session, claim):
                why = "逾期未补交材料"
                denial.propose_denial(
                    session, self.desk.office, self.both, claim, "CAUSE_NOT_COVERED", why
                )

    @rule(how_many=some, by_both=st.booleans())
    def approve(self, how_many: int, by_both: bool) -> None:
        with self.desk.unless_refused() as session:
            items = approval_queue.queue(session, self.desk.office)[: how_many + 1]
            person = self.both if by_both else self.supervisor
            approval.approve(session, self.desk.office, person, items, items)

    @rule(which=some)
    def send_back(self, which: int) -> None:
        claim_id = self._one_in(("proposed", "payable", "sent"), which)
        if claim_id is not None:
            with self._by_hand(claim_id) as (session, claim):
                approval.send_back(session, self.desk.office, self.supervisor, claim, "请核对")

    @rule()
    def freeze(self) -> None:
        with self.desk.unless_refused() as session:
            batches.freeze(session, self.desk.office, self.cashiers[0])

    @rule(which=some)
    def discard(self, which: int) -> None:
        self._on_batch(
            which, lambda s, b: batches.discard(s, self.desk.office, self.cashiers[1], b)
        )

    @rule(which=some, who=st.integers(0, 1))
    def release(self, which: int, who: int) -> None:
        cashier = self.cashiers[who]
        self._on_batch(which, lambda s, b: release_as_shown(s, self.desk.office, cashier, b))

    @rule(which=some, results=RESULTS)
    def reply(self, which: int, results: list[str]) -> None:
        """The bank answers account by account, going round the list; a cashier loads it."""

        def load(session: Session, batch: Batch) -> None:
            office, cashier = self.desk.office, self.cashiers[0]
            file = payment_files.write_file(session, office, cashier, batch).content
            accounts = dict.fromkeys(row.text("account") for row in formats.rows(FORM, file))
            says = dict(zip(accounts, cycle(results), strict=False))
            left_out = [account for account, result in says.items() if result == LEFT_OUT]
            content = simulator.answer(file, FORM, says, left_out, self.desk.clock())
            told = bank_reply.load_reply(session, office, cashier, batch, content)
            doubted = (told.doubted or "").split("、")
            for payment in batch.payments:
                result = says[payee_of(self.desk.office.keys, payment).account]
                if result in STATES and payment.reference not in doubted:
                    self.bank[payment.reference] = STATES[result]

        self._on_batch(which, load)

    @rule(which=some)
    def pay_again(self, which: int) -> None:
        claim_id = self._one_in(("returned",), which)
        if claim_id is not None:
            with self._by_hand(claim_id) as (session, claim):
                paid_again.pay_again(session, self.desk.office, self.clerk, claim, "已与会员核实")

    @rule()
    def retry_all_that_failed(self) -> None:
        with self.desk.unless_refused() as session:
            for failure in failures.failures(session):
                failures.retry_all(
                    session,
                    self.desk.office,
                    self.clerk,
                    failure.machine,
                    failure.step,
                    failure.cause,
                )

    @invariant()
    def every_promise_holds(self) -> None:
        with self.desk.office.sessions.read_only() as session:
            broken = {f.code: f.violations for f in check(session, self.desk.office)}
            assert not any(broken.values()), {k: v for k, v in broken.items() if v}

    @invariant()
    def the_books_say_what_the_bank_did(self) -> None:
        with self.desk.office.sessions.read_only() as session:
            query = select(Payment.reference, Payment.state).where(
                Payment.state.in_(("credited", "returned"))
            )
            assert {row.reference: row.state for row in session.execute(query)} == self.bank

    @invariant()
    def the_bank_paid_each_right_to_each_payee_once_in_a_round_at_most(self) -> None:
        arrived = [reference for reference, state in self.bank.items() if state == "credited"]
        with self.desk.office.sessions.read_only() as session:
            rights = session.execute(
                select(Entitlement.member_id, Entitlement.event_print, Heir.id_print, Payment.round)
                .join(Payment, Payment.entitlement_id == Entitlement.id)
                .outerjoin(Heir, Heir.id == Payment.heir_id)
                .where(Payment.reference.in_(arrived), Entitlement.released_at.is_(None))
            ).all()
        assert len(set(rights)) == len(rights)

    def teardown(self) -> None:
        """Time and the sweep bring every row to rest, also after lost messages."""
        for _ in range(20):
            self.desk.work()
            self.desk.clock.pass_(hours=1)
            if not sweep(self.desk.office):
                break
        with self.desk.office.sessions.read_only() as session:
            busy = session.scalars(select(Claim.id).where(Claim.state.in_(CLAIM.automatic))).all()
        assert busy == []
        self.every_promise_holds()
        self.bring_everything_to_rest()
        self.every_promise_holds()
        self.books_and_days_agree()

    def books_and_days_agree(self) -> None:
        """Another program adds the books up, and each day's answers of the bank are the same in
        replies, payments and books."""
        with self.desk.office.sessions.read_only() as session:
            assert loader.load_string("\n".join(beancount(session)))[1] == []
            days = session.scalars(select(Voucher.day).distinct()).all()
            found = [
                each
                for day in days
                for each in prove_day(session, self.desk.office, day).differences
                if each.station in ("reply_lines", "answered")
            ]
            assert found == []

    def _one_in(self, states: tuple[str, ...], which: int) -> int | None:
        """One of the claims in these states, if there is any."""
        with self.desk.office.sessions.read_only() as session:
            found = session.scalars(
                select(Claim.id).where(Claim.state.in_(states)).order_by(Claim.id)
            ).all()
        return found[which % len(found)] if found else None

    @contextmanager
    def _by_hand(self, claim_id: int) -> Iterator[tuple[Session, Claim]]:
        with suppress(Refused), self.desk.at(claim_id) as found:
            yield found

    def _on_batch(self, which: int, act: Callable[[Session, Batch], object]) -> None:
        with self.desk.unless_refused() as session:
            batches = session.scalars(select(Batch).order_by(Batch.id)).all()
            if batches:
                act(session, batches[which % len(batches)])

    def _correct(
        self, which: int, person: User, states: tuple[str, ...], card: str | None = None
    ) -> None:
        """Key name and card of one of the claims in these states, and have it checked again."""
        claim_id = self._one_in(states, which)
        if claim_id is None:
            return
        with self._by_hand(claim_id) as (session, claim):
            member = self.members[claim.id % len(self.members)]
            if claim.member is not None:
                [member] = [m for m in self.members if m.name == claim.member.name]
            values = {"member_name": member.name, "bank_card_number": card or member.card}
            for name, value in values.items():
                correction.correct_field(session, self.desk.office, person, claim, name, value)
            correction.recheck(session, self.desk.office, person, claim)


def test_every_promise_holds_after_any_acts_of_the_office(desk: Desk) -> None:
    class OfficeAtDesk(OfficeMachine):
        pass

    OfficeAtDesk.desk = desk
    run_state_machine_as_test(
        OfficeAtDesk,
        settings=settings(
            max_examples=8,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
        ),
    )
