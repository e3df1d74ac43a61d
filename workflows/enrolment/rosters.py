"""Enrolment (参保): a unit hands in a roster; people accept it, let it pass or withdraw it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from language import N_, _
from models import CoverYear, Enrolment, EnrolmentLine, Unit, User
from models.states import EnrolmentKind, EnrolmentState
from rules import plans
from rules.enrolment import fee_for
from rules.errors import OwnWork, Refused
from rules.money import Fen, yuan
from rules.plans import Plan
from rules.renewal import continued_from
from workflows.engine.history import record
from workflows.engine.moves import advance, start
from workflows.engine.office import Office
from workflows.engine.rows import any_of, next_id, numbered
from workflows.enrolment import fees
from workflows.enrolment.consent import Consent
from workflows.enrolment.declined import forget_declined
from workflows.enrolment.id_copies import require_copies_agree
from workflows.enrolment.opened_roster import OpenedRoster
from workflows.enrolment.roster_changes import leave_nothing_behind
from workflows.enrolment.roster_makers import had_a_hand_in
from workflows.enrolment.roster_parts import FilePart, parts_of
from workflows.enrolment.roster_preview import preview
from workflows.enrolment.unit_city import require_city
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require, require_for

_HANDED_IN = N_("这份名册已经交过，如需重交请先撤回原来的")
_NOTHING = Fen(0)
_UNSAID = Consent()


@dataclass(frozen=True)
class Accepted:
    """The result of accepting a roster; it waits while people are missing (`short`), or it is not
    said of some on which day, and to which text, they consented (`without_consent`)."""

    joining: int
    left_out: int
    short: int
    without_consent: int = 0

    @property
    def waits(self) -> bool:
        return self.short > 0 or self.without_consent > 0


@dataclass(frozen=True)
class _KeptFile:
    """What all parts of a roster file have in common; its hash and the instant tell them apart from
    those of another file."""

    unit: Unit
    sha256: str
    eligible: int
    consent: Consent
    handed_in_at: datetime


def hand_in(
    session: Session,
    office: Office,
    person: User,
    unit: Unit,
    plan_code: str,
    roster: OpenedRoster,
    asked_start: date | None = None,
    member_part: Fen = _NOTHING,
    consent: Consent = _UNSAID,
) -> list[Enrolment]:
    """Store a unit's roster and make one enrolment for each plan and first day of its rows.

    Rows that name no plan are for `plan_code`. `member_part` is what a member pays, in fen, for
    one share of that plan. Without `asked_start` rows that renew running cover follow on it, the
    others begin by their fee (R26). Nobody is enrolled before a person accepts. Raises Refused.
    """
    require_for(person, unit.id, Act.ENROL)
    eligible = _staff_of(unit)
    asked = plans.load(plan_code)
    parts = list(parts_of(session, office, unit, roster.sheet, asked, asked_start))
    codes = {part.plan for part in parts}
    own = _parts(asked, codes, member_part)
    sha256 = office.store.put(roster.content)
    _require_new(session, unit, sha256, codes)
    file = _KeptFile(unit, sha256, eligible, consent, office.clock())
    return [
        _begin(session, office, person, _enrolment(session, office, person, file, part, own))
        for part in parts
    ]


def _enrolment(
    session: Session,
    office: Office,
    person: User,
    file: _KeptFile,
    part: FilePart,
    member_parts: dict[str, Fen],
) -> Enrolment:
    """The enrolment of one part of the file, not begun yet."""
    begins = part.starts_on or office.today() + timedelta(days=1)
    return Enrolment(
        unit=file.unit,
        plan=part.plan,
        kind=_kind(session, file.unit, plans.load(part.plan), begins),
        asked_start=part.starts_on,
        sha256=file.sha256,
        rows=part.rows,
        sheet_rows=part.sheet_rows,
        eligible=file.eligible,
        member_part=member_parts[part.plan],
        consented_on=file.consent.on,
        consent_text=file.consent.text,
        handed_in_by=person.id,
        handed_in_at=file.handed_in_at,
    )


def _staff_of(unit: Unit) -> int:
    """The staff in service, which the rate of participation is taken of; Refused if not known."""
    if not unit.has_union:
        raise Refused(_("没有建立工会的单位不能参保"))
    if unit.headcount is None:
        raise Refused(_("请先在单位登记中填写在职职工人数"))
    return unit.headcount


def locked(session: Session, number: str) -> Enrolment:
    """The enrolment with this number, locked until the transaction ends; Refused if none has it."""
    found = session.scalar(select(Enrolment).filter_by(number=number).with_for_update())
    if found is None:
        raise Refused(_("没有这份名册：%(number)s") % {"number": number})
    return found


def accept(session: Session, office: Office, person: User, enrolment: Enrolment) -> Accepted:
    """Accept the sound rows; too few of them, or some whose consent is not stated (article 2), wait
    until a supervisor lets them pass."""
    require_for(person, enrolment.unit_id, Act.ENROL)
    require_city(enrolment.unit)
    found = preview(session, office, enrolment)
    if not found.sound:
        raise Refused(_("名册里没有可以参保的人"))
    if found.participation.over:
        raise Refused(found.participation.over_in_words)
    require_copies_agree(session, office, enrolment, found.sound)
    enrolment.eligible = found.participation.eligible
    enrolment.accepted_by, enrolment.accepted_at = person.id, office.clock()
    came = Accepted(
        len(found.sound), found.left_out, found.participation.short, found.without_consent
    )
    advance(
        session,
        enrolment,
        "hold" if came.waits else "accept",
        office,
        person,
        joining=came.joining,
        left_out=came.left_out,
        needed=found.participation.needed,
        reached=found.participation.reached,
        **({"without_consent": came.without_consent} if came.without_consent else {}),
    )
    return came


def let_pass(
    session: Session, office: Office, person: User, enrolment: Enrolment, reason: str
) -> None:
    """Let a roster with too few people or without consent pass for a reason, or backdated cover
    (R31).

    The person must not have handed in or accepted the roster, nor booked its fees.
    """
    require(person, Act.WAIVE)
    told = told_reason(reason, _("请写明原因"))
    if had_a_hand_in(session, enrolment, person):
        raise OwnWork(_("交名册、确认名册或登记会费的人不能审批"))
    advance(session, enrolment, "let_pass", office, person, reason=told)


def withdraw(session: Session, office: Office, person: User, enrolment: Enrolment) -> None:
    """Withdraw a roster before its cover begins; money paid for it can then be refunded.

    While its rows are being enrolled it cannot be withdrawn, unless that failed.
    """
    require_for(person, enrolment.unit_id, Act.ENROL)
    if enrolment.state == EnrolmentState.ACCEPTED and enrolment.parked_at is None:
        raise Refused(_("正在录入，录入完再撤回"))
    advance(session, enrolment, "withdraw", office, person)
    leave_nothing_behind(session, office, person, enrolment)
    if enrolment.kind == EnrolmentKind.RENEWAL:
        forget_declined(session, enrolment)


def strike_line(
    session: Session, office: Office, person: User, enrolment: Enrolment, row: int, reason: str
) -> None:
    """Take one member off the roster before cover begins; his fee is no longer due."""
    require_for(person, enrolment.unit_id, Act.ENROL)
    if enrolment.state != EnrolmentState.UNPAID:
        raise Refused(_("只有待缴费的名册可以减人"))
    told = told_reason(reason, _("请写明原因"))
    lines = select(EnrolmentLine).filter_by(enrolment_id=enrolment.id, struck_at=None)
    line = session.scalar(lines.filter_by(row=row))
    if line is None:
        raise Refused(_("名册第 %(row)s 行没有待参保的人") % {"row": row})
    if session.scalar(lines.where(EnrolmentLine.row != row).limit(1)) is None:
        raise Refused(_("名册只剩这一人，请撤回名册"))
    strike(session, office, enrolment, [line.member_id])
    record(session, enrolment, "strike_line", office.clock(), person.id, row=row, reason=told)
    fees.fund_if_complete(session, office, enrolment)


def strike(
    session: Session, office: Office, enrolment: Enrolment, member_ids: Collection[int]
) -> None:
    """Strike these members' lines, and subtract their fees from what is due."""
    if not member_ids:
        return
    struck = session.execute(
        update(EnrolmentLine)
        .where(
            EnrolmentLine.enrolment_id == enrolment.id,
            any_of(EnrolmentLine.member_id, member_ids),
            EnrolmentLine.struck_at.is_(None),
        )
        .values(struck_at=office.clock())
        .returning(EnrolmentLine.fee, EnrolmentLine.subsidy)
    ).all()
    subsidy = sum(line.subsidy for line in struck)
    enrolment.fee_due = Fen(enrolment.fee_due - sum(line.fee for line in struck) + subsidy)
    enrolment.subsidy_due = Fen(enrolment.subsidy_due - subsidy)


