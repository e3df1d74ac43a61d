"""The members' consent (本人同意): the day, and the version of the text they consented to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from documents.rosters.roster_file import RosterRow
from language import _
from models import Enrolment
from rules.errors import Refused


@dataclass(frozen=True)
class Consent:
    """A row says its own day or version, or the roster says it for all; None is not said."""

    on: date | None = None
    text: str | None = None

    @property
    def is_whole(self) -> bool:
        return self.on is not None and self.text is not None


def consent_for_all(on: date | None, text: str, today: date) -> Consent:
    """The consent that a roster states for all its members. Raises Refused."""
    found = Consent(on, text.strip() or None)
    if found != Consent() and not found.is_whole:
        raise Refused(_("请同时填写本人同意的日期和文本版本"))
    if on is not None and on > today:
        raise Refused(_("本人同意的日期不能晚于今天"))
    return found


def consent_of(row: RosterRow, enrolment: Enrolment) -> Consent:
    """What the row says, and where it says nothing, what the roster says for all."""
    return Consent(
        row.consented_on or enrolment.consented_on, row.consent_text or enrolment.consent_text
    )


def without_consent(rows: Iterable[RosterRow], enrolment: Enrolment) -> int:
    """How many rows lack the day or the version."""
    return sum(not consent_of(row, enrolment).is_whole for row in rows)
