"""Takes a picture of each letter into docs/letters; needs LibreOffice and poppler's pdftoppm."""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from PIL import Image

from documents.letters.writing import write
from samples.letters import sample_letters

FOLDER = Path(__file__).parents[1] / "docs" / "letters"
_DPI = 80
_GREYS = 16
_GAP = 8


def take_pictures(out: Path) -> None:
    """One PNG for each letter, its pages side by side."""
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        drawn = Path(folder)
        for letter in sample_letters():
            (drawn / f"{letter.kind}.docx").write_bytes(write(letter))
        office = ["soffice", f"-env:UserInstallation=file://{drawn}/profile", "--headless"]
        _run(*office, "--convert-to", "pdf", "--outdir", folder, *map(str, drawn.glob("*.docx")))
        for pdf in drawn.glob("*.pdf"):
            _run("pdftoppm", "-png", "-r", str(_DPI), str(pdf), str(pdf.with_suffix("")))
            pages = [Image.open(page) for page in sorted(drawn.glob(f"{pdf.stem}-*.png"))]
            _side_by_side(pages).save(out / f"{pdf.stem}.png", optimize=True)


def _side_by_side(pages: Sequence[Image.Image]) -> Image.Image:
    width = sum(page.width for page in pages) + _GAP * (len(pages) - 1)
    sheet = Image.new("RGB", (width, max(page.height for page in pages)), "grey")
    left = 0
    for page in pages:
        sheet.paste(page, (left, 0))
        left += page.width + _GAP
    return sheet.quantize(_GREYS)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m samples.letter_pictures", description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder for the pictures")
    options = parser.parse_args()
    if missing := [tool for tool in ("soffice", "pdftoppm") if which(tool) is None]:
        sys.stderr.write(f"not found: {', '.join(missing)}\n")
        return 1
    take_pictures(options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
