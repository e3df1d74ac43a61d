"""What the rules answer: pay, deny or refer, with every line and every reason.

The answers are named tuples: made for every verdict, they cost a third of a frozen dataclass.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from language import N_
from rules.money import Fen, yuan


class Outcome(StrEnum):
    """What adjudication proposes."""

    PAY = "pay"
    DENY = "deny"
    REFER = "refer"


OUTCOME_NAMES = {
    Outcome.PAY: N_("给付"),
    Outcome.DENY: N_("不予给付"),
    Outcome.REFER: N_("转人工"),
}


class Benefit(StrEnum):
    """The kinds of money a plan can pay, and what the relief committee grants beside it."""

    HOSPITAL_ALLOWANCE = "hospital_allowance"
    CRITICAL_ILLNESS = "critical_illness"
    ACCIDENT = "accident"
    MEDICAL_EXPENSE = "medical_expense"
    SECOND_RELIEF = "second_relief"


BENEFIT_NAMES = {
    Benefit.HOSPITAL_ALLOWANCE: N_("住院津贴"),
    Benefit.CRITICAL_ILLNESS: N_("重大疾病"),
    Benefit.ACCIDENT: N_("意外伤害"),
    Benefit.MEDICAL_EXPENSE: N_("医疗费用"),
    Benefit.SECOND_RELIEF: N_("二次救助"),
}


class ReasonKind(StrEnum):
    """What a reason does to the claim."""

    DENY = "deny"
    REFER = "refer"
    NOTE = "note"


class Code(StrEnum):
    """Every reason has one of these."""

    EXCLUDED = "EXCLUDED"
    NOT_A_MEMBER = "NOT_A_MEMBER"
    NOT_COVERED_ON_EVENT = "NOT_COVERED_ON_EVENT"
    HOSPITAL_LEVEL = "HOSPITAL_LEVEL"
    CAUSE_NOT_COVERED = "CAUSE_NOT_COVERED"
    STAY_TOO_SHORT = "STAY_TOO_SHORT"
    STAY_LIMIT = "STAY_LIMIT"
    WAITING_PERIOD = "WAITING_PERIOD"
    ILLNESS_NOT_LISTED = "ILLNESS_NOT_LISTED"
    ILLNESS_ALREADY_PAID = "ILLNESS_ALREADY_PAID"
    NOT_FIRST_DIAGNOSIS = "NOT_FIRST_DIAGNOSIS"
    NOT_DISABLING = "NOT_DISABLING"
    CLAIM_TOO_LATE = "CLAIM_TOO_LATE"
    HOSPITAL_UNKNOWN = "HOSPITAL_UNKNOWN"
    DUPLICATE_EVENT = "DUPLICATE_EVENT"
    DISCHARGE_BEFORE_ADMISSION = "DISCHARGE_BEFORE_ADMISSION"
    EVENT_IN_FUTURE = "EVENT_IN_FUTURE"
    EXCLUSION_SUSPECTED = "EXCLUSION_SUSPECTED"
    PAYEE_NOT_MEMBER = "PAYEE_NOT_MEMBER"
    ACCIDENT_NEAR = "ACCIDENT_NEAR"
    COVER_BACKDATED = "COVER_BACKDATED"
    ILLNESS_TO_NAME = "ILLNESS_TO_NAME"
    FIRST_DIAGNOSIS = "FIRST_DIAGNOSIS"
    SETTLEMENT_WANTED = "SETTLEMENT_WANTED"
    SAME_PERSON_SUSPECTED = "SAME_PERSON_SUSPECTED"
    STAY_DAY_CAP = "STAY_DAY_CAP"
    PERIOD_CAP = "PERIOD_CAP"
    FLOOR_RAISED = "FLOOR_RAISED"
    REDUCED_WINDOW = "REDUCED_WINDOW"
    GRADE_RAISED = "GRADE_RAISED"
    UNCONFIRMED_RULE = "UNCONFIRMED_RULE"
    COMMITTEE_DECIDED = "COMMITTEE_DECIDED"
    RELIEF_REFUSED = "RELIEF_REFUSED"


class VerdictLine(NamedTuple):
    """One part of the sum, in the words of the office."""

    benefit: Benefit
    article: str
    text: str
    amount: Fen


def total(lines: Iterable[VerdictLine]) -> Fen:
    """What the lines come to."""
    amount = 0
    for line in lines:
        amount += line.amount
    return Fen(amount)


class Reason(NamedTuple):
    """Why the claim is refused, referred, cut or raised."""

    code: Code
    article: str
    text: str
    kind: ReasonKind


class LimitUse(NamedTuple):
    """What the verdict takes from the limits of one cover period; `about` is the day that names the
    accident, which has a limit of its own (R30), and empty for what the whole period limits."""

    benefit: Benefit
    start: date
    end: date
    times: int
    days: int
    amount: Fen
    about: str = ""


class Verdict(NamedTuple):
    """The answer to one claim; without a cover period there is nothing to pay from."""

    outcome: Outcome
    amount: Fen
    plan: str
    period: tuple[date, date] | None
    lines: tuple[VerdictLine, ...]
    reasons: tuple[Reason, ...]
    reservations: tuple[LimitUse, ...]

    def to_json(self) -> dict[str, object]:
        """The object `huzhu assess` prints."""
        period = self.period and {
            "start": self.period[0].isoformat(),
            "end": self.period[1].isoformat(),
        }
        return {
            "decision": self.outcome.value,
            "amount": yuan(self.amount),
            "plan": self.plan,
            "period": period,
            "lines": [_line(line) for line in self.lines],
            "reasons": [_reason(reason) for reason in self.reasons],
        }


def _line(line: VerdictLine) -> dict[str, str]:
    return {
        "benefit": line.benefit.value,
        "article": line.article,
        "text": line.text,
        "amount": yuan(line.amount),
    }


def _reason(reason: Reason) -> dict[str, str]:
    return {"code": reason.code.value, "article": reason.article, "text": reason.text}
