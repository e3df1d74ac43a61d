"""The worksheet on which one claim is judged: lines and reasons are put down, then it is closed."""

from datetime import date

from language import _
from rules.cover import age_on, covering
from rules.enrolment import age_allows, sex_allows
from rules.facts import CoverPeriod, Facts, MemberFacts
from rules.hospitals import Register
from rules.money import Fen
from rules.plans import Plan
from rules.questions import Makes, answered, counts_together, denied
from rules.verdict import (
    Benefit,
    Code,
    LimitUse,
    Outcome,
    Reason,
    ReasonKind,
    Verdict,
    VerdictLine,
    total,
)

PAY = Outcome.PAY
_BEFORE_THE_SUM = {Code.SETTLEMENT_WANTED, Code.ILLNESS_TO_NAME}
"""Questions without whose answer no sum can be worked out, so that nothing is denied before."""


class Worksheet:
    """What has been found so far.

    `deny` refuses the whole claim; `leave_out` refuses a part of it and stands as a denial only
    when nothing else is paid. An open question (`refer`) does not stop the sum being worked out:
    where not even the sum at best is above nothing, no answer to the question could change that,
    and the denial stands.
    """

    __slots__ = (
        "denials",
        "facts",
        "hospitals",
        "left_out",
        "lines",
        "notes",
        "period",
        "plan",
        "questions",
        "reservations",
    )

    def __init__(
        self, facts: Facts, plan: Plan, hospitals: Register, period: CoverPeriod | None
    ) -> None:
        self.facts, self.plan, self.hospitals, self.period = facts, plan, hospitals, period
        self.lines: list[VerdictLine] = []
        self.denials: list[Reason] = []
        self.left_out: list[Reason] = []
        self.questions: list[Reason] = []
        self.notes: list[Reason] = []
        self.reservations: list[LimitUse] = []

    def deny(self, code: Code, article: str, text: str) -> None:
        self.denials.append(Reason(code, article, text, ReasonKind.DENY))

    def leave_out(self, code: Code, article: str, text: str, unconfirmed: str = "") -> None:
        """Refuse a part; `unconfirmed` names an unconfirmed value it rests on."""
        self.left_out.append(Reason(code, article, text, ReasonKind.DENY))
        if unconfirmed:
            self.left_out.append(_unconfirmed(article, unconfirmed))

    def refer(self, code: Code, article: str, text: str, about: str = "") -> None:
        """Ask a person; a question that has its answer is a denial or a note instead.

        `about` is what a denial tells the member that it is about.
        """
        asked = Reason(code, article, text, ReasonKind.REFER)
        answer = answered(self.facts, code)
        if answer and answer.makes is Makes.CLEAR:
            words = {"asked": text, "answer": answer.words}
            self.note(code, article, _("%(asked)s；经核定：%(answer)s") % words)
        elif denial := denied(self.facts, asked, about):
            if denial not in self.denials:
                self.denials.append(denial)
        else:
            self.questions.append(asked)

    def note(self, code: Code, article: str, text: str) -> None:
        self.notes.append(Reason(code, article, text, ReasonKind.NOTE))

    def unconfirmed(self, article: str, what: str) -> None:
        """Say that a payment rests on an unconfirmed value."""
        reason = _unconfirmed(article, what)
        if reason not in self.notes:
            self.notes.append(reason)

    def pay(self, benefit: Benefit, article: str, text: str, amount: Fen) -> None:
        self.lines.append(VerdictLine(benefit, article, text, amount))

    def reserve(
        self,
        benefit: Benefit,
        period: CoverPeriod,
        days: int,
        amount: Fen,
        times: int = 1,
        about: str = "",
    ) -> None:
        use = LimitUse(benefit, period.start, period.end, times, days, amount, about)
        self.reservations.append(use)

    def cover_on(self, day: date) -> CoverPeriod | None:
        """The period of this day, of a member who may have it; else the reason is put down."""
        period, member = self.period, self.facts.member
        if period is None or not period.start <= day <= period.end:
            period = covering(self.facts.coverages, day)
            self.period = self.period or period
        if period is None:
            self._leave_out_uncovered(day)
            return None
        return period if member and self._may_join(member, period) else None

    def _leave_out_uncovered(self, day: date) -> None:
        """Of a person without any cover other words are said."""
        if self.facts.coverages:
            text = _("%(day)s 不在任何保障期内") % {"day": day}
            self.leave_out(Code.NOT_COVERED_ON_EVENT, self.plan.rulings.period.article, text)

    def _may_join(self, member: MemberFacts, period: CoverPeriod) -> bool:
        """R22: age on the first day, both ends inclusive; some plans are for women."""
        terms = self.plan.enrolment
        if not age_allows(self.plan, member.birth_date, period.start):
            age, least, most = (
                age_on(member.birth_date, period.start),
                terms.age_least,
                terms.age_most,
            )
            text = _("保障期开始时 %(age)s 周岁，不在 %(least)s 至 %(most)s 周岁之间") % {
                "age": age,
                "least": least.value,
                "most": most.value,
            }
            self.leave_out(Code.NOT_A_MEMBER, least.article, text)
            return False
        if terms.sex is not None and not sex_allows(self.plan, member.sex):
            self.leave_out(Code.NOT_A_MEMBER, terms.sex.article, _("本计划只限女职工参加"))
            return False
        return True

    def close(self) -> Verdict:
        """The verdict; what is not paid carries no lines and takes nothing from the limits."""
        if self.denials or not (self.lines or self._wants_facts()):
            reasons = (*self.denials, *self.left_out, *self.questions)
            return self._without_money(Outcome.DENY, reasons)
        if self.questions:
            return self.close_as_question()
        lines, takes, reasons = tuple(self.lines), tuple(self.reservations), tuple(self.notes)
        if self.left_out:
            reasons = (*[each._replace(kind=ReasonKind.NOTE) for each in self.left_out], *reasons)
        return Verdict(PAY, total(lines), self.plan.code, self._span(), lines, reasons, takes)

    def _wants_facts(self) -> bool:
        """Whether a question is open without whose answer no sum can be worked out."""
        return any(self._is_before_the_sum(each.code) for each in self.questions)

    def _is_before_the_sum(self, code: Code) -> bool:
        """Whether nothing is denied before this is answered: so it is where a person said that a
        stay is half of another and what was paid for that one must be looked at."""
        is_put_right = code is Code.DUPLICATE_EVENT and counts_together(self.facts, code)
        return code in _BEFORE_THE_SUM or is_put_right

    def close_as_question(self) -> Verdict:
        """The verdict when the facts themselves are in doubt: nothing can be said of the sum."""
        return self._without_money(Outcome.REFER, tuple(self.questions))

    def _without_money(self, outcome: Outcome, reasons: tuple[Reason, ...]) -> Verdict:
        return Verdict(outcome, Fen(0), self.plan.code, self._span(), (), reasons, ())

    def _span(self) -> tuple[date, date] | None:
        return (self.period.start, self.period.end) if self.period else None


def _unconfirmed(article: str, what: str) -> Reason:
    text = _("依据尚未确认：%(what)s") % {"what": what}
    return Reason(Code.UNCONFIRMED_RULE, article, text, ReasonKind.NOTE)
