"""The declarative base and the few column types every table shares."""

from datetime import datetime
from typing import Annotated

from sqlalchemy import BigInteger, DateTime, Identity, LargeBinary, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from rules.money import Fen

Key = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Money = Annotated[Fen, mapped_column(BigInteger)]
Sealed = Annotated[bytes, mapped_column(LargeBinary)]
Digest = Annotated[bytes, mapped_column(LargeBinary)]
Json = Annotated[dict[str, object], mapped_column(JSONB)]

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Root of all tables; the code tells violated constraints apart by their names."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012
        int: BigInteger,
        str: Text,
        datetime: DateTime(timezone=True),
    }


class Audited:
    """The columns of a row with a history: `version` counts its audit events, `chain` is the
    hash of the last one."""

    __tablename__: str

    version: Mapped[int] = mapped_column(default=0)
    chain: Mapped[bytes | None]


class Worked(Audited):
    """The columns the engine needs: the row's state and when to look at it again.

    `due_at` is when the sweep rings for the row (None: at rest or parked). Until `held_until` no
    worker may take the row: a slow step holds a lease, or a failed one backs off. `fence` grows
    with each lease, so a worker that lost its lease cannot record.
    """

    id: Mapped[Key]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]
    held_until: Mapped[datetime | None]
    parked_at: Mapped[datetime | None]
    parked_step: Mapped[str | None]
    parked_cause: Mapped[str | None]
