"""Tokens (接口令牌): a program does some acts of an account, as two administrators agreed.

Neither administrator ever knows the secret: the person of the account draws it, once. The table
knows its keyed hash, made together with account, acts and last day, so that who can write to the
database makes no token and gives none more to do.
"""

import hmac
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from language import N_, _
from models import ApiToken, User
from rules.errors import BadInput, OwnWork, Refused
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.people.persons import own_accounts
from workflows.people.rights import ROLES, Act, require
from workflows.people.tampered_accounts import refuse_tampered_accounts

TOKEN_ACTS = {
    Act.HAND_IN: N_("报送案件材料"),
    Act.SEE_CLAIMS: N_("查看案件"),
    Act.CORRECT: N_("更正和确认识读结果"),
    Act.ANSWER: N_("答复转人工的问题"),
    Act.HOLD: N_("搁置和恢复办理"),
    Act.WITHDRAW: N_("撤回申请"),
    Act.ENROL: N_("报送名册"),
    Act.SEE_ENROLMENTS: N_("查看名册"),
    Act.SEE_BATCHES: N_("查看批次"),
    Act.PAY: N_("取银行文件、载入回盘"),
    Act.SEE_STATISTICS: N_("查看统计"),
    Act.SEE_LOG: N_("读取操作记录"),
}
"""What a program may do, and how it is called. Whatever asks for a second person or a second factor
(approving, freezing, releasing, accounts, numbers in full) is for people."""

LONGEST = timedelta(days=366)
_SEEN_AGAIN_AFTER = timedelta(minutes=1)
_PREFIX = "huzhu"
_LONGEST_TEXT = 100
_LONGEST_ID = 18


@dataclass(frozen=True)
class AskedToken:
    """What is asked for: whose, what it is for, what it may do, and its last day."""

    user: User
    name: str
    acts: Sequence[Act]
    expires_on: date


class Bearer(NamedTuple):
    """A token that counts, and the person of its account, who may do what the token lets do."""

    token: ApiToken
    person: User


def acts_for(user: User) -> list[Act]:
    """What a token of this account could let a program do."""
    return [act for act in TOKEN_ACTS if ROLES[act] & set(user.roles)]


def ask_for_token(session: Session, office: Office, admin: User, asked: AskedToken) -> ApiToken:
    """Ask for a token; nothing comes of it before another administrator agrees."""
    require(admin, Act.OPEN_ACCOUNTS)
    name, user = asked.name.strip(), session.get_one(User, asked.user.id, with_for_update=True)
    if user.id in own_accounts(session, admin):
        raise OwnWork(_("自己的接口令牌须由别的管理员提出"))
    if not name:
        raise BadInput(_("请写明由哪个程序使用"), "name")
    if not asked.acts or set(asked.acts) - set(acts_for(user)):
        raise BadInput(_("请选择此账户的岗位可以办理的事项"), "acts")
    _refuse_last_day(office, asked.expires_on)
    token = ApiToken(
        user_id=user.id,
        name=name,
        acts=[act.value for act in asked.acts],
        expires_on=asked.expires_on,
        asked_by=admin.id,
        asked_at=office.clock(),
    )
    session.add(token)
    session.flush()
    _record(session, office, user, "ask_token", admin, token)
    return token


def agree_to_token(session: Session, office: Office, admin: User, token_id: int) -> ApiToken:
    """Agree to it: the person of the account may now draw its secret."""
    require(admin, Act.CONFIRM_ACCOUNTS)
    token, user = _live(session, token_id)
    own = own_accounts(session, admin)
    if token.agreed_at is not None:
        raise Refused(_("这个接口令牌已经同意"))
    if user.id in own or token.asked_by in own:
        raise OwnWork(_("须由提出人和使用人以外的管理员同意"))
    _refuse_last_day(office, token.expires_on)
    token.agreed_by, token.agreed_at = admin.id, office.clock()
    _record(session, office, user, "agree_token", admin, token)
    return token


