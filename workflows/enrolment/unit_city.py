"""The city of a unit in the register: covers that begin are paid by it (R32), so that the first one
and each change count once a second person confirms them."""

from sqlalchemy.orm import Session

from language import _
from models import Unit, User
from rules.errors import OwnWork, Refused
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.people.persons import own_accounts
from workflows.people.rights import Act, require


def ask_for_unit_city(
    session: Session, office: Office, person: User, unit: Unit, city: str
) -> None:
    """Ask for a city of the unit; the one in force stays until a second person confirms."""
    require(person, Act.CHANGE_UNITS)
    unit.city_asked, unit.city_asked_by = city, person.id
    _record(session, office, person, unit, "ask_for_city")


def confirm_unit_city(
    session: Session, office: Office, person: User, unit: Unit, seen: str
) -> None:
    """Let the city that was asked for count for covers that begin from now on.

    `seen` is the city the person was shown; Refused where it is another one by now.
    """
    _require_asked(person, unit, seen)
    if unit.city_asked_by in own_accounts(session, person):
        raise OwnWork(_("提出更改的人不能确认"))
    _record(session, office, person, unit, "confirm_city")
    unit.city = seen
    unit.city_asked = unit.city_asked_by = None


def refuse_unit_city(session: Session, office: Office, person: User, unit: Unit, seen: str) -> None:
    """Leave the city as it is, against the one that was shown."""
    _require_asked(person, unit, seen)
    _record(session, office, person, unit, "refuse_city")
    unit.city_asked = unit.city_asked_by = None


def require_city(unit: Unit) -> None:
    """Refused where the unit has no city that two people gave: no cover may begin."""
    if not unit.city:
        words = {"unit": unit.name, "city": unit.city_asked or "—"}
        raise Refused(_("单位 %(unit)s 的城市（%(city)s）尚未由另一人确认，不能参保") % words)


def _require_asked(person: User, unit: Unit, seen: str) -> None:
    require(person, Act.WAIVE)
    if unit.city_asked is None:
        raise Refused(_("这个单位没有待确认的城市"))
    if unit.city_asked != seen:
        raise Refused(_("提出的城市在显示之后已有变动，请重新核对"))


def _record(session: Session, office: Office, person: User, unit: Unit, verb: str) -> None:
    cities = {"before": unit.city, "after": unit.city_asked}
    record(session, unit, verb, office.clock(), person.id, **cities)
