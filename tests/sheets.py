"""Makes real spreadsheets for tests, and people whose numbers pass their checks."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO

import xlsxwriter
from stdnum import luhn

from samples.people import id_number

Rows = Sequence[Sequence[object]]


def a_sheet(rows: Rows, *more: Rows) -> bytes:
    """An .xlsx whose first sheet holds these rows from the top; `more` are further sheets."""
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(content, options) as book:
        # Otherwise the file notes the second it was made, and the same rows are another file.
        book.set_properties({"created": datetime(2026, 1, 1)})  # noqa: DTZ001
        for each in (rows, *more):
            sheet = book.add_worksheet()
            for at, cells in enumerate(each):
                sheet.write_row(at, 0, cells)
    return content.getvalue()


def an_id(at: int, born_on: date = date(1985, 3, 17), sex: str = "女") -> str:
    """The number of the `at`-th person born on that day, `at` below 500."""
    return id_number("220104", born_on, at * 2 + (sex == "男"))


def a_card(at: int) -> str:
    head = f"621700{at:012d}"
    return head + luhn.calc_check_digit(head)
