"""Whether every hospital in another city has a settlement sheet or invoice of its own."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from documents.reading.agreement import agree
from documents.reading.bills import billing_hospitals
from documents.reading.field_names import FieldName
from documents.reading.page import PageReading
from models import Claim
from rules import hospitals
from rules.facts import Hospital
from workflows.claims.events.cover_units import city_on, day_of
from workflows.claims.events.events_read import STAY, kind_of


def lacks_a_bill(
    claim: Claim, events: Sequence[Mapping[str, Any]], pages: Sequence[PageReading]
) -> bool:
    """Whether one of the hospitals elsewhere has none. A bill that names no hospital stands for one
    that no other bill names."""
    elsewhere = dict.fromkeys(name for event in events for name in _elsewhere(claim, event))
    if not elsewhere:
        return False
    bills = billing_hospitals(pages)
    named = [bill for bill in bills if bill]
    without = [one for one in elsewhere if not any(_is_of(one, bill) for bill in named)]
    return len(without) > bills.count(None)


def _elsewhere(claim: Claim, event: Mapping[str, Any]) -> Iterator[str]:
    """The hospitals of the stay that are outside the city of the unit of the cover on that day, as
    a person or a paper says, else the register (R6, R32); of which nothing is known is not."""
    day = day_of(event)
    if kind_of(event) != STAY or claim.member is None or day is None:
        return
    city, register = city_on(claim.member, day), hospitals.shipped()
    for part in (event, *event.get("transfers", ())):
        told = part["hospital"]
        if not told["name"]:
            continue
        known = register.filled_in(Hospital(told["name"], told.get("city")), day)
        if known.city and not register.same_city(known.city, city):
            yield told["name"]


def _is_of(hospital: str, bill: str) -> bool:
    return agree(FieldName.HOSPITAL_NAME, hospital, bill)
