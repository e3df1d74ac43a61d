"""The demonstration: sample scans go from the drop folder to a bank file, step by step."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy import func, select

from language import N_, _
from models import Batch, Claim, Decision, Enrolment, Letter, Packet, Payment
from models.states import CLAIM, EnrolmentState, PacketState, PaymentState
from rules.errors import HuzhuError
from rules.money import yuan
from servers import samples
from workflows.claims import approval, payout
from workflows.engine.office import Office
from workflows.people.accounts import user_by_login

PATIENCE = 900.0
LEFT_FOR_THE_SUPERVISOR = 2
OUTCOMES = {"pay": N_("给付"), "deny": N_("不予给付"), "refer": N_("转人工")}
FORMATS = ("ccb-list", "pain.001.001.09")

screen = Console()


class DemoFailed(HuzhuError):
    """The demonstration did not come to its end; the message says where it stopped."""


def play(office: Office, port: int, children: dict[str, "subprocess.Popen[bytes]"]) -> None:
    """Run the whole line once on the sample packets, and say where everything is."""
    log_ins = samples.load(office)
    _wait_for_cover(office, children)
    dropped = samples.drop(office)
    if dropped:
        screen.print(_("已投入 %(count)s 份样例材料") % {"count": dropped})
        _watch(office, dropped, children)
        _approve_the_clean(office)
        _wait(office, children)
    _show_claims(office)
    for path in _pay(office):
        screen.print(_("银行文件：%(path)s") % {"path": path})
    _wait(office, children)
    screen.print(_("通知书：%(path)s") % {"path": _export_letters(office)})
    screen.print(_("投件夹：%(path)s") % {"path": office.settings.inbox_folder})
    screen.print(f"http://{office.settings.host}:{port}", style="bold")
    table = Table(_("登录名"), _("密码"), _("岗位"))
    for log_in in log_ins:
        table.add_row(log_in.login, log_in.password, log_in.name)
    screen.print(table)


def _wait_for_cover(office: Office, children: dict[str, "subprocess.Popen[bytes]"]) -> None:
    """Let the worker enrol the sample roster and begin its cover before anybody claims."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        _refuse_dead(children)
        with office.sessions.look() as session:
            roster = session.scalars(select(Enrolment).order_by(Enrolment.id).limit(1)).one()
            if roster.state == EnrolmentState.COVERED and roster.cover_year is not None:
                words = {
                    "number": roster.number,
                    "count": roster.rows_done,
                    "start": roster.cover_year.starts_on,
                    "end": roster.cover_year.ends_on,
                }
                screen.print(
                    _("名册 %(number)s：%(count)s 人，保障期 %(start)s 至 %(end)s") % words
                )
                return
        time.sleep(0.3)
    raise DemoFailed(_("样例没有在 %(seconds)s 秒内走完") % {"seconds": int(PATIENCE)})


def _refuse_dead(children: dict[str, "subprocess.Popen[bytes]"]) -> None:
    if dead := [name for name, child in children.items() if child.poll() is not None]:
        raise DemoFailed(_("进程 %(names)s 已退出") % {"names": "、".join(dead)})


def _watch(office: Office, expected: int, children: dict[str, "subprocess.Popen[bytes]"]) -> None:
    """Show each packet come in and each claim move on, until all are at rest."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[now]}"))
    with Progress(*columns, TimeElapsedColumn(), console=screen) as progress:
        packets = progress.add_task(_("收件"), total=expected, now="")
        claims = progress.add_task(_("识读、审核、核定"), total=None, now="")
        for away, resting, total, words in _standing(office, children):
            progress.update(packets, completed=away, now=f"{away}/{expected}")
            progress.update(claims, completed=resting, total=total or None, now=words)
            if away >= expected and resting >= total:
                return


def _wait(office: Office, children: dict[str, "subprocess.Popen[bytes]"]) -> None:
    for _away, resting, total, _words in _standing(office, children):
        if resting >= total:
            return


def _standing(
    office: Office, children: dict[str, "subprocess.Popen[bytes]"]
) -> Iterator[tuple[int, int, int, str]]:
    """How many packets are put away, how many claims and letters rest, of how many, in words."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        _refuse_dead(children)
        with office.sessions.look() as session:
            away = session.scalar(
                select(func.count()).where(Packet.state.in_([PacketState.AWAY, PacketState.GONE]))
            )
            states = session.execute(
                select(Claim.state, Claim.parked_at.is_not(None), func.count()).group_by(
                    Claim.state, Claim.parked_at.is_not(None)
                )
            ).all()
            letters = session.execute(
                select(func.count(Letter.id), func.count(Letter.written_at))
            ).one()
        busy = sum(n for state, parked, n in states if state in CLAIM.automatic and not parked)
        total = sum(n for _state, _parked, n in states) + letters[0]
        words = "  ".join(f"{_(CLAIM.states[state])} {n}" for state, _parked, n in states)
        yield away or 0, total - busy - (letters[0] - letters[1]), total, words
        time.sleep(0.3)
    raise DemoFailed(_("样例没有在 %(seconds)s 秒内走完") % {"seconds": int(PATIENCE)})


def _approve_the_clean(office: Office) -> None:
    """Approve what has no exception as the sample supervisor, but leave a few to try by hand."""
    with office.sessions.unit_of_work() as session:
        clean = [item for item in approval.queue(session) if item.is_clean]
        supervisor = user_by_login(session, "supervisor")
        done = approval.approve(session, office, supervisor, clean[:-LEFT_FOR_THE_SUPERVISOR])
    words = {"count": done.count, "sum": yuan(done.sum)}
    screen.print(_("已审批 %(count)s 件，合计 %(sum)s 元") % words)


def _pay(office: Office) -> Iterator[Path]:
    """Freeze what is approved; write the files of the newest batch again, the same bytes."""
    with office.sessions.unit_of_work() as session:
        if session.scalar(select(Payment.id).filter_by(state=PaymentState.QUEUED).limit(1)):
            payout.freeze(session, office, user_by_login(session, "cashier"))
        batch = session.scalars(select(Batch).order_by(Batch.id.desc()).limit(1)).one()
        words = {"number": batch.number, "count": batch.count, "sum": yuan(batch.sum)}
        screen.print(_("批次 %(number)s：%(count)s 笔，合计 %(sum)s 元") % words)
        for code in FORMATS:
            yield payout.save_file(office, batch, payout.write_file(session, office, batch, code))


def _export_letters(office: Office) -> Path:
    folder = office.settings.out_folder / "letters"
    folder.mkdir(parents=True, exist_ok=True)
    with office.sessions.look() as session:
        for letter in session.scalars(select(Letter).where(Letter.sha256.is_not(None))):
            name = f"{letter.claim.number}-{letter.kind}-{letter.id}.docx"
            (folder / name).write_bytes(office.store.get(letter.sha256 or ""))
    return folder


def _show_claims(office: Office) -> None:
    table = Table(_("案件"), _("状态"), _("结果"), _("金额"))
    with office.sessions.look() as session:
        rows = session.execute(
            select(Claim, Decision)
            .outerjoin(Decision, (Decision.claim_id == Claim.id) & Decision.superseded_at.is_(None))
            .order_by(Claim.id)
        )
        for claim, decision in rows.tuples():
            outcome = _(OUTCOMES[decision.outcome]) if decision else ""
            amount = yuan(decision.amount) if decision else ""
            table.add_row(claim.number, _(CLAIM.states[claim.state]), outcome, amount)
    screen.print(table)
