"""The demonstration: sample scans go from the drop folder to the bank and into the books, by steps.

Each step first looks at what the data already holds, so a start after a kill goes on from there.
"""

import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from rich.table import Table
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from language import _
from models import Batch, Claim, Decision, Enrolment, Letter, Packet, Payment, StoredReading, Unit
from models.machines.claims import CLAIM
from models.machines.enrolment import ENROLMENT
from models.states import BatchState, EnrolmentState, PacketState, PaymentState
from rules.money import yuan
from rules.verdict import OUTCOME_NAMES, Outcome
from servers import samples
from servers.answering import answer_as_told
from servers.objecting import OBJECTED, object_to
from servers.paying import (
    SENT_BACK,
    approve_again,
    ask_again,
    freeze_again,
    open_the_books,
    pay_out,
    show_books,
)
from servers.progress import Stage, screen, wait_for
from servers.restarts import Restarts
from workflows.claims.approving import approval, approval_queue
from workflows.claims.approving.approval import Approved
from workflows.claims.paying import batches, payment_files
from workflows.claims.paying.paying_accounts import take_over_setting
from workflows.engine.causes import will_pass
from workflows.engine.office import Office
from workflows.people.accounts import user_by_login

_CUT_OFF = 5
"""So often the demonstration goes on."""
LEFT_FOR_THE_SUPERVISOR = ("01-clean-stay", "03-one-pdf.pdf")


def play_on(office: Office, port: int, restarts: Restarts) -> None:
    """The same, gone on with where the database cuts the connection. Raises DemoFailed."""
    for _time in range(_CUT_OFF):
        try:
            return play(office, port, restarts)
        except DBAPIError as error:
            if not will_pass(error):
                raise
            screen.print(_("数据库连接中断，接着走"))
    return play(office, port, restarts)


def play(office: Office, port: int, restarts: Restarts) -> None:
    """Run the whole line once on the sample packets, and say where everything is.

    Raises DemoFailed.
    """
    log_ins = samples.make_people(office)
    _settle_in(office)
    address = f"http://{office.settings.host}:{port}"
    wait_for(office, restarts, _("启动控制台"), lambda _session: _console(office, port))
    _show_log_ins(address, log_ins)
    wait_for(office, restarts, _("录入名册"), _roster)
    open_the_books(office)
    dropped = samples.drop(office)

    def wait() -> None:
        """Until everything that was dropped is taken in and at rest."""
        expected = dropped + samples.dropped_later(office)
        wait_for(office, restarts, _("收件"), lambda session: _packets(session, expected))
        wait_for(office, restarts, _("识读、审核、核定"), _claims)

    wait()
    if not _has_batch(office):
        samples.drop_second_half(office)
        wait()
        answer_as_told(office)
        wait()
        _approve(office)
        wait_for(office, restarts, _("备付、出具通知书"), _claims)
        _freeze(office)
    _write_file(office)
    _pay_all(office, wait)
    _show_claims(office)
    wait_for(office, restarts, _("出具通知书"), _claims)
    show_books(office)
    screen.print(_("通知书：%(path)s") % {"path": _export_letters(office)}, soft_wrap=True)
    screen.print(_("投件夹：%(path)s") % {"path": office.settings.inbox_folder}, soft_wrap=True)
    screen.print(
        _("登录名和密码：%(path)s") % {"path": office.settings.sample_log_ins}, soft_wrap=True
    )
    screen.print(address, style="bold")


def _pay_all(office: Office, wait: Callable[[], None]) -> None:
    """From the first batch, frozen, to a second one: what came back of it, and what an objection
    adds."""
    with office.sessions.unit_of_work() as session:
        found = [samples.claim_of(session, office, name) for name in (OBJECTED, SENT_BACK)]
        claim_ids = [claim.id for claim in found if claim]
    pay_out(office, claim_ids)
    wait()
    ask_again(office)
    object_to(office, claim_ids[0], wait)
    approve_again(office, claim_ids)
    wait()
    freeze_again(office, claim_ids)
    _write_file(office)
    pay_out(office, claim_ids)
    wait()


def _settle_in(office: Office) -> None:
    with office.sessions.unit_of_work() as session:
        take_over_setting(session, office)


def _show_log_ins(address: str, log_ins: list[samples.LogIn]) -> None:
    screen.print(address, style="bold")
    table = Table(_("登录名"), _("密码"), _("姓名"))
    for log_in in log_ins:
        table.add_row(log_in.login, log_in.password, log_in.name)
    screen.print(table)
    screen.print(_("审批、出纳和管理员登录还须动态口令：huzhu demo-code 登录名"))


def _console(office: Office, port: int) -> Stage:
    with suppress(OSError), socket.create_connection((office.settings.host, port), timeout=1):
        return Stage(1, 1)
    return Stage(0, 1)


def _roster(session: Session) -> Stage:
    """Cover must have begun before the claims come in, or they would be refused."""
    query = select(Enrolment).join(Unit).where(Unit.name == samples.UNIT_NAME)
    first = session.scalars(query.order_by(Enrolment.id).limit(len(samples.ROSTERS))).all()
    words = [f"{_(ENROLMENT.states[each.state])} {each.rows_done}/{each.rows}" for each in first]
    covered = sum(each.state == EnrolmentState.COVERED for each in first)
    return Stage(covered, len(first), "  ".join(words))


