"""The nightly work: cleans up, ends holds, and proves the promises on the database."""

import logging

from sqlalchemy import select

from models import Member
from workflows.claims.acts import resting
from workflows.engine.office import Office
from workflows.proof import prove
from workflows.sealed_values import print_phone

log = logging.getLogger("huzhu.proof")

_AT_ONCE = 1000


def tidy(office: Office) -> int:
    """Remove temporary files that crashed writers left in the store; return how many."""
    rests = office.store.sweep(office.clock())
    log.info("unfinished files removed=%s", rests)
    return rests


def print_phones(office: Office) -> int:
    """Fingerprint the telephone numbers that were kept before they had fingerprints, so that one
    number on two members is noticed; return how many."""
    query = select(Member).where(Member.phone.is_not(None), Member.phone_print.is_(None))
    count = 0
    while True:
        with office.sessions.unit_of_work() as session:
            members = session.scalars(query.limit(_AT_ONCE).with_for_update(skip_locked=True)).all()
            for member in members:
                print_phone(office.keys, member)
        count += len(members)
        if len(members) < _AT_ONCE:
            log.info("telephone numbers fingerprinted=%s", count)
            return count


def end_holds(office: Office) -> int:
    """Have decided claims that were held until today go on; return how many."""
    ended = resting.end_holds(office)
    log.info("holds ended=%s", ended)
    return ended


def prove_all(office: Office) -> int:
    """Prove every promise; return how many are broken. The log has counts only, no sentences."""
    broken = 0
    with office.sessions.read_only() as session:
        for found in prove(session, office):
            bad = len(found.violations)
            level = logging.ERROR if bad else logging.INFO
            log.log(level, "promise=%s checked=%s broken=%s", found.code, found.checked, bad)
            broken += bool(bad)
    return broken
