"""Hypothesis gives one person of the office, of whatever post, any acts to try; the others do their
work honestly. His cards are never paid, since no honest person who saw both numbers agreed to one,
and no right is paid twice, whatever the bank is said to have answered."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.kinds import Kind
from documents.reading.fields import FieldName
from models import (
    Batch,
    Claim,
    Document,
    Enrolment,
    Member,
    Objection,
    Page,
    Payment,
    RecoveryReceipt,
    Relief,
    User,
)
from models.people import Role
from models.states import (
    BatchState,
    EnrolmentState,
    FeePayer,
    ObjectionState,
    ReliefState,
)
from rules.errors import HuzhuError
from rules.money import Fen
from tests.conftest import empty
from tests.desk import NOW, Desk, Person, a_card_number, an_id_number, release_as_shown
from tests.heirs import DIED_ON, an_heir, of_a_death
from tests.heirs import keyed as keyed_heir
from tests.machine.crooked_acts import ON_PAYEES, Act, Crook, Deed
from tests.machine.crooked_books import ON_BOOKS
from tests.machine.crooked_claims import ON_CLAIMS
from tests.machine.crooked_money import ON_MONEY
from tests.machine.crooked_registers import ON_REGISTERS
from tests.machine.true_bank import TrueBank
from workflows.claims.acts import correction, heirs, payee, relief, told_events
from workflows.claims.acts.keyed_heirs import KeyedHeir
from workflows.claims.acts.relief import Sitting
from workflows.claims.approving import approval, approval_queue
from workflows.claims.objecting import objections
from workflows.claims.paying import batches, paid_again, recovery, written_to_fund
from workflows.claims.sums.payees import PAYEE_FIELDS
from workflows.enrolment import fees, rosters
from workflows.member_cards import refuse_card, waiting_card
from workflows.proof import check
from workflows.sealed_values.claims import heir_person, payee_of
from workflows.sweep import sweep

STAYS = (("2026-01-02", "2026-01-14"), ("2026-03-02", "2026-03-14"), ("2026-05-02", "2026-05-12"))
POSTS: dict[str, tuple[tuple[Role, ...], ...]] = {
    "clerk": ((Role.CLERK,), (Role.CLERK,)),
    "clerk who becomes supervisor": ((Role.CLERK,), (Role.SUPERVISOR,)),
    "clerk and cashier": ((Role.CLERK, Role.CASHIER), (Role.CASHIER,)),
    "supervisor": ((Role.SUPERVISOR,), (Role.SUPERVISOR,)),
    "cashier": ((Role.CASHIER,), (Role.CASHIER,)),
    "unit clerk": ((Role.UNIT_CLERK,),),
    "system administrator": ((Role.SYSTEM_ADMIN,),),
    "security administrator": ((Role.SECURITY_ADMIN,),),
}
"""The accounts of a dishonest person of each post; where there are two, both are his own."""

HONEST = (
    "hand_in",
    "die",
    "key_the_members_card",
    "answer_what_is_not_of_the_payee",
    "confirm_the_members_card",
    "key_the_heirs",
    "change_the_heirs_shares",
    "confirm_the_true_heirs",
    "decide_on_the_registers_card",
    "carry_rosters_on",
    "pay",
    "pay",
    "bring_the_paper_of_a_card",
    "load_the_banks_replies",
    "pay_again",
    "hear_objections",
    "sit_over_relief",
    "agree_to_write_to_the_fund",
    "look_at_the_statement",
    "let_days_pass",
)
DEEDS: tuple[Act, ...] = (*ON_PAYEES, *ON_PAYEES, *ON_CLAIMS, *ON_MONEY, *ON_BOOKS, *ON_REGISTERS)
TRIES_A_STEP = 15
HONEST_SHARE = 0.5


class DishonestMachine(RuleBasedStateMachine):
    """Four members, the dishonest one who is a member too, and an honest office around him."""

    desk: Desk
    post: str
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        empty(self.desk.office.sessions)
        self.desk.bells.clear()
        self.desk.clock.now = NOW
        self.desk.settle_in()
        himself = self.desk.member("王贪")
        self.crook = Crook(himself, a_card_number(), a_card_number())
        self.members = [
            self.desk.member("张三"),
            self._on_register("李四", self.crook.enrolled_card),
            self._on_register("王五", ""),
            self.desk.member("赵六"),
        ]
        self.heirs = [an_heir("李一"), an_heir("李二")]
        self.clerk, self.second = (self.desk.user(Role.CLERK) for _ in range(2))
        self.cashiers = [self.desk.user(Role.CASHIER) for _ in range(2)]
        self.supervisors = [self.desk.user(Role.SUPERVISOR) for _ in range(3)]
        self.bank = TrueBank(self.desk)
        self._take_post(self.post)
        for claim in (0, 1, 4, 11):
            self.hand_in(claim)
        self.desk.work()
        self.pay(1)

    def _on_register(self, name: str, card: str) -> Person:
        """A member whose card the register has not, or has wrongly."""
        person = Person(name, an_id_number(), card)
        self.desk.member(on_roster=person)
        return replace(person, card=a_card_number())

    def _take_post(self, post: str) -> None:
        unit_id = self.desk.unit() if post == "unit clerk" else None
        first, *others = POSTS[post]
        account = self.desk.user(*first, unit_id=unit_id)
        self.accounts = [account, *(self.desk.user(*each, of=account) for each in others)]

    @rule(seed=st.integers(0, 2**32))
    def somebody_acts(self, seed: int) -> None:
        """One rule for all: where there are several, Hypothesis leaves some of them out. It tries
        the least value of all first, which as an act would be one and the same all the time."""
        self.steps += 1
        luck = Random(f"{seed} {self.steps}")
        account, at = luck.randrange(12), luck.randrange(12)
        if luck.random() < HONEST_SHARE:
            getattr(self, luck.choice(HONEST))(at)
        else:
            who = self.accounts[account % len(self.accounts)]
            self._try(luck.randrange(len(DEEDS)), who, at)
        self.desk.work()
        self.bank.take()

    def _try(self, first: int, who: User, at: int) -> None:
        """What he may first of this deed and those after it, on this row or a later one; what his
        post forbids costs him nothing."""
        tries = 0
        for act in [*DEEDS[first:], *DEEDS[:first]]:
            for row in (at, at + 1, at + 3):
                try:
                    with self.desk.office.sessions.unit_of_work() as session:
                        act(session, Deed(self.desk, self.crook, who, row))
                    return
                except HuzhuError as error:
                    if "此操作需要" in str(error):
                        break
                    tries += 1
            if tries >= TRIES_A_STEP:
                return

    def hand_in(self, at: int) -> None:
        """Papers of a member, as they are, without the card, or forged by the dishonest one."""
        person = self._member(at)
        admitted, discharged = STAYS[at // len(self.members) % len(STAYS)]
        named = self.crook.other_card if at % 5 == 3 else person.card
        without = (Kind.BANK_CARD,) if at % 5 == 2 else ()
        self.desk.claim(
            person, admitted=admitted, discharged=discharged, card=named, without=without
        )

    def die(self, at: int) -> None:
        person, without = self._member(at), (Kind.DISCHARGE_RECORD, Kind.BANK_CARD)
        papers = of_a_death(person, *self.heirs)
        claim_id = self.desk.claim(person, more=papers, without=without, card=self.heirs[0].card)
        self.desk.work()
        with suppress(HuzhuError), self.desk.at(claim_id) as (session, claim):
            event = {"kind": "accident", "happened_on": DIED_ON, "outcome": "death"}
            told_events.establish(
                session, self.desk.office, self.clerk, claim, event, 0, reason="已核对"
            )

    def key_the_members_card(self, at: int) -> None:
        def act(session: Session, claim: Claim) -> None:
            if person := self._owner(claim):
                office, name = self.desk.office, FieldName.BANK_CARD_NUMBER
                correction.correct_field(session, office, self.clerk, claim, name, person.card)
                if correction.can_recheck(claim):
                    correction.recheck(session, office, self.clerk, claim)

        self._on_a_claim(at, act)

    def answer_what_is_not_of_the_payee(self, at: int) -> None:
        def act(session: Session, claim: Claim) -> None:
            for finding in [each for each in claim.findings if each.closed_at is None]:
                is_own = claim.card_print in self._prints(claim)
                if correction.may_be_accepted(finding) and (
                    is_own or finding.subject not in PAYEE_FIELDS
                ):
                    office = self.desk.office
                    correction.answer(session, office, self.clerk, claim, finding.id, "已核")
            correction.recheck(session, self.desk.office, self.clerk, claim)

        self._on_a_claim(at, act)

    def confirm_the_members_card(self, at: int) -> None:
        def act(session: Session, claim: Claim) -> None:
            found, person = (
                payee.payees_to_compare(session, self.desk.office, claim),
                self._owner(claim),
            )
            if (
                found
                and person
                and (found.named.name, found.named.account) == (person.name, person.card)
            ):
                payee.confirm_payee(session, self.desk.office, self.second, claim, found.mark)

        self._on_a_claim(at, act)

    def key_the_heirs(self, at: int) -> None:
        """The true ones."""
        claim_id = self._a_claim(at)
        if claim_id is not None:
            keyed = [keyed_heir(self.desk, claim_id, each, "1/2") for each in self.heirs]
            self._key_heirs(claim_id, keyed)

    def change_the_heirs_shares(self, at: int) -> None:
        """As the form has them: numbers are masked, those left empty stay."""
        claim_id = self._a_claim(at)
        if claim_id is None:
            return
        with self.desk.at(claim_id) as (_session, claim):
            known = [(heir.id, heir_person(self.desk.office.keys, heir)) for heir in claim.heirs]
        keyed = [
            replace(
                keyed_heir(self.desk, claim_id, Person(told.name, "", ""), f"1/{len(known)}"),
                before=id_,
            )
            for id_, told in known
        ]
        self._key_heirs(claim_id, keyed)

    def _key_heirs(self, claim_id: int, keyed: list[KeyedHeir]) -> None:
        def act(session: Session, claim: Claim) -> None:
            pages = select(Page.id).join(Document).where(Document.claim_id == claim.id)
            statement = session.scalar(pages.where(Page.kind == Kind.JOINT_STATEMENT))
            heirs.key_heirs(session, self.desk.office, self.clerk, claim, keyed, statement)

        with suppress(HuzhuError), self.desk.at(claim_id) as (session, claim):
            act(session, claim)
        self.desk.work()

    def confirm_the_true_heirs(self, at: int) -> None:
        def act(session: Session, claim: Claim) -> None:
            told = [heir_person(self.desk.office.keys, heir) for heir in claim.heirs]
            if {each.account for each in told} <= {each.card for each in self.heirs}:
                shown = [heir.id for heir in claim.heirs]
                heirs.confirm_heirs(session, self.desk.office, self.second, claim, shown)

        self._on_a_claim(at, act)

    def decide_on_the_registers_card(self, at: int) -> None:
        with suppress(HuzhuError), self.desk.office.sessions.unit_of_work() as session:
            found = session.scalars(select(Member).order_by(Member.id).with_for_update()).all()
            member = found[at % len(found)]
            waiting = waiting_card(session, member)
            if waiting:
                refuse_card(session, self.desk.office, self.second, member, waiting.id, "本人否认")

    def carry_rosters_on(self, _at: int) -> None:
        """The fee comes in, and who is asked to lets it pass; other cards are not agreed to."""
        office = self.desk.office
        with self.desk.office.sessions.read_only() as session:
            numbers = session.scalars(select(Enrolment.number).order_by(Enrolment.id)).all()
        for number in numbers:
            with suppress(HuzhuError), office.sessions.unit_of_work() as session:
                roster = rosters.locked(session, number)
                if roster.state == EnrolmentState.UNPAID:
                    due, unit = Fen(roster.fee_due), FeePayer.UNIT
                    today, cashier = office.today(), self.cashiers[0]
                    fees.note_receipt(session, office, cashier, roster, number, unit, due, today)
                elif roster.state in (EnrolmentState.SHORT, EnrolmentState.BACKDATED):
                    person = self.desk.user(Role.SUPERVISOR)
                    rosters.let_pass(session, office, person, roster, "名册分批")
            self.desk.work()

    def pay(self, at: int) -> None:
        """Supervisors agree by name to all that they may and the statement does not contradict;
        cashiers send it, and the bank answers at once or later."""
        self._approve()
        with suppress(HuzhuError), self.desk.office.sessions.unit_of_work() as session:
            batches.freeze(session, self.desk.office, self.cashiers[0])
        with self.desk.office.sessions.read_only() as session:
            frozen = session.scalars(select(Batch.id).filter_by(state=BatchState.FROZEN)).all()
        office = self.desk.office
        for batch_id in frozen:
            for cashier in self.cashiers:
                with suppress(HuzhuError), office.sessions.unit_of_work() as session:
                    release_as_shown(session, office, cashier, session.get_one(Batch, batch_id))
        self.bank.take()
        if at % 2:
            self.load_the_banks_replies(at)

    def _approve(self) -> None:
        for supervisor in self.supervisors:
            with self.desk.office.sessions.read_only() as session:
                items = approval_queue.queue(session, self.desk.office)
            items = [item for item in items if self.bank.agrees_with(item)]
            with suppress(HuzhuError), self.desk.office.sessions.unit_of_work() as session:
                approval.approve(session, self.desk.office, supervisor, items, items)
            self.desk.work()

    def load_the_banks_replies(self, _at: int) -> None:
        self.bank.reply(self.cashiers[0])
        self.bank.answer_doubts(self.supervisors[0])

    def hear_objections(self, at: int) -> None:
        """Any of the supervisors who may, finds them right or not."""
        with self.desk.office.sessions.read_only() as session:
            registered = select(Objection.id).filter_by(state=ObjectionState.REGISTERED)
            ids = session.scalars(registered.order_by(Objection.id)).all()
        decide = (objections.uphold, objections.reject)[at % 2]
        for id_ in ids:
            for person in [*self.supervisors, self.desk.user(Role.SUPERVISOR)]:
                with suppress(HuzhuError), self.desk.office.sessions.unit_of_work() as session:
                    objection = session.get_one(Objection, id_)
                    decide(session, self.desk.office, person, objection, "已听取")
                    break

    def sit_over_relief(self, _at: int) -> None:
        office, sitting = self.desk.office, Sitting(self.desk.office.today(), "纪要〔2026〕3号")
        with self.desk.office.sessions.read_only() as session:
            ids = session.scalars(select(Relief.id).filter_by(state=ReliefState.APPLIED)).all()
        for id_ in ids:
            with suppress(HuzhuError), office.sessions.unit_of_work() as session:
                row, person = session.get_one(Relief, id_), self.supervisors[0]
                relief.grant(session, office, person, row, row.asked, sitting)

    def agree_to_write_to_the_fund(self, at: int) -> None:
        """Where the bank did send it back."""

        def act(session: Session, claim: Claim) -> None:
            proposal = written_to_fund.proposals(session, [claim.id]).get(claim.id)
            if proposal and not any(self.bank.has_arrived(each) for each in claim.payments):
                office, person = self.desk.office, self.supervisors[1]
                written_to_fund.agree(session, office, person, claim, proposal.seq)

        self._on_a_claim(at, act)

    def look_at_the_statement(self, _at: int) -> None:
        """Nobody gave anything back."""
        office = self.desk.office
        with self.desk.office.sessions.read_only() as session:
            ids = session.scalars(select(RecoveryReceipt.id)).all()
        for id_ in ids:
            with suppress(HuzhuError), office.sessions.unit_of_work() as session:
                receipt = session.get_one(RecoveryReceipt, id_)
                recovery.refuse_receipt(session, office, self.supervisors[0], receipt, "无此笔")

    def bring_the_paper_of_a_card(self, at: int) -> None:
        """Of the member's own card, or of the dishonest one's, under the number of a claim."""
        claim_id = self._a_claim(at)
        if claim_id is None:
            return
        with self.desk.at(claim_id) as (_session, claim):
            person = self._owner(claim)
        card = person.card if person and at % 2 == 0 else self.crook.other_card
        self.desk.add_card_paper(claim_id, card)

    def pay_again(self, at: int) -> None:
        self._on_a_claim(
            at,
            lambda session, claim: paid_again.pay_again(
                session, self.desk.office, self.clerk, claim, "已核实"
            ),
        )

    def let_days_pass(self, at: int) -> None:
        self.desk.clock.pass_(days=1 + 20 * (at % 2))
        sweep(self.desk.office)
        self.desk.work()

    @invariant()
    def no_payment_goes_to_a_card_of_his(self) -> None:
        keys = self.desk.office.keys
        with self.desk.office.sessions.read_only() as session:
            paid = {payee_of(keys, each).account for each in session.scalars(select(Payment))}
        assert not paid & self.crook.cards

    @invariant()
    def no_right_is_paid_twice(self) -> None:
        assert self.bank.overpaid() == {}

    def teardown(self) -> None:
        with self.desk.office.sessions.read_only() as session:
            broken = {each.code: each.violations for each in check(session, self.desk.office)}
        assert not any(broken.values()), {k: v for k, v in broken.items() if v}

    def _member(self, which: int) -> Person:
        return self.members[which % len(self.members)]

    def _owner(self, claim: Claim) -> Person | None:
        """The member whose claim it is; none of the claims is the dishonest one's."""
        name = claim.member.name if claim.member else None
        return next((each for each in self.members if each.name == name), None)

    def _prints(self, claim: Claim) -> set[bytes]:
        person = self._owner(claim)
        return {self.desk.office.keys.fingerprint(person.card)} if person else set()

    def _a_claim(self, at: int) -> int | None:
        with self.desk.office.sessions.read_only() as session:
            found = session.scalars(select(Claim.id).order_by(Claim.id)).all()
        return found[at % len(found)] if found else None

    def _on_a_claim(self, at: int, act: Callable[[Session, Claim], object]) -> None:
        claim_id = self._a_claim(at)
        if claim_id is not None:
            with suppress(HuzhuError), self.desk.at(claim_id) as (session, claim):
                act(session, claim)
            self.desk.work()


@pytest.mark.parametrize("post", POSTS)
def test_no_money_reaches_a_card_that_nobody_else_confirmed(desk: Desk, post: str) -> None:
    class DishonestAtDesk(DishonestMachine):
        pass

    at_once = desk.office.settings.model_copy(update={"unclaimed_years": 0})
    desk.office = replace(desk.office, settings=at_once)
    DishonestAtDesk.desk, DishonestAtDesk.post = desk, post
    run_state_machine_as_test(
        DishonestAtDesk,
        settings=settings(
            max_examples=2,
            stateful_step_count=60,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        ),
    )
