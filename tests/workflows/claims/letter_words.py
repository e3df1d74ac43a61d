"""What the office wrote in a claim's letter, as plain text."""

import io
import re
import zipfile

from sqlalchemy import select

from models import Letter
from tests.desk import Desk


def letter_words(desk: Desk, claim_id: int, kind: str) -> str:
    """The words of the claim's last letter of this kind."""
    with desk.office.sessions.read_only() as session:
        query = select(Letter).filter_by(claim_id=claim_id, kind=kind).order_by(Letter.id.desc())
        letter = session.scalars(query).first()
        assert letter is not None
        assert letter.sha256 is not None
        file = desk.office.store.get(letter.sha256)
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return re.sub("<[^>]+>", "", archive.read("word/document.xml").decode())
