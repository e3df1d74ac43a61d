"""Reads packets with a truth file and keeps what was recognised, to measure extraction again."""

import hashlib
import json
import os
import resource
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.reading_engines import Recogniser
from documents.packets.file_limits import Limits
from documents.packets.opening import open_packet
from documents.packets.pages import render
from documents.reading import PageReading
from documents.reading.page_papers import classify_page

_LIMITS = Limits()


@dataclass(frozen=True)
class FileRead:
    """One file of a packet as it was recognised."""

    name: str
    pages: tuple[PageReading, ...]
    seconds: tuple[float, ...]
    """Of processor, for each page."""
    peak: int
    """The MiB of memory that the process had needed at most by then."""


@dataclass(frozen=True)
class PacketRead:
    """What a packet truly says, and what was read of it."""

    truth: dict[str, Any]
    files: tuple[FileRead, ...]

    @property
    def peak(self) -> int:
        """MiB of memory at most when the last of its files had been read."""
        return max((file.peak for file in self.files), default=0)

    @property
    def seconds(self) -> list[float]:
        """Processor seconds of each page."""
        return [each for file in self.files for each in file.seconds]


@dataclass(frozen=True)
class Bench:
    """One engine on a folder of packets; `keep` is where readings lie, by the packet's hash."""

    engine: str
    recognise: Recogniser
    keep: Path | None

    def read(self, root: Path) -> Iterator[PacketRead]:
        """Every packet of the folder that has a truth file, in the order of their names."""
        for path in sorted((root / "truth").glob("*.json")):
            truth = json.loads(path.read_text(encoding="utf-8"))
            yield PacketRead(truth, self._files(root / "packets" / truth["packet"]))

    def _files(self, packet: Path) -> tuple[FileRead, ...]:
        if self.keep is None:
            return self._recognised(packet)
        kept = self.keep / self.engine / f"{_digest(packet)}.json"
        if kept.exists():
            return tuple(_kept(file) for file in json.loads(kept.read_text("utf-8")))
        files = self._recognised(packet)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps([_record(file) for file in files], ensure_ascii=False), "utf-8")
        return files

    def _recognised(self, packet: Path) -> tuple[FileRead, ...]:
        read = []
        for file in open_packet(packet, _LIMITS).files:
            pages, seconds = [], []
            for number in range(1, file.pages + 1):
                page = render(file.data, file.media_type, number, _LIMITS)
                began = _processor()
                pages.append(self.recognise(page))
                seconds.append(round(_processor() - began, 3))
            read.append(FileRead(file.name, tuple(pages), tuple(seconds), _peak()))
        return tuple(read)


def _processor() -> float:
    """Seconds of processor that this process and those it waited for have used."""
    return sum(os.times()[:4])


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _digest(packet: Path) -> str:
    """Of the packet's bytes and the names in it."""
    whole = hashlib.sha256()
    for path in sorted(packet.rglob("*")) if packet.is_dir() else [packet]:
        if path.is_file():
            whole.update(path.name.encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


def _record(file: FileRead) -> dict[str, Any]:
    pages = [json.loads(page.to_json()) for page in file.pages]
    return {"name": file.name, "pages": pages, "seconds": file.seconds, "peak": file.peak}


def _kept(record: dict[str, Any]) -> FileRead:
    """The lines as kept; what kind of page they make is asked anew, as it is part of extraction."""
    pages = [PageReading.from_json(json.dumps(page)) for page in record["pages"]]
    kept = tuple(map(_classified, pages)), tuple(record["seconds"]), record["peak"]
    return FileRead(record["name"], *kept)


def _classified(page: PageReading) -> PageReading:
    verdict = classify_page(page.lines, page.width, page.height)
    return replace(page, kind=verdict.kind, kind_confidence=verdict.confidence, also=verdict.also)
