"""When money arrived and when it came back: dated facts from the log, not the states of now.

A payment that arrived in June and came back in July is June's payment and July's return, in every
report. A set-off arrives too: it pays a debt of the member.
"""

from datetime import date, datetime, time

from sqlalchemy import ColumnElement, Subquery, and_, case, extract, func, select

from models import AuditEvent
from models.machines.money import PAYMENT
from models.states import ARRIVED_STATES, PaymentState
from workflows.engine.office import BEIJING

_MOVES = [m for m in PAYMENT.moves if (m.source in ARRIVED_STATES) != (m.target in ARRIVED_STATES)]
_VERBS = sorted({move.verb for move in _MOVES})


def arrivals(year: int) -> Subquery:
    """Each time in the year that a payment arrived, `sign` 1, or what had arrived came back, -1;
    with the payment's id and the month in Beijing."""
    arrives = AuditEvent.target.in_(ARRIVED_STATES)
    return (
        select(_PAYMENT_ID, _MONTH, case((arrives, 1), else_=-1).label("sign"))
        .where(AuditEvent.verb.in_(_VERBS), _of_payments_in(year))
        .where(arrives != AuditEvent.source.in_(ARRIVED_STATES))
        .subquery()
    )


def returns(year: int) -> Subquery:
    """Each time in the year that the bank sent a payment back, before or after it had arrived,
    with the payment's id and the bank's code."""
    code = AuditEvent.detail["code"].astext.label("code")
    return (
        select(_PAYMENT_ID, code)
        .where(AuditEvent.verb == "return", AuditEvent.target == PaymentState.RETURNED)
        .where(_of_payments_in(year))
        .subquery()
    )


_PAYMENT_ID = AuditEvent.subject_id.label("payment_id")
_MONTH = extract("month", func.timezone(BEIJING.key, AuditEvent.at)).label("month")


def _of_payments_in(year: int) -> ColumnElement[bool]:
    begin, end = (datetime.combine(date(y, 1, 1), time(), BEIJING) for y in (year, year + 1))
    return and_(AuditEvent.subject == PAYMENT.name, AuditEvent.at >= begin, AuditEvent.at < end)
