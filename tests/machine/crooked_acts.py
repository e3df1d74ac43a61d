"""What a dishonest person tries: the acts of the office that could bring money to a card of his."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from documents.kinds import Kind
from documents.reading.fields import FieldName
from models import ApiToken, Batch, Claim, Document, Enrolment, Member, Page, Unit, User
from models.membership import LEFT_BY_DEATH
from models.people import Role
from rules.errors import Refused
from rules.money import Fen
from tests.desk import Desk, Person
from tests.heirs import keyed as keyed_heir
from tests.machine.rosters import NEXT_YEAR
from tests.workflows.enrolment.rosters import PLAN, Worker, sheet
from workflows import known_deaths
from workflows.claims.acts import correction, heirs, payee
from workflows.claims.approving import approval, approval_queue
from workflows.claims.judging import revision
from workflows.enrolment import membership, roster_cards, rosters
from workflows.enrolment.opened_roster import opened_roster
from workflows.member_cards import confirm_card, waiting_card
from workflows.people import accounts, api_tokens
from workflows.people.accounts import AccountFacts
from workflows.people.api_tokens import AskedToken
from workflows.sealed_values.claims import heir_person
from workflows.sealed_values.members import card_of, id_number_of

T = TypeVar("T")

Act = Callable[[Session, "Deed"], None]


@dataclass(frozen=True)
class Crook:
    """Who he is on the register, with the card that is his there; a card of his that he put on the
    roster when he enrolled another member, and a third one."""

    himself: Person
    enrolled_card: str
    other_card: str

    @property
    def cards(self) -> frozenset[str]:
        return frozenset({self.himself.card, self.enrolled_card, self.other_card})


@dataclass(frozen=True)
class Deed:
    """One try: by which of his accounts, and at which claim, member or batch of all there are."""

    desk: Desk
    crook: Crook
    who: User
    at: int

    def claim(self, session: Session) -> Claim:
        found = self.one(session, select(Claim).order_by(Claim.id))
        session.refresh(found, with_for_update=True)
        return found

    def member(self, session: Session) -> Member:
        return self.one(session, select(Member).order_by(Member.id).with_for_update())

    def batch(self, session: Session) -> Batch:
        return self.one(session, select(Batch).order_by(Batch.id))

    def roster(self, session: Session) -> Enrolment:
        found = self.one(session, select(Enrolment).order_by(Enrolment.id))
        return rosters.locked(session, found.number)

    def one(self, session: Session, query: Select[T]) -> T:
        found = session.scalars(query).all()
        if not found:
            raise Refused("there is none yet")
        return found[self.at % len(found)]


def key_his_card(session: Session, deed: Deed) -> None:
    _key(session, deed, {FieldName.BANK_CARD_NUMBER: deed.crook.other_card})


def key_himself(session: Session, deed: Deed) -> None:
    """As the member, with the card that the register has of him."""
    himself = deed.crook.himself
    values = {FieldName.MEMBER_NAME: himself.name, FieldName.ID_NUMBER: himself.id_number}
    _key(session, deed, values | {FieldName.BANK_CARD_NUMBER: himself.card})


def key_what_the_register_says(session: Session, deed: Deed) -> None:
    member = deed.claim(session).member
    if member and (card := card_of(deed.desk.office.keys, member)):
        _key(session, deed, {FieldName.BANK_CARD_NUMBER: card})


def _key(session: Session, deed: Deed, values: Mapping[FieldName, str]) -> None:
    claim, office = deed.claim(session), deed.desk.office
    for name, value in values.items():
        correction.correct_field(session, office, deed.who, claim, name, value)
    if correction.can_recheck(claim):
        correction.recheck(session, office, deed.who, claim)


def answer_warnings(session: Session, deed: Deed) -> None:
    claim, office = deed.claim(session), deed.desk.office
    for finding in [each for each in claim.findings if each.closed_at is None]:
        if correction.may_be_accepted(finding):
            correction.answer(session, office, deed.who, claim, finding.id, "会员换卡")
    correction.recheck(session, office, deed.who, claim)


def name_a_page_another_paper(session: Session, deed: Deed) -> None:
    """The page that shows the card is no paper; or another one is a certificate of death."""
    claim, office = deed.claim(session), deed.desk.office
    pages = session.scalars(select(Page).join(Document).where(Document.claim_id == claim.id))
    for page in pages.all():
        if page.kind in (Kind.BANK_CARD, Kind.APPLICATION_FORM):
            correction.name_kind(session, office, deed.who, claim, page.id, Kind.OTHER)
    correction.recheck(session, office, deed.who, claim)


def confirm_the_payee(session: Session, deed: Deed) -> None:
    claim, office = deed.claim(session), deed.desk.office
    found = payee.payees_to_compare(session, office, claim)
    payee.confirm_payee(session, office, deed.who, claim, found.mark if found else "")


def name_his_card_for_the_register(session: Session, deed: Deed) -> None:
    office, card = deed.desk.office, deed.crook.other_card
    member = deed.member(session)
    membership.change_card(session, office, deed.who, member, card, "中国建设银行")


def confirm_the_registers_card(session: Session, deed: Deed) -> None:
    member = deed.member(session)
    waiting = waiting_card(session, member)
    shown = waiting.id if waiting else 0
    confirm_card(session, deed.desk.office, deed.who, member, shown)


def hand_in_a_roster(session: Session, deed: Deed) -> None:
    office, member = deed.desk.office, deed.member(session)
    unit = session.get_one(Unit, member.unit_id)
    unit.headcount = 1
    row = Worker(member.name, id_number_of(office.keys, member), deed.crook.other_card)
    roster = opened_roster(office, deed.who, sheet([row]))
    rosters.hand_in(session, office, deed.who, unit, PLAN, roster, NEXT_YEAR, Fen(3000))


def accept_a_roster(session: Session, deed: Deed) -> None:
    rosters.accept(session, deed.desk.office, deed.who, deed.roster(session))


def let_a_roster_pass(session: Session, deed: Deed) -> None:
    rosters.let_pass(session, deed.desk.office, deed.who, deed.roster(session), "名册分批")


def confirm_the_rosters_cards(session: Session, deed: Deed) -> None:
    office, roster = deed.desk.office, deed.roster(session)
    for line, change in roster_cards.cards_waiting(session, roster):
        mark = roster_cards.mark_of_card(office.keys, line.member, change)
        roster_cards.confirm_card(session, office, deed.who, roster, line.row, mark)


def say_that_the_member_died(session: Session, deed: Deed) -> None:
    today = deed.desk.office.today()
    member = deed.member(session)
    membership.leave(session, deed.desk.office, deed.who, member, today, LEFT_BY_DEATH)


def take_the_death_back(session: Session, deed: Deed) -> None:
    office, member = deed.desk.office, deed.member(session)
    death = known_deaths.death_of(session, member)
    if death is None or death.doubted_at is None:
        known_deaths.doubt_death(session, office, deed.who, member, "证明属另一人")
    else:
        known_deaths.take_back_death(session, office, deed.who, member)


def key_himself_as_the_heir(session: Session, deed: Deed) -> None:
    claim = deed.claim(session)
    himself = Person(deed.crook.himself.name, deed.crook.himself.id_number, deed.crook.other_card)
    keyed = keyed_heir(deed.desk, claim.id, himself, "100%")
    heirs.key_heirs(session, deed.desk.office, deed.who, claim, [keyed], _statement(session, claim))


def key_his_card_as_the_heirs(session: Session, deed: Deed) -> None:
    """The heirs stay who they are; the first one's account is his."""
    claim = deed.claim(session)
    if not claim.heirs:
        raise Refused("there are none")
    told = heir_person(deed.desk.office.keys, claim.heirs[0])
    person = Person(told.name, told.id_number, deed.crook.other_card)
    keyed = keyed_heir(deed.desk, claim.id, person, "100%")
    heirs.key_heirs(session, deed.desk.office, deed.who, claim, [keyed], _statement(session, claim))


