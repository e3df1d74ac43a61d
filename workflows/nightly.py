"""What is done once a night: the store is tidied, the database proves its promises."""

import logging

from workflows.engine.office import Office
from workflows.proof import prove

log = logging.getLogger("huzhu.proof")


def tidy(office: Office) -> int:
    """Remove what crashed writers left in the store; how many files."""
    rests = office.store.sweep(office.clock())
    log.info("unfinished files removed=%s", rests)
    return rests


def prove_all(office: Office) -> int:
    """Prove every promise; how many are broken. Sentences are for people, the log has counts."""
    broken = 0
    with office.sessions.look() as session:
        for found in prove(session, office):
            bad = len(found.violations)
            level = logging.ERROR if bad else logging.INFO
            log.log(level, "promise=%s checked=%s broken=%s", found.code, found.checked, bad)
            broken += bool(bad)
    return broken
