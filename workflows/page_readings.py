"""Reads pages of stored files; what was seen is kept under the content hash, so none is read twice.

Claims and rosters both have files with pages, and know nothing of each other.
"""

import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import copy_context
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from documents.kinds import Kind
from documents.packets.confined_child import ProcessKilled
from documents.packets.pages import render
from documents.packets.shut_in_reader import read_page
from documents.packets.unfit import Unfit
from documents.reading.page import PageReading
from models import StoredReading
from workflows.alike_pages import note_alike, searched
from workflows.engine.office import Office
from workflows.engine.steps import Lease
from workflows.sealed_values.files import seal_reading

log = logging.getLogger("huzhu.reading")

_ATTEMPTS = 2
"""A page is tried so often that kills or hangs the process which looks at it."""


@dataclass(frozen=True)
class PageToRead:
    """One page to read: which file, which page of it (from 1), and what kind of file it is."""

    sha256: str
    media_type: str
    number: int


def read_pages(sheets: Iterable[PageToRead], office: Office, lease: Lease[Any]) -> None:
    """Read the pages, some side by side, saving each; a retry repeats none of them. One that fails
    keeps none of the others from being saved: only then its error is raised, the first one's."""
    side_by_side = ThreadPoolExecutor(office.limits.pages_at_once)
    try:
        reading = {
            side_by_side.submit(copy_context().run, _read, office, sheet, lease): sheet
            for sheet in sheets
        }
        for read in as_completed(reading):
            if read.exception() is None:
                _save(office, reading[read], read.result())
                lease.extend()
        for read in reading:
            read.result()
    finally:
        side_by_side.shutdown(cancel_futures=True)


def _read(office: Office, sheet: PageToRead, lease: Lease[Any]) -> PageReading:
    """What stands on the page; nothing, where it cannot be opened, or has killed or hung the
    process that looks at it each time it was tried: the check then asks a person, by page."""
    data = office.store.get(sheet.sha256)
    for _attempt in range(_ATTEMPTS):
        try:
            return _seen(office, data, sheet)
        except ProcessKilled as killed:
            log.warning("page=%s sha256=%s not read: cause=%s", sheet.number, sheet.sha256, killed)
            lease.extend()
    return _illegible()


def _seen(office: Office, data: bytes, sheet: PageToRead) -> PageReading:
    try:
        image = render(data, sheet.media_type, sheet.number, office.limits)
    except Unfit:
        return _illegible()
    seen = read_page(image.image, image.text_layer, office.limits)
    return replace(seen, notes=image.notes)


def _illegible() -> PageReading:
    return PageReading(Kind.OTHER, 0.0, 0, 0.0, 1, 1, ())


def _save(office: Office, sheet: PageToRead, seen: PageReading) -> None:
    page = searched(office, (sheet.sha256, sheet.number), seen)
    with office.sessions.unit_of_work("page saved") as session:
        session.execute(
            insert(StoredReading)
            .values(
                sha256=sheet.sha256,
                number=sheet.number,
                reading=seal_reading(office.keys, sheet.sha256, sheet.number, seen.to_json()),
            )
            .on_conflict_do_nothing()
        )
        note_alike(session, office, page)