def draw_token(session: Session, office: Office, person: User, token_id: int) -> str:
    """The secret of one's own token, which is shown this once."""
    token, user = _live(session, token_id)
    if user.id != person.id:
        raise Refused(_("没有这个接口令牌"))
    if token.agreed_at is None or token.token_print is not None:
        raise Refused(_("这个接口令牌尚未同意，或已经取过；遗失的请停用后重新申请"))
    text = f"{_PREFIX}_{token.id}_{secrets.token_urlsafe(32)}"
    token.token_print = _print(office, token, text)
    _record(session, office, user, "draw_token", person, token)
    return text


def end_token(session: Session, office: Office, by: User, token_id: int) -> ApiToken:
    """End a token at once: one's own, or as an administrator any."""
    token, user = _live(session, token_id)
    if user.id != by.id:
        require(by, Act.SHUT_ACCOUNTS)
    token.ended_at, token.ended_by = office.clock(), by.id
    _record(session, office, user, "end_token", by, token)
    return token


def tokens_of(session: Session, users: Collection[int]) -> Sequence[ApiToken]:
    """The tokens of these accounts that have not been ended, the newest first."""
    query = select(ApiToken).where(ApiToken.user_id.in_(users), ApiToken.ended_at.is_(None))
    return session.scalars(query.order_by(ApiToken.id.desc())).all()


def bearer_of(session: Session, office: Office, text: str) -> Bearer | None:
    """Who brings this secret; None where it counts for nothing: wrong, not yet agreed to, ended,
    over, or of an account that is shut or waits for its own password."""
    number = _id_in(text)
    query = select(ApiToken, User).join(User, User.id == ApiToken.user_id)
    live = (ApiToken.ended_at.is_(None), User.disabled_at.is_(None))
    found = session.execute(query.where(ApiToken.id == number, *live)).one_or_none()
    if found is None:
        return None
    token, user = found
    if token.token_print is None or user.must_change_password:
        return None
    if not hmac.compare_digest(token.token_print, _print(office, token, text)):
        return None
    if token.expires_on < office.today():
        return None
    refuse_tampered_accounts(session, office, [user.id])
    user.narrow(frozenset(token.acts))
    return Bearer(token, user)


def is_to_be_noted(office: Office, token: ApiToken) -> bool:
    """Whether its last use is so long ago that the new one is written: a row a minute, no more."""
    last = token.last_used_at
    return last is None or office.clock() - last >= _SEEN_AGAIN_AFTER


def note_use(session: Session, office: Office, token: ApiToken) -> None:
    """Note that it is in use."""
    session.get_one(ApiToken, token.id).last_used_at = office.clock()


def _live(session: Session, token_id: int) -> tuple[ApiToken, User]:
    """The token that was not ended, and its account, both locked."""
    token = session.get(ApiToken, token_id, with_for_update=True)
    if token is None or token.ended_at is not None:
        raise Refused(_("没有这个接口令牌"))
    return token, session.get_one(User, token.user_id, with_for_update=True)


def _refuse_last_day(office: Office, day: date) -> None:
    if not office.today() <= day <= office.today() + LONGEST:
        raise BadInput(_("有效期应从今天起，最长一年"), "expires_on")


def _record(
    session: Session, office: Office, user: User, verb: str, by: User, token: ApiToken
) -> None:
    told: dict[str, Any] = {
        "token": token.id,
        "acts": token.acts,
        "expires_on": token.expires_on.isoformat(),
    }
    record(session, user, verb, office.clock(), by.id, **told)


def _id_in(text: str) -> int:
    """The id that the secret names; 0, which no token has, where it has not the form of one."""
    prefix, _line, rest = text.partition("_")
    number = rest.partition("_")[0]
    is_one = prefix == _PREFIX and number.isascii() and number.isdecimal()
    return int(number) if is_one and len(text) < _LONGEST_TEXT and len(number) < _LONGEST_ID else 0


def _print(office: Office, token: ApiToken, text: str) -> bytes:
    told = f"{token.user_id} {','.join(token.acts)} {token.expires_on.isoformat()}"
    return office.keys.fingerprint(f"api token {told} {text}")
