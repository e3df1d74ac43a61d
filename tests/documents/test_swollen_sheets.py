"""A small spreadsheet that unpacks to a huge one is refused before it is read."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from documents.packets.file_faults import FileFault
from documents.packets.unfit import Unfit
from documents.rosters.roster_file import open_roster
from tests.sheets import a_sheet, an_id

pytestmark = pytest.mark.slow  # each test opens files in child processes


def swollen(signs: int) -> bytes:
    """A roster in which one cell has so many signs."""
    content, out = a_sheet([["姓名", "证件号码"], ["张三", an_id(1)]]), BytesIO()
    with ZipFile(BytesIO(content)) as before, ZipFile(out, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = before.read(name)
            after.writestr(name, part.replace("张三".encode(), b"x" * signs))
    return out.getvalue()


@pytest.mark.parametrize("signs", [40_000, 30_000_000], ids=["long", "huge"])
def test_a_cell_longer_than_anybody_writes_is_refused(signs: int) -> None:
    content = swollen(signs)
    assert len(content) < 100_000
    with pytest.raises(Unfit) as refused:
        open_roster(content)
    assert refused.value.fault is FileFault.OVERBLOWN


def test_a_cell_as_long_as_one_can_be_is_read() -> None:
    assert open_roster(swollen(32_767)).lines
