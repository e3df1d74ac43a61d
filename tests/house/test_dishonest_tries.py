"""Every act that moves money or rights has a try of the dishonest office: a new act without one
fails here."""

import ast
from collections.abc import Iterator

from settings import ROOT
from tests.house.parsed import parsed
from workflows.people.rights import Act

HARMLESS = {
    Act.LOOK_AROUND,
    Act.SEE_CLAIMS,
    Act.SEE_NUMBERS,
    Act.SEE_BATCHES,
    Act.SEE_BOOKS,
    Act.SEE_FAILURES,
    Act.RETRY,
    Act.SEE_OWN_UNIT,
    Act.SEE_UNITS,
    Act.SEE_MEMBERS,
    Act.SEE_ALL_MEMBERS,
    Act.SEE_ENROLMENTS,
    Act.GET_COVER_PAPERS,
    Act.SEE_PEOPLE,
    Act.SEE_BOARDS,
    Act.SEE_STATISTICS,
    Act.SEE_OBJECTIONS,
    Act.SEE_RECOVERIES,
    Act.NOTE_EVENTS,
    Act.PLAN_CAMPAIGN,
    Act.SEE_RENEWALS,
    Act.PAUSE_RENEWALS,
    Act.GET_NOTICES,
    Act.TAKE_ROSTERS,
    Act.EXPORT_PERSON,
    Act.SEE_LOG,
    Act.HOLD_RECORDS,
    Act.ERASE,
}
"""Acts that only show something, remind units, start a failed step again, or hold up erasing or do
what the night does."""
NO_ACTS = {
    "enrolment_papers.faulty_rows",
    "originals.kept_original",
    "settlements.preview",
    "settlements.keep_shown",
    "settlements.shown_file",
    "correction.check_again",
    "correction.require_may_undo",
    "refusals.see_refusals",
    "taking.note_work",
    "taking.take",
    "taking.take_oldest",
}
"""Functions that ask for the right of an act and are none: they show, keep what is to be shown,
note that it was seen or on whose desk it lies, or are parts of others."""
TRIES = sorted((ROOT / "tests" / "machine").glob("crooked_*.py"))
RIGHTS = ROOT / "workflows" / "people" / "rights.py"


def asked_in(module: ast.Module) -> dict[str, set[Act]]:
    """By function, the acts whose right it asks for, itself or by a function of its module."""
    bodies = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
    asked = {name: set(asked_by(node)) for name, node in bodies.items()}
    for _depth in bodies:
        for name, node in bodies.items():
            asked[name] |= {act for each in called(node) & bodies.keys() for act in asked[each]}
    return asked


def asked_by(function: ast.FunctionDef) -> Iterator[Act]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("require", "require_for"):
            for argument in node.args:
                _of, _dot, name = ast.unparse(argument).partition("Act.")
                if name in Act.__members__:
                    yield Act[name]


def called(tree: ast.AST) -> set[str]:
    """The names of the functions that are named in this tree, with their module where it is."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return names | {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def moving() -> dict[str, set[Act]]:
    """The public functions that ask for the right of an act that moves something."""
    found = {}
    for path in sorted((ROOT / "workflows").rglob("*.py")):
        for name, acts in asked_in(parsed(path)).items():
            if path != RIGHTS and not name.startswith("_") and acts - HARMLESS:
                found[f"{path.stem}.{name}"] = acts - HARMLESS
    return found


def tried() -> set[str]:
    """What the tries call, by module and function; imported alone, by the module it came from."""
    found: set[str] = set()
    for path in TRIES:
        tree = parsed(path)
        names = called(tree)
        found |= names
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and node.module:
                module = node.module.rpartition(".")[2]
                found |= {f"{module}.{each.name}" for each in node.names if each.name in names}
    return found


def test_a_dishonest_person_tries_every_function_that_moves_money_or_rights() -> None:
    assert set(moving()) - tried() == NO_ACTS


def test_every_act_that_is_not_harmless_is_asked_for_somewhere_that_is_tried() -> None:
    asked = {act for place, acts in moving().items() for act in acts if place in tried()}
    assert set(Act) - HARMLESS - asked == set()


def test_every_try_is_among_those_that_are_drawn() -> None:
    for path in TRIES:
        tree = parsed(path)
        defined = {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}
        [listed] = [each for each in tree.body if isinstance(each, ast.AnnAssign)]
        drawn = {node.id for node in ast.walk(listed) if isinstance(node, ast.Name)}
        assert {name for name in defined if not name.startswith("_")} <= drawn, path.name
