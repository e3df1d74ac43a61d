"""Reads papers straight from files, with no database: what `huzhu read` prints."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from documents.packets.file_limits import Limits
from documents.packets.opening import PacketFile, open_packet
from documents.packets.pages import render
from documents.packets.shut_in_reader import read_page
from documents.reading import PageReading, report
from language import _


def read_papers(paths: Sequence[Path], limits: Limits) -> tuple[dict[str, object], list[str]]:
    """The report on all pages of all paths, and a sentence for each file that cannot be read."""
    files: list[tuple[str, list[PageReading]]] = []
    refusals = []
    for path in paths:
        if not path.exists():
            refusals.append(_("%(file)s：没有这个文件") % {"file": path})
            continue
        packet = open_packet(path, limits)
        refusals += [f"{refusal.name}:{refusal.reason}" for refusal in packet.refusals]
        for file in packet.files:
            files.append((file.name, list(_pages(file, limits))))
    return report(files), refusals


def _pages(file: PacketFile, limits: Limits) -> Iterator[PageReading]:
    # One page at a time: a packet's pages together would not fit in memory.
    for number in range(1, file.pages + 1):
        page = render(file.data, file.media_type, number, limits)
        yield read_page(page.image, page.text_layer, limits)
