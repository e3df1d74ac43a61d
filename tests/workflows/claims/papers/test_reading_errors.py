"""What people correct of what was read is counted, and speaks for a threshold."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace

import pytest
from sqlalchemy import select
from typer.main import get_command

from console import reading_cli
from documents.kinds import Kind
from documents.reading.page import PageReading
from models import Page, ReadingReview
from models.people import Role
from tests.desk import Desk, handed_in
from workflows.claims.acts import correction
from workflows.claims.papers.reading_errors import (
    ENOUGH,
    Proposed,
    Reviewed,
    proposed_threshold,
    reviewed_readings,
)


def with_doubt(page: PageReading) -> PageReading:
    """The page as a scan gives it on which the dates are hard to read."""
    doubtful = (
        replace(line, confidence=0.4) if "院日期" in line.text else line for line in page.lines
    )
    return replace(page, lines=tuple(doubtful))


def reviews(desk: Desk) -> Sequence[tuple[str, str | None, float | None, bool]]:
    with desk.office.sessions.read_only() as session:
        query = select(ReadingReview).order_by(ReadingReview.id)
        return [(r.field, r.kind, r.confidence, r.changed) for r in session.scalars(query)]


def test_the_first_word_of_a_person_on_a_value_is_counted_and_no_later_one(desk: Desk) -> None:
    claim_id = handed_in(desk, change=with_doubt)
    clerk = desk.user(Role.CLERK)
    unsure = sorted(subject for code, subject in desk.open_findings(claim_id))
    assert "discharged_on" in unsure
    desk.correct(clerk, claim_id, discharged_on="2026-03-14", admitted_on="2026-03-03")
    desk.correct(clerk, claim_id, admitted_on="2026-03-04")
    [first, second] = reviews(desk)
    assert (first[0], first[1], first[3]) == ("discharged_on", "discharge_record", False)
    assert (second[0], second[1], second[3]) == ("admitted_on", "discharge_record", True)
    assert all(sure is not None and sure < 0.9 for _, _, sure, _ in (first, second))


def test_an_answer_that_lets_a_doubtful_value_stand_confirms_it(desk: Desk) -> None:
    claim_id = handed_in(desk, change=with_doubt)
    desk.waive(desk.user(Role.CLERK), claim_id, "与病历核对无误")
    assert desk.state_of(claim_id) == "proposed"
    found = reviews(desk)
    assert {"admitted_on", "discharged_on"} <= {field for field, *_ in found}
    assert not any(changed for *_, changed in found)
    desk.approve_all()
    with desk.office.sessions.read_only() as session:
        counted = reviewed_readings(session)
    assert sum(each.right for each in counted if each.field == "admitted_on") == 1


def test_a_value_that_was_not_read_and_a_kind_that_was_wrong_are_counted(desk: Desk) -> None:
    claim_id = handed_in(desk, without=(Kind.BANK_CARD,))
    clerk = desk.user(Role.CLERK)
    with desk.at(claim_id) as (session, claim):
        page = session.scalars(select(Page).filter_by(kind="id_card_back")).first()
        assert page is not None
        correction.name_kind(session, desk.office, clerk, claim, page.id, "bank_card")
        correction.name_kind(session, desk.office, clerk, claim, page.id, "other")
        correction.correct_field(session, desk.office, clerk, claim, "phone", "13800000000")
    assert reviews(desk) == [
        ("page_kind", "id_card_back", 0.99, True),
        ("phone", None, None, True),
    ]


def test_values_that_nobody_touched_until_the_approval_count_as_right(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    handed_in(desk)
    with desk.office.sessions.read_only() as session:
        assert reviewed_readings(session) == []
    desk.approve_all()
    with desk.office.sessions.read_only() as session:
        found = reviewed_readings(session)
    assert "id_number" in {each.field for each in found}
    assert all(each.let_stand == each.right == 1 and not each.wrong for each in found)
    command = get_command(reading_cli.commands)
    command.main(["reading", "report"], obj=lambda: nullcontext(desk.office), standalone_mode=False)
    shown = capsys.readouterr().out
    assert "身份证号" in shown
    assert "还不能提出界限" in shown


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        pytest.param([Reviewed("a", 0.95, ENOUGH - 1, 0)], (None, ENOUGH - 1, 0), id="too_few"),
        pytest.param(
            [Reviewed("a", 0.95, ENOUGH, 0), Reviewed("b", 0.9, 990, 10)],
            (0.95, ENOUGH, 0),
            id="below_it_errors",
        ),
        pytest.param(
            [Reviewed("a", 0.95, ENOUGH, 0), Reviewed("b", 0.9, 990, 1), Reviewed("a", None, 0, 9)],
            (0.9, ENOUGH + 991, 1),
            id="the_lowest_that_will_do",
        ),
        pytest.param(
            [Reviewed("a", 0.95, 9 * ENOUGH // 10, ENOUGH // 10)],
            (None, ENOUGH, ENOUGH // 10),
            id="none_will_do",
        ),
    ],
)
def test_the_threshold_is_the_lowest_with_fewer_than_one_error_in_a_thousand(
    readings: list[Reviewed], expected: tuple[float | None, int, int]
) -> None:
    assert proposed_threshold(readings) == Proposed(*expected)
