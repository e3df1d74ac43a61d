"""Tables of the boards, read back by another program than the one that wrote them."""

from datetime import UTC, date, datetime
from io import BytesIO

from python_calamine import load_workbook

from documents.tables import Shape, Table, TableColumn, write_tables

NOW = datetime(2026, 6, 15, 2, 0, tzinfo=UTC)


def test_each_shape_reads_back_as_what_it_means() -> None:
    columns = tuple(TableColumn(shape.name, shape) for shape in Shape)
    line = ("=1+1", 7, 123_456, 875, 9_876, date(2026, 3, 2))
    table = Table("表", "标题", columns, [line, (None,) * 6], ("说明",))
    book = load_workbook(BytesIO(write_tables([table, table_named("二")], NOW)))
    assert book.sheet_names == ["表", "二"]
    rows = book.get_sheet_by_name("表").to_python()
    assert rows[0][0] == "标题"
    assert rows[1][0] == "说明"
    assert rows[3] == ["=1+1", 7.0, 1234.56, 87.5, 0.9876, date(2026, 3, 2)]


def table_named(name: str) -> Table:
    return Table(name, name, (TableColumn("列"),), [])