def _packets(session: Session, expected: int) -> Stage:
    """The packets that are put away, of those that were dropped."""
    away = Packet.state.in_((PacketState.AWAY, PacketState.GONE))
    done = session.scalar(select(func.count()).where(away)) or 0
    return Stage(min(done, expected), expected, _by_state(session))


def _claims(session: Session) -> Stage:
    """The claims that wait for a person or failed, and the letters that are written."""
    is_busy = Claim.state.in_(CLAIM.automatic) & Claim.parked_at.is_(None)
    claims, busy = session.execute(select(func.count(), func.count().filter(is_busy))).one()
    letters, written = session.execute(
        select(func.count(Letter.id), func.count(Letter.written_at))
    ).one()
    return Stage(claims - busy + written, claims + letters, _by_state(session))


def _by_state(session: Session) -> str:
    """The claims in each state, and the pages that are read: reading takes most of the time."""
    counts = dict(session.execute(select(Claim.state, func.count()).group_by(Claim.state)).all())
    pages = session.scalar(select(func.count()).select_from(StoredReading))
    words = [f"{_(CLAIM.states[s])} {counts[s]}" for s in CLAIM.states if s in counts]
    return "  ".join([*words, _("已识读 %(count)s 页") % {"count": pages}])


def _has_batch(office: Office) -> bool:
    with office.sessions.read_only() as session:
        return session.scalar(select(Batch.id).limit(1)) is not None


def _approve(office: Office) -> None:
    """Approve what is proposed as the sample supervisor, but leave a few to try by hand.

    A second time nothing is left to approve but these few, and they stay.
    """
    with office.sessions.unit_of_work() as session:
        left = [samples.claim_of(session, office, name) for name in LEFT_FOR_THE_SUPERVISOR]
        stay = {claim.id for claim in left if claim}
        waiting = approval_queue.queue(session, office)
        items = [item for item in waiting if item.claim_id not in stay]
        supervisor = user_by_login(session, "supervisor")
        done = approval.approve(session, office, supervisor, items, items)
        _tell(done)
        above = [
            item for item in approval_queue.queue(session, office) if item.number in done.waits
        ]
        if above:
            other = user_by_login(session, "supervisor2")
            screen.print(_("超过审批限额的，由第二人再批："))
            _tell(approval.approve(session, office, other, above, above))


def _tell(done: Approved) -> None:
    words = {"count": done.count, "sum": yuan(done.sum)}
    screen.print(_("已审批 %(count)s 件，合计 %(sum)s 元") % words)


def _freeze(office: Office) -> None:
    """Put what is approved into a batch; without a payment there is none."""
    with office.sessions.unit_of_work() as session:
        if session.scalar(select(Payment.id).filter_by(state=PaymentState.QUEUED).limit(1)):
            batches.freeze(session, office, user_by_login(session, "cashier"))


def _write_file(office: Office) -> None:
    """Write the file of the newest batch that is not discarded, or its draft before the release;
    each time the same bytes."""
    live = select(Batch).where(Batch.state != BatchState.DISCARDED)
    with office.sessions.unit_of_work() as session:
        batch = session.scalar(live.order_by(Batch.id.desc()).limit(1))
        if batch is None:
            screen.print(_("没有待组批的付款"))
            return
        words = {"number": batch.number, "count": batch.count, "sum": yuan(batch.sum)}
        screen.print(_("批次 %(number)s：%(count)s 笔，合计 %(sum)s 元") % words)
        cashier = user_by_login(session, "cashier")
        released = batch.state == BatchState.RELEASED
        make = payment_files.write_file if released else payment_files.draft_file
        folder = office.settings.out_folder / batch.number
        path = payment_files.save_file(folder, make(session, office, cashier, batch))
        sentence = _("银行文件：%(path)s") if released else _("样稿：%(path)s")
        screen.print(sentence % {"path": path}, soft_wrap=True)


def _export_letters(office: Office) -> Path:
    folder = office.settings.out_folder / "letters"
    folder.mkdir(parents=True, exist_ok=True)
    with office.sessions.read_only() as session:
        for letter in session.scalars(select(Letter).where(Letter.sha256.is_not(None))):
            name = f"{letter.claim.number}-{letter.kind}-{letter.id}.docx"
            (folder / name).write_bytes(office.store.get(letter.sha256 or ""))
    return folder


def _show_claims(office: Office) -> None:
    table = Table(_("案件"), _("状态"), _("结果"), _("金额"))
    with office.sessions.read_only() as session:
        rows = session.execute(
            select(Claim, Decision)
            .outerjoin(Decision, (Decision.claim_id == Claim.id) & Decision.superseded_at.is_(None))
            .order_by(Claim.id)
        )
        for claim, decision in rows.tuples():
            outcome = _(OUTCOME_NAMES[Outcome(decision.outcome)]) if decision else ""
            amount = yuan(decision.amount) if decision else ""
            table.add_row(claim.number, _(CLAIM.states[claim.state]), outcome, amount)
    screen.print(table)
