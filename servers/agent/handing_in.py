"""An agent's work: what has settled is handed in, and only then it leaves the folder.

At any crash, and whatever the network loses, a paper lies in the folder or in the office's store.
It is handed in under a key made from its name and content, so that it is there once, however often
it is sent.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from crash_points import crash_point
from documents.packets.dropped import files_in, fingerprint, is_empty_folder
from documents.packets.file_names import clean, is_junk, natural
from language import _
from rules.errors import Refused, Transient
from servers.agent.office_at import OfficeAt
from servers.agent.watched_folder import WatchedEntry, WatchedFolder

log = logging.getLogger("huzhu.agent")


@dataclass
class Agent:
    """A folder and the office to which it belongs; `refused` holds the entries that the office does
    not take as they are, and why."""

    folder: WatchedFolder
    office: OfficeAt
    refused: dict[str, tuple[str, str]] = field(default_factory=dict)

    def look(self) -> None:
        """Hand in what has settled. Raises Transient where the office cannot be reached: what has
        not been handed in stays where it is."""
        self.folder.tidy()
        try:
            for entry in self.folder.settled():
                if self.refused.get(entry.path.name, ("",))[0] != entry.fingerprint:
                    self._hand_in(entry)
        finally:
            here = {path.name for path in self.folder.waiting()}
            self.refused = {name: why for name, why in self.refused.items() if name in here}
            self.folder.tell([f"{name}：{why}" for name, (_print, why) in self.refused.items()])

    def is_done(self) -> bool:
        """Whether nothing lies in the folder but what the office does not take, and folders into
        which nothing was put yet."""
        lying = [path for path in self.folder.waiting() if path.name not in self.refused]
        return all(is_empty_folder(path) for path in lying)

    def _hand_in(self, entry: WatchedEntry) -> None:
        name = entry.path.name
        try:
            files = _read(entry)
            if fingerprint(entry.path) != entry.fingerprint:
                return
            crash_point("agent, before sending")
            packet = self.office.hand_in(key_of(files), files)
            crash_point("agent, after sending")
        except Refused as refusal:
            self.refused[name] = entry.fingerprint, str(refusal)
            log.warning("not taken: cause=%s", type(refusal).__name__)
        except Transient:
            raise
        except OSError as error:
            why = _("无法读取（%(kind)s），请移走或换一份") % {"kind": type(error).__name__}
            self.refused[name] = entry.fingerprint, why
        else:
            self._let_go(entry, packet)

    def _let_go(self, entry: WatchedEntry, packet: int) -> None:
        try:
            gone = self.folder.let_go(entry)
        except OSError as error:
            # It is sent again with the same key, which the office answers as the first time.
            why = _("已收件，但无法从文件夹移走（%(kind)s），请自行移走")
            self.refused[entry.path.name] = (
                entry.fingerprint,
                why % {"kind": type(error).__name__},
            )
            gone = False
        log.info("handed in: packet=%s gone=%s", packet, gone)


def key_of(files: Sequence[tuple[str, bytes]]) -> str:
    """The key of an entry: of its names and contents, so that what is another one has another."""
    told = sha256()
    for name, data in files:
        told.update(f"{len(name)}:{name}:{sha256(data).hexdigest()}".encode())
    return f"agent-{told.hexdigest()}"


def _read(entry: WatchedEntry) -> list[tuple[str, bytes]]:
    """The files of an entry in the order of their pages, each under its name within the folder."""
    root = entry.path.parent
    named = [(clean(part.relative_to(root).as_posix()), part) for part in files_in(entry.path)]
    kept = sorted((n, p) for n, p in named if not is_junk(n))
    kept.sort(key=lambda pair: natural(pair[0]))
    if not kept:
        raise Refused(_("不是文件，也不是装有文件的文件夹，不会收件"))
    return [(name, part.read_bytes()) for name, part in kept]
