"""Showing numbers in full (查看完整号码): each is an event, and one person sees so many in a time.

Who needs one for his work sees one. Who looks at them in a row is collecting them. A roster with
whole numbers counts by itself: one of them is some hundred numbers, and a unit's work. So does
an export of everything that is held on one member.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from language import N_, _
from models import AuditEvent, Enrolment, User
from models.base import Audited
from rules.errors import Refused
from settings import Settings
from workflows.engine.history import record
from workflows.engine.office import BEIJING, Office
from workflows.people.persons import own_accounts

_VERB = "reveal"
_TAKEN = ("take_roster", "take_faults", "export")
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_SENTENCES = {
    _HOUR: N_("您在一小时内已查看 %(count)s 次完整号码，已到限额；%(at)s 起可再查看，急用请找同事"),
    _DAY: N_("您在一天内已查看 %(count)s 次完整号码，已到限额；%(at)s 起可再查看，急用请找同事"),
}
_FILES_TAKEN = N_(
    "您在一天内已下载 %(count)s 份含完整号码的名册或个人资料，已到限额；%(at)s 起可再下载"
)


class TooManyReveals(Refused):
    """The person has seen so many numbers `within` this time that no more is shown to him now."""

    def __init__(self, person: User, within: timedelta, sentence: str) -> None:
        super().__init__(sentence)
        self.person, self.within = person, within


def reveal(session: Session, office: Office, person: User, subject: Audited, **told: Any) -> None:
    """Note that the person sees numbers of this row in full; TooManyReveals over the limits.

    The caller holds the row's lock, and shows nothing before this.
    """
    session.get_one(User, person.id, with_for_update={"key_share": True})
    now = office.clock()
    for within, most in _limits(office.settings):
        _require_fewer(session, now, person, (_VERB,), most, within, _SENTENCES[within])
    record(session, subject, _VERB, now, person.id, **told)


def was_shown(
    session: Session, office: Office, person: User, roster: Enrolment, **told: Any
) -> bool:
    """Whether this was shown to the person within the last hour."""
    shown = select(AuditEvent.seq).where(
        AuditEvent.subject == roster.__tablename__,
        AuditEvent.subject_id == roster.id,
        AuditEvent.verb == _VERB,
        AuditEvent.actor_id == person.id,
        AuditEvent.at > office.clock() - _HOUR,
        AuditEvent.detail.contains(told),
    )
    return session.scalar(shown.limit(1)) is not None


def take_roster(
    session: Session, office: Office, person: User, subject: Audited, verb: str, **told: Any
) -> None:
    """Note that the person takes a roster with whole numbers; TooManyReveals over the day's limit.

    The caller holds the row's lock, and hands nothing out before this.
    """
    require_few_taken(session, office, person)
    record(session, subject, verb, office.clock(), person.id, **told)


def require_few_taken(session: Session, office: Office, person: User) -> None:
    """TooManyReveals where the person has taken the day's rosters and exports of members already.

    He takes no other until the transaction ends.
    """
    session.get_one(User, person.id, with_for_update={"key_share": True})
    now, most = office.clock(), office.settings.rosters_a_day
    _require_fewer(session, now, person, _TAKEN, most, _DAY, _FILES_TAKEN)


def note_refused(session: Session, office: Office, error: TooManyReveals) -> None:
    """Keep that the person wanted to see more than that."""
    user = session.get_one(User, error.person.id, with_for_update=True)
    within = "hour" if error.within == _HOUR else "day"
    record(session, user, "refuse_reveal", office.clock(), user.id, within=within)


def _limits(settings: Settings) -> tuple[tuple[timedelta, int], ...]:
    return (_HOUR, settings.reveals_an_hour), (_DAY, settings.reveals_a_day)


def _require_fewer(
    session: Session,
    now: datetime,
    person: User,
    verbs: Collection[str],
    most: int,
    within: timedelta,
    sentence: str,
) -> None:
    """TooManyReveals, saying from when on it is not, where so many were shown to the person, by any
    of his accounts, within this time."""
    shown = select(AuditEvent.at).where(
        AuditEvent.actor_id.in_(own_accounts(session, person)),
        AuditEvent.verb.in_(verbs),
        AuditEvent.at > now - within,
    )
    oldest = shown.order_by(AuditEvent.at.desc()).offset(most - 1).limit(1)
    if (at := session.scalar(oldest)) is not None:
        # The minute in which the oldest of them is long enough ago is over then.
        free = (at + within).astimezone(BEIJING) + timedelta(minutes=1)
        raise TooManyReveals(
            person, within, _(sentence) % {"count": most, "at": free.strftime("%m-%d %H:%M")}
        )
