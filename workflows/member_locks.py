"""How a member's row is locked: what he was granted, his card and his death change one by one."""

from sqlalchemy import ColumnElement, Select, select

from models import Member


def locked(which: ColumnElement[bool]) -> Select[Member]:
    """These members, read anew and locked in order of id, so that two workers never wait for each
    other.

    The lock leaves the member's key free (key_share): rows that merely point to him, a new line of
    a roster for instance, can be written meanwhile.
    """
    members = select(Member).where(which).order_by(Member.id)
    return members.with_for_update(key_share=True).execution_options(populate_existing=True)
