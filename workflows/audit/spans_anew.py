"""Counts and hashes the rows of a table for each root anew, in order of their positions."""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from language import _
from workflows.audit.root_lines import SignedSpan, Statement


class SpansAnew:
    """The rows of this table as they pass. `root` is the one that covers the last row, `last` the
    one before it; None where there is none."""

    def __init__(self, table: str, word: str, statements: Sequence[Statement]) -> None:
        covering = [told for told in statements if table in told.spans]
        self._table, self._word = table, word
        self._rest = iter(covering)
        self._count, self._digest = 0, sha256()
        self.checked = 0
        self.last: Statement | None = None
        self.root = next(self._rest, None)

    def add(self, position: int, row_hash: bytes) -> Iterator[str]:
        """One row; what differs in the spans that end before it."""
        while self.root is not None and position > self._span(self.root).upto:
            yield from self._ended(self.root)
        self.checked += 1
        self._count += 1
        self._digest.update(position.to_bytes(8, "big", signed=True) + row_hash)

    def end(self) -> Iterator[str]:
        """What differs in the rest."""
        while self.root is not None:
            yield from self._ended(self.root)

    def _ended(self, root: Statement) -> Iterator[str]:
        span, count = self._span(root), self._count
        words = {
            "what": self._word,
            "number": root.number,
            "at": f"{root.at:%Y-%m-%d %H:%M:%S}",
            "count": abs(count - span.count),
        }
        if count < span.count:
            yield _("第 %(number)s 号签名（%(at)s）之后，所签%(what)s少了 %(count)s 条") % words
        elif count > span.count:
            yield _("第 %(number)s 号签名（%(at)s）之后，所签%(what)s多了 %(count)s 条") % words
        elif self._digest.hexdigest() != span.digest:
            yield _("第 %(number)s 号签名（%(at)s）之后，所签%(what)s被改动或换了次序") % words
        self.last, self.root = root, next(self._rest, None)
        self._count, self._digest = 0, sha256()

    def _span(self, root: Statement) -> SignedSpan:
        return root.spans[self._table]
