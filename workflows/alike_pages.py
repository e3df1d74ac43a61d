"""Finds the pages that were handed in before, scanned again, cropped or under another name.

A page is searched once, when it has been read. What is searched are keyed fingerprints of what is
filled in on it; which of the pages found are really alike is decided on what was read of them.
"""

import json

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from documents.reading.page import PageReading
from documents.reading.page_marks import OF_A_PERSON, Likeness, likeness, marks_of, searched_by
from documents.sealing import KeyRing
from models import StoredReading
from workflows.engine.office import Office
from workflows.engine.turns import OneAtATime, wait_for
from workflows.sealed_values.files import reading_text

_PRINTS = 40
_AT_ONCE = 100


def prints_of(keys: KeyRing, page: PageReading) -> list[int]:
    """The fingerprints by which this page is found again; none of a paper that is the same in all
    claims of a person. Of many the lowest count: those that a page like it keeps too."""
    if page.kind in OF_A_PERSON:
        return []
    found = {
        int.from_bytes(keys.fingerprint(f"page {each}")[:8], signed=True)
        for each in searched_by(page, marks_of(page))
    }
    return sorted(found)[:_PRINTS]


def note_alike(
    session: Session, office: Office, sha256: str, number: int, page: PageReading
) -> None:
    """Make the page known to later ones, and note it beside each page before it that is like it.

    One page at a time: of two that are read at once, the second finds the first.
    """
    wait_for(session, OneAtATime.COMPARE_PAGES)
    place = {"sha256": sha256, "number": number}
    prints = prints_of(office.keys, page)
    session.execute(_SET_PRINTS, {**place, "prints": prints})
    pairs = []
    own = marks_of(page)
    for other in session.scalars(_CANDIDATES, {**place, "prints": prints}):
        seen = PageReading.from_json(reading_text(office.keys, other))
        if seen.kind not in OF_A_PERSON and (why := likeness(own, marks_of(seen))):
            pairs += _both_ways(place, {"sha256": other.sha256, "number": other.number}, why)
    # In one order, as every other worker would take these rows.
    for pair in sorted(pairs, key=lambda pair: (pair["sha256"], pair["number"])):
        session.execute(_NOTE, pair)


def note_unsearched(office: Office) -> int:
    """Search the pages that were read before this was done, a few at a time; return how many."""
    done = 0
    while True:
        with office.sessions.unit_of_work("pages compared") as session:
            wait_for(session, OneAtATime.COMPARE_PAGES)
            query = select(StoredReading).where(StoredReading.prints.is_(None)).limit(_AT_ONCE)
            rows = session.scalars(query).all()
            for row in rows:
                seen = PageReading.from_json(reading_text(office.keys, row))
                note_alike(session, office, row.sha256, row.number, seen)
        if not rows:
            return done
        done += len(rows)


def _both_ways(
    one: dict[str, object], other: dict[str, object], why: Likeness
) -> list[dict[str, object]]:
    return [
        {**own, "noted": json.dumps([{**like, "why": why.value}])}
        for own, like in ((one, other), (other, one))
    ]


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
