"""Opens handed-in spreadsheets in a short-lived process that they may crash or fill as they like.

One wrong byte in an .xls or .xlsx can make the reader ask for a terabyte and abort its process;
here that costs the child (banking/probe.py), and the sheet is refused.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from banking.probe import READY
from language import _
from rules.errors import BadInput, Transient

MAX_BYTES = 16 * 1024 * 1024
MAX_ROWS = 50_000
_MEMORY = 1024 * 1024 * 1024
_SECONDS = 30
# A process that reads strangers' files is told nothing: no settings, no keys, no addresses.
_ENVIRONMENT = {"PATH": "", "LC_ALL": "C.UTF-8"}
_ENDED_BY_OTHERS = {-signal.SIGTERM, -signal.SIGINT, -9}
_ROOT = Path(__file__).parents[1]

Cells = Sequence[str | float]


def rows_of(content: bytes) -> Sequence[Cells]:
    """Every row of the first sheet from the top, each as wide as the sheet; empty cells are ""."""
    if len(content) > MAX_BYTES:
        raise BadInput(_("表格文件超过 %(mb)s MB") % {"mb": MAX_BYTES // 1024 // 1024})
    try:
        child = _asked(content)
    except subprocess.TimeoutExpired as slow:
        raise BadInput(_("表格无法在 %(seconds)s 秒内打开") % {"seconds": _SECONDS}) from slow
    if not child.stdout.startswith(READY) or child.returncode in _ENDED_BY_OTHERS:
        raise Transient(_("打开表格的进程没能运行(%(code)s)") % {"code": child.returncode})
    if child.returncode != 0:
        raise BadInput(_("不是可读的 .xlsx 或 .xls 表格，或文件已损坏"))
    rows: Sequence[Cells] = json.loads(child.stdout.removeprefix(READY))
    if len(rows) > MAX_ROWS:
        raise BadInput(_("表格超过 %(rows)s 行") % {"rows": MAX_ROWS})
    return rows


def _asked(content: bytes) -> "subprocess.CompletedProcess[bytes]":
    bounds = json.dumps([MAX_ROWS + 1, _MEMORY, _SECONDS])
    return subprocess.run(
        [sys.executable, "-E", "-s", "-m", "banking.probe", bounds],
        input=content,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env=_ENVIRONMENT,
        timeout=_SECONDS,
        start_new_session=True,  # Ctrl-C in our terminal must not look like a broken sheet
        check=False,
    )
