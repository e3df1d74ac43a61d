"""The short-lived process that opens one spreadsheet: `python -m banking.probe`.

The file is standard input, its first sheet goes to standard output as JSON. It imports next to
nothing, since it is started for every sheet.
"""

import io
import json
import sys
from contextlib import suppress

READY = b"ready\n"
"""Written first, so that a machine that cannot even start us is not taken for a bad sheet."""


def main(rows: int, memory: int, seconds: int) -> None:
    """Print at most so many rows; end without a word of them if the sheet asks for too much."""
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    _confine(memory, seconds)
    from python_calamine import load_workbook

    with load_workbook(io.BytesIO(sys.stdin.buffer.read())) as workbook:
        sheet = workbook.get_sheet_by_index(0)
        cells = sheet.to_python(skip_empty_area=False, nrows=rows)
    plain = [[_plain(cell) for cell in row] for row in cells]
    sys.stdout.buffer.write(json.dumps(plain).encode())


def _plain(cell: object) -> str | float:
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return str(cell)
    return float(cell)


def _confine(memory: int, seconds: int) -> None:
    with suppress(ImportError):  # not on Windows, where the wall clock alone must do
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with suppress(ValueError, OSError):  # macOS knows the limit but does not take it
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


if __name__ == "__main__":
    main(*json.loads(sys.argv[1]))
