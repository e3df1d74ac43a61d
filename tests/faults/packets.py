"""Packets for the drop folder whose pages count as read, so that only the reader has no work."""

import io
from hashlib import sha256
from pathlib import Path

import pypdfium2
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from documents.reading.page import PageReading
from models import StoredReading
from workflows.engine.office import Office
from workflows.sealed_values.files import seal_reading


def a_packet(session: Session, office: Office, name: str, pages: list[PageReading]) -> bytes:
    """A PDF of as many empty pages, and in the database what a reader would have seen on them."""
    data = a_pdf(name, len(pages))
    digest = sha256(data).hexdigest()
    for number, page in enumerate(pages, 1):
        reading = seal_reading(office.keys, digest, number, page.to_json())
        row = {"sha256": digest, "number": number, "reading": reading}
        session.execute(insert(StoredReading).values(row).on_conflict_do_nothing())
    return data


def a_pdf(name: str, pages: int) -> bytes:
    """A PDF of so many empty pages, another one for each name."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(200, 280)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue() + f"%{name}\n".encode()


def drop(office: Office, name: str, data: bytes) -> Path:
    """Lay a file into the drop folder as a careful scanner does: whole, or not at all."""
    folder = office.settings.inbox_folder
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{name}.part"
    part.write_bytes(data)
    return part.rename(folder / name)
