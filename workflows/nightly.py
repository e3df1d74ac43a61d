"""The nightly work: cleans up, ends holds, erases, proves the promises, and verifies the log."""

import logging
from collections.abc import Callable

from workflows.alike_pages import note_unsearched
from workflows.audit.nightly_check import check_log
from workflows.claims.acts import resting
from workflows.claims.packets import originals
from workflows.day_proof.day_proof import prove_yesterday
from workflows.engine.heartbeats import forget_old_heartbeats
from workflows.engine.office import Office
from workflows.people.api_answers import forget_old_answers
from workflows.proof import prove
from workflows.retention import unnamed
from workflows.retention.erasing import counted, erase_due

log = logging.getLogger("huzhu.proof")


def run_all(office: Office) -> None:
    """Do each part of the night's work, also after one that failed; then raise what was raised."""
    failures = []
    for part in PARTS:
        try:
            part(office)
        except Exception as error:
            log.exception("failed part=%s", part.__name__)
            failures.append(error)
    if failures:
        raise ExceptionGroup("the night's work", failures)


def tidy(office: Office) -> int:
    """Remove temporary files that crashed writers left in the store, and originals that are kept
    no longer; return how many."""
    rests = office.store.sweep(office.clock())
    old = originals.forget_old(office)
    log.info("unfinished files removed=%s originals removed=%s", rests, old)
    return rests + old


def forget_answers(office: Office) -> int:
    """Remove the old answers to programs; return how many."""
    removed = forget_old_answers(office)
    log.info("old answers to programs removed=%s", removed)
    return removed


def forget_processes(office: Office) -> int:
    """Remove what processes said that died more than a day ago; return how many."""
    removed = forget_old_heartbeats(office)
    log.info("old heartbeats removed=%s", removed)
    return removed


def forget_unnamed(office: Office) -> int:
    """Remove old files that nothing names, a thirtieth of the store each night; how many."""
    removed = unnamed.forget_unnamed(office)
    log.info("unnamed files removed=%s", removed)
    return removed


def end_holds(office: Office) -> int:
    """Have decided claims that were held until today go on; return how many."""
    ended = resting.end_holds(office)
    log.info("holds ended=%s", ended)
    return ended


def erase_old(office: Office) -> int:
    """Erase what is kept no longer, where the office wants it done at night; return how many rows.

    Where it does not, the log says how many wait for the command.
    """
    if office.settings.erase_at_night:
        erased = erase_due(office)
        log.info("rows erased=%s", erased.total())
        return erased.total()
    log.info("rows due to be erased=%s", counted(office).total())
    return 0


def compare_pages(office: Office) -> int:
    """Compare the pages that were read before pages were compared; return how many."""
    compared = note_unsearched(office)
    log.info("pages compared=%s", compared)
    return compared


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


PARTS: tuple[Callable[[Office], int], ...] = (
    tidy,
    forget_answers,
    forget_processes,
    forget_unnamed,
    end_holds,
    erase_old,
    compare_pages,
    prove_all,
    prove_yesterday,
    check_log,
)
