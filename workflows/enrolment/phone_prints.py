"""Fingerprints, filled at the upgrade, of telephone numbers that are older than fingerprints."""

import logging

from sqlalchemy import select

from documents.sealing import SealBroken
from models import Member
from workflows.engine.office import Office
from workflows.sealed_values.members import print_phone

log = logging.getLogger("huzhu.upgrade")

_AT_ONCE = 1000


def fill_phone_prints(office: Office) -> int:
    """Fingerprint them, so that one number on two members is noticed; return how many.

    A number that does not open is named by its member in the log and left as it is: the program
    must start all the same.
    """
    query = select(Member).where(Member.phone.is_not(None), Member.phone_print.is_(None))
    count = last = 0
    while True:
        with office.sessions.unit_of_work() as session:
            rows = query.where(Member.id > last).order_by(Member.id).limit(_AT_ONCE)
            members = session.scalars(rows.with_for_update()).all()
            count += sum(_fill(office, member) for member in members)
            if not members:
                return count
            last = members[-1].id


def _fill(office: Office, member: Member) -> bool:
    try:
        print_phone(office.keys, member)
    except SealBroken:
        log.warning("telephone number does not open member=%s", member.id)
        return False
    return True
