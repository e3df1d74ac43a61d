"""The folder that an agent watches: what has settled in it, and how an entry leaves it.

An entry leaves in two hidden folders, each named after the fingerprint that was handed in. What
lies in `leaving` is whole and may have changed; what lies in `gone` was compared. So an agent that
comes after a crash knows how far the one before came, as `put_away` does in the office's folder.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from crash_points import crash_point
from documents.packets.dropped import fingerprint, is_empty_folder, is_rest, lies_at
from documents.packets.file_names import is_hidden
from documents.packets.unfinished import is_unfinished

NOTE = "互助收件情况.txt"
"""What people read of it in the folder itself."""
_LEAVING, _GONE = ".huzhu-leaving", ".huzhu-gone"


@dataclass(frozen=True)
class Rests:
    """How long an entry must not have changed, in seconds: a file, a folder, and what has no end
    yet as long as somebody may still be writing it."""

    file: float
    folder: float
    unfinished: float


@dataclass(frozen=True)
class WatchedEntry:
    """A file or folder that was dropped, as it was when it was looked at."""

    path: Path
    fingerprint: str


class WatchedFolder:
    """The folder, and since when each entry in it has been as it is."""

    def __init__(
        self, path: Path, rests: Rests, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.path = path
        self._rests = rests
        self._clock = clock
        self._since: dict[str, tuple[str, float]] = {}

    def waiting(self) -> list[Path]:
        """Every entry that is to be handed in some time."""
        return [path for path in sorted(self.path.iterdir()) if _is_seen(path.name)]

    def settled(self) -> Iterator[WatchedEntry]:
        """The entries that have been as they are for long enough. What the machine cannot show us
        keeps nobody from the entries beside it."""
        paths = self.waiting()
        names = {path.name for path in paths}
        self._since = {name: at for name, at in self._since.items() if name in names}
        for path in paths:
            with suppress(OSError, RecursionError):
                print_ = fingerprint(path)
                if (
                    print_ is not None
                    and not is_empty_folder(path)
                    and self._rests_at(path, print_)
                ):
                    yield WatchedEntry(path, print_)

    def let_go(self, entry: WatchedEntry) -> bool:
        """Remove what was handed in, unless it has changed since; whether it is gone.

        It is moved aside first and compared there, where nobody writes any more.
        """
        leaving = self.path / _LEAVING / entry.fingerprint / entry.path.name
        leaving.parent.mkdir(parents=True, exist_ok=True)
        crash_point("agent, before rename")
        entry.path.rename(leaving)
        crash_point("agent, after rename")
        return self._end(leaving)

    def tidy(self) -> None:
        """Finish what an agent before this one began."""
        shutil.rmtree(self.path / _GONE, ignore_errors=True)
        for leaving in sorted((self.path / _LEAVING).glob("*/*")):
            with suppress(OSError):
                self._end(leaving)

    def tell(self, sentences: list[str]) -> None:
        """Say in the folder what was not taken and why; nothing where there is nothing to say."""
        note = self.path / NOTE
        text = "".join(f"{sentence}\r\n" for sentence in sentences)
        with suppress(OSError):
            if not text:
                note.unlink(missing_ok=True)
            elif not note.exists() or note.read_text("utf-8-sig") != text:
                note.write_text(text, "utf-8-sig", newline="")

    def _rests_at(self, path: Path, print_: str) -> bool:
        now = self._clock()
        before, since = self._since.get(path.name, ("", now))
        if before != print_:
            since = now
        self._since[path.name] = print_, since
        quiet = now - since
        if quiet < (self._rests.folder if path.is_dir() else self._rests.file):
            return False
        return quiet >= self._rests.unfinished or not is_unfinished(path)

    def _end(self, leaving: Path) -> bool:
        """Remove what left if it is what was handed in; else it goes back, to be handed in anew."""
        if fingerprint(leaving) != leaving.parent.name:
            leaving.rename(self._free(leaving.name))
            leaving.parent.rmdir()
            return False
        gone = self.path / _GONE / leaving.parent.name
        gone.parent.mkdir(exist_ok=True)
        shutil.rmtree(gone, ignore_errors=True)
        leaving.parent.rename(gone)
        crash_point("agent, before remove")
        shutil.rmtree(self.path / _GONE, ignore_errors=True)
        with suppress(OSError):
            (self.path / _LEAVING).rmdir()
        return True

    def _free(self, name: str) -> Path:
        """The entry's place, or one beside it where something new lies there by now."""
        number, free = 1, self.path / name
        while lies_at(free):
            number += 1
            free = self.path / f"{number} {name}"
        return free


def _is_seen(name: str) -> bool:
    return name != NOTE and not is_rest(name) and not is_hidden(name)
