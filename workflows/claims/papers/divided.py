"""Claims whose papers were given to several claims, one for each person in them."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from models import Claim, Packet


def is_divided() -> ColumnElement[bool]:
    """Whether the claim's papers were given to several claims: it is no claim of any of them."""
    part = aliased(Packet)
    return select(part.id).where(part.cut_from == Claim.id).exists()
