"""What the office is told of a roster beside its faults: the sheet that was read, and what a look
at the sheet would not show."""

from collections.abc import Iterator, Sequence

from documents.rosters.roster_file import Roster, RosterRow
from language import _

_FEW = 10


def notes_on(roster: Roster, rows: Sequence[RosterRow]) -> Iterator[str]:
    """A sentence for each; `rows` are those of its people."""
    if roster.sheet:
        words = {"sheet": roster.sheet, "rows": len(rows)}
        yield _("读的是工作表“%(sheet)s”，其中 %(rows)s 人") % words
    if closing := roster.closing():
        yield _("第 %(rows)s 行是合计、签字等，不当作人员") % {"rows": _listed(closing)}
    if unseen := [row.row for row in rows if row.unseen]:
        yield _("第 %(rows)s 行在表里是隐藏的，也读了") % {"rows": _listed(unseen)}
    hidden = [each.heading for each in roster.columns.values() if each.place in roster.hidden]
    if hidden:
        yield _("%(columns)s这几列在表里是隐藏的，也读了") % {
            "columns": "".join(f"“{heading}”" for heading in hidden)
        }


def _listed(rows: Sequence[int]) -> str:
    """The first numbers, and that there are more."""
    return "、".join(map(str, rows[:_FEW])) + ("…" if len(rows) > _FEW else "")
