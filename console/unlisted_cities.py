"""A city outside the hospital register is typed twice in the form of an event."""

from collections.abc import Mapping

from console.forms import listed
from documents.reading.further_stays import keyed
from language import N_, _
from rules import hospitals
from rules.errors import BadInput

CITY_AGAIN = N_("名录外的城市（再写一次以确认）")


def unlisted(city: str) -> str:
    """The city if the register does not know it; empty otherwise."""
    return "" if hospitals.shipped().knows_city(city) else city


def require_known_cities(form: Mapping[str, str]) -> None:
    """Refuse a city that the hospital register does not know, unless it is typed a second time: a
    mistyped one would lower the benefit to that of another city (R6)."""
    again = listed(form.get("city_again", ""))
    stays = keyed(form.get("further", "").strip()) if form.get("further", "").strip() else ()
    for city in (form.get("city", "").strip(), *(stay.city for stay in stays)):
        if city and unlisted(city) and city not in again:
            sentence = _(
                "医院所在市：名录里没有“%(city)s”；写错了请改正，没有写错请在“%(again)s”再写一次"
            )
            words = {"city": city[:20], "again": _(CITY_AGAIN)}
            raise BadInput(sentence % words, "city_again")
