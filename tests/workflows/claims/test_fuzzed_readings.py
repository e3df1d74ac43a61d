"""Whatever a reader makes of pages, each claim comes to rest, and none becomes another person's.

`make fuzz` tries ten thousand claims.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import select

from documents.kinds import Kind
from documents.reading.page import PageReading, TextLine
from models import Claim, Decision, Member
from models.machines.claims import CLAIM
from models.states import ClaimState
from tests.desk import STEP_BY_NAME, Desk
from workflows.engine.run import run

pytestmark = pytest.mark.slow

READINGS = int(os.environ.get("READINGS", "100"))
SEED = os.environ.get("SEED", "1")
_AT_ONCE = 100
_MOST = 900_000
"""The highest allowance of a cover period, in fen (notice 4.1.1)."""
_SIGNS = "0123456789年月日天元.:：,，-/ ¥%*Xx壹贰万元整張〇㛃𬍛\u200b\ufeff\x00\u202e李"

Bend = Callable[[Random, list[TextLine]], list[TextLine]]


def test_readings_made_up_at_random_lead_no_claim_astray(desk: Desk) -> None:
    draw = Random(SEED)
    desk.member("王旁观")
    person = desk.member("张三")
    for first in range(0, READINGS, _AT_ONCE):
        count = min(_AT_ONCE, READINGS - first)
        ids = [desk.claim(person, change=lambda page: bent(draw, page)) for _ in range(count)]
        desk.bells.clear()
        run(desk.office, STEP_BY_NAME["read"], *ids)
        desk.work()
        _nothing_is_wrong(desk, ids, person.id_number)


def _nothing_is_wrong(desk: Desk, ids: Sequence[int], id_number: str) -> None:
    own = desk.office.keys.fingerprint(id_number)
    with desk.office.sessions.read_only() as session:
        for claim in session.scalars(select(Claim).where(Claim.id.in_(ids))):
            assert (claim.parked_cause, claim.state in CLAIM.automatic) == (None, False), claim.id
            if claim.member_id is not None:
                assert session.get_one(Member, claim.member_id).id_print == own
            if claim.state == ClaimState.PROPOSED:
                assert claim.member_id is not None
        amounts = session.scalars(select(Decision.amount).where(Decision.claim_id.in_(ids))).all()
    assert all(0 <= amount <= _MOST for amount in amounts)


def bent(draw: Random, page: PageReading) -> PageReading:
    """The page with a few faults in what was read; most pages keep all else."""
    lines = list(page.lines)
    for _ in range(draw.choice((0, 0, 1, 1, 2, 8))):
        lines = draw.choice(BENDS)(draw, lines)
    kind = draw.choice(list(Kind)) if draw.random() < 0.03 else page.kind
    return replace(page, kind=kind, lines=tuple(lines))


def _other_signs(draw: Random, lines: list[TextLine]) -> list[TextLine]:
    def changed(text: str) -> str:
        at = draw.randrange(len(text) + 1)
        return text[:at] + draw.choice(_SIGNS) + text[at + draw.choice((0, 1)) :]

    return _at_one(draw, lines, lambda line: replace(line, text=changed(line.text)))


def _cut(draw: Random, lines: list[TextLine]) -> list[TextLine]:
    def cut(line: TextLine) -> TextLine:
        return replace(line, text=line.text[: draw.randrange(len(line.text) + 1)])

    return _at_one(draw, lines, cut)


def _long(draw: Random, lines: list[TextLine]) -> list[TextLine]:
    return _at_one(draw, lines, lambda line: replace(line, text=line.text * draw.randrange(2, 40)))


def _unsure(draw: Random, lines: list[TextLine]) -> list[TextLine]:
    return _at_one(draw, lines, lambda line: replace(line, confidence=draw.random()))


def _moved(draw: Random, lines: list[TextLine]) -> list[TextLine]:
    left, top = draw.randrange(-50, 9000), draw.randrange(-50, 9000)
    box = (left, top, left + draw.randrange(2000), top + draw.randrange(2000))
    return _at_one(draw, lines, lambda line: replace(line, box=box, corners=(), at=(), sure=()))


def _shuffled(draw: Random, lines: list[TextLine]) -> list[TextLine]:
    return draw.sample(lines, len(lines))


def _doubled(draw: Random, lines: list[TextLine]) -> list[TextLine]:
    return [*lines, *draw.sample(lines, min(3, len(lines)))]


def _lost(draw: Random, lines: list[TextLine]) -> list[TextLine]:
    return draw.sample(lines, max(len(lines) - draw.randrange(1, 4), 0))


BENDS: tuple[Bend, ...] = (
    _other_signs,
    _other_signs,
    _cut,
    _long,
    _unsure,
    _moved,
    _shuffled,
    _doubled,
    _lost,
)


def _at_one(
    draw: Random, lines: list[TextLine], change: Callable[[TextLine], TextLine]
) -> list[TextLine]:
    if not lines:
        return lines
    at = draw.randrange(len(lines))
    return [*lines[:at], change(lines[at]), *lines[at + 1 :]]
