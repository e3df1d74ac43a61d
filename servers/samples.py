"""Loads the made-up unit, its roster, the log-ins and the packets that ship with the program."""

import json
import os
import secrets
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Claim, Packet, Unit, User
from models.people import Role
from models.states import FeePayer
from rules.money import Fen
from servers.private_files import write_private
from settings import ROOT, Settings
from workflows.claims.packets.inbox import INBOX, drop_folder
from workflows.engine.office import Office
from workflows.enrolment import rosters, unit_city, units
from workflows.enrolment.consent import Consent
from workflows.enrolment.fees import note_receipt
from workflows.enrolment.opened_roster import opened_roster
from workflows.enrolment.roster_preview import preview
from workflows.enrolment.units import UnitFacts
from workflows.people.accounts import AccountFacts, add_user, user_by_login
from workflows.people.second_factor import ASKED_OF, has_factor, new_secret, take_up
from workflows.sealed_values.files import packet_name

Truth = dict[str, Any]

SAMPLES = ROOT / "samples"
PLAN, STARTS_ON, PAID_ON = "main-2020", date(2026, 1, 1), date(2025, 12, 31)
# What is handed in: the roster of each plan, and what a member pays for one share of it.
ROSTERS = ((PLAN, "roster.xlsx", Fen(3000)), ("illness-2020", "roster-illness.xlsx", Fen(3000)))
# What comes when others were decided: the paper with the objection, the other half of a stay.
LATE, SECOND_HALF = "26-objection", "25-two-hospitals-second"
CONSENT = Consent(date(2025, 12, 15), "2025-1")
ENTERED_AT = datetime(2025, 12, 31, 2, tzinfo=UTC)
UNIT_NAME, UNIT_CODE, CITY = "吉林省样例厅机关工会", "81220000MC0Q7W31XU", "长春市"
HEADCOUNT = 22
STAFF_NUMBER = "YL%03d"

SENDER = {
    "HUZHU_OFFICE_PHONE": "0431-00000000（样例）",
    "HUZHU_FEE_ACCOUNT_NAME": "样例会费专户",
    "HUZHU_FEE_ACCOUNT": "0000000000000000（样例）",
    "HUZHU_FEE_ACCOUNT_BANK": "样例银行",
}

PEOPLE = {
    "clerk": ("样例经办", [Role.CLERK]),
    "supervisor": ("样例审批", [Role.SUPERVISOR]),
    "supervisor2": ("样例审批乙", [Role.SUPERVISOR]),
    "supervisor3": ("样例审批丙", [Role.SUPERVISOR]),
    "cashier": ("样例出纳甲", [Role.CASHIER]),
    "cashier2": ("样例出纳乙", [Role.CASHIER]),
    "unit": ("样例单位经办", [Role.UNIT_CLERK]),
    "admin": ("样例系统管理员", [Role.SYSTEM_ADMIN]),
    "security": ("样例安全管理员", [Role.SECURITY_ADMIN]),
}


RESTS = {"HUZHU_QUIET_SECONDS": "2", "HUZHU_FOLDER_QUIET_SECONDS": "2"}
"""Its packets are whole when they are dropped."""


@dataclass(frozen=True)
class LogIn:
    """A sample person's way in; the password is made at the first start of this clone."""

    login: str
    name: str
    password: str
    totp: str
    """The secret of his dynamic codes; empty where none are asked of him."""


def set_for_the_demonstration() -> None:
    """Give its notices a made-up account and phone, and its drop folder little rest, where none are
    set."""
    for name, value in (SENDER | RESTS).items():
        os.environ.setdefault(name, value)


def begin(office: Office) -> None:
    """The people and the covered unit, before anything is signed: they are entered as of an earlier
    day, and what comes after a root of the log must not be older than it."""
    make_people(office)
    hand_in_roster(office)


def make_people(office: Office) -> list[LogIn]:
    """Add the sample people who are not known yet; all their log-ins."""
    log_ins = _log_ins(office.settings)
    with office.sessions.unit_of_work() as session:
        known = {user.login: user for user in session.scalars(select(User))}
        for log_in in log_ins:
            user = known.get(log_in.login) or _add(session, office, log_in)
            if log_in.totp and not has_factor(session, user):
                take_up(session, office, user, log_in.totp)
    return log_ins


def _add(session: Session, office: Office, log_in: LogIn) -> User:
    name, roles = PEOPLE[log_in.login]
    number = STAFF_NUMBER % (1 + list(PEOPLE).index(log_in.login))
    account = AccountFacts(log_in.login, name, number, tuple(roles))
    return add_user(session, office, account, log_in.password, by=None)


def hand_in_roster(office: Office) -> None:
    """Register the sample unit with its roster and fee, unless that is done."""
    with office.sessions.unit_of_work() as session:
        if session.scalar(select(Unit.id).filter_by(name=UNIT_NAME)) is None:
            _hand_in(session, office)


