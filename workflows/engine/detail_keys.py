"""The key of each person, under which the log seals what it tells of him.

The chain of the log is made over what is sealed. So the key of one person can be erased: what was
told of him opens nowhere any more, and the chain still verifies. The keys themselves are sealed
with the ring, so that a rotation seals them anew and leaves the log as it is.
"""

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from documents.sealing import KeyRing
from models import Claim, DetailKey, Member
from models.base import Audited
from workflows.engine.rows import any_of
from workflows.engine.sealed_column import SealedColumn
from workflows.engine.session import keys_in

DETAIL_KEY = SealedColumn("detail_key", "key", ("subject", "subject_id"))

_BYTES = 32


class Whose(NamedTuple):
    """The row whose key it is."""

    subject: str
    id: int


def whose(session: Session, subject: Audited) -> Whose:
    """The member whom the row is about; the row itself where it is about none or not known whom."""
    claim_id = getattr(subject, "claim_id", None)
    about = session.get_one(Claim, claim_id) if claim_id else subject
    if member_id := getattr(about, "member_id", None):
        return Whose(Member.__tablename__, member_id)
    return Whose(about.__tablename__, about.id)  # type: ignore[attr-defined]


def key_of(session: Session, owner: Whose, at: datetime) -> KeyRing:
    """The key in use, made where there is none; its name is the id of its row."""
    row = _in_use(session, owner)
    if row is None:
        ring = keys_in(session)
        key = DETAIL_KEY.seal(ring, secrets.token_bytes(_BYTES), *owner)
        new = {"subject": owner.subject, "subject_id": owner.id, "key": key, "made_at": at}
        # Another unit of work may make it at the same instant: theirs is taken then.
        unless = text("erased_at IS NULL")
        made = (
            insert(DetailKey)
            .values(new)
            .on_conflict_do_nothing(index_elements=["subject", "subject_id"], index_where=unless)
        )
        session.connection().execute(made)
        row = _in_use(session, owner)
    assert row is not None
    return _opened(keys_in(session), row)


def keys_named(session: Session, names: Iterable[str]) -> dict[str, KeyRing]:
    """These keys by name; those erased are left out."""
    known = cast("dict[str, KeyRing]", session.info.setdefault("detail_keys", {}))
    if unknown := {name for name in names if name not in known}:
        query = select(*_COLUMNS).where(any_of(DetailKey.id, [int(name) for name in unknown]))
        with session.no_autoflush:
            rows = session.execute(query.where(DetailKey.key.is_not(None))).all()
        known |= {str(row.id): _opened(keys_in(session), cast("_Row", row)) for row in rows}
    return known


def erase_keys(session: Session, owners: Collection[Whose], at: datetime) -> int:
    """Forget the keys of these rows for ever; how many there were."""
    erased = 0
    for subject in {each.subject for each in owners}:
        ids = [each.id for each in owners if each.subject == subject]
        found = session.execute(
            update(DetailKey)
            .where(DetailKey.subject == subject, any_of(DetailKey.subject_id, ids))
            .where(DetailKey.erased_at.is_(None))
            .values(key=None, erased_at=at)
            .returning(DetailKey.id)
        )
        erased += len(found.all())
    session.info.pop("detail_keys", None)
    return erased


class _Row(NamedTuple):
    id: int
    subject: str
    subject_id: int
    key: bytes


_COLUMNS = (DetailKey.id, DetailKey.subject, DetailKey.subject_id, DetailKey.key)


def _in_use(session: Session, owner: Whose) -> _Row | None:
    query = select(*_COLUMNS).where(
        DetailKey.subject == owner.subject,
        DetailKey.subject_id == owner.id,
        DetailKey.erased_at.is_(None),
    )
    found = session.connection().execute(query).one_or_none()
    return cast("_Row | None", found)


def _opened(ring: KeyRing, row: _Row) -> KeyRing:
    """Named by its row, so that what it sealed names its key; it makes no fingerprints."""
    about = DETAIL_KEY.about(row.subject, row.subject_id)
    return KeyRing({str(row.id): ring.open(row.key, about)}, b"", ring.suite)
