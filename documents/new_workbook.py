"""Creates every spreadsheet that this program writes: options, creation date, paper."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xlsxwriter

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

EXACT_BELOW = 10**15
"""A spreadsheet keeps fifteen digits of a number; from here on the last ones are lost."""

_OPTIONS = {
    "in_memory": True,  # otherwise members' numbers lie in temporary files
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_A4 = 9


def new_workbook(content: BytesIO, created_at: datetime) -> xlsxwriter.Workbook:
    """A workbook that will be written to `content`, in which each text stays a text.

    `created_at` is the only instant in the file; by default the library writes the current time,
    and no two files would be equal.
    """
    # Imported here because it is slow, and most commands that import this file write no workbook.
    import xlsxwriter

    workbook = xlsxwriter.Workbook(content, _OPTIONS)
    workbook.set_properties({"created": created_at.astimezone(UTC).replace(tzinfo=None)})
    return workbook


def print_across_a4(sheet: xlsxwriter.worksheet.Worksheet) -> None:
    """Print the sheet in landscape, as wide as one page."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
