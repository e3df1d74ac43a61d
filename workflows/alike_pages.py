"""Finds the pages that were handed in before, scanned again, cropped or under another name.

A page is searched once, when it has been read. What is searched are keyed fingerprints of what is
filled in on it; which of the pages found are really alike is decided on what was read of them.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from documents.reading.page import PageReading
from documents.reading.page_marks import (
    OF_A_PERSON,
    Likeness,
    PageMarks,
    likeness,
    marks_of,
    searched_by,
)
from documents.sealing import KeyRing
from models import Claim, Document, StoredReading
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.engine.turns import OneAtATime, wait_for
from workflows.sealed_values.files import reading_text

_PRINTS = 40
_AT_ONCE = 100

PagePlace = tuple[str, int]
"""The hash of a file, and the number of the page in it."""


@dataclass(frozen=True)
class SearchedPage:
    """A page that was looked for among those before it."""

    place: PagePlace
    marks: PageMarks
    prints: Sequence[int]
    compared: Mapping[PagePlace, Likeness | None]
    """Why each page that was found is like it; None: it is another one."""


def searched(office: Office, place: PagePlace, page: PageReading) -> SearchedPage:
    """Look for the page. What is found is opened here, where nobody waits for it."""
    marks = marks_of(page)
    prints = prints_of(office.keys, page, marks)
    with office.sessions.read_only() as session:
        found = session.scalars(_CANDIDATES, _told(place, prints=prints))
        compared = {(each.sha256, each.number): _why(office, marks, each) for each in found}
    return SearchedPage(place, marks, prints, compared)


def prints_of(keys: KeyRing, page: PageReading, marks: PageMarks) -> list[int]:
    """The fingerprints by which this page is found again; none of a paper that is the same in all
    claims of a person. Of many the lowest count: those that a page like it keeps too."""
    if page.kind in OF_A_PERSON:
        return []
    found = {
        int.from_bytes(keys.fingerprint(f"page {each}")[:8], signed=True)
        for each in searched_by(page, marks)
    }
    return sorted(found)[:_PRINTS]


def note_alike(session: Session, office: Office, page: SearchedPage) -> None:
    """Make the page known to later ones, and note it beside each page before it that is like it.

    One page at a time: of two that are read at once, the second finds the first, and opens here
    what has become known since it was searched. The claims with pages like it are locked before
    that: a page that waits for one of them keeps no other page waiting. So where one more page like
    it has become known, all is let go, and begun again with the claims of that one too.
    """
    like = {place for place, why in page.compared.items() if why}
    with session.begin_nested() as attempt:
        if like:
            _wait_for_checks(session, {page.place, *like})
        found = _known_now(session, office, page)
        pairs = {place: why for place, why in found.items() if why}
        if pairs.keys() <= like:
            _note(session, page.place, pairs)
            return
        attempt.rollback()
    note_alike(session, office, replace(page, compared=found))


def _known_now(
    session: Session, office: Office, page: SearchedPage
) -> dict[PagePlace, Likeness | None]:
    """Make the page known, once no other is made known: the pages found then, and why each is like
    it."""
    if page.prints:
        wait_for(session, OneAtATime.COMPARE_PAGES)
    told = _told(page.place, prints=page.prints)
    session.execute(_SET_PRINTS, told)
    found = dict[PagePlace, Likeness | None]()
    for other in session.scalars(_CANDIDATES, told) if page.prints else ():
        place = other.sha256, other.number
        known = place in page.compared
        found[place] = page.compared[place] if known else _why(office, page.marks, other)
    return found


def _note(session: Session, own: PagePlace, pairs: Mapping[PagePlace, Likeness]) -> None:
    """Note each beside the other."""
    notes = [
        note
        for place, why in pairs.items()
        for note in (_noted(own, place, why), _noted(place, own, why))
    ]
    # In one order, as every other worker would take these rows.
    for note in sorted(notes, key=lambda note: (note["sha256"], note["number"])):
        session.execute(_NOTE, note)


def _wait_for_checks(session: Session, places: Collection[PagePlace]) -> None:
    """Let checks of claims with these papers end: they have not seen what is noted now, and the
    check of the other claim must know the members they find."""
    hashes = {sha256 for sha256, _number in places}
    theirs = select(Document.claim_id).where(any_of(Document.sha256, hashes))
    locked = select(Claim.id).where(Claim.id.in_(theirs)).order_by(Claim.id).with_for_update()
    session.execute(locked)


def note_unsearched(office: Office) -> int:
    """Search the pages that were read before this was done; return how many."""
    done = 0
    while True:
        with office.sessions.read_only() as session:
            query = select(StoredReading).where(StoredReading.prints.is_(None)).limit(_AT_ONCE)
            rows = session.scalars(query).all()
        for row in rows:
            seen = PageReading.from_json(reading_text(office.keys, row))
            page = searched(office, (row.sha256, row.number), seen)
            with office.sessions.unit_of_work("page compared") as session:
                note_alike(session, office, page)
        if not rows:
            return done
        done += len(rows)


def _why(office: Office, own: PageMarks, other: StoredReading) -> Likeness | None:
    seen = PageReading.from_json(reading_text(office.keys, other))
    return None if seen.kind in OF_A_PERSON else likeness(own, marks_of(seen))


def _told(place: PagePlace, **more: Any) -> dict[str, Any]:
    return {"sha256": place[0], "number": place[1], **more}


def _noted(own: PagePlace, like: PagePlace, why: Likeness) -> dict[str, Any]:
    return _told(own, noted=json.dumps([_told(like, why=why.value)]))


_SET_PRINTS = text(
    "UPDATE page_reading SET prints = :prints WHERE sha256 = :sha256 AND number = :number"
)

# A figure that stands on many pages, such as the number of an office, finds no more than some of
# them; the page that is looked for shares rare ones too.
_CANDIDATES = select(StoredReading).from_statement(
    text("""
    WITH found AS (
        SELECT near.sha256, near.number, count(*) AS shared
        FROM unnest(CAST(:prints AS bigint[])) AS print
        CROSS JOIN LATERAL (
            SELECT sha256, number FROM page_reading
            WHERE prints @> ARRAY[print] AND sha256 <> :sha256 LIMIT 50
        ) AS near
        GROUP BY near.sha256, near.number ORDER BY shared DESC LIMIT 20
    )
    SELECT page_reading.* FROM page_reading JOIN found USING (sha256, number)
    """)
)

_NOTE = text("""
    UPDATE page_reading SET alike = alike || CAST(:noted AS jsonb)
    WHERE sha256 = :sha256 AND number = :number AND NOT alike @> CAST(:noted AS jsonb)
""")
