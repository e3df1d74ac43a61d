"""The mutants of the code that moves money, and which of them are drawn by the seed."""

import importlib
import inspect
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import unified_diff
from functools import reduce
from hashlib import sha256
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import libcst as cst
from mutmut.mutation.file_mutation import create_mutations, deep_replace

ROOT = Path(__file__).parents[1]
WISHES = tomllib.loads(Path(__file__).with_name("mutation.toml").read_text())


@dataclass(frozen=True)
class Mutant:
    """One small fault in one function; the key stays the same while the function does."""

    file: str
    function: str
    tests: tuple[str, ...]
    module: Any = field(repr=False)
    fault: Any = field(repr=False)
    key: str

    @property
    def place(self) -> str:
        return f"{self.file} {self.function}"

    def diff(self) -> str:
        old = self.fault.contained_by_top_level_function
        new = deep_replace(old, self.fault.original_node, self.fault.mutated_node)
        before, after = (self.module.code_for_node(node).splitlines() for node in (old, new))
        return "\n".join(list(unified_diff(before, after, lineterm="", n=1))[3:])

    def code(self) -> CodeType:
        """What the function compiles to with the fault in it."""
        tree = deep_replace(self.module, self.fault.original_node, self.fault.mutated_node)
        compiled = compile(tree.code, str(ROOT / self.file), "exec")
        return next(code for code in _codes(compiled) if code.co_qualname == self.function)

    def original(self) -> FunctionType:
        """The function object itself, which all modules that imported the function share."""
        name = self.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        module = importlib.import_module(name)
        found = reduce(inspect.getattr_static, self.function.split("."), module)
        function = getattr(found, "__func__", found)
        assert isinstance(function, FunctionType)
        return function


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def mutants_of(file: str, tests: Sequence[str]) -> list[Mutant]:
    """Every mutant of the file's functions, in an order that only the functions decide."""
    module, faults, *_ = create_mutations(file, (ROOT / file).read_text())
    text_of = module.code_for_node
    functions = {node: (name, text_of(node)) for node, name in _functions(module)}
    seen: Counter[str] = Counter()
    found = []
    for fault in faults:
        if fault.contained_by_top_level_function not in functions:
            continue
        name, whole = functions[fault.contained_by_top_level_function]
        change = text_of(fault.original_node), text_of(fault.mutated_node)
        text = "\n".join([str(WISHES["seed"]), file, name, whole, *change])
        seen[text] += 1
        key = sha256(f"{text} {seen[text]}".encode()).hexdigest()[:16]
        found.append(Mutant(file, name, tuple(tests), module, fault, key))
    return sorted(found, key=lambda mutant: mutant.key)


def _functions(module: Any) -> Iterator[tuple[Any, str]]:
    for node in module.body:
        if isinstance(node, cst.FunctionDef):
            yield node, node.name.value
        elif isinstance(node, cst.ClassDef):
            methods = (each for each in node.body.body if isinstance(each, cst.FunctionDef))
            yield from ((each, f"{node.name.value}.{each.name.value}") for each in methods)


def all_mutants() -> list[list[Mutant]]:
    """Every mutant of every area, file by file."""
    return [
        mutants_of(str(path.relative_to(ROOT)), area["tests"])
        for area in WISHES["area"]
        for pattern in area["files"]
        for path in sorted(ROOT.glob(pattern))
    ]


def sample(by_file: Sequence[list[Mutant]], size: int) -> list[Mutant]:
    """So many mutants, of each file in proportion to what it has, at least one."""
    total = sum(map(len, by_file))
    return [mutant for found in by_file for mutant in found[: -(-size * len(found) // total)]]
