"""Draws the papers of a packet and writes them as the folder, PDF, ZIP or TIFF it came in."""

import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from random import Random

from PIL import Image
from pillow_heif import register_heif_opener

from samples import photo
from samples.laid_out import laid_out
from samples.layout import layout_named
from samples.packet import Handling, SamplePacket, SamplePaper
from samples.papers import PAPERS
from samples.papers.cards import copied
from samples.pdf import jpeg, scanned_pdf
from samples.sheet import Sheet
from samples.textpdf import text_pdf

# What Exif calls the turn that puts a picture upright again.
TURN_TAG = {0: 1, 90: 8, 180: 3, 270: 6}
QUALITY: dict[Handling, int] = {
    "plain": 50,
    "scan": 42,
    "grey": 42,
    "fax": 45,
    "thermal": 45,
    "photo": 42,
    "bad_photo": 40,
}
_SCANNERS: dict[Handling, Callable[[Image.Image, Random], Image.Image]] = {
    "scan": photo.scanned,
    "grey": photo.grey_scanned,
    "fax": photo.faxed,
    "thermal": photo.faded,
}


def write(packet: SamplePacket, folder: Path) -> None:
    rng = Random(packet.seed)
    place = folder / packet.file_name
    sheets = [_sheet(packet, paper, rng) for paper in packet.papers]
    if packet.form == "folder":
        _write_folder(place, _files(packet, sheets, rng))
    elif packet.form == "zip":
        _write(place, _zip(_files(packet, sheets, rng)))
    elif packet.form == "pdf":
        _write(place, scanned_pdf(_pictures(packet, sheets, rng), 42))
    else:
        _write(place, _tiff(_pictures(packet, sheets, rng)))


def pages_of(packet: SamplePacket) -> Iterator[Image.Image]:
    """The picture of each of its papers, also of those that come as a file of text."""
    rng = Random(packet.seed)
    for paper in packet.papers:
        sheet = _sheet(packet, paper, rng)
        handling: Handling = "plain" if paper.handling == "digital" else paper.handling
        yield _picture(replace(paper, handling=handling), sheet, rng)


def _sheet(packet: SamplePacket, paper: SamplePaper, rng: Random) -> Sheet:
    case = paper.case or packet.printed_wrong.get(paper.kind, packet.case)
    case = replace(case, shown=paper.heir)
    if paper.layout and not paper.also:
        return laid_out(layout_named(paper.layout), case, rng)
    sheets = [PAPERS[kind](case, rng) for kind in (paper.kind, *paper.also)]
    return copied(sheets, rng) if paper.on_page else sheets[0]


def _pictures(packet: SamplePacket, sheets: list[Sheet], rng: Random) -> list[Image.Image]:
    return [_picture(paper, sheet, rng) for paper, sheet in zip(packet.papers, sheets, strict=True)]


def _picture(paper: SamplePaper, sheet: Sheet, rng: Random) -> Image.Image:
    picture = _handled(sheet, paper.handling, rng)
    return picture.rotate(-paper.turn, expand=True) if paper.turn else picture


def _handled(sheet: Sheet, handling: Handling, rng: Random) -> Image.Image:
    page, upright = sheet.image, sheet.height > sheet.width
    side = rng.randrange(1450, 1950) if upright else rng.randrange(1000, 1400)
    if handling == "photo":
        return photo.photographed(page, rng, photo.Shot(0.4, 0.4, side))
    if handling == "bad_photo":
        return photo.photographed(page, rng, photo.Shot(0.9, 0.8, side))
    seen_by = _SCANNERS.get(handling)
    return seen_by(page, rng) if seen_by else page


def _files(packet: SamplePacket, sheets: list[Sheet], rng: Random) -> dict[str, bytes]:
    return {
        name: _file(paper, sheet, rng)
        for name, paper, sheet in zip(packet.file_names(), packet.papers, sheets, strict=True)
    }


def _file(paper: SamplePaper, sheet: Sheet, rng: Random) -> bytes:
    if paper.handling == "digital":
        return text_pdf(sheet)
    picture, out = _picture(paper, sheet, rng), BytesIO()
    if paper.ending == "png":
        picture.save(out, "PNG")
    elif paper.ending == "heic":
        register_heif_opener()
        picture.save(out, "HEIF", quality=QUALITY[paper.handling])
    else:
        return jpeg(
            picture, QUALITY[paper.handling], TURN_TAG[paper.turn] if paper.tagged else None
        )
    return out.getvalue()


def _write(place: Path, data: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


def _write_folder(place: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        _write(place / name, data)


def _zip(files: Mapping[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


def _tiff(pictures: list[Image.Image]) -> bytes:
    """Black and white pages in the fax code that office scanners use."""
    out = BytesIO()
    first, *rest = (page.convert("1", dither=Image.Dither.NONE) for page in pictures)
    first.save(out, "TIFF", save_all=True, append_images=rest, compression="group4", dpi=(150, 150))
    return out.getvalue()
