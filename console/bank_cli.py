"""The commands about files of the bank: a payment file is checked, a bank's replies are made up."""

from pathlib import Path
from typing import Annotated

import typer

from console.connecting import As, acting, connect
from language import _
from rules.errors import BadInput, Refused
from rules.money import Fen, yuan

commands = typer.Typer()
bank = typer.Typer(no_args_is_help=True, help="银行文件")
commands.add_typer(bank, name="bank")


@bank.callback()
def _group() -> None:
    """银行文件。"""


@bank.command("check")
def bank_check(
    format_code: Annotated[str, typer.Argument(metavar="FORMAT", help="文件格式的代码")],
    file: Annotated[Path, typer.Argument(help="要检查的代发文件")],
) -> None:
    """检查代发文件；有错时逐条指明行和列。"""
    from banking import formats

    content = file.read_bytes()
    if faults := formats.faults(format_code, content):
        raise BadInput("\n".join(faults))
    payments = formats.read(format_code, content)
    total = Fen(sum(payment.amount for payment in payments))
    words = {"file": file, "count": len(payments), "sum": yuan(total)}
    typer.echo(_("%(file)s：%(count)s 笔，合计 %(sum)s 元，没有问题") % words)


@bank.command("simulate")
def bank_simulate(
    ctx: typer.Context,
    number: Annotated[str, typer.Argument(metavar="BATCH", help="批次号")],
    login: As,
    seed: Annotated[int, typer.Option(help="同一个数得到同样的回盘")] = 1,
    folder: Annotated[Path, typer.Option("--to", help="存到哪个文件夹")] = Path(),
) -> None:
    """像银行那样答复已放行的批次：到账、退回、迟延、重复、金额有误、迟到退票，各日一个回盘文件。"""
    from sqlalchemy import select

    from banking import formats
    from banking.simulated_days import bank_days, fates_of
    from models import Batch
    from workflows.claims.paying.payment_files import write_file

    with connect(ctx) as office:
        person = acting(office, login)
        with office.sessions.unit_of_work() as session:
            batch = session.scalar(select(Batch).filter_by(number=number))
            if batch is None:
                raise Refused(_("没有这个批次：%(number)s") % {"number": number})
            sent = write_file(session, office, person, batch)
            payments = tuple(formats.read(batch.format, sent.content))
        for day in bank_days(payments, fates_of(payments, seed), seed, office.clock()):
            path = folder / day.name
            path.write_bytes(day.content)
            words = {"days": day.after_days, "path": path}
            typer.echo(_("放行后 %(days)s 天：%(path)s") % words)
