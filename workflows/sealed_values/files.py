"""Sealed columns of what came in as files: names, what the reader saw, copies of ID cards."""

import json
from collections.abc import Sequence

from documents.sealing import KeyRing
from models import Document, IdCopy, Packet, StoredReading
from workflows.engine.sealed_column import ERASED
from workflows.sealed_values.places import DOCUMENT_NAME, ID_CARDS, PACKET_NAME, READING


def seal_packet_name(keys: KeyRing, packet: Packet, name: bytes) -> None:
    """Seal the name of an entry in its folder, as the bytes that the file system gave."""
    packet.name_print = name_print(keys, packet.folder, name)
    packet.name = PACKET_NAME.seal(keys, name, packet.name_print)


def name_print(keys: KeyRing, folder: str, name: bytes) -> bytes:
    """The fingerprint by which an entry of a folder is known."""
    return keys.fingerprint(folder + "/" + name.hex())


def packet_name(keys: KeyRing, packet: Packet) -> bytes:
    """The name of the packet's entry in its folder; empty where it was erased."""
    if packet.name == ERASED:
        return b""
    return keys.open(packet.name, PACKET_NAME.about(packet.name_print))


def seal_document_name(keys: KeyRing, claim_id: int, sha256: str, name: str) -> bytes:
    """The name a file came with."""
    return DOCUMENT_NAME.seal(keys, name, claim_id, sha256)


def document_name(keys: KeyRing, document: Document) -> str:
    """The name a file came with."""
    return DOCUMENT_NAME.open(keys, document.name, document.claim_id, document.sha256)


def seal_reading(keys: KeyRing, sha256: str, number: int, reading: str) -> bytes:
    """What the reader saw on a page, as JSON text."""
    return READING.seal(keys, reading, sha256, number)


def reading_text(keys: KeyRing, reading: StoredReading) -> str:
    """What the reader saw on a page, as JSON text."""
    return READING.open(keys, reading.reading, reading.sha256, reading.number)


def seal_id_cards(keys: KeyRing, copy: IdCopy, cards: Sequence[tuple[str, str]]) -> bytes:
    """Name and number of each card on the file of copies."""
    text = json.dumps(list(cards), ensure_ascii=False)
    return ID_CARDS.seal(keys, text, copy.enrolment_id, copy.sha256)


def id_cards_of(keys: KeyRing, copy: IdCopy) -> list[tuple[str, str]]:
    """Name and number of each card read on the file of copies; empty before it is read."""
    if copy.cards is None:
        return []
    opened = ID_CARDS.open(keys, copy.cards, copy.enrolment_id, copy.sha256)
    return [(name, number) for name, number in json.loads(opened)]
