"""The command line of the office: the same acts as the console, by hand."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.connecting import connect
from console.people_cli import people
from console.roster_cli import roster
from console.rules_cli import plan_commands, rule_commands
from documents.rosters.roster_file import read_roster
from language import _
from models import Batch, Claim, Unit
from models.machines.claims import CLAIM
from rules import assess
from rules.errors import Refused
from rules.money import yuan
from workflows import failures, proof
from workflows.claims import approval, approval_queue, batches, payment_files
from workflows.enrolment import takeover
from workflows.people.accounts import user_by_login

As = Annotated[str, typer.Option("--as", help="以哪个登录名操作")]

office_commands = typer.Typer(no_args_is_help=True)
claims = typer.Typer(no_args_is_help=True, help="案件")
batch = typer.Typer(no_args_is_help=True, help="付款批次")
office_commands.add_typer(claims, name="claims")
office_commands.add_typer(batch, name="batch")
office_commands.add_typer(plan_commands, name="plans")
office_commands.add_typer(rule_commands, name="rules")
office_commands.add_typer(people, name="people")
office_commands.add_typer(roster, name="roster")

out = Console()


@office_commands.command()
def read(
    paths: Annotated[list[Path], typer.Argument(help="扫描件：图片、PDF、ZIP 或文件夹")],
    as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象")] = False,
) -> None:
    """识读扫描件，不需要数据库。"""
    from console.read_papers import read_papers

    report, refusals = read_papers(paths)
    for sentence in refusals:
        typer.echo(sentence, err=True)
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False))
    else:
        out.print_json(data=report)
    if refusals and not report["pages"]:
        raise typer.Exit(2)


@office_commands.command("assess")
def assess_case(
    case: Annotated[str, typer.Argument(help="CASE.json，或 - 表示标准输入")],
    plan: Annotated[Path | None, typer.Option(help="试用的计划文件")] = None,
) -> None:
    """按规则核定一个案例，不需要数据库。"""
    typer.echo(assess(_text_of(case), plan))


@claims.command("list")
def claims_list(
    ctx: typer.Context, state: Annotated[str | None, typer.Option(help="只看这个状态")] = None
) -> None:
    """列出案件。"""
    with connect(ctx) as office, office.sessions.look() as session:
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
    from console.queries.history import history_of

    with connect(ctx) as office, office.sessions.look() as session:
        claim = _claim(session, number)
        out.print_json(data=history_of(session, office, claim))


@claims.command("retry")
def claims_retry(ctx: typer.Context, number: str, login: As) -> None:
    """把失败清单上的案件放回流程。"""
    with connect(ctx) as office, office.sessions.unit_of_work() as session:
        claim = _claim(session, number)
        failures.retry(session, office, user_by_login(session, login), "claim", claim.id)
    typer.echo(_("已放回流程：%(number)s") % {"number": number})


@office_commands.command()
def approve(
    ctx: typer.Context,
    login: As,
    numbers: Annotated[
        list[str] | None, typer.Argument(help="案件号；不写则批准所有无异常的")
    ] = None,
) -> None:
    """批准待审批的案件。"""
    with connect(ctx) as office, office.sessions.unit_of_work() as session:
        items = [
            item
            for item in approval_queue.queue(session)
            if (item.number in numbers if numbers else item.is_clean)
        ]
        result = approval.approve(session, office, user_by_login(session, login), items)
    typer.echo(
        _("已审批 %(count)s 件，合计 %(sum)s 元") % {"count": result.count, "sum": yuan(result.sum)}
    )
    for dropped in result.dropped:
        typer.echo(f"{dropped.number}:{dropped.reason}", err=True)


@office_commands.command()
def prove(ctx: typer.Context) -> None:
    """逐项证明：没有丢失，没有重付。"""
    broken = False
    with connect(ctx) as office, office.sessions.look() as session:
        table = Table(_("承诺"), _("已查"), _("违反"))
        for invariant in proof.prove(session, office):
            table.add_row(invariant.name, str(invariant.checked), str(len(invariant.violations)))
            for violation in invariant.violations:
                table.add_row("", "", violation)
            broken = broken or bool(invariant.violations)
    out.print(table)
    raise typer.Exit(1 if broken else 0)


@office_commands.command("take-over")
def take_over(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="旧系统导出的名册，.xlsx 或 .xls")],
    unit: Annotated[str, typer.Option(help="已登记的单位名称")],
    plan: Annotated[str, typer.Option(help="计划代码")],
    start: Annotated[str, typer.Option(help="保障期首日，如 2026-01-01")],
    end: Annotated[str, typer.Option(help="保障期末日")],
) -> None:
    """转入旧系统中已经生效的保障，不经名册和缴费。"""
    rows = read_roster(_bytes_of(file))
    days = (_day(start), _day(end))
    with connect(ctx) as office, office.sessions.unit_of_work() as session:
        found = session.scalar(select(Unit).filter_by(name=unit).with_for_update())
        if found is None:
            raise Refused(_("没有这个单位：%(name)s") % {"name": unit})
        done = takeover.take_over(session, office, found, plan, *days, rows)
    typer.echo(_("转入 %(count)s 人") % {"count": done.members})
    for fault in done.faults:
        typer.echo(fault, err=True)


@batch.command("freeze")
def batch_freeze(ctx: typer.Context, login: As) -> None:
    """把所有待拨付的付款组成一个批次。"""
    with connect(ctx) as office, office.sessions.unit_of_work() as session:
        frozen = batches.freeze(session, office, user_by_login(session, login))
        words = {"number": frozen.number, "count": frozen.count, "sum": yuan(frozen.sum)}
    typer.echo(_("批次 %(number)s：%(count)s 笔，合计 %(sum)s 元") % words)


@batch.command("file")
def batch_file(
    ctx: typer.Context,
    number: str,
    format_code: Annotated[str, typer.Option("--format", help="文件格式")] = "ccb-list",
) -> None:
    """生成批次的银行文件；再次生成得到相同的字节。"""
    with connect(ctx) as office, office.sessions.unit_of_work() as session:
        found = session.scalar(select(Batch).filter_by(number=number))
        if found is None:
            raise Refused(_("没有这个批次：%(number)s") % {"number": number})
        path = payment_files.save_file(
            office, found, payment_files.write_file(session, office, found, format_code)
        )
    typer.echo(str(path))


def _claim(session: Session, number: str) -> Claim:
    claim = session.scalar(select(Claim).filter_by(number=number))
    if claim is None:
        raise Refused(_("没有这个案件：%(number)s") % {"number": number})
    return claim


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refused(_("无法读取 %(file)s") % {"file": file}) from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(_("日期应写作 2026-03-02")) from error


def _text_of(case: str) -> str:
    if case == "-":
        return sys.stdin.read()
    try:
        return Path(case).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(_("无法读取 %(file)s") % {"file": case}) from error
