"""Whether the office has as many supervisors as its approval limits ask for."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from language import _
from models import User
from rules.approval_limits import ApproverLevel, approver_gaps
from rules.money import yuan_text
from settings import Settings
from workflows.people.excluded_roles import counting
from workflows.people.rights import ROLES, Act


def lacking_approvers(session: Session, settings: Settings) -> list[str]:
    """A sentence for each limit above which nobody, or too few, could approve a claim today."""
    levels: defaultdict[str, set[ApproverLevel]] = defaultdict(set)
    rows = session.execute(
        select(User.staff_number, User.roles, User.level).where(User.disabled_at.is_(None))
    )
    for number, roles, level in rows:
        if ROLES[Act.APPROVE] & counting(roles):
            levels[number].add(ApproverLevel(level))
    told = _("超过 %(above)s 元的案件须由 %(asked)s 人审批，现在能审批的只有 %(there)s 人")
    return [
        told % {"above": yuan_text(gap.above), "asked": gap.asked, "there": gap.there}
        for gap in approver_gaps(
            settings.approval_limits, settings.approval_ceilings, levels.values()
        )
    ]
