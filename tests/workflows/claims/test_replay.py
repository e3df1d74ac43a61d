"""A trial edition is replayed over what has been decided, before it goes live."""

from pathlib import Path

from rules import plans
from rules.money import Fen
from settings import ROOT
from tests.desk import Desk
from workflows.claims.replay import replay


def a_trial(tmp_path: Path, *changes: tuple[str, str]) -> plans.Plan:
    text = (ROOT / "rules/plans/main-2020.toml").read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path = tmp_path / "main-2020.toml"
    path.write_text(text, encoding="utf-8")
    return plans.load_file(path)


def test_the_edition_in_force_changes_nothing(desk: Desk) -> None:
    desk.claim(desk.member())
    desk.work()
    with desk.office.sessions.read_only() as session:
        result = replay(session, plans.load("main-2020"))
    assert (result.judged, result.differences, result.sum) == (1, (), Fen(0))


def test_a_higher_rate_shows_whose_result_would_differ_and_by_how_much(
    desk: Desk, tmp_path: Path
) -> None:
    desk.claim(desk.member())
    desk.claim(desk.member(), discharged="2026-03-03")
    desk.work()
    trial = a_trial(tmp_path, ('"50.00"', '"60.00"'), ('"4500.00"', '"5400.00"'))
    with desk.office.sessions.read_only() as session:
        result = replay(session, trial)
    [difference] = result.differences
    assert result.judged == 2
    assert (difference.before_amount, difference.after_amount) == (60000, 72000)
    assert result.sum == 12000
