"""Backups made beside the chaos, and some instants of it brought back afterwards."""

import random
import threading
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import psycopg
from pydantic import SecretStr

from documents.sealing import new_keys
from rules.errors import HuzhuError
from servers import embedded
from servers.backups import coming_back, notes
from servers.backups.files import FileCopies
from servers.backups.making import Backups
from servers.backups.vault import vault_of
from settings import Settings
from tests.faults.breakable_servers import BreakableServers
from workflows.engine.office import open_office
from workflows.proof import prove

_SECONDS, _TURNS_TO_A_WHOLE = 2.0, 15
"""Between two additions, and how many of them to a whole backup."""


@dataclass
class Keeping:
    """The backups of one run, made as often as its faults let them be."""

    servers: BreakableServers
    ready: Settings
    folder: Path
    over: threading.Event = field(default_factory=threading.Event)
    turns: int = 0

    def __post_init__(self) -> None:
        wanted = {"backups": self.folder / "vault", "backup_keys": SecretStr(new_keys())}
        self.ready = self.ready.model_copy(update=wanted)
        self.ready.data.mkdir(parents=True, exist_ok=True)
        self._keeping = threading.Thread(target=self._keep, daemon=True)
        self._keeping.start()

    def _keep(self) -> None:
        """A whole backup now and then, and what came since every moment."""
        vault = vault_of(self.ready)
        copies = FileCopies(self.ready, vault)
        found = Backups(
            self.ready, vault, copies, self.servers.owner_url, self.servers.postgres.folder
        )
        while not self.over.wait(_SECONDS):
            try:
                if self.turns % _TURNS_TO_A_WHOLE == 0:
                    found.back_up()
                else:
                    found.add()
                self.turns += 1
            except (psycopg.OperationalError, HuzhuError):
                continue  # the server is away; the next turn does it

    def wrong_at(self, many: int, chance: random.Random) -> list[str]:
        """What is wrong at so many instants of the run, each brought back in a place of its own."""
        if not self._keeping.is_alive():
            return ["the backups came to an end before their time"]
        self.over.set()
        self._keeping.join()
        print(f"backed up {self.turns} times", flush=True)
        kept = notes.notes(vault_of(self.ready))
        reached = notes.reached(vault_of(self.ready), kept[0].server)
        assert reached is not None
        instants = [
            kept[0].leads_on + (reached.at - kept[0].leads_on) * chance.random()
            for _ in range(many)
        ]
        return [words for at in instants for words in self._wrong(at)]

    def _wrong(self, at: datetime) -> list[str]:
        place = self.folder / "back" / f"{at:%H%M%S%f}"
        back = self.ready.model_copy(
            update={"data": place, "database_url": "", "owner_database_url": ""}
        )
        place.mkdir(parents=True)
        try:
            found = coming_back.restore(back, at, False, lambda _words: None)
        except HuzhuError as error:
            return [f"{at}: {error}"]
        server = embedded.own_postgres(place)
        server.start()
        try:
            office = open_office(back, server.url())
            with office.sessions.read_only() as session:
                broken = [one for one in prove(session, office) if one.violations]
            office.sessions.engine.dispose()
        finally:
            server.stop()
        print(f"{at}: {found.files} files back", flush=True)
        lost = [f"{at}: no file {name}" for name in found.missing]
        return lost + [f"{at}: {one.code}: {words}" for one in broken for words in one.violations]
