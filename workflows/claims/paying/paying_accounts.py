"""The accounts that pay (付款账户) are kept by two people: one proposes, another confirms.

An account that is confirmed ends the one before it for the same plans on the day before its first.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from banking.batch import Payer, payer_faults
from language import _
from models import PayingAccount, User
from rules import plans
from rules.errors import OwnWork, Refused
from settings import Settings
from workflows.books.paying_account import accounts_of_the_day
from workflows.claims.paying.batch_content import is_unusable_sample, refuse_sample_account
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.engine.turns import OneAtATime, wait_for
from workflows.people.persons import own_accounts
from workflows.people.rights import Act, require

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class NewAccount:
    """An account as a person proposes it; `family` None: for all plans without one of their own."""

    family: str | None
    payer: Payer
    first_on: date


def take_over_setting(session: Session, office: Office) -> None:
    """Let the account of the settings be the first one, where no account was ever kept.

    The sample account is taken over by the demonstration alone.
    """
    settings = office.settings
    _lock(session)
    if is_unusable_sample(office, settings.payer_account):
        return
    if session.scalar(select(PayingAccount.id).limit(1)) is None:
        if faults := payer_faults(_payer(settings)):
            raise Refused(_("设置中的付款账户：%(faults)s") % {"faults": "；".join(faults)})
        account = _account(office, NewAccount(None, _payer(settings), office.today()))
        account.confirmed_at = account.proposed_at
        session.add(account)
        session.flush()
        record(session, account, "take_over", office.clock(), None, **_told(account))


def propose_account(session: Session, office: Office, person: User, new: NewAccount) -> None:
    """Propose an account; nothing is paid from it before another person confirms it."""
    require(person, Act.PROPOSE_PAYING_ACCOUNT)
    if new.family is not None and not plans.codes_of(new.family):
        raise Refused(_("没有这种计划：%(plan)s") % {"plan": new.family}, at="family")
    if faults := payer_faults(new.payer):
        raise Refused("；".join(faults), at="account")
    refuse_sample_account(office, new.payer.account)
    _lock(session)
    _refuse_early(session, office, new.family, new.first_on)
    account = _account(office, new)
    account.proposed_by = person.id
    session.add(account)
    session.flush()
    record(session, account, "propose", office.clock(), person.id, **_told(account))


def confirm_account(
    session: Session, office: Office, person: User, account: PayingAccount, seen: int
) -> None:
    """Let a proposed account count from its first day, and end the one before it.

    `seen` is the version that the person was shown; Refused where it is another one by now.
    """
    _locked(session, account)
    _require_another(session, person, account.proposed_by)
    _refuse_unless_proposed(account, seen)
    _refuse_early(session, office, account.family, account.first_on)
    confirmed = select(PayingAccount).where(*_confirmed_of(account.family))
    for before in session.scalars(confirmed.order_by(PayingAccount.id)).all():
        if before.last_on is None or before.last_on >= account.first_on:
            _end(session, office, person, before, account.first_on - _DAY)
    # The days of two accounts never overlap, so the one before must end first.
    session.flush()
    account.confirmed_by, account.confirmed_at = person.id, office.clock()
    record(session, account, "confirm", office.clock(), person.id, **_told(account))


def refuse_account(
    session: Session, office: Office, person: User, account: PayingAccount, seen: int
) -> None:
    """Drop a proposed account, in the version that was shown."""
    require(person, Act.CONFIRM_PAYING_ACCOUNT)
    _locked(session, account)
    _refuse_unless_proposed(account, seen)
    account.refused_at = office.clock()
    record(session, account, "refuse", office.clock(), person.id)


def ask_end(
    session: Session, office: Office, person: User, account: PayingAccount, last_on: date
) -> None:
    """Ask that the account of some plans ends with this day; the general one then pays for them."""
    require(person, Act.PROPOSE_PAYING_ACCOUNT)
    _locked(session, account)
    if account.family is None:
        raise Refused(_("通用的付款账户不能停用，只能由新账户接替"))
    if account.confirmed_at is None or account.last_on is not None:
        raise Refused(_("这个付款账户没有在用"))
    if last_on < office.today() or last_on < account.first_on:
        raise Refused(_("最后一日不能早于今天或账户的第一日"), at="last_on")
    account.end_on, account.end_asked_by = last_on, person.id
    record(session, account, "ask_end", office.clock(), person.id, last_on=last_on.isoformat())


def agree_end(
    session: Session, office: Office, person: User, account: PayingAccount, seen: date
) -> None:
    """End the account with the day that another person asked for.

    `seen` is the day the person was shown; Refused where it is another one by now.
    """
    _locked(session, account)
    _require_another(session, person, account.end_asked_by)
    _refuse_unless_ending(account, seen)
    # Batches of today may have been frozen from it meanwhile.
    _end(session, office, person, account, max(seen, office.today()))


def refuse_end(
    session: Session, office: Office, person: User, account: PayingAccount, seen: date
) -> None:
    """Leave the account as it is, with the end asked for that the person was shown."""
    require(person, Act.CONFIRM_PAYING_ACCOUNT)
    _locked(session, account)
    _refuse_unless_ending(account, seen)
    account.end_on = account.end_asked_by = None
    record(session, account, "refuse_end", office.clock(), person.id)


def _end(
    session: Session, office: Office, person: User, account: PayingAccount, last_on: date
) -> None:
    account.last_on, account.end_on, account.end_asked_by = last_on, None, None
    record(session, account, "end", office.clock(), person.id, last_on=last_on.isoformat())


def _refuse_early(session: Session, office: Office, family: str | None, first_on: date) -> None:
    """Refuse a first day that is past, on which another account pays already, or before one that
    is to come: what a batch was frozen from stays true."""
    if first_on < office.today():
        raise Refused(_("第一日不能早于今天"), at="first_on")
    today = accounts_of_the_day(session, office.today())
    # A family without an account of its own is paid from the general one.
    if first_on == office.today() and today.keys() & {family, None}:
        raise Refused(_("今天已有付款账户在用，新账户最早从明天起"), at="first_on")
    latest = session.scalar(select(func.max(PayingAccount.first_on)).where(*_confirmed_of(family)))
    if latest is not None and first_on < latest:
        words = {"day": latest.isoformat()}
        raise Refused(_("已有自 %(day)s 起的付款账户，新账户不能更早") % words, at="first_on")


def _confirmed_of(family: str | None) -> tuple[ColumnElement[bool], ...]:
    same = PayingAccount.family.is_not_distinct_from(family)
    return PayingAccount.confirmed_at.is_not(None), same


def _refuse_unless_proposed(account: PayingAccount, seen: int) -> None:
    if account.confirmed_at is not None or account.refused_at is not None:
        raise Refused(_("这个付款账户没有待确认的提议"))
    if account.version != seen:
        raise Refused(_("所提的付款账户在显示之后已有变动，请重新核对"))


def _refuse_unless_ending(account: PayingAccount, seen: date) -> None:
    if account.end_on is None:
        raise Refused(_("没有人提请停用这个付款账户"))
    if account.end_on != seen:
        raise Refused(_("提请停用的日期在显示之后已有变动，请重新核对"))


def _require_another(session: Session, person: User, asked_by: int | None) -> None:
    require(person, Act.CONFIRM_PAYING_ACCOUNT)
    if asked_by in own_accounts(session, person):
        raise OwnWork(_("提出的人不能自己确认，须由另一人办理"))


def _account(office: Office, new: NewAccount) -> PayingAccount:
    payer = new.payer
    return PayingAccount(
        family=new.family,
        name=payer.name,
        account=payer.account,
        bank=payer.bank_name,
        cnaps=payer.cnaps,
        first_on=new.first_on,
        proposed_at=office.clock(),
        version=0,
    )


def _payer(settings: Settings) -> Payer:
    cnaps = settings.payer_cnaps or None
    return Payer(settings.payer_name, settings.payer_account, settings.payer_bank, cnaps)


def _told(account: PayingAccount) -> dict[str, str]:
    """What the history keeps of an account: it is the office's own, and no secret."""
    return {
        "family": account.family or "",
        "name": account.name,
        "account": account.account,
        "bank": account.bank,
        "cnaps": account.cnaps or "",
        "first_on": account.first_on.isoformat(),
    }


def _lock(session: Session) -> None:
    """One act on accounts at a time: each looks at the days of the others."""
    wait_for(session, OneAtATime.CHANGE_PAYING_ACCOUNTS)


def _locked(session: Session, account: PayingAccount) -> None:
    _lock(session)
    session.refresh(account, with_for_update=True)
