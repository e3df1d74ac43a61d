"""A claim packet: which papers of a case it holds, how each reached us, and the file or folder they come in."""

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Literal

from PIL import Image

from samples import photo
from samples.case import Case
from samples.papers import PAPERS, Kind
from samples.papers.cards import copied
from samples.pdf import jpeg, scanned_pdf
from samples.sheet import Sheet

Handling = Literal["plain", "scan", "fax", "photo", "bad_photo"]
Form = Literal["folder", "pdf", "zip", "tiff"]
Turn = Literal[0, 90, 180, 270]
Outcome = Literal["read", "pay", "deny", "refer", "incomplete", "check", "duplicate"]
# What Exif calls the turn that puts a picture upright again.
TURN_TAG = {0: 1, 90: 8, 180: 3, 270: 6}
QUALITY = {"plain": 55, "scan": 45, "fax": 45, "photo": 50, "bad_photo": 45}


@dataclass(frozen=True)
class Paper:
    """One page: its kind, how it was brought to a picture, and by how many degrees clockwise it then was turned."""

    kind: Kind
    handling: Handling = "scan"
    turn: Turn = 0
    # Cards are often copied on a white page, the front and the back together.
    on_page: bool = False
    also: tuple[Kind, ...] = ()
    # A phone stores the picture as the sensor saw it and says in a tag how to turn it.
    tagged: bool = False


@dataclass(frozen=True)
class Expected:
    """What the office should make of the packet under the plan main-2020."""

    outcome: Outcome
    reason: str = ""
    amount: str = ""
    missing: tuple[str, ...] = ()
    disagreements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Packet:
    name: str
    form: Form
    case: Case
    papers: tuple[Paper, ...]
    expected: Expected
    note: str
    # Papers that were made out to somebody slightly different, by kind.
    printed_wrong: Mapping[Kind, Case] = field(default_factory=dict)

    def file_names(self) -> list[str]:
        """The file each page is in, relative to the packet; the packet's own name where it is one file."""
        if self.form in ("folder", "zip"):
            return [f"{place:02d}.jpg" for place, _ in enumerate(self.papers, 1)]
        return [self.file_name] * len(self.papers)

    @property
    def file_name(self) -> str:
        return (
            self.name
            if self.form == "folder"
            else f"{self.name}.{'tif' if self.form == 'tiff' else self.form}"
        )


def write(packet: Packet, folder: Path, rng: Random) -> None:
    pictures = [_picture(packet, paper, rng) for paper in packet.papers]
    place = folder / packet.file_name
    writers: dict[Form, Callable[[], None]] = {
        "folder": lambda: _write_folder(place, _jpegs(packet, pictures)),
        "zip": lambda: _write_zip(place, _jpegs(packet, pictures)),
        "pdf": lambda: _write(place, scanned_pdf(pictures, 42)),
        "tiff": lambda: _write(place, _tiff(pictures)),
    }
    writers[packet.form]()


def _picture(packet: Packet, paper: Paper, rng: Random) -> Image.Image:
    case = packet.printed_wrong.get(paper.kind, packet.case)
    sheets = [PAPERS[kind](case, rng) for kind in (paper.kind, *paper.also)]
    sheet = copied(sheets, rng) if paper.on_page else sheets[0]
    picture = _handle(sheet, paper.handling, rng)
    return picture.rotate(-paper.turn, expand=True) if paper.turn else picture


def _handle(sheet: Sheet, handling: Handling, rng: Random) -> Image.Image:
    page, side = sheet.image, 1700 if sheet.height > sheet.width else 1300
    if handling == "photo":
        return photo.photographed(page, rng, photo.Shot(0.4, 0.4, side))
    if handling == "bad_photo":
        return photo.photographed(page, rng, photo.Shot(0.9, 0.8, side))
    if handling == "scan":
        return photo.scanned(page, rng)
    return photo.faxed(page, rng) if handling == "fax" else page


def _jpegs(packet: Packet, pictures: list[Image.Image]) -> dict[str, bytes]:
    return {
        name: jpeg(picture, QUALITY[paper.handling], TURN_TAG[paper.turn] if paper.tagged else None)
        for name, paper, picture in zip(packet.file_names(), packet.papers, pictures, strict=True)
    }


def _write(place: Path, data: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


def _write_folder(place: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        _write(place / name, data)


def _write_zip(place: Path, files: Mapping[str, bytes]) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data)
    _write(place, out.getvalue())


def _tiff(pictures: list[Image.Image]) -> bytes:
    """Black and white pages in the fax code that office scanners use."""
    out = BytesIO()
    first, *rest = (page.convert("1", dither=Image.Dither.NONE) for page in pictures)
    first.save(out, "TIFF", save_all=True, append_images=rest, compression="group4", dpi=(150, 150))
    return out.getvalue()
