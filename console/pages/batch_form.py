"""The form by which a cashier shapes the next batches."""

from enum import StrEnum
from typing import Annotated

from fastapi import Form

from banking.shaping import BatchShape, Split
from console.forms import form_money, form_whole
from language import _
from rules.errors import BadInput


class Take(StrEnum):
    """Which payments go into the batches, seen from those that were ticked."""

    ALL = "all"
    TICKED = "ticked"
    OTHERS = "others"


def shape_of_form(
    take: Annotated[Take, Form()] = Take.ALL,
    ticked: Annotated[list[str] | None, Form()] = None,
    rows: Annotated[str, Form()] = "",
    most: Annotated[str, Form()] = "",
    split: Annotated[list[Split] | None, Form()] = None,
) -> BatchShape:
    """What the cashier asks; `most` is in yuan, an empty limit is none."""
    chosen = frozenset(ticked or ())
    if take != Take.ALL and not chosen:
        raise BadInput(_("请先勾选付款"), "ticked")
    return BatchShape(
        only=chosen if take == Take.TICKED else None,
        without=chosen if take == Take.OTHERS else frozenset(),
        rows=form_whole(rows, "rows"),
        sum=form_money(most, _("每批限额"), "most") if most.strip() else None,
        split_by=frozenset(split or ()),
    )
