"""Cover of a member, for the screens."""

from dataclasses import dataclass
from datetime import date

from models import Coverage
from rules import plans


@dataclass(frozen=True)
class MemberCover:
    """One cover of a member; first and last day are both covered."""

    plan: str
    shares: int
    starts_on: date
    ends_on: date
    is_running: bool


def cover_shown(cover: Coverage, today: date) -> MemberCover:
    """The cover with the name of its plan."""
    return MemberCover(
        plan=plans.load(cover.plan).name,
        shares=cover.shares,
        starts_on=cover.starts_on,
        ends_on=cover.ends_on,
        is_running=cover.starts_on <= today <= cover.ends_on,
    )
