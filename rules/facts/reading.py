"""Facts from the JSON object of a case; the first thing that does not fit is named by its path."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Literal

from language import _
from rules.errors import BadInput
from rules.facts.fields import Field
from rules.facts.values import (
    RANKS,
    AccidentEvent,
    AccidentOutcome,
    Burn,
    CoverPeriod,
    Event,
    Facts,
    Hospital,
    HospitalStay,
    IllnessEvent,
    MemberFacts,
    Paid,
    PaidAccident,
    PaidIllness,
    PaidStay,
    Part,
    PayeeKind,
    Rank,
    Settlement,
    Sex,
)
from rules.money import Fen

_SETTLEMENT = ("fund_paid", "own_share", "deductible")


def from_json(case: Mapping[str, object]) -> Facts:
    """The facts of one case; BadInput names the field."""
    whole = Field("", case)
    whole.keys(
        "plan", "received_on", "member", "unit_city", "coverages", "history", "event", "payee"
    )
    history, payee = whole.find("history"), whole.find("payee")
    coverages = _coverages(whole.get("coverages"))
    # Only of a person without cover is it left open who it is, and from which unit.
    about = whole.get if coverages else whole.find
    member, unit_city = about("member"), about("unit_city")
    return Facts(
        plan=whole.get("plan").text(),
        received_on=whole.get("received_on").day(),
        member=_member(member) if member else None,
        unit_city=unit_city.text() if unit_city else None,
        coverages=coverages,
        history=tuple(_paid(each) for each in history.items()) if history else (),
        event=_event(whole.get("event")),
        payee=payee.one_of(*PayeeKind) if payee else PayeeKind.MEMBER,
    )


def event_from_json(event: object) -> Event:
    """The event of a case alone; BadInput names the field."""
    return _event(Field("event", event))


def _member(field: Field) -> MemberFacts:
    field.keys("birth_date", "sex")
    return MemberFacts(field.get("birth_date").day(), field.get("sex").one_of(*Sex))


def _coverages(field: Field) -> tuple[CoverPeriod, ...]:
    periods = sorted(map(_coverage, field.items()), key=lambda period: period.start)
    for earlier, later in pairwise(periods):
        if later.start <= earlier.end:
            raise BadInput(
                _("coverages：保障期重叠：%(later)s 不晚于 %(earlier)s")
                % {"later": later.start, "earlier": earlier.end}
            )
    return tuple(periods)


def _coverage(field: Field) -> CoverPeriod:
    field.keys("start", "end", "shares")
    start, end, shares = field.get("start").day(), field.get("end").day(), field.find("shares")
    if end < start:
        raise field.get("end").bad(_("早于 start"))
    return CoverPeriod(start, end, shares.whole(1, 100) if shares else 1)


def _paid(field: Field) -> Paid:
    match field.get("benefit").one_of(
        "hospital_allowance", "medical_expense", "critical_illness", "accident"
    ):
        case "critical_illness":
            field.keys("benefit", "illness", "diagnosed_on", "amount")
            return PaidIllness(
                field.get("illness").text(), field.get("diagnosed_on").day(), _amount(field)
            )
        case "accident":
            field.keys("benefit", "happened_on", "outcome", "amount")
            outcome = field.get("outcome").one_of(*AccidentOutcome)
            return PaidAccident(field.get("happened_on").day(), outcome, _amount(field))
        case "medical_expense":
            return _paid_stay(field, "medical_expense")
        case _:
            return _paid_stay(field, "hospital_allowance")


def _paid_stay(field: Field, benefit: Literal["hospital_allowance", "medical_expense"]) -> PaidStay:
    field.keys("benefit", "admitted_on", "paid_days", "amount")
    days = field.get("paid_days").whole(0, 36_600)
    return PaidStay(field.get("admitted_on").day(), days, _amount(field), benefit)


def _amount(field: Field) -> Fen:
    return field.get("amount").money()


def _event(field: Field) -> Event:
    match field.get("kind").one_of("hospital_stay", "critical_illness", "accident"):
        case "hospital_stay":
            return _stay(field)
        case "critical_illness":
            return _illness(field)
        case _:
            return _accident(field)


def _stay(field: Field) -> HospitalStay:
    own = ("hospital", "admitted_on", "discharged_on", *_SETTLEMENT)
    field.keys("kind", "cause", "exclusion", "transfers", *own)
    transfers = field.find("transfers")
    moved = tuple(_transfer(each, own) for each in transfers.items()) if transfers else ()
    return HospitalStay(field.get("cause").text(), (_part(field), *moved), _exclusion(field))


def _transfer(field: Field, keys: tuple[str, ...]) -> Part:
    field.keys(*keys)
    return _part(field)


def _part(field: Field) -> Part:
    return Part(
        _hospital(field.get("hospital")),
        field.get("admitted_on").day(),
        field.get("discharged_on").day(),
        Settlement(*(_sum(field.find(key)) for key in _SETTLEMENT)),
    )


def _sum(field: Field | None) -> Fen | None:
    return field.money() if field else None


def _hospital(field: Field) -> Hospital:
    field.keys("name", "city", "level", "rank")
    city, level = field.find("city"), field.find("level")
    return Hospital(
        field.get("name").text(),
        city.text() if city else None,
        level.whole(1, 3) if level else None,
        _rank(field.find("rank")),
    )


def _rank(field: Field | None) -> Rank | None:
    return field.one_of(*RANKS) if field else None


def _exclusion(field: Field) -> str | None:
    found = field.find("exclusion")
    return found.text() if found else None


def _illness(field: Field) -> IllnessEvent:
    field.keys("kind", "illness", "diagnosed_on", "first_diagnosis", "exclusion")
    illness = field.get("illness")
    several = illness.items() if isinstance(illness.value, list) else (illness,)
    illnesses = tuple(each.text() for each in several)
    if not illnesses:
        raise illness.bad(_("至少一种"))
    return IllnessEvent(
        illnesses,
        field.get("diagnosed_on").day(),
        field.get("first_diagnosis").flag(),
        _exclusion(field),
    )


def _accident(field: Field) -> AccidentEvent:
    field.keys(
        "kind",
        "happened_on",
        "outcome",
        "grades",
        "area",
        "percent",
        "in_hospital_for_illness",
        "treatment_ended",
        "exclusion",
    )
    outcome = field.get("outcome").one_of(*AccidentOutcome)
    in_hospital, ended = field.find("in_hospital_for_illness"), field.find("treatment_ended")
    return AccidentEvent(
        field.get("happened_on").day(),
        outcome,
        _grades(field) if outcome is AccidentOutcome.DISABILITY else (),
        _burn(field) if outcome is AccidentOutcome.BURN else None,
        in_hospital.flag() if in_hospital else False,
        ended.flag() if ended else True,
        _exclusion(field),
    )


def _grades(field: Field) -> tuple[int, ...]:
    return tuple(each.whole(1, 10) for each in field.get("grades").items())


def _burn(field: Field) -> Burn:
    return Burn(field.get("area").one_of("head", "body"), field.get("percent").percent())
