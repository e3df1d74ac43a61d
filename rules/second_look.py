"""What asks for a second look at a proposed payment: one pure function over what is known of it.

No money moves by itself where one of these stands: a supervisor names the claim and sees them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256

from language import _
from rules.money import Fen, yuan

CARD_DAYS = 30
"""For how many days after a change on the register a card asks for a second look."""
FIRST_DAYS = 30
"""How many days from the first day of cover count as its first weeks."""
NEAR_DAYS = 7
"""Stays that begin so many days from each other, or overlap, may be one."""
NEAR_PERCENT = 90
"""How much of a limit may be used before the claim that uses it asks for a second look."""
SURE_FROM = 0.9
"""From which confidence on a value that decides money may be taken as read."""


class Look(StrEnum):
    """Why a payment is looked at twice."""

    PAYEE_KEYED = "PAYEE_KEYED"
    VALUE_KEYED = "VALUE_KEYED"
    CARD_NOT_ON_REGISTER = "CARD_NOT_ON_REGISTER"
    CARD_NOT_LAST_PAID = "CARD_NOT_LAST_PAID"
    CARD_CHANGED = "CARD_CHANGED"
    CARD_BY_ONE_PERSON = "CARD_BY_ONE_PERSON"
    CARD_AFTER_RETURN = "CARD_AFTER_RETURN"
    CARD_OF_ANOTHER = "CARD_OF_ANOTHER"
    PHONE_OF_ANOTHER = "PHONE_OF_ANOTHER"
    TWO_CARDS = "TWO_CARDS"
    TWO_ID_NUMBERS = "TWO_ID_NUMBERS"
    TOLD_BY_HAND = "TOLD_BY_HAND"
    WARNING_ANSWERED = "WARNING_ANSWERED"
    ACT_BY_HAND = "ACT_BY_HAND"
    SETTLED_BY_FILE = "SETTLED_BY_FILE"
    READ_UNSURELY = "READ_UNSURELY"
    FIRST_WEEKS = "FIRST_WEEKS"
    COVER_BACKDATED = "COVER_BACKDATED"
    NEAR_LIMIT = "NEAR_LIMIT"
    STAY_NEAR = "STAY_NEAR"
    PAPER_USED = "PAPER_USED"
    PAPER_ALIKE = "PAPER_ALIKE"
    PAYEE_NOT_MEMBER = "PAYEE_NOT_MEMBER"
    HEIRS_REPLACED = "HEIRS_REPLACED"
    HEIR_UNREAD = "HEIR_UNREAD"
    NOTED = "NOTED"
    DRAWN = "DRAWN"


@dataclass(frozen=True)
class LookReason:
    """One reason: its code, a sentence, and what it was before and after, numbers masked; both
    are empty where nothing changed."""

    code: Look
    sentence: str
    before: str = ""
    after: str = ""

    @property
    def in_words(self) -> str:
        """The sentence, with what it was before and after where either is told."""
        if not (self.before or self.after):
            return self.sentence
        return f"{self.sentence} {self.before or '—'} → {self.after or '—'}"


@dataclass(frozen=True)
class KnownCard:
    """A card by its fingerprint, and as it is shown."""

    print: bytes
    masked: str


@dataclass(frozen=True)
class OtherMember:
    """Another member: as he is shown, and what he shares with the one who is paid."""

    shown: str
    has_card: bool = False
    has_phone: bool = False
    is_namesake: bool = False
    """The same name and birth day."""
    same_stay: bool = False


@dataclass(frozen=True)
class CoverOfEvent:
    """The cover that an event falls into; `since` is the first day of unbroken renewals."""

    event_on: date
    since: date
    starts_on: date
    handed_in_on: date | None


@dataclass(frozen=True)
class UsedLimit:
    """What is used of a limit, this claim included; None where there is none."""

    times: int
    times_limit: int | None
    amount: Fen
    amount_limit: Fen | None


@dataclass(frozen=True)
class OtherStay:
    """The days of a stay, both inclusive, and the claim it belongs to."""

    number: str
    first: date
    last: date


@dataclass(frozen=True)
class PayeeFacts:
    """Who is paid, where it is not his heirs: member and payee as they are shown, and his cards.

    `last_paid` is the card to which money last left or arrived, `run_cards` are those to which
    other claims of the member are to be paid now. `brought_by` names who alone brought the
    register's card and these papers; empty where two people did.
    """

    is_member: bool
    member: str
    name: str
    card: KnownCard
    register_card: KnownCard | None = None
    register_changed_on: date | None = None
    brought_by: str = ""
    last_paid: KnownCard | None = None
    others: tuple[OtherMember, ...] = ()
    run_cards: tuple[KnownCard, ...] = ()


@dataclass(frozen=True)
class PaymentFacts:
    """What is known of one proposed payment, or denial.

    `told` are the reasons that others have put into words already. `payee` is None where heirs are
    paid. `unsure` names the values read with less confidence than they should be; `stays` are those
    of the claim itself. `papers_of` are the claims with a file of the same content, `papers_like`
    those with a page that is like one of this claim, `numbers_of` with the same receipt or stay.
    """

    number: str
    today: date
    is_denial: bool = False
    told: tuple[LookReason, ...] = ()
    payee: PayeeFacts | None = None
    unsure: tuple[tuple[str, float], ...] = ()
    covers: tuple[CoverOfEvent, ...] = ()
    limits: tuple[UsedLimit, ...] = ()
    stays: tuple[OtherStay, ...] = ()
    other_stays: tuple[OtherStay, ...] = ()
    papers_of: tuple[str, ...] = ()
    papers_like: tuple[str, ...] = ()
    numbers_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Draw:
    """The random share of what nothing else asks about, and the seed that it is drawn by."""

    seed: str
    share: float

    def hits(self, number: str) -> bool:
        """Whether the claim of this number is drawn; the same for as long as the seed is."""
        digest = sha256(f"{self.seed}:{number}".encode()).digest()
        return int.from_bytes(digest[:8]) < self.share * 2**64


def second_look(facts: PaymentFacts, draw: Draw) -> tuple[LookReason, ...]:
    """Every reason to look at this payment twice; none where it is clean."""
    found = (
        *facts.told,
        *(_of_payee(facts.payee, facts.today) if facts.payee else ()),
        *_of_reading(facts.unsure),
        *_of_cover(facts.covers),
        *_of_limits(facts.limits),
        *_of_repetition(facts),
    )
    if (facts.is_denial or not found) and draw.hits(facts.number):
        return (*found, LookReason(Look.DRAWN, _("随机抽查")))
    return found


def _of_payee(facts: PayeeFacts, today: date) -> Iterator[LookReason]:
    if not facts.is_member:
        sentence = _("收款人不是会员本人")
        yield LookReason(Look.PAYEE_NOT_MEMBER, sentence, facts.member, facts.name)
    yield from _of_card(facts, today)
    yield from _of_others(facts.others)


def _of_card(facts: PayeeFacts, today: date) -> Iterator[LookReason]:
    card, register, last = facts.card, facts.register_card, facts.last_paid
    if register is None or register.print != card.print:
        before = register.masked if register else _("未登记")
        sentence = _("收款卡与参保登记的卡不同")
        yield LookReason(Look.CARD_NOT_ON_REGISTER, sentence, before, card.masked)
    if last and last.print != card.print:
        sentence = _("收款卡与上次付款的卡不同")
        yield LookReason(Look.CARD_NOT_LAST_PAID, sentence, last.masked, card.masked)
    if changed := facts.register_changed_on:
        is_recent = today <= changed + timedelta(CARD_DAYS)
        if is_recent or last is None or last.print != card.print:
            sentence = _("登记的银行卡于 %(day)s 更换") % {"day": changed}
            yield LookReason(Look.CARD_CHANGED, sentence, after=card.masked)
    if facts.brought_by and (last is None or last.print != card.print):
        sentence = _("登记的卡和本案材料都只由%(name)s一人报送，未经他人核对，也未付过款")
        words = {"name": facts.brought_by}
        yield LookReason(Look.CARD_BY_ONE_PERSON, sentence % words, after=card.masked)
    for other in facts.run_cards:
        if other.print != card.print:
            sentence = _("本人待付的另一案件用另一张卡")
            yield LookReason(Look.TWO_CARDS, sentence, other.masked, card.masked)


def _of_others(others: Sequence[OtherMember]) -> Iterator[LookReason]:
    for other in others:
        words = {"name": other.shown}
        if (other.is_namesake or other.same_stay) and other.has_card:
            sentence = _("与另一身份证号的会员 %(name)s 收款卡相同，且姓名、出生日期或住院相同")
            yield LookReason(Look.TWO_ID_NUMBERS, sentence % words)
        elif other.has_card:
            sentence = _("收款卡也是另一会员 %(name)s 的卡") % words
            yield LookReason(Look.CARD_OF_ANOTHER, sentence)
        if other.has_phone:
            sentence = _("手机号也是另一会员 %(name)s 的") % words
            yield LookReason(Look.PHONE_OF_ANOTHER, sentence)


def _of_reading(unsure: Sequence[tuple[str, float]]) -> Iterator[LookReason]:
    for field, confidence in unsure:
        words = {"field": field, "percent": int(confidence * 100)}
        sentence = _("“%(field)s”识读把握只有 %(percent)s%%，决定金额") % words
        yield LookReason(Look.READ_UNSURELY, sentence)


def _of_cover(covers: Sequence[CoverOfEvent]) -> Iterator[LookReason]:
    for cover in dict.fromkeys(covers):
        if cover.event_on < cover.since + timedelta(FIRST_DAYS):
            words = {"day": cover.event_on, "since": cover.since}
            sentence = _("事件发生于 %(day)s，保障自 %(since)s 才开始") % words
            yield LookReason(Look.FIRST_WEEKS, sentence)
        if cover.handed_in_on and cover.starts_on < cover.handed_in_on:
            sentence = _("保障起始日早于名册报送日")
            days = cover.handed_in_on.isoformat(), cover.starts_on.isoformat()
            yield LookReason(Look.COVER_BACKDATED, sentence, *days)


def _of_limits(limits: Sequence[UsedLimit]) -> Iterator[LookReason]:
    for used in limits:
        # What pays once uses its limit up by itself.
        if used.times_limit == 1:
            continue
        if used.times_limit and used.times >= used.times_limit:
            words = {"times": used.times, "limit": used.times_limit}
            sentence = _("保障期内已用 %(times)s 次，限 %(limit)s 次") % words
            yield LookReason(Look.NEAR_LIMIT, sentence)
        if used.amount_limit and used.amount * 100 >= used.amount_limit * NEAR_PERCENT:
            sums = {"amount": yuan(used.amount), "limit": yuan(used.amount_limit)}
            sentence = _("保障期内已用 %(amount)s 元，限 %(limit)s 元") % sums
            yield LookReason(Look.NEAR_LIMIT, sentence)


def _of_repetition(facts: PaymentFacts) -> Iterator[LookReason]:
    for own in facts.stays:
        for other in facts.other_stays:
            if _may_be_one(own, other):
                sentence = _("与案件 %(number)s 的住院相近") % {"number": other.number}
                days = (f"{stay.first}—{stay.last}" for stay in (other, own))
                yield LookReason(Look.STAY_NEAR, sentence, *days)
    said = {
        (Look.PAPER_USED, _("材料与案件 %(number)s 的相同")): facts.papers_of,
        (Look.PAPER_ALIKE, _("材料与案件 %(number)s 的相似")): facts.papers_like,
        (Look.PAPER_ALIKE, _("票据号码或住院号与案件 %(number)s 的相同")): facts.numbers_of,
    }
    for (look, sentence), numbers in said.items():
        yield from (LookReason(look, sentence % {"number": number}) for number in numbers)


def _may_be_one(one: OtherStay, other: OtherStay) -> bool:
    overlap = one.first <= other.last and other.first <= one.last
    return overlap or abs((one.first - other.first).days) <= NEAR_DAYS
