"""The commands about files of the bank that need no office: a payment file is checked."""

from pathlib import Path
from typing import Annotated

import typer

from language import _
from rules.errors import BadInput
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
