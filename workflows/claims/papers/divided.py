"""Claims whose papers were given to several claims, one for each person in them."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from language import _
from models import Claim, Packet
from rules.errors import Refused


def is_divided() -> ColumnElement[bool]:
    """Whether the claim's papers were given to several claims: it is no claim of any of them."""
    part = aliased(Packet)
    return select(part.id).where(part.cut_from == Claim.id).exists()


def was_divided(session: Session, claim: Claim) -> bool:
    """Whether this claim was divided."""
    return session.scalar(select(is_divided()).where(Claim.id == claim.id)) or False


def refuse_divided(session: Session, claim: Claim) -> None:
    """Its papers are those of other claims by now, which would be paid twice."""
    parts = (
        select(Claim.number)
        .select_from(Packet)
        .outerjoin(Claim, Claim.id == Packet.claim_id)
        .where(Packet.cut_from == claim.id)
        .order_by(Claim.id)
    )
    if numbers := session.scalars(parts).all():
        named = "、".join(dict.fromkeys(number or _("正在收件") for number in numbers))
        words = {"number": claim.number, "parts": named}
        raise Refused(_("案件 %(number)s 已按人分开（%(parts)s），不能恢复办理") % words)