def _hand_in(session: Session, office: Office) -> None:
    """Register the unit, hand in its rosters, accept them, and book their fees.

    All is entered as of the day of the fee: entered today, the cover would be backdated (R31).
    """
    office = replace(office, clock=lambda: ENTERED_AT)
    clerk, cashier, of_unit = (user_by_login(session, who) for who in ("clerk", "cashier", "unit"))
    facts = UnitFacts(name=UNIT_NAME, city=CITY, code=UNIT_CODE, headcount=HEADCOUNT)
    unit = units.register(session, office, clerk, facts)
    supervisor = user_by_login(session, "supervisor")
    unit_city.confirm_unit_city(session, office, supervisor, unit, CITY)
    of_unit.unit_id = unit.id
    for plan, file, member_part in ROSTERS:
        roster = opened_roster(office, of_unit, (SAMPLES / file).read_bytes())
        [handed_in] = rosters.hand_in(
            session, office, of_unit, unit, plan, roster, STARTS_ON, member_part, CONSENT
        )
        fee = preview(session, office, handed_in).fees
        rosters.accept(session, office, clerk, handed_in)
        paid = {FeePayer.UNIT: Fen(fee.from_unit + fee.from_members), FeePayer.SUBSIDY: fee.subsidy}
        for payer, amount in paid.items():
            if amount:
                number = f"{handed_in.number}-{payer.value}"
                note_receipt(session, office, cashier, handed_in, number, payer, amount, PAID_ON)


def drop(office: Office) -> int:
    """Put the sample packets that were not dropped yet into the drop folder; how many there are.

    A start that was killed half-way leaves some to drop; a packet is never dropped twice.
    """
    later = (LATE, SECOND_HALF)
    packets = sorted(path for path in (SAMPLES / "packets").iterdir() if path.stem not in later)
    marker = office.settings.data / "samples-dropped"
    if not marker.exists():
        inbox, dropped = drop_folder(office), _dropped(office)
        for packet in packets:
            if packet.name not in dropped:
                _copy(packet, inbox / packet.name)
        marker.touch()
    return len(packets)


def drop_late(office: Office, number: str) -> None:
    """Put the paper that comes with the objection into the drop folder, for the claim so numbered,
    unless that is done."""
    _drop_one(office, SAMPLES / "packets" / f"{LATE}.tif", late_name(number))


def drop_second_half(office: Office) -> None:
    """Put the other half of a stay into the drop folder, once the first half was judged, unless
    that is done."""
    for packet in (SAMPLES / "packets").glob(f"{SECOND_HALF}.*"):
        _drop_one(office, packet, packet.name)


def dropped_later(office: Office) -> int:
    """How many of the packets that come later have been dropped."""
    names = (late_name("*"), f"{SECOND_HALF}.*")
    dropped = _dropped(office)
    return sum(any(fnmatchcase(each, name) for each in dropped) for name in names)


def truths() -> list[Truth]:
    """What is true of each packet, in the order of their names."""
    files = sorted((SAMPLES / "truth").glob("*.json"))
    return [json.loads(file.read_text("utf-8")) for file in files]


def late_truth() -> dict[str, Any]:
    """What the paper that comes with the objection says, by field."""
    [late] = [each for each in truths() if Path(each["packet"]).stem == LATE]
    fields: dict[str, Any] = late["fields"]
    return fields


def claim_of(session: Session, office: Office, packet: str) -> Claim | None:
    """The claim that the packet of this name was taken in as, locked; None before."""
    of_claims = select(Packet).where(Packet.claim_id.is_not(None)).order_by(Packet.id)
    for each in session.scalars(of_claims):
        if packet_name(office.keys, each) == packet.encode():
            return session.get(Claim, each.claim_id, with_for_update=True)
    return None


def late_name(number: str) -> str:
    """The name of that paper in the drop folder."""
    return f"{number} 出院记录.tif"


def _drop_one(office: Office, packet: Path, name: str) -> None:
    if name not in _dropped(office):
        _copy(packet, drop_folder(office) / name)


def _dropped(office: Office) -> set[str]:
    """The names of all that was ever dropped."""
    # A packet leaves the drop folder once it is in the tables, so this order misses none.
    names = {path.name for path in drop_folder(office).iterdir()}
    with office.sessions.read_only() as session:
        for packet in session.scalars(select(Packet).filter_by(folder=INBOX)):
            names.add(os.fsdecode(packet_name(office.keys, packet)))
    return names


def _copy(packet: Path, target: Path) -> None:
    """Copy under a hidden name first: half a packet must not be taken in."""
    part = target.with_name(f".{target.name}.part")
    if packet.is_dir():
        shutil.copytree(packet, part, dirs_exist_ok=True)
    else:
        shutil.copy2(packet, part)
    part.rename(target)


def _log_ins(settings: Settings) -> list[LogIn]:
    path = settings.sample_log_ins
    known = json.loads(path.read_text()) if path.exists() else {}
    passwords = {login: known.get(login) or secrets.token_urlsafe(9) for login in PEOPLE}
    asked = [login for login, (_name, roles) in PEOPLE.items() if ASKED_OF & set(roles)]
    secrets_of = {_totp(login): known.get(_totp(login)) or new_secret() for login in asked}
    if passwords | secrets_of != known:
        write_private(path, json.dumps(passwords | secrets_of))
    return [
        LogIn(login, PEOPLE[login][0], passwords[login], secrets_of.get(_totp(login), ""))
        for login in PEOPLE
    ]


def _totp(login: str) -> str:
    return f"{login} totp"
