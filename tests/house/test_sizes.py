"""Functions and files stay small, except lists of samples, which are named here."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.parsed import parsed
from tests.house.test_names import program_files, within

IN_A_FUNCTION, IN_A_FILE, IN_THE_ORACLE = 40, 300, 120
# Lists of samples have as many lines as there are samples.
SAMPLES = {
    "samples/catalogue.py",
    "samples/catalogue.py _clean",
    "samples/catalogue.py _other_events",
    "samples/catalogue.py _over_several_papers",
    "samples/form.py facts",
}


def too_long() -> Iterator[str]:
    for path in program_files():
        text = path.read_text("utf-8")
        if len(text.splitlines()) > IN_A_FILE:
            yield within(path)
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                if node.end_lineno - node.lineno >= IN_A_FUNCTION:
                    yield f"{within(path)} {node.name}"


def test_no_function_has_more_than_forty_lines_and_no_file_more_than_three_hundred() -> None:
    """A list of samples that was cut, taken out or renamed is no exception any more."""
    assert set(too_long()) == SAMPLES


def test_the_oracle_is_small_enough_to_be_checked_against_the_notice_by_eye() -> None:
    oracle = Path(__file__).parents[1] / "rules" / "oracle.py"
    assert len(oracle.read_text("utf-8").splitlines()) <= IN_THE_ORACLE
