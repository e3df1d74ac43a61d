"""The register of units (单位): who may enrol, how many work there, and whom to ask."""

from dataclasses import dataclass, fields

from sqlalchemy import and_, literal, or_, select
from sqlalchemy.orm import Session
from stdnum.cn import uscc

from documents.phones import phone_is_valid
from language import _
from models import Unit, User
from rules.errors import Refused
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.enrolment.unit_city import ask_for_unit_city
from workflows.people.rights import Act, require


@dataclass(frozen=True, kw_only=True)
class UnitFacts:
    """What the register says about a unit; empty text and None mean not known."""

    name: str
    city: str
    code: str = ""
    has_union: bool = True
    headcount: int | None = None
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""


def register(session: Session, office: Office, person: User, facts: UnitFacts) -> Unit:
    """Put a new unit into the register; its city is asked for, and a second person confirms it."""
    require(person, Act.CHANGE_UNITS)
    unit = Unit(version=0, city="")
    _put_down(session, unit, facts)
    session.add(unit)
    session.flush()
    record(session, unit, "register", office.clock(), person.id)
    ask_for_unit_city(session, office, person, unit, facts.city.strip())
    return unit


def change(session: Session, office: Office, person: User, unit: Unit, facts: UnitFacts) -> None:
    """Store what has changed; the event names the fields but not their values.

    Another city is only asked for: a second person confirms it.
    """
    require(person, Act.CHANGE_UNITS)
    city = facts.city.strip()
    changed = _put_down(session, unit, facts)
    if city not in (unit.city, unit.city_asked):
        ask_for_unit_city(session, office, person, unit, city)
    if changed:
        record(session, unit, "change", office.clock(), person.id, fields=changed)


def facts_of(unit: Unit) -> UnitFacts:
    """What the register says about this unit; the first city also before it is confirmed."""
    return UnitFacts(
        name=unit.name,
        city=unit.city or unit.city_asked or "",
        code=unit.code or "",
        has_union=unit.has_union,
        headcount=unit.headcount,
        contact_name=unit.contact_name or "",
        contact_phone=unit.contact_phone or "",
        contact_email=unit.contact_email or "",
    )


def _put_down(session: Session, unit: Unit, facts: UnitFacts) -> list[str]:
    """Check the facts and store all but the city; return the names of the fields that changed."""
    code = uscc.compact(facts.code)
    if not facts.name.strip() or not facts.city.strip():
        raise Refused(_("请填写单位名称和所在城市"))
    if code and not uscc.is_valid(code):
        raise Refused(_("统一社会信用代码应为 18 位，且通过校验"))
    if facts.headcount is not None and facts.headcount < 1:
        raise Refused(_("在职职工人数应大于 0"))
    if facts.contact_phone and not phone_is_valid(facts.contact_phone):
        raise Refused(_("联系电话应为 11 位手机号，或连同区号的座机"))
    if facts.contact_email and "@" not in facts.contact_email:
        raise Refused(_("电子邮箱格式不对"))
    _refuse_a_second(session, unit, facts.name.strip(), code)
    changed = []
    for field in fields(facts):
        if field.name == "city":
            continue
        value = code if field.name == "code" else getattr(facts, field.name)
        value = (value.strip() or None) if isinstance(value, str) else value
        if getattr(unit, field.name) != value:
            setattr(unit, field.name, value)
            changed.append(field.name)
    return changed


def _refuse_a_second(session: Session, unit: Unit, name: str, code: str) -> None:
    same = or_(Unit.name == name, and_(Unit.code == code, literal(bool(code))))
    with session.no_autoflush:
        other = session.scalar(select(Unit).where(same, Unit.id != (unit.id or 0)).limit(1))
    if other is not None:
        raise Refused(_("已有单位 %(name)s，名称或信用代码相同") % {"name": other.name})
