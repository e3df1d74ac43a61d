"""A failure is called by its kind and place, so that the same cause is counted as one."""

import traceback

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from rules.errors import Transient
from workflows.engine.causes import cause_of, frames_of
from workflows.engine.session import Sessions


def test_a_fault_of_the_database_is_called_as_the_database_calls_it(database: Sessions) -> None:
    with pytest.raises(DBAPIError) as fault, database.read_only() as session:
        session.execute(text("SELECT 1 / 0"))
    name, place = cause_of(fault.value).split(" @ ")
    assert name == "DivisionByZero"
    assert place.startswith("test_causes.py:")


def test_a_fault_that_nothing_raised_has_a_kind_and_no_place() -> None:
    assert cause_of(KeyError("secret")) == "KeyError"


def test_a_fault_of_our_own_says_its_words() -> None:
    assert cause_of(Transient("磁盘满")) == "磁盘满"


def test_the_log_shows_where_a_fault_was_raised_and_not_what_it_says() -> None:
    def look_up(name: str) -> int:
        return dict[str, int]()[name]

    with pytest.raises(KeyError) as fault:
        look_up("张三")
    error = fault.value
    whole = "".join(traceback.format_exception(error))
    assert frames_of(error) in whole
    assert frames_of(error).count("test_causes.py") == 2
    assert "KeyError" not in frames_of(error)
