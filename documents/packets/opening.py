"""Opens a handed-in folder, file or archive as a packet of readable files."""

import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from pathlib import Path

from documents.packets import file_names, media_types
from documents.packets.confined_child import ChildOutput, as_file, ask
from documents.packets.file_faults import FileFault
from documents.packets.file_limits import Limits
from documents.packets.handed_in_files import PacketPiece, piece_of, pieces_at
from documents.packets.malware import malware_in
from documents.packets.pages import page_count
from documents.packets.unfit import Unfit

_SMALL = 200
"""Pixels of the longest side of a picture on which nobody could read a paper."""


@dataclass(frozen=True)
class PacketFile:
    """A readable file; its media type comes from its content, not from its name."""

    name: str
    media_type: str
    data: bytes = field(repr=False)
    sha256: str
    pages: int
    is_small: bool = False
    """Whether it is a picture that is too small for a paper."""


@dataclass(frozen=True)
class RefusedFile:
    """One file that cannot be used, and the sentence that says why."""

    name: str
    reason: str
    infection: str = ""
    """What the scanner calls the malware in it; empty where it found none."""


@dataclass(frozen=True)
class OpenedPacket:
    """All files handed in together for one claim; `files` is empty if none can be used."""

    name: str
    files: tuple[PacketFile, ...]
    refusals: tuple[RefusedFile, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over the readable files' hashes; names do not count."""
        return digest_of(file.sha256 for file in self.files)


def digest_of(hashes: Iterable[str]) -> str:
    """SHA-256 over the hashes of files, in any order."""
    return hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()


def open_packet(path: Path, limits: Limits) -> OpenedPacket:
    """Open one sub-folder, or one PDF, ZIP or image. Bad input becomes refusals, never an error;
    Transient if this machine could not look into the files."""
    try:
        return _open(path.name, pieces_at(path, limits), limits)
    except Unfit as refusal:
        return _refused(path.name, refusal)


def open_upload(name: str, files: Sequence[tuple[str, bytes]], limits: Limits) -> OpenedPacket:
    """Open files, each a name and its bytes, that came together as a packet of this name."""
    try:
        return _open(name, [piece_of(file, data, limits) for file, data in files], limits)
    except Unfit as refusal:
        return _refused(name, refusal)


def _open(name: str, pieces: list[PacketPiece], limits: Limits) -> OpenedPacket:
    scanned = [_scanned(piece, limits) for piece in pieces]
    pieces = [part for piece in scanned for part in _unpacked(piece, limits)]
    pieces.sort(key=lambda piece: file_names.natural(piece.name))
    _check_totals(pieces, limits)
    results = list(_examined(pieces, limits))
    files = tuple(result for result in results if isinstance(result, PacketFile))
    if sum(file.pages for file in files) > limits.max_pages:
        raise Unfit(FileFault.PACKET_TOO_LONG, limits)
    refusals = tuple(result for result in results if isinstance(result, RefusedFile))
    return OpenedPacket(file_names.clean(name), files, refusals)


def _scanned(piece: PacketPiece, limits: Limits) -> PacketPiece:
    """The piece, or what is left of it if it holds malware; an archive is scanned as a whole."""
    if limits.scanner and (found := malware_in(piece.data, limits.scanner, limits.patience)):
        return PacketPiece(piece.name, fault=FileFault.INFECTED, infection=found)
    return piece


def _unpacked(piece: PacketPiece, limits: Limits) -> list[PacketPiece]:
    """The members of an archive, or the piece itself; an archive that fails is one bad piece."""
    if piece.media_type != media_types.ZIP:
        return [piece]
    try:
        question = {"media_type": piece.media_type}
        with as_file(piece.data) as file, ask("unpack", file, limits, **question) as answer:
            return list(_members(answer, limits)) or [_faulty(piece, FileFault.EMPTY_PACKET)]
    except Unfit as refusal:
        return [_faulty(piece, refusal.fault)]


def _members(answer: ChildOutput, limits: Limits) -> Iterator[PacketPiece]:
    while words := answer.words():
        if "refused" in words:
            yield PacketPiece(words["name"], fault=FileFault(words["refused"]))
            continue
        member = piece_of(words["name"], answer.bytes(words["size"]), limits)
        nested = member.media_type == media_types.ZIP
        yield _faulty(member, FileFault.NESTED_ARCHIVE) if nested else member


def _check_totals(pieces: list[PacketPiece], limits: Limits) -> None:
    if not pieces:
        raise Unfit(FileFault.EMPTY_PACKET, limits)
    if len(pieces) > limits.max_files:
        raise Unfit(FileFault.TOO_MANY_FILES, limits)
    if sum(len(piece.data) for piece in pieces) > limits.max_bytes_packet:
        raise Unfit(FileFault.PACKET_TOO_LARGE, limits)


def _examined(pieces: list[PacketPiece], limits: Limits) -> Iterator[PacketFile | RefusedFile]:
    deadline = time.monotonic() + limits.seconds_packet
    labels = file_names.distinct(file_names.clean(piece.name) for piece in pieces)
    for label, piece in zip(labels, pieces, strict=True):
        left = max(ceil(deadline - time.monotonic()), 1)
        try:
            yield _examine(label, piece, replace(limits, patience=min(limits.patience, left)))
        except Unfit as refusal:
            yield RefusedFile(label, str(refusal), piece.infection)


def _examine(label: str, piece: PacketPiece, limits: Limits) -> PacketFile:
    if piece.fault:
        raise Unfit(piece.fault, limits)
    count = page_count(piece.data, piece.media_type, limits)
    sha256 = hashlib.sha256(piece.data).hexdigest()
    is_small = count.side is not None and count.side < _SMALL
    return PacketFile(label, piece.media_type, piece.data, sha256, count.pages, is_small)


def _faulty(piece: PacketPiece, fault: FileFault) -> PacketPiece:
    return PacketPiece(piece.name, fault=fault)


def _refused(name: str, refusal: Unfit) -> OpenedPacket:
    label = file_names.clean(name)
    return OpenedPacket(label, (), (RefusedFile(label, str(refusal)),))
