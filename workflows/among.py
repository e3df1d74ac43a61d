"""Asks for the rows of many ids with one value; a list would be written out value by value."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, any_, literal
from sqlalchemy.orm import InstrumentedAttribute


def among(column: InstrumentedAttribute[Any], values: Collection[object]) -> ColumnElement[bool]:
    """Whether the column holds one of these values."""
    return column == any_(literal(list(values), ARRAY(column.type)))