def confirm_the_heirs(session: Session, deed: Deed) -> None:
    claim = deed.claim(session)
    shown = [heir.id for heir in claim.heirs]
    heirs.confirm_heirs(session, deed.desk.office, deed.who, claim, shown)


def _statement(session: Session, claim: Claim) -> int | None:
    pages = select(Page.id).join(Document).where(Document.claim_id == claim.id)
    return session.scalar(pages.where(Page.kind == Kind.JOINT_STATEMENT))


def approve_everything(session: Session, deed: Deed) -> None:
    items = approval_queue.queue(session, deed.desk.office)
    approval.approve(session, deed.desk.office, deed.who, items, items)


def reopen_a_claim(session: Session, deed: Deed) -> None:
    claim = deed.claim(session)
    revision.reopen(session, deed.desk.office, deed.who, claim, "mistake", "材料有误")


def open_an_account_for_himself(session: Session, deed: Deed) -> None:
    office, login = deed.desk.office, f"own{deed.at}"
    role = (Role.CLERK, Role.SUPERVISOR)[deed.at % 2]
    account = AccountFacts(login, deed.who.name, login, (role,))
    accounts.open_account(session, office, deed.who, account)


def enable_an_account(session: Session, deed: Deed) -> None:
    user = deed.one(session, select(User).where(User.disabled_at.is_not(None)))
    accounts.enable(session, deed.desk.office, deed.who, user, user.staff_number)


def ask_for_a_token(session: Session, deed: Deed) -> None:
    holder = deed.one(session, select(User).order_by(User.id))
    last = deed.desk.office.today()
    asked = AskedToken(holder, "x", api_tokens.acts_for(holder), last)
    api_tokens.ask_for_token(session, deed.desk.office, deed.who, asked)


def agree_to_a_token(session: Session, deed: Deed) -> None:
    token = deed.one(session, select(ApiToken).order_by(ApiToken.id))
    api_tokens.agree_to_token(session, deed.desk.office, deed.who, token.id)


def end_a_token(session: Session, deed: Deed) -> None:
    token = deed.one(session, select(ApiToken).order_by(ApiToken.id))
    api_tokens.end_token(session, deed.desk.office, deed.who, token.id)


ON_PAYEES: tuple[Act, ...] = (
    key_his_card,
    key_himself,
    key_what_the_register_says,
    answer_warnings,
    name_a_page_another_paper,
    confirm_the_payee,
    say_that_the_member_died,
    take_the_death_back,
    key_himself_as_the_heir,
    key_his_card_as_the_heirs,
    confirm_the_heirs,
    name_his_card_for_the_register,
    confirm_the_registers_card,
    hand_in_a_roster,
    accept_a_roster,
    let_a_roster_pass,
    confirm_the_rosters_cards,
    approve_everything,
    reopen_a_claim,
    open_an_account_for_himself,
    enable_an_account,
    ask_for_a_token,
    agree_to_a_token,
    end_a_token,
)
