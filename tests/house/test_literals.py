"""Characters that an editor or a tool made equal: a set of them lost a member without a word."""

import ast
from collections.abc import Iterator, Sequence

from tests.house.parsed import parsed
from tests.house.test_repository import tracked


def test_no_set_of_characters_names_one_twice_and_nothing_is_replaced_by_itself() -> None:
    found = [
        f"{path.name}:{line}: {what}"
        for path in tracked()
        if path.suffix == ".py" and path.is_file()
        for line, what in _doubled(parsed(path))
    ]
    assert found == []


def _doubled(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call | ast.Compare | ast.Set | ast.Assign):
            for members in _characters(node):
                if len(set(members)) < len(members):
                    yield node.lineno, ast.unparse(node)


def _characters(node: ast.AST) -> Iterator[Sequence[str]]:
    """What this piece of code takes for different characters or values."""
    match node:
        case ast.Call(func=ast.Attribute(attr="replace"), args=[old, new]):
            yield ast.dump(old), ast.dump(new)
        case ast.Call(func=ast.Attribute(attr="maketrans"), args=[old, new, *_more]):
            yield from (_text(old), *zip(_text(old), _text(new), strict=False))
        case ast.Call(func=ast.Name(id="set" | "frozenset"), args=[chars]):
            yield _text(chars)
        case ast.Call(func=ast.Attribute(attr="strip" | "lstrip" | "rstrip"), args=[chars]):
            yield _text(chars)
        case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[ast.Constant() as chars]):
            yield _text(chars)
        case ast.Set(elts=each):
            yield [ast.dump(one) for one in each]
        case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[ast.Tuple(elts=each)]):
            yield [ast.dump(one) for one in each]
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if name.isupper():
            text = _text(value)
            if text and not any(char.isalnum() for char in text):
                yield text


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_the_doubled_characters_of_old_are_found() -> None:
    for faulty in (
        "text.replace(',', ',')",
        "_SIGNS = ' .,:;()·-、,'",
        "str.maketrans(',;', ',:')",
        "text.strip('::')",
        "char in ',,'",
        "one in ('a', 'b', 'a')",
    ):
        assert list(_doubled(ast.parse(faulty))), faulty
