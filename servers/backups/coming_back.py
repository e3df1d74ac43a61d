"""Puts a backup in the place of what was lost, and tries in a place of its own that one could."""

import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

import psycopg

from documents.sealing import SealBroken
from documents.spool import is_file
from documents.store import ScanMissing
from language import _
from models import migrations
from rules.errors import Refused
from servers import embedded
from servers.backups.files import KeptFiles, StoreInVault
from servers.backups.notes import BackupKind, BackupNote
from servers.backups.restoring import Say, brought_back, chosen, fill
from servers.backups.vault import Vault, vault_of
from servers.private import UNFINISHED
from servers.roles import plain
from settings import Settings
from workflows.claims.packets.originals import wanted_entries
from workflows.engine import marks
from workflows.engine.kept_where import SPOOL, STORE
from workflows.engine.office import Office, open_office, ring_of, utc_now
from workflows.proof import Invariant, prove
from workflows.stored_files import named_in_store

_DRILL = "drill.part"
_FILLED = "filled"
_AT_ONCE = 100
_PLACES = ("postgres", STORE, SPOOL)


@dataclass(frozen=True)
class CameBack:
    """What was put in place: how many files, and the names of those that the backup lacks."""

    files: int
    missing: tuple[str, ...]


def restore(ready: Settings, to: datetime | None, replaces: bool, tell: Say) -> CameBack:
    """Put the backup that leads to this instant, or the newest, in its place.

    What is there is moved aside if it may be replaced; else Refused. Killed at any instant, it
    leaves a folder that lets nothing start until it was done again to its end.
    """
    vault, keys = vault_of(ready), ring_of(ready)
    note = chosen(vault, keys, to)
    with embedded.while_stopped(ready.data):
        part = ready.data / UNFINISHED
        _make_room(ready, replaces or part.exists())
        if ready.database_url:
            return _into_given(ready, vault, note, tell)
        with brought_back(vault, note, to, part, tell) as url:
            migrations.upgrade(url)
            found = _put_files(ready, open_office(ready, url), KeptFiles(vault, keys), tell)
        (part / "postgres").rename(ready.data / "postgres")
        shutil.rmtree(part)
    return found


def _into_given(ready: Settings, vault: Vault, note: BackupNote, tell: Say) -> CameBack:
    """Into the empty database of these settings, all of it or nothing."""
    owner = ready.owner_database_url or ready.database_url
    if note.kind != BackupKind.DUMP:
        raise Refused(_("这份备份是内置数据库的，装不进 DATABASE_URL 指定的服务器：请不设它再恢复"))
    part = ready.data / UNFINISHED
    part.mkdir(mode=0o700, exist_ok=True)
    if not _is_empty(owner) and not (part / _FILLED).exists():
        part.rmdir()
        raise Refused(_("数据库不是空的：请先建一个空数据库，再恢复"))
    if _is_empty(owner):
        (part / _FILLED).touch()
        fill(owner, vault, note, tell)
    migrations.upgrade(owner)
    keys = ring_of(ready)
    found = _put_files(ready, open_office(ready, owner), KeptFiles(vault, keys), tell)
    shutil.rmtree(part)
    return found


def _is_empty(url: str) -> bool:
    with psycopg.connect(plain(url)) as connection:
        found = connection.execute("SELECT to_regclass('public.alembic_version')").fetchone()
    return found == (None,)


def _make_room(ready: Settings, replaces: bool) -> None:
    """Move what is there into a folder of its own, where that is allowed."""
    there = [ready.data / name for name in _PLACES if (ready.data / name).exists()]
    if there and not replaces:
        raise Refused(
            _("%(data)s 里已有数据库或材料：请换一个空的数据目录，或加 --replace（原有的移到旁边）")
            % {"data": ready.data}
        )
    aside = ready.data / f"replaced-{utc_now():%Y%m%dT%H%M%S.%fZ}"
    (ready.data / UNFINISHED).mkdir(mode=0o700, exist_ok=True)
    for path in there:
        aside.mkdir(mode=0o700, exist_ok=True)
        path.rename(aside / path.name)


def _put_files(ready: Settings, office: Office, kept: KeptFiles, tell: Say) -> CameBack:
    """Every file that the database names, from the kept ones into store and spool."""
    with office.sessions.read_only() as session:
        named, entries = named_in_store(session), wanted_entries(session, office)
    office.sessions.engine.dispose()
    source, missing = StoreInVault(ready, office.keys, kept), list[str]()
    rest, done = iter(named), 0
    while some := list(islice(rest, _AT_ONCE)):
        there = {hash_: data for hash_ in some if (data := _found(source, hash_)) is not None}
        office.store.put_all(there.values())
        missing += sorted(set(some) - there.keys())
        done += len(some)
        tell(_("放回材料 %(done)s/%(all)s") % {"done": done, "all": len(named)})
    for entry in sorted(entries):
        paths = [each for each in kept.below(f"{SPOOL}/{entry}") if is_file(each)]
        office.spool.put_sealed(entry, (kept.content(path) for path in paths))
        missing += [] if paths else [entry]
    return CameBack(len(named) + len(entries) - len(missing), tuple(missing))


def _found(source: StoreInVault, hash_: str) -> bytes | None:
    """The scan; None where it is not kept or does not open."""
    try:
        return source.get(hash_)
    except (ScanMissing, SealBroken):
        return None


def drill(ready: Settings, tell: Say) -> list[Invariant]:
    """Bring the newest backup back in a folder that is removed afterwards, and prove every promise
    on it, with the files that are kept; the promises that are broken."""
    vault, keys, place = vault_of(ready), ring_of(ready), ready.data / _DRILL
    try:
        with brought_back(vault, chosen(vault, keys, None), None, place, tell) as url:
            migrations.upgrade(url)
            office = open_office(ready, url)
            kept = StoreInVault(ready, keys, KeptFiles(vault, keys))
            found = _proved(replace(office, store=kept))
    finally:
        shutil.rmtree(place, ignore_errors=True)
    broken = [one for one in found if one.violations]
    if not broken:
        marks.note_drill(ready, utc_now())
    return broken


def _proved(office: Office) -> list[Invariant]:
    with office.sessions.read_only() as session:
        found = list(prove(session, office))
    office.sessions.engine.dispose()
    return found
