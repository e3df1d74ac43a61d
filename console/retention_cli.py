"""The commands about what is kept no longer, and about what is held all the same."""

from collections import Counter
from typing import Annotated

import typer
from sqlalchemy import select

from console.connecting import As, acting, connect
from language import _
from models import Claim, LegalHold, Member
from rules.errors import Refused
from workflows.retention import holds
from workflows.retention.erasing import counted, erase_by

commands = typer.Typer()
retention = typer.Typer(
    no_args_is_help=False, help="保留期限：列出或抹去到期资料，或因诉讼等予以保全。"
)
commands.add_typer(retention, name="retention")

HoldNumber = Annotated[int, typer.Argument(help="保全编号")]
WhyHeld = Annotated[str, typer.Option(help="原因，记入审计")]


@retention.callback(invoke_without_command=True)
def due(
    ctx: typer.Context,
    erase: Annotated[bool, typer.Option("--erase", help="现在抹去；不写则只列出")] = False,
    login: Annotated[
        str | None, typer.Option("--as", help="以哪个登录名抹去；密码在终端输入")
    ] = None,
    at_most: Annotated[
        int | None, typer.Option(help="最多抹去多少项（人、案件、名册、批次等）")
    ] = None,
) -> None:
    """列出保留期限已满的资料；写明 --erase 和办理人才抹去。"""
    if ctx.invoked_subcommand:
        return
    with connect(ctx) as office:
        if erase and not login:
            raise Refused(_("抹去须由人办理：请用 --as 写明登录名"))
        found = (
            erase_by(office, acting(office, login), at_most) if login and erase else counted(office)
        )
    _tell(found, _("已抹去") if erase else _("到期，尚未抹去"))


@retention.command("hold")
def hold(
    ctx: typer.Context,
    reason: WhyHeld,
    login: As,
    member: Annotated[int | None, typer.Option(help="会员编号")] = None,
    claim: Annotated[str | None, typer.Option(help="案件编号")] = None,
) -> None:
    """提请保全一名会员或一个案件的全部资料，须由另一人确认。"""
    with connect(ctx) as office:
        person = acting(office, login)
        with office.sessions.unit_of_work() as session:
            found: Member | Claim | None
            if claim:
                found = session.scalar(select(Claim).where(Claim.number == claim))
            else:
                found = session.get(Member, member or 0)
            if found is None:
                raise Refused(_("没有这名会员或这个案件"))
            held = holds.ask_for_hold(session, office, person, found, reason)
            typer.echo(_("保全 %(id)s 已生效，等另一人确认") % {"id": held.id})


@retention.command("confirm")
def confirm(ctx: typer.Context, hold_id: HoldNumber, login: As) -> None:
    """作为第二人确认保全。"""
    with connect(ctx) as office:
        person = acting(office, login)
        with office.sessions.unit_of_work() as session:
            holds.confirm_hold(session, office, person, hold_id)


@retention.command("ask-to-lift")
def ask_to_lift(ctx: typer.Context, hold_id: HoldNumber, reason: WhyHeld, login: As) -> None:
    """提请解除保全，须由另一人同意。"""
    with connect(ctx) as office:
        person = acting(office, login)
        with office.sessions.unit_of_work() as session:
            holds.ask_to_lift(session, office, person, hold_id, reason)


@retention.command("lift")
def lift(ctx: typer.Context, hold_id: HoldNumber, login: As) -> None:
    """作为第二人同意解除保全。"""
    with connect(ctx) as office:
        person = acting(office, login)
        with office.sessions.unit_of_work() as session:
            holds.lift(session, office, person, hold_id)


@retention.command("holds")
def holds_in_force(ctx: typer.Context) -> None:
    """列出生效中的保全。"""
    with connect(ctx) as office, office.sessions.read_only() as session:
        query = select(LegalHold).where(LegalHold.lifted_at.is_(None)).order_by(LegalHold.id)
        for each in session.scalars(query):
            whose = (
                _("会员 %(id)s") % {"id": each.member_id}
                if each.member_id
                else _("案件 %(id)s") % {"id": session.get_one(Claim, each.claim_id).number}
            )
            state = _("已确认") if each.confirmed_by else _("待第二人确认")
            typer.echo(f"{each.id}  {whose}  {each.asked_at:%Y-%m-%d}  {state}")


def _tell(found: Counter[str], word: str) -> None:
    for table, rows in sorted(found.items()):
        typer.echo(f"{table:<24}{rows:>8}")
    typer.echo(_("%(word)s：共 %(rows)s 行") % {"word": word, "rows": found.total()})
