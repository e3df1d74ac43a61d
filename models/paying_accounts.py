"""The accounts of the office that pay: each from its first day to its last."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Instant, Key


class PayingAccount(Audited, Base):
    """An account that pays (付款账户), from `first_on` to `last_on`, both days inclusive.

    `family` is that of the plans it pays for, None for all that have no account of their own.
    `last_on` is None while no end is known, and the day before `first_on` where another account
    took its place before it ever paid. One person proposes it and another one confirms it; it
    counts once it is confirmed. `proposed_by` is None of the first one, which came from the
    settings. `end_on` is the last day that `end_asked_by` asked for, until a second person agrees.
    """

    __tablename__ = "paying_account"
    __table_args__ = (
        CheckConstraint("last_on >= first_on - 1", name="first_before_last"),
        CheckConstraint("confirmed_by <> proposed_by", name="confirmed_by_another"),
        CheckConstraint(
            "confirmed_at IS NULL AND confirmed_by IS NULL"
            " OR confirmed_at IS NOT NULL AND (confirmed_by IS NULL) = (proposed_by IS NULL)",
            name="kept_by_two",
        ),
        CheckConstraint("confirmed_at IS NULL OR refused_at IS NULL", name="confirmed_or_refused"),
        CheckConstraint("(end_on IS NULL) = (end_asked_by IS NULL)", name="end_asked_by_somebody"),
        # The family is hashed and made a range, since the server has no btree_gist.
        ExcludeConstraint(
            (
                text(
                    "int8range(hashtext(coalesce(family, ''))::bigint,"
                    " hashtext(coalesce(family, ''))::bigint, '[]')"
                ),
                "&&",
            ),
            (text("daterange(first_on, last_on + 1, '[)')"), "&&"),
            name="ex_paying_account_one_at_a_time",
            using="gist",
            where=text("confirmed_at IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    family: Mapped[str | None]
    name: Mapped[str]
    account: Mapped[str]
    bank: Mapped[str]
    cnaps: Mapped[str | None]
    first_on: Mapped[date]
    last_on: Mapped[date | None]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    proposed_at: Mapped[Instant]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    confirmed_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    end_on: Mapped[date | None]
    end_asked_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
