"""Checks of what an office sets: secrets, cookies, accounts, mail, and who may do what."""

import smtplib
from collections import defaultdict

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from documents.packets.malware import is_ready
from language import N_, _
from models import User
from models.people import ROLE_WORDS
from rules.errors import Transient
from servers.checks import Examination, Examined, beware, well, wrong
from settings import SAMPLE_PAYER, Settings
from workflows.claims.approving.enough_approvers import lacking_approvers
from workflows.people.account_names import in_signs, is_log_in, is_staff_number
from workflows.people.excluded_roles import counting
from workflows.people.rights import ROLES, Act
from workflows.renewal.notice_sender import sender_gaps

_LOCAL = ("127.0.0.1", "::1", "localhost")
_SHORTEST, _FEWEST_SIGNS = 32, 10
_PATIENCE = 10
_NOT_ALONE = (Act.APPROVE, Act.PAY, Act.OPEN_ACCOUNTS, Act.CONFIRM_ACCOUNTS)
"""What stands still when the one person who may do it is away or locked out."""


def _secret(ready: Settings, _engine: Engine) -> Examined:
    secret = ready.secret.get_secret_value()
    if len(secret) < _SHORTEST or len(set(secret)) < _FEWEST_SIGNS:
        return wrong(_("HUZHU_SECRET 太短或太简单：请用至少 32 个随机字符"))
    return well(_("够长"))


def _cookies(ready: Settings, _engine: Engine) -> Examined:
    if ready.host in _LOCAL or ready.secure_cookies:
        return well(_("只在本机，或只经 HTTPS"))
    return wrong(
        _("控制台对外开放而 Cookie 不限 HTTPS：请放在 TLS 代理之后并设 HUZHU_SECURE_COOKIES")
    )


def _payer(ready: Settings, _engine: Engine) -> Examined:
    if ready.payer_account == SAMPLE_PAYER and not ready.sample_log_ins.exists():
        return beware(_("付款账户还是样例账户：请设 HUZHU_PAYER_ACCOUNT 等，或在网页上登记账户"))
    return well(_("已设"))


def _mail(ready: Settings, _engine: Engine) -> Examined:
    if not ready.smtp_host:
        return beware(_("未设邮件服务器，通知只在单位的网页上：请设 HUZHU_SMTP_HOST"))
    kind = smtplib.SMTP_SSL if ready.smtp_security == "tls" else smtplib.SMTP
    try:
        with kind(ready.smtp_host, ready.smtp_port, timeout=ready.smtp_seconds) as server:
            server.noop()
    except (OSError, smtplib.SMTPException):
        words = {"host": ready.smtp_host, "port": ready.smtp_port}
        return beware(_("邮件服务器 %(host)s:%(port)s 没有应答：请检查地址和网络") % words)
    return well(_("邮件服务器有应答"))


def _approvers(ready: Settings, engine: Engine) -> Examined:
    with Session(engine) as session:
        lacking = lacking_approvers(session, ready)
    return beware("；".join(lacking)) if lacking else well(_("人数符合审批限额"))


def _lone_people(_ready: Settings, engine: Engine) -> Examined:
    """Roles for which only one person counts."""
    needed = sorted(role for act in _NOT_ALONE for role in ROLES[act])
    persons: defaultdict[str, set[str]] = defaultdict(set)
    with Session(engine) as session:
        people = session.execute(
            select(User.staff_number, User.roles).where(User.disabled_at.is_(None))
        )
        for number, roles in people:
            for role in counting(roles):
                persons[role].add(number)
    lone = [role for role in needed if len(persons[role]) < 2]
    if not lone:
        return well(_("每个岗位至少两人"))
    words = {"roles": "、".join(_(ROLE_WORDS[role]) for role in lone)}
    return beware(_("%(roles)s不足两人：有人不在或被锁时无人可替，请再开账户") % words)


def _account_names(_ready: Settings, engine: Engine) -> Examined:
    """Older accounts whose name may be another's to the eye; new ones are refused."""
    with Session(engine) as session:
        accounts = session.execute(
            select(User.login, User.staff_number).where(User.disabled_at.is_(None))
        ).all()
    odd = [
        f"{in_signs(login)}（{in_signs(number)}）"
        for login, number in accounts
        if not is_log_in(login) or not is_staff_number(number)
    ]
    if not odd:
        return well(_("都只含规定的字符"))
    words = _(
        "账户 %(accounts)s 含有不规范或看不见的字符，可能与他人的看来相同：请核对后停用，另开账户"
    )
    return beware(words % {"accounts": "、".join(sorted(odd))})


def _notices(ready: Settings, _engine: Engine) -> Examined:
    gaps = [f"{gap.sentence}（{gap.names}）" for gap in sender_gaps(ready)]
    return beware("；".join(gaps)) if gaps else well(_("账户和电话已设"))


def _scanner(ready: Settings, _engine: Engine) -> Examined:
    if not ready.clamav_socket:
        return well(_("未设杀毒程序（HUZHU_CLAMAV_SOCKET），收到的文件不查毒"))
    try:
        answers = is_ready(ready.clamav_socket, _PATIENCE)
    except Transient as silent:
        return wrong(str(silent))
    if not answers:
        return wrong(_("HUZHU_CLAMAV_SOCKET 处应答的不是 clamd"))
    return well(_("clamd 有应答"))


LOOKS: dict[str, Examination] = {
    N_("密钥"): _secret,
    "Cookie": _cookies,
    N_("付款账户"): _payer,
    N_("杀毒"): _scanner,
    N_("邮件"): _mail,
    N_("审批人"): _approvers,
    N_("岗位人数"): _lone_people,
    N_("登录名和工号"): _account_names,
    N_("续保通知"): _notices,
}
