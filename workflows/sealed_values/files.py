"""Sealed columns of what came in as files: names, what the reader saw, copies of ID cards."""

import json
from collections.abc import Sequence

from documents.sealing import KeyRing
from models import Document, IdCopy, Packet, StoredReading


def seal_packet_name(keys: KeyRing, packet: Packet, name: bytes) -> None:
    """Seal the name of an entry in its folder, as the bytes that the file system gave."""
    packet.name_print = keys.fingerprint(packet.folder + "/" + name.hex())
    packet.name = keys.seal(name, "packet.name:" + packet.name_print.hex())


def packet_name(keys: KeyRing, packet: Packet) -> bytes:
    """The name of the packet's entry in its folder."""
    return keys.open(packet.name, "packet.name:" + packet.name_print.hex())


def seal_document_name(keys: KeyRing, claim_id: int, sha256: str, name: str) -> bytes:
    """The name a file came with."""
    return keys.seal(name.encode(), f"document.name:{claim_id}:{sha256}")


def document_name(keys: KeyRing, document: Document) -> str:
    """The name a file came with."""
    about = f"document.name:{document.claim_id}:{document.sha256}"
    return keys.open(document.name, about).decode()


def seal_reading(keys: KeyRing, sha256: str, number: int, reading: str) -> bytes:
    """What the reader saw on a page, as JSON text."""
    return keys.seal(reading.encode(), f"page_reading:{sha256}:{number}")


def reading_text(keys: KeyRing, reading: StoredReading) -> str:
    """What the reader saw on a page, as JSON text."""
    about = f"page_reading:{reading.sha256}:{reading.number}"
    return keys.open(reading.reading, about).decode()


def seal_id_cards(keys: KeyRing, copy: IdCopy, cards: Sequence[tuple[str, str]]) -> bytes:
    """Name and number of each card on the file of copies."""
    text = json.dumps(list(cards), ensure_ascii=False)
    return keys.seal(text.encode(), f"id_copy.cards:{copy.enrolment_id}:{copy.sha256}")


def id_cards_of(keys: KeyRing, copy: IdCopy) -> list[tuple[str, str]]:
    """Name and number of each card read on the file of copies; empty before it is read."""
    if copy.cards is None:
        return []
    opened = keys.open(copy.cards, f"id_copy.cards:{copy.enrolment_id}:{copy.sha256}")
    return [(name, number) for name, number in json.loads(opened)]
