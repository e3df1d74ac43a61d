"""What the reader saw on the pages of the samples, kept by content hash for the rest of the run.

A page takes the reader seconds, and several tests walk the same packets.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from models import StoredReading
from workflows.engine.office import Office
from workflows.sealed_values.files import reading_text, seal_reading


@dataclass(frozen=True)
class SampleReadings:
    """A file for each page that a test of this run has had read."""

    folder: Path

    def lend(self, office: Office) -> None:
        """Let the office have read every page that is kept here."""
        with office.sessions.unit_of_work() as session:
            for file in self.folder.glob("*.json"):
                sha256, number = file.stem.split(".")
                sealed = seal_reading(office.keys, sha256, int(number), file.read_text("utf-8"))
                row = {"sha256": sha256, "number": int(number), "reading": sealed}
                session.execute(insert(StoredReading).values(row).on_conflict_do_nothing())

    def keep(self, office: Office) -> None:
        """Keep what the office has read."""
        with office.sessions.read_only() as session:
            for row in session.scalars(select(StoredReading)):
                self._write(f"{row.sha256}.{row.number}", reading_text(office.keys, row))

    def _write(self, name: str, reading: str) -> None:
        # Renamed when it is whole: the other process of the run reads this folder too.
        part = self.folder / f"{name}.{os.getpid()}.part"
        part.write_text(reading, "utf-8")
        part.rename(self.folder / f"{name}.json")
