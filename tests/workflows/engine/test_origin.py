"""The origin of an act: who reads it, who may set it, and what is taken from outside."""

from uuid import uuid4

import pytest

from workflows.engine.origin import (
    Channel,
    Origin,
    coming_from,
    correlation,
    new_correlation,
    origin,
    well_formed,
)


def test_what_is_done_in_a_block_has_its_origin_and_nothing_has_it_afterwards() -> None:
    with coming_from(Origin(Channel.CONSOLE, "10.0.0.7")) as outer:
        assert origin() == outer
        assert correlation() == outer.correlation != ""
        with coming_from(Origin(Channel.TASK, correlation=outer.correlation)):
            assert correlation() == outer.correlation
            assert origin() == Origin(Channel.TASK, "", outer.correlation)
    assert origin() is None
    assert correlation() == ""


def test_two_acts_have_two_ids() -> None:
    assert new_correlation() != new_correlation()


@pytest.mark.parametrize("sent", [new_correlation(), str(uuid4())], ids=["ours", "a proxy's"])
def test_an_id_of_our_form_or_a_proxys_is_taken_from_outside(sent: str) -> None:
    assert well_formed(sent) == sent


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "",
        7,
        ["a" * 10],
        "220102196803121527",
        "13812345678",
        "6217000010001230042",
        f"{new_correlation()}\n",
        f"{new_correlation()} x",
        "a" * 4096,
        '"},{"forged":"line',
    ],
    # Two processes collect the tests, and must find the same names.
    ids=range(11),
)
def test_anything_else_from_outside_is_not_an_id(sent: object) -> None:
    assert well_formed(sent) == ""
