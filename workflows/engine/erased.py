"""Refuses to show or use what is erased."""

from language import _
from models import Claim, Member
from rules.errors import Refused


def require_kept(found: Member | Claim) -> None:
    """Refused where the years of the member or the claim are over, and what was of him is gone."""
    if not found.erased_at:
        return
    if isinstance(found, Claim):
        raise Refused(_("案件 %(number)s 的资料已满保留期限，已抹去") % {"number": found.number})
    raise Refused(_("会员 %(id)s 的资料已满保留期限，已抹去") % {"id": found.id})
