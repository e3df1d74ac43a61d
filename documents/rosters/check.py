"""Checks a roster by its file alone: every fault by row and column; no member is looked up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from documents.check_digits import (
    birth_date_of,
    card_number_is_valid,
    id_number_is_valid,
    sex_of,
)
from documents.packets.file_limits import USUAL_LIMITS, Limits
from documents.rosters.engagement import (
    is_temporary,
    months_begun,
    months_said,
    says_in_service,
    says_left,
    says_retired,
)
from documents.rosters.headings import RosterColumn
from documents.rosters.notes import notes_on
from documents.rosters.roster_file import SAID_OF_STAFF, Roster, RosterRow, open_roster
from documents.rosters.row_values import (
    alone_by,
    fee_fault,
    phone_fault,
    unit_fault,
    why_not_a_card,
    why_not_an_id,
)
from language import _
from rules import plans
from rules.cover import age_on
from rules.enrolment import age_allows, engagement_allows, sex_allows
from rules.plans import Plan


class RosterCode(StrEnum):
    """What can be wrong with a row; the words are those of reports and of `--json`."""

    HEADING_MISSING = "HEADING_MISSING"
    NAME_MISSING = "NAME_MISSING"
    ID_MISSING = "ID_MISSING"
    ID_INVALID = "ID_INVALID"
    AGE_BELOW = "AGE_BELOW"
    AGE_ABOVE = "AGE_ABOVE"
    SEX_MISMATCH = "SEX_MISMATCH"
    SEX_NOT_ALLOWED = "SEX_NOT_ALLOWED"
    BIRTH_MISMATCH = "BIRTH_MISMATCH"
    DUPLICATE_IN_FILE = "DUPLICATE_IN_FILE"
    CARD_INVALID = "CARD_INVALID"
    PHONE_INVALID = "PHONE_INVALID"
    FEE_DIFFERS = "FEE_DIFFERS"
    ANOTHER_UNITS_ROW = "ANOTHER_UNITS_ROW"
    INDIVIDUAL = "INDIVIDUAL"
    TEMPORARY_UNDER_A_YEAR = "TEMPORARY_UNDER_A_YEAR"
    TEMPORARY_WITHOUT_TERM = "TEMPORARY_WITHOUT_TERM"
    RETIRED = "RETIRED"
    NOT_IN_SERVICE = "NOT_IN_SERVICE"
    STATUS_UNKNOWN = "STATUS_UNKNOWN"
    PLAN_UNKNOWN = "PLAN_UNKNOWN"
    SHARES_TOO_MANY = "SHARES_TOO_MANY"
    CONSENT_LATE = "CONSENT_LATE"
    VALUE_UNREADABLE = "VALUE_UNREADABLE"
    STRUCK_OUT = "STRUCK_OUT"
    # Found by comparison with the stored members and covers; the file alone never shows these.
    ALREADY_COVERED = "ALREADY_COVERED"
    DUPLICATE_IN_UNITS = "DUPLICATE_IN_UNITS"
    ANOTHER_UNITS_MEMBER = "ANOTHER_UNITS_MEMBER"
    NAME_DIFFERS = "NAME_DIFFERS"
    MEMBER_DIED = "MEMBER_DIED"


@dataclass(frozen=True)
class RosterFault:
    """What is wrong in one cell: the sheet's row, the column by its heading, a sentence."""

    row: int
    column: str
    code: RosterCode
    text: str


@dataclass(frozen=True)
class RosterCheck:
    """Every person on a roster and every fault; `plan` is the one it was handed in for.

    A row may name another plan; it is checked by that plan and enrolled under it.
    """

    plan: Plan
    rows: tuple[RosterRow, ...]
    faults: tuple[RosterFault, ...]
    columns: Mapping[str, RosterColumn]
    """The sheet's columns by field, for callers that add faults which the file does not show."""
    notes: tuple[str, ...] = ()

    @cached_property
    def sound(self) -> tuple[RosterRow, ...]:
        """The rows under this plan that can be enrolled."""
        return tuple(row for row, plan in self._fit if plan.family == self.plan.family)

    @cached_property
    def beside(self) -> tuple[RosterRow, ...]:
        """The rows under other plans that can be enrolled there."""
        return tuple(row for row, plan in self._fit if plan.family != self.plan.family)

    @property
    def _fit(self) -> Iterator[tuple[RosterRow, Plan]]:
        faulty = {fault.row for fault in self.faults}
        for row in self.rows:
            if row.row not in faulty and not row.stays_out:
                yield row, plan_of(row, self.plan)


