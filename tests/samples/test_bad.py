"""The bad files are bad in the way their names say."""

import zipfile
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from samples import bad


def archive(data: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(BytesIO(data))


@pytest.mark.parametrize("name", bad.BAD_FILES)
def test_every_bad_file_is_small_on_disk(name: str) -> None:
    assert len(bad.BAD_FILES[name]()) < 1_200_000


def test_the_password_pdf_opens_with_its_password_only() -> None:
    data = bad.password_pdf()
    with pytest.raises(pypdfium2.PdfiumError, match="password"):
        pypdfium2.PdfDocument(data)
    page = pypdfium2.PdfDocument(data, password=bad.PASSWORD.decode())[0]
    corner = page.render().to_pil().getpixel((4, 838))
    assert corner == (0, 0, 0)


def test_the_long_pdf_has_more_pages_than_anybody_reads() -> None:
    assert len(pypdfium2.PdfDocument(bad.many_pages_pdf())) == 501


def test_the_huge_page_is_half_a_kilobyte() -> None:
    data = bad.huge_page_pdf()
    assert len(data) < 600
    assert pypdfium2.PdfDocument(data)[0].get_size() == (14_400, 14_400)


def test_the_bomb_picture_claims_nine_hundred_megapixels() -> None:
    with pytest.raises(Image.DecompressionBombError, match="900000000"):
        Image.open(BytesIO(bad.bomb_png()))


def test_the_zip_bomb_unpacks_to_a_gigabyte() -> None:
    assert archive(bad.zip_bomb()).infolist()[0].file_size == 1 << 30


def test_the_lying_zip_claims_a_thousand_bytes() -> None:
    data = bad.lying_zip()
    entry = archive(data).infolist()[0]
    assert entry.file_size == 1000
    assert entry.compress_size > 50_000


def test_odd_names_survive_in_the_zip() -> None:
    names = {entry.orig_filename for entry in archive(bad.odd_names_zip()).infolist()}
    assert {"../../outside.jpg", "line\nbreak.jpg", "tab\tescape\x1b[31m.jpg"} <= names


def test_odd_names_survive_in_a_folder(tmp_path: Path) -> None:
    bad.write_odd_names(tmp_path)
    assert "line\nbreak.jpg" in {path.name for path in tmp_path.iterdir()}


def test_the_locked_zip_asks_for_a_password() -> None:
    with pytest.raises(RuntimeError, match="password"):
        archive(bad.locked_zip()).read("01.jpg")


def test_the_damaged_zip_fails_its_checksum() -> None:
    with pytest.raises(zipfile.BadZipFile, match="CRC"):
        archive(bad.damaged_zip()).read("01.jpg")


def test_the_truncated_picture_begins_well_and_ends_early() -> None:
    picture = Image.open(BytesIO(bad.truncated_jpeg()))
    with pytest.raises(OSError, match="truncated"):
        picture.load()
