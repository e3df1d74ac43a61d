"""The commands about claims: listed, shown, put back on their way, approved."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.connecting import As, acting, connect
from console.labels import about
from console.queries.history import history_of
from language import _
from models import Claim
from models.machines.claims import CLAIM
from rules.errors import Refused
from rules.money import yuan
from workflows import failures
from workflows.claims.approving import approval, approval_queue
from workflows.engine.erased import require_kept

commands = typer.Typer()
claims = typer.Typer(no_args_is_help=True, help="案件")
commands.add_typer(claims, name="claims")

out = Console()


@claims.command("list")
def claims_list(
    ctx: typer.Context, state: Annotated[str | None, typer.Option(help="只看这个状态")] = None
) -> None:
    """列出案件。"""
    with connect(ctx) as office, office.sessions.read_only() as session:
        query = select(Claim).order_by(Claim.received_at)
        if state:
            query = query.where(Claim.state == state)
        table = Table(_("案件"), _("状态"), _("收件日期"), _("失败原因"))
        for claim in session.scalars(query):
            word = _(CLAIM.states[claim.state])
            table.add_row(claim.number, word, str(claim.received_on), claim.parked_cause or "")
        out.print(table)


@claims.command("show")
def claims_show(ctx: typer.Context, number: str) -> None:
    """显示一个案件的核定和经过。"""
    with connect(ctx) as office, office.sessions.read_only() as session:
        claim = _claim(session, number)
        out.print_json(data=history_of(session, office, claim))


@claims.command("retry")
def claims_retry(ctx: typer.Context, number: str, login: As) -> None:
    """把失败清单上的案件放回流程。"""
    with connect(ctx) as office:
        person = acting(office, login)
        with office.sessions.unit_of_work() as session:
            claim = _claim(session, number)
            failures.retry(session, office, person, "claim", claim.id)
    typer.echo(_("已放回流程：%(number)s") % {"number": number})


@commands.command()
def approve(
    ctx: typer.Context,
    login: As,
    numbers: Annotated[
        list[str] | None, typer.Argument(help="案件号；不写则批准所有无异常的")
    ] = None,
) -> None:
    """批准待审批的案件。"""
    with connect(ctx) as office:
        person = acting(office, login)
        with office.sessions.unit_of_work() as session:
            for number in numbers or ():
                _claim(session, number)
            waiting = approval_queue.queue(session, office)
            named = [item for item in waiting if item.number in (numbers or ())]
            items = named if numbers else [item for item in waiting if item.is_clean]
            result = approval.approve(session, office, person, items, named)
    for item in named:
        for look in item.looks:
            typer.echo(f"{item.number}:{look.in_words}")
    typer.echo(
        _("已审批 %(count)s 件，合计 %(sum)s 元") % {"count": result.count, "sum": yuan(result.sum)}
    )
    for number in result.waits:
        typer.echo(about(number, _("超过审批限额，待另一人再批")))
    for dropped in result.dropped:
        typer.echo(f"{dropped.number}:{dropped.reason}", err=True)


def _claim(session: Session, number: str) -> Claim:
    claim = session.scalar(select(Claim).filter_by(number=number))
    if claim is None:
        raise Refused(_("没有这个案件：%(number)s") % {"number": number})
    require_kept(claim)
    return claim
