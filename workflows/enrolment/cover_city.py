"""The city of a cover year (R32): changed for a period only with a reason and by two persons.

The register of units says where a unit is now; this says where it was when the cover began.
"""

from sqlalchemy.orm import Session

from language import _
from models import CoverYear, Unit, User
from rules.errors import OwnWork, Refused
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.people.persons import own_accounts
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require


def ask_for_city(
    session: Session, office: Office, person: User, year: CoverYear, city: str, reason: str
) -> None:
    """Ask for another city of this period; it counts once a second person confirms it."""
    require(person, Act.CHANGE_UNITS)
    city = city.strip()
    if not city or city == year.city:
        raise Refused(_("请填写与现在不同的城市"))
    year.city_reason = told_reason(reason, _("请写明原因"))
    year.city_asked, year.city_asked_by = city, person.id
    _record(session, office, person, year, "ask_for_city", year.city_reason)


def confirm_city(
    session: Session, office: Office, person: User, year: CoverYear, seen: str
) -> None:
    """Let the city that was asked for count; claims judged from now on go by it.

    `seen` is the city the person was shown; Refused where it is another one by now.
    """
    require(person, Act.WAIVE)
    if year.city_asked is None or year.city_reason is None:
        raise Refused(_("这一期没有待确认的城市"))
    if year.city_asked_by in own_accounts(session, person):
        raise OwnWork(_("提出更改的人不能确认"))
    if year.city_asked != seen:
        raise Refused(_("提出的城市在显示之后已有变动，请重新核对"))
    _record(session, office, person, year, "confirm_city", year.city_reason)
    year.city = year.city_asked
    year.city_asked = year.city_reason = year.city_asked_by = None


def _record(
    session: Session, office: Office, person: User, year: CoverYear, verb: str, reason: str
) -> None:
    """An event of the unit, with the city before and after."""
    unit = session.get_one(Unit, year.unit_id, with_for_update={"key_share": True})
    record(
        session,
        unit,
        verb,
        office.clock(),
        person.id,
        cover_year=year.id,
        before=year.city,
        after=year.city_asked,
        reason=reason,
    )
