"""Cover that came about on another way, for tests of what meets it."""

from datetime import date

from sqlalchemy.orm import Session

from models import Coverage, Member
from rules import plans
from workflows.enrolment.cover import cover_year


def cover_by_hand(session: Session, unit_id: int, member: Member, start: date) -> None:
    """Cover the member under the main plan for a year."""
    plan = plans.load("main-2025")
    year = cover_year(session, unit_id, plan, start, start.replace(year=start.year + 1))
    session.add(
        Coverage(
            member_id=member.id,
            cover_year_id=year.id,
            plan=plan.code,
            family=plan.family,
            starts_on=year.starts_on,
            ends_on=year.ends_on,
        )
    )
