"""Writes a reminder's papers: the red-header notice, and the pre-filled roster.

The roster is written twice: with whole numbers for download, with masked ones for the mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session

from documents.letters import writing
from documents.letters.contents import Sender
from documents.letters.renewal_notice import FeeAccount, RenewalNotice
from documents.masks import mask_card, mask_id, mask_phone
from documents.rosters.handed_out import RenewalLine, write_renewal_roster
from language import SOURCE, speaking
from models import Coverage, CoverYear, Member, Renewal
from rules import plans
from rules.enrolment import age_allows
from rules.money import Fen
from rules.plans import Plan
from rules.renewal import gapless_by, next_edition, unbroken_by, waits
from settings import Settings
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.engine.steps import Lease
from workflows.renewal.notice_sender import has_fee_account
from workflows.renewal.reminders import is_still_wanted, locked_look
from workflows.renewal.renewed_years import has_gone_on
from workflows.sealed_values.members import card_of, id_number_of, phone_of


@dataclass(frozen=True)
class Written:
    """The hashes under which the papers are stored."""

    letter: str
    roster: str
    mailed_roster: str


def gather(session: Session, row: Renewal, office: Office) -> int | None:
    """Give the notice its number and date; None if the reminder is no longer needed."""
    if not is_still_wanted(session, office, row):
        return None
    if row.number is None:
        today = office.today()
        row.number = _next_number(session, office, today.year)
        row.issued_on = today
    return row.id


def work(row_id: int, office: Office, _lease: Lease[Renewal]) -> Written:
    """Write and store the papers; the roster for the mail masks all numbers."""
    with office.sessions.read_only() as session, speaking(SOURCE):
        row = session.get_one(Renewal, row_id)
        lines = lines_of(session, office, row)
        notice = notice_of(office, row, lines, _covered(session, row) - len(lines))
        plan, unit_name = next_plan(row.cover_year), row.unit.name
    with speaking(SOURCE):
        whole, masked = (
            write_renewal_roster(unit_name, plan, notice.next_from, shown)
            for shown in (lines, [_masked(line) for line in lines])
        )
        put = office.store.put
        return Written(put(writing.write(notice)), put(whole), put(masked))


def record_papers(session: Session, row: Renewal, written: Written, office: Office) -> None:
    """Record the hashes of the papers, and advance to the step that sends them."""
    row.letter_sha256, row.roster_sha256 = written.letter, written.roster
    row.mailed_roster_sha256, row.written_at = written.mailed_roster, office.clock()
    advance(session, row, "write_renewal", office, number=number_of(office, row))


def number_of(office: Office, row: Renewal) -> str:
    """The notice's number as it is printed: 互助续保〔2026〕12号."""
    assert row.issued_on is not None
    return f"{office.settings.renewal_series}〔{row.issued_on.year}〕{row.number}号"


def next_plan(year: CoverYear) -> Plan:
    """The edition of the plan under which the unit renews this year."""
    return next_edition(plans.family_of(year.plan), year.ends_on)


def lines_of(session: Session, office: Office, row: Renewal) -> list[RenewalLine]:
    """The members of the year that ends who have not renewed, in the order of its roster."""
    members = session.execute(
        select(Member, Coverage.shares)
        .join(Coverage, Coverage.member_id == Member.id)
        .join(CoverYear, CoverYear.id == Coverage.cover_year_id)
        .where(
            CoverYear.id == row.cover_year_id, ~has_gone_on(plans.family_of(row.cover_year.plan))
        )
        .order_by(Coverage.id)
    )
    return [_line(office, row, member, shares) for member, shares in members]


def notice_of(
    office: Office, row: Renewal, lines: Sequence[RenewalLine], renewed: int
) -> RenewalNotice:
    """What the notice says of the members left, as of the day it is issued."""
    year, settings, plan = row.cover_year, office.settings, next_plan(row.cover_year)
    terms, next_from = plan.enrolment, year.ends_on + timedelta(days=1)
    fee, subsidy = terms.fee.value, terms.subsidy.value if terms.subsidy else Fen(0)
    stay = [line for line in lines if line.left_on is None or line.left_on >= next_from]
    going = [line for line in stay if line.born is None or age_allows(plan, line.born, next_from)]
    rest = Fen((fee or 0) - subsidy)
    assert row.issued_on is not None
    return RenewalNotice(
        office=Sender(settings.office_name, settings.unit_contact),
        number=number_of(office, row),
        issued_on=row.issued_on,
        unit_name=row.unit.name,
        plan_name=plan.name,
        plan_cited=plan.cited,
        cover_from=year.starts_on,
        cover_to=year.ends_on,
        days_left=(year.ends_on - row.issued_on).days,
        members=len(lines),
        renewed=renewed,
        leavers=len(lines) - len(stay),
        over_age=len(stay) - len(going),
        going_on=len(going),
        age_most=terms.age_most.value,
        next_from=next_from,
        fee=fee,
        subsidy=subsidy,
        rest=rest,
        due=Fen(rest * sum(line.shares for line in going)) if fee else None,
        account=_account(settings),
        phone=settings.office_phone,
        term_years=terms.term_years.value,
        gapless_by=gapless_by(year.ends_on),
        unbroken_by=unbroken_by(plan, year.ends_on) if waits(plan) else None,
    )


def _account(settings: Settings) -> FeeAccount | None:
    if not has_fee_account(settings):
        return None
    return FeeAccount(settings.fee_account_name, settings.fee_account, settings.fee_account_bank)


def _covered(session: Session, row: Renewal) -> int:
    count = select(func.count()).select_from(Coverage).filter_by(cover_year_id=row.cover_year_id)
    return session.scalars(count).one()


def _next_number(session: Session, office: Office, year: int) -> int:
    locked_look(session, office)
    last = session.scalar(
        select(func.max(Renewal.number)).where(extract("year", Renewal.issued_on) == year)
    )
    return (last or 0) + 1


def _line(office: Office, row: Renewal, member: Member, shares: int) -> RenewalLine:
    keys = office.keys
    return RenewalLine(
        name=member.name,
        id_number=id_number_of(keys, member),
        born=member.birth_date,
        phone=phone_of(keys, member) or "",
        bank_name=member.bank_name or "",
        card=card_of(keys, member) or "",
        shares=shares,
        left_on=_left_on(row, member),
    )


def _left_on(row: Renewal, member: Member) -> date | None:
    """When the member left this unit; None if he is still there.

    A member of another unit counts as gone on the day of issue, at the latest at the year's end.
    """
    if member.unit_id == row.unit_id:
        return member.left_on
    assert row.issued_on is not None
    return min(row.issued_on, row.cover_year.ends_on)


def _masked(line: RenewalLine) -> RenewalLine:
    return replace(
        line,
        id_number=mask_id(line.id_number),
        card=mask_card(line.card),
        phone=mask_phone(line.phone),
    )
