"""Parts packed one by one make the archive that zipfile would write."""

import io
import zipfile

from documents.letters.word_file import WordFile

PARTS = {"word/document.xml": b"<w/>" * 1000, "word/media/\u56fe.png": b"", "a": b"\x00\xff"}


def _by_zipfile() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in PARTS.items():
            member = zipfile.ZipInfo(name)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content, compresslevel=1)
    return out.getvalue()


def test_the_file_is_to_the_byte_what_zipfile_writes() -> None:
    file = WordFile()
    for name, content in PARTS.items():
        file = file.plus(name, content, level=1)
    assert file.packed() == _by_zipfile()


def test_a_file_with_one_more_part_leaves_the_other_as_it_was() -> None:
    constant = WordFile().plus("a", b"1", level=9)
    before = constant.packed()
    with zipfile.ZipFile(io.BytesIO(constant.plus("b", b"2", level=1).packed())) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {"a": b"1", "b": b"2"}
    assert constant.packed() == before
