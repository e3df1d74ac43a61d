"""Verifies the log by itself each night, and keeps what was found for those who watch."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEvent
from workflows.audit.root_copies import copied
from workflows.audit.roots import signer_of
from workflows.audit.verify import RootCopies, verify
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.people.office_events import installation

CHECKED = "verify_log"

CHECK_OLD = timedelta(hours=36)
"""How old the last check may be: one night was left out then."""

log = logging.getLogger("huzhu.audit")


@dataclass(frozen=True)
class LogCheck:
    """What the last check found: the codes of what does not hold."""

    at: datetime
    broken: tuple[str, ...]


def check_log(office: Office) -> int:
    """Verify the log with this machine's own keys and file of roots, and write down what does not
    hold; how many checks that are. Without a key there is nothing to verify."""
    if not office.settings.audit_key.get_secret_value():
        return 0
    file = office.settings.roots_file
    broken = []
    with office.sessions.read_only() as session:
        copies = RootCopies(str(file), copied(file))
        for found in verify(session, office, signer_of(office).public, copies):
            bad = len(found.violations)
            level = logging.ERROR if bad else logging.INFO
            log.log(level, "check=%s checked=%s broken=%s", found.code, found.checked, bad)
            broken += [found.code] if bad else []
    with office.sessions.unit_of_work("check log") as session:
        record(session, installation(session), CHECKED, office.clock(), broken=broken)
    return len(broken)


def last_check(session: Session) -> LogCheck | None:
    """The last one; None where there was none."""
    checks = select(AuditEvent.at, AuditEvent.detail).filter_by(verb=CHECKED)
    latest = checks.order_by(AuditEvent.at.desc(), AuditEvent.position.desc()).limit(1)
    found = session.execute(latest).one_or_none()
    if found is None:
        return None
    broken = found.detail["broken"]
    assert isinstance(broken, list)
    return LogCheck(found.at, tuple(map(str, broken)))