_Found = tuple[str, RosterCode, str]  # field, code, sentence


def check_roster(
    content: bytes,
    plan: Plan,
    starts_on: date,
    unit_name: str = "",
    limits: Limits = USUAL_LIMITS,
) -> RosterCheck:
    """Every fault of the file for cover from this day; BadInput if it is no spreadsheet.

    `unit_name` is the unit that hands it in, empty where it is not known.
    """
    roster = open_roster(content, limits)
    if roster.missing:
        return RosterCheck(plan, (), tuple(_missing(roster)), roster.columns)
    rows = tuple(roster.rows())
    faults = tuple(_faults(roster, rows, plan, starts_on, unit_name))
    return RosterCheck(plan, rows, faults, roster.columns, tuple(notes_on(roster, rows)))


def _missing(roster: Roster) -> Iterator[RosterFault]:
    for heading in roster.missing:
        text = _("名册缺少表头：%(heading)s") % {"heading": heading}
        yield RosterFault(roster.headings.row, heading, RosterCode.HEADING_MISSING, text)


def _faults(
    roster: Roster, rows: tuple[RosterRow, ...], plan: Plan, starts_on: date, unit_name: str
) -> Iterator[RosterFault]:
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.stays_out:
            continue
        found = [*_of_row(row, plan, starts_on, first), *_beside(row, plan, unit_name)]
        found.sort(key=lambda fault: roster.columns[fault[0]].place)
        for field, code, text in found:
            yield RosterFault(row.row, roster.columns[field].heading, code, text)


def _of_row(
    row: RosterRow, asked: Plan, starts_on: date, first: dict[tuple[str, str], int]
) -> Iterator[_Found]:
    if row.struck:
        text = _("此行划了删除线：不参保的请删去此行，参保的请去掉删除线")
        yield "name", RosterCode.STRUCK_OUT, text
    if not row.name:
        yield "name", RosterCode.NAME_MISSING, _("没有姓名")
    if named_plan(row, asked) is None:
        yield "plan", RosterCode.PLAN_UNKNOWN, _("没有这个计划")
    plan = plan_of(row, asked)
    if not row.id_number:
        yield "id_number", RosterCode.ID_MISSING, _("没有证件号码")
    elif not id_number_is_valid(row.id_number):
        yield "id_number", RosterCode.ID_INVALID, _(why_not_an_id(row.id_number))
    else:
        yield from _by_id(row, plan, starts_on)
        earlier = first.setdefault((row.id_number, plan.family), row.row)
        if earlier != row.row:
            text = _("与第 %(row)s 行的证件号码重复") % {"row": earlier}
            yield "id_number", RosterCode.DUPLICATE_IN_FILE, text
    if row.card and not card_number_is_valid(row.card):
        yield "card", RosterCode.CARD_INVALID, _(why_not_a_card(row.card))
    yield from _engagement(row, plan, starts_on)
    if (most := plan.enrolment.shares.value) < row.shares:
        text = _("每人限 %(most)s 份") % {"most": most}
        yield "shares", RosterCode.SHARES_TOO_MANY, text
    if row.consented_on is not None and row.consented_on > starts_on:
        yield "consented_on", RosterCode.CONSENT_LATE, _("本人同意的日期晚于起保日")
    for field in row.unreadable:
        yield field, RosterCode.VALUE_UNREADABLE, _("无法识别所填内容")


def _beside(row: RosterRow, asked: Plan, unit_name: str) -> Iterator[_Found]:
    """Faults of what the row says beside the person: unit, phone, fee."""
    if text := unit_fault(row, unit_name):
        yield "unit_name", RosterCode.ANOTHER_UNITS_ROW, text
    if text := phone_fault(row):
        yield "phone", RosterCode.PHONE_INVALID, text
    if text := fee_fault(row, plan_of(row, asked)):
        yield "fee", RosterCode.FEE_DIFFERS, text


