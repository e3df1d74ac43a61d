"""The papers of an enrolment: faulty rows to correct, the confirmation, the members' list."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.letters.contents import Sender
from documents.letters.cover_papers import CoverConfirmation, CoveredMember, write_member_list
from documents.letters.writing import write
from documents.masks import mask_card, mask_id
from documents.rosters.check import RosterCheck
from documents.rosters.handed_out import CellShown, in_full, masked, write_faulty_rows
from language import SOURCE, _, speaking
from models import AuditEvent, CoverYear, Enrolment, EnrolmentLine, Member, User
from models.states import EnrolmentState
from rules import plans
from rules.errors import Refused
from rules.money import Fen
from rules.plans import Plan
from rules.renewal import continued_from
from workflows.engine.history import record
from workflows.engine.office import BEIJING, Office
from workflows.enrolment.roster_preview import preview
from workflows.people import reveals
from workflows.people.rights import Act, require_for
from workflows.sealed_values.members import card_of, id_number_of


def faulty_rows(session: Session, office: Office, person: User, enrolment: Enrolment) -> bytes:
    """The rows that are left out, with their faults, as a spreadsheet for the unit to correct.

    Numbers are whole for the person who handed the roster in, who has them, and masked for others.
    Once the roster is accepted there is nothing to correct: then the whole of it would be faulty,
    since its members are enrolled.
    """
    require_for(person, enrolment.unit_id, Act.ENROL)
    if enrolment.state not in (EnrolmentState.CHECKED, EnrolmentState.SHORT):
        words = _("名册 %(number)s 已不在待确认，没有需改正的行可下载")
        raise Refused(words % {"number": enrolment.number})
    found = preview(session, office, enrolment)
    check = RosterCheck(plans.load(enrolment.plan), found.sound, found.faults, {})
    rows = len({fault.row for fault in found.faults})
    shown: CellShown
    if person.id == enrolment.handed_in_by:
        reveals.take_roster(session, office, person, enrolment, "take_faults", rows=rows)
        shown = in_full
    else:
        record(session, enrolment, "take_masked_faults", office.clock(), person.id, rows=rows)
        shown = masked
    return write_faulty_rows(office.store.get(enrolment.sha256), check, office.limits, shown)


def confirmation(session: Session, office: Office, person: User, enrolment: Enrolment) -> bytes:
    """The confirmation of cover; it is in Chinese because it goes to a unit."""
    year = _year(person, enrolment)
    plan, lines = plans.load(enrolment.plan), _lines(session, enrolment)
    settings = office.settings
    with speaking(SOURCE):
        return write(
            CoverConfirmation(
                office=Sender(settings.office_name, settings.office_contact),
                number=enrolment.number,
                issued_on=_began_on(session, enrolment),
                unit_name=enrolment.unit.name,
                unit_code=enrolment.unit.code or "",
                plan_name=plan.name,
                plan_cited=plan.cited,
                cover_from=year.starts_on,
                cover_to=year.ends_on,
                members=len(lines),
                shares=sum(line.shares for line, _member in lines),
                own_part=enrolment.fee_due,
                subsidy=enrolment.subsidy_due,
                whole=Fen(enrolment.fee_due + enrolment.subsidy_due),
                served_since=_served_since(session, year, plan),
            )
        )


def member_list(session: Session, office: Office, person: User, enrolment: Enrolment) -> bytes:
    """A spreadsheet, in Chinese, of the members this enrolment covers; numbers are masked."""
    year = _year(person, enrolment)
    with speaking(SOURCE):
        return write_member_list(
            [_covered(office, line, member) for line, member in _lines(session, enrolment)],
            year.starts_on,
            year.ends_on,
        )


def _year(person: User, enrolment: Enrolment) -> CoverYear:
    require_for(person, enrolment.unit_id, Act.GET_COVER_PAPERS)
    if enrolment.state != EnrolmentState.COVERED or enrolment.cover_year is None:
        raise Refused(_("名册 %(number)s 尚未生效") % {"number": enrolment.number})
    return enrolment.cover_year


def _began_on(session: Session, enrolment: Enrolment) -> date:
    """The date of the confirmation: the day cover was begun, so that each copy is the same."""
    began_at = session.scalars(
        select(AuditEvent.at).filter_by(
            subject=Enrolment.__tablename__, subject_id=enrolment.id, verb="begin_cover"
        )
    ).one()
    return began_at.astimezone(BEIJING).date()


def _lines(session: Session, enrolment: Enrolment) -> list[tuple[EnrolmentLine, Member]]:
    rows = session.execute(
        select(EnrolmentLine, Member)
        .join(Member)
        .where(EnrolmentLine.enrolment_id == enrolment.id, EnrolmentLine.struck_at.is_(None))
        .order_by(EnrolmentLine.row)
    )
    return [(row[0], row[1]) for row in rows]


def _covered(office: Office, line: EnrolmentLine, member: Member) -> CoveredMember:
    card = card_of(office.keys, member)
    return CoveredMember(
        name=member.name,
        sex=member.sex,
        id_masked=mask_id(id_number_of(office.keys, member)),
        bank_name=member.bank_name or "",
        card_masked=mask_card(card) if card else "",
        shares=line.shares,
        own_part=Fen(line.fee - line.subsidy),
        subsidy=line.subsidy,
    )


def _served_since(session: Session, year: CoverYear, plan: Plan) -> date | None:
    """R10: the first day of the unit's consecutive years; each gap is within the grace."""
    earlier = session.scalars(
        select(CoverYear)
        .where(
            CoverYear.unit_id == year.unit_id,
            CoverYear.plan.in_(plans.codes_of(plan.family)),
            CoverYear.starts_on < year.starts_on,
        )
        .order_by(CoverYear.starts_on.desc())
    )
    first = year.starts_on
    for each in earlier:
        if each.ends_on < continued_from(plan, first):
            break
        first = each.starts_on
    return first if first < year.starts_on else None