def _require_new(session: Session, unit: Unit, sha256: str, codes: Collection[str]) -> None:
    """Refuse a file of which a part under one of these plans is still on its way."""
    query = select(Enrolment.id).where(
        Enrolment.unit_id == unit.id,
        Enrolment.sha256 == sha256,
        Enrolment.plan.in_(codes),
        Enrolment.state.not_in((EnrolmentState.COVERED, EnrolmentState.WITHDRAWN)),
    )
    if session.scalar(query.limit(1)) is not None:
        raise Refused(_(_HANDED_IN))


def _parts(asked: Plan, codes: Collection[str], member_part: Fen) -> dict[str, Fen]:
    """What a member pays of one share under each plan, never more than that plan's fee."""
    own = {code: fee_for(plans.load(code), 1).own for code in {asked.code, *codes}}
    most = own[asked.code]
    if not 0 <= member_part <= most:
        raise Refused(_("个人承担应在 0 至 %(most)s 元之间") % {"most": yuan(most)})
    return {code: min(member_part, part) for code, part in own.items()}


def _kind(session: Session, unit: Unit, plan: Plan, begins: date) -> EnrolmentKind:
    """R10: a renewal follows a year ended within the grace; an addition joins a current year."""
    years = session.scalars(
        select(CoverYear).where(
            CoverYear.unit_id == unit.id, CoverYear.plan.in_(plans.codes_of(plan.family))
        )
    ).all()
    if any(continued_from(plan, begins) <= year.ends_on < begins for year in years):
        return EnrolmentKind.RENEWAL
    joins = any(year.starts_on <= begins <= year.ends_on for year in years)
    return EnrolmentKind.ADDITION if joins else EnrolmentKind.FIRST


def _begin(session: Session, office: Office, person: User, enrolment: Enrolment) -> Enrolment:
    enrolment.id = next_id(session, Enrolment)
    enrolment.number = numbered("CB", office.today(), enrolment.id)
    try:
        with session.begin_nested():
            start(
                session,
                enrolment,
                "hand_in",
                office,
                person,
                plan=enrolment.plan,
                kind=enrolment.kind,
                rows=enrolment.rows,
            )
            session.flush()
    except IntegrityError as error:
        raise Refused(_(_HANDED_IN)) from error
    return enrolment
