"""Tables of the boards, read back by another program than the one that wrote them."""

from datetime import UTC, date, datetime
from io import BytesIO

from docx import Document
from python_calamine import load_workbook

from console import formatting
from documents.tables import Shape, Table, TableColumn, write_tables
from documents.word_tables import write_word_tables

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


def test_a_word_file_has_every_line_of_each_table_as_it_is_shown() -> None:
    columns = (TableColumn("户名"), TableColumn("金额", Shape.FEN))
    lines = [("王</w:tbl>&\x0b 五", 60_000), *((f"第{n}人", n) for n in range(30))]
    tables = [Table("表", "标题", columns, lines, ("说明",)), table_named("二")]
    file = Document(BytesIO(write_word_tables(tables, NOW, formatting.cell)))
    assert [each.text for each in file.paragraphs] == ["标题", "说明", "二"]
    first, second = (
        [[cell.text for cell in row.cells] for row in each.rows] for each in file.tables
    )
    assert first[:2] == [["户名", "金额"], ["王</w:tbl>& 五", "600.00"]]
    assert (len(first), first[-1]) == (32, ["第29人", "0.29"])
    assert second == [["列"]]
