"""Makers of real files, good and bad, for the tests of this folder."""

import io
import zipfile
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw

Files = dict[str, bytes]


def picture(kind: str = "JPEG", size: tuple[int, int] = (300, 400), seed: int = 0) -> bytes:
    """An image with something on it that differs by seed."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((20, 20 + seed, 120, 60 + seed), fill=(200, 30, seed % 256))
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def pdf(
    pages: int = 1,
    box: str = "0 0 595 842",
    body: str = "BT /F1 24 Tf 72 700 Td (Hi) Tj ET",
    trailer: str = "",
) -> bytes:
    """A small PDF written by hand, so that the test knows every byte."""
    kids = " ".join(f"{4 + number} 0 R" for number in range(pages))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} /MediaBox [{box}] /Resources << "
        "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(body)} >>\nstream\n{body}\nendstream",
        *["<< /Type /Page /Parent 2 0 R /Contents 3 0 R >>"] * pages,
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    return out + (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{len(out)}\n%%EOF\n"
    ).encode("latin-1")


def archive(files: Files) -> bytes:
    """A deflated ZIP of these names and contents."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in files.items():
            target.writestr(name, data)
    return out.getvalue()


@pytest.fixture
def make_picture() -> Callable[..., bytes]:
    return picture


@pytest.fixture
def make_pdf() -> Callable[..., bytes]:
    return pdf


@pytest.fixture
def make_zip() -> Callable[[Files], bytes]:
    return archive


@pytest.fixture
def locked_pdf() -> bytes:
    """A PDF that no password opens: its check values fit none."""
    mark = "<" + "5a" * 32 + ">"
    lock = f"<< /Filter /Standard /V 1 /R 2 /P -4 /O {mark} /U {mark} >>"
    return pdf(trailer=f"/Encrypt {lock} /ID [{mark} {mark}]")