def _by_id(row: RosterRow, plan: Plan, starts_on: date) -> Iterator[_Found]:
    """Faults of age and sex: the ID number compared with the plan and the other columns."""
    birth = birth_date_of(row.id_number)
    sex = sex_of(row.id_number)
    if not age_allows(plan, birth, starts_on):
        yield "id_number", *_age(plan, birth, starts_on)
    if not sex_allows(plan, sex):
        yield "id_number", RosterCode.SEX_NOT_ALLOWED, _("该计划限女职工参加")
    if row.sex not in (None, sex):
        yield "sex", RosterCode.SEX_MISMATCH, _("性别与证件号码不符")
    if not row.id_number.startswith(row.birth, 6):
        yield "birth", RosterCode.BIRTH_MISMATCH, _("出生日期与证件号码不符")


def _age(plan: Plan, birth: date, starts_on: date) -> tuple[RosterCode, str]:
    least, most = plan.enrolment.age_least.value, plan.enrolment.age_most.value
    if age_on(birth, starts_on) > most:
        text = _("%(start)s 已超过 %(most)s 周岁") % {"start": starts_on, "most": most}
        return RosterCode.AGE_ABOVE, text
    text = _("%(start)s 未满 %(least)s 周岁") % {"start": starts_on, "least": least}
    return RosterCode.AGE_BELOW, text


def _engagement(row: RosterRow, plan: Plan, starts_on: date) -> Iterator[_Found]:
    said = {field: str(getattr(row, field)) for field in (*SAID_OF_STAFF, "notes")}
    retired = next((field for field, text in said.items() if says_retired(text, starts_on)), None)
    if retired is not None:
        yield retired, RosterCode.RETIRED, _("已办理退休手续的不能参保")
    elif (alone := alone_by(row)) is not None:
        text = _("不接受个人申请参加，须由本人所在单位的工会统一组织参保")
        yield alone, RosterCode.INDIVIDUAL, text
    else:
        yield from _service(row, starts_on)
    temporary = next((field for field in SAID_OF_STAFF if is_temporary(said[field])), None)
    if temporary is None or plan.enrolment.engaged_over_months is None:
        return
    months = _months(row, starts_on)
    if months is None:
        text = _("临时职工须写明聘用期，聘用期须超过一年")
        yield temporary, RosterCode.TEMPORARY_WITHOUT_TERM, text
    elif not engagement_allows(plan, months):
        text = _("临时职工的聘用期须超过一年")
        yield temporary, RosterCode.TEMPORARY_UNDER_A_YEAR, text


def _service(row: RosterRow, starts_on: date) -> Iterator[_Found]:
    """Article 2: only workers in service; a state that is not understood counts as none."""
    said = {field: str(getattr(row, field)) for field in SAID_OF_STAFF}
    left = next((field for field, text in said.items() if says_left(text, starts_on)), None)
    if left is not None:
        yield left, RosterCode.NOT_IN_SERVICE, _("不在职的不能参保")
    elif not says_in_service(row.status):
        text = _("看不出是否在职，请写“在职”“退休”或“离职”")
        yield "status", RosterCode.STATUS_UNKNOWN, text


def _months(row: RosterRow, starts_on: date) -> int | None:
    """The months of engagement: the longest of the column, the words, and since the first day."""
    said = (row.employment, row.category, row.status, row.notes)
    known = [row.engaged_months, *map(months_said, said)]
    if row.engaged_on is not None:
        known.append(months_begun(row.engaged_on, starts_on))
    return max((months for months in known if months is not None), default=None)


def plan_of(row: RosterRow, asked: Plan) -> Plan:
    """The plan a row is for: the one asked for unless the row names another kind."""
    return named_plan(row, asked) or asked


def named_plan(row: RosterRow, asked: Plan) -> Plan | None:
    """The plan a row names, and the one asked for where it names none; None if it is unknown."""
    if row.plan in ("", asked.code):
        return asked
    for plan in plans.available():
        if row.plan in (plan.code, plan.name):
            return asked if plan.family == asked.family else plan
    return None
