"""Joins the parts in which npm packages carry a Chinese handwriting typeface to one font file.

npm pack @fontsource/long-cang @fontsource/ma-shan-zheng @fontsource/zhi-mang-xing
pip install fonttools
python -m samples.handwriting fontsource-*.tgz --out ~/.local/share/fonts
"""

import argparse
import io
import re
import tarfile
import tempfile
from pathlib import Path

# Of each package: the numbered parts of the Chinese letters, and the Latin ones.
_PART = re.compile(r"package/files/(?P<name>[a-z-]+)-(?:\d+|latin)-400-normal\.woff")
# What the parts cannot share, and a picture of a paper does not need.
_LEFT_OUT = ("GSUB", "GPOS", "GDEF", "vhea", "vmtx", "BASE", "STAT", "fpgm", "prep", "cvt ", "gasp")


def joined(package: Path, out: Path) -> Path:
    """Write the typeface of one package as `<name>.ttf`."""
    from fontTools.merge import Merger  # type: ignore[import-not-found]

    with tempfile.TemporaryDirectory() as folder, tarfile.open(package) as archive:
        parts: list[str] = []
        name = ""
        for member in archive.getmembers():
            if match := _PART.fullmatch(member.name):
                data = archive.extractfile(member)
                assert data is not None
                name = match["name"]
                parts.append(_bare(data.read(), Path(folder) / f"{len(parts)}.ttf"))
        place = out / f"{name}.ttf"
        Merger().merge(parts).save(place)
    return place


def _bare(woff: bytes, place: Path) -> str:
    """One part as a file that can be merged; the path, as the library wants text."""
    from fontTools.ttLib import TTFont  # type: ignore[import-not-found]

    part = TTFont(io.BytesIO(woff))
    part.flavor = None
    for table in _LEFT_OUT:
        if table in part:
            del part[table]
    part.save(place)
    return str(place)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for package in options.packages:
        print(joined(package, options.out))


if __name__ == "__main__":
    main()
