"""Read a plan file, laid over the edition it is based on; a fault is named by file, key, value."""

import json
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import cast

from pydantic import TypeAdapter, ValidationError

from language import _
from rules.errors import BadInput
from rules.plans.checks import faults
from rules.plans.shape import Plan

SHIPPED = Path(__file__).parent
RULINGS = ("rulings", "exclusions")
MAIN_BENEFITS, OPTIONAL_PLANS = "4.1", "4.2"
"""The articles that offer the main plan and its benefits, and the optional plans."""

TomlTable = dict[str, object]


def load_file(path: Path) -> Plan:
    """One plan file, validated, its dates compared with the other editions in its folder."""
    plan = _validated(path, _read(path))
    for fault in faults(plan):
        raise _refusal(path, fault.key, fault.problem, fault.value)
    for other in sorted(path.parent.glob("*.toml")):
        if other.resolve() != path.resolve():
            _refuse_overlap(path, plan, other)
    return plan


def _read(path: Path, above: tuple[Path, ...] = ()) -> TomlTable:
    """The tables of a file; `above` are the files that are based on it."""
    raw = _parse(path)
    if "based_on" in raw:
        parent = _read(_base(path, raw.pop("based_on"), above), (*above, path))
        parent.pop("effective_to", None)
    elif "rulings_of" in raw:
        whole = _read(_base(path, raw.pop("rulings_of"), above), (*above, path))
        parent = {key: _of_optional_plan(whole[key]) for key in RULINGS if key in whole}
        if "excludes" in raw:
            parent["exclusions"] = _some_of(path, parent["exclusions"], raw.pop("excludes"))
    else:
        return raw
    return _laid_over(parent, raw)


def _parse(path: Path) -> TomlTable:
    try:
        return dict(_tables(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise BadInput(_("计划文件无法打开：%(path)s") % {"path": path}) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(
            _("%(path)s：不是有效的 TOML 文件：%(why)s") % {"path": path, "why": error}
        ) from error


@lru_cache(maxsize=64)
def _tables(text: str) -> TomlTable:
    """The tables of a file's text, which nobody changes.

    Each edition is compared with all others, so each is asked for many times, and to parse them
    anew takes a quarter of the time in which a command starts.
    """
    return tomllib.loads(text)


def _base(path: Path, code: object, above: tuple[Path, ...]) -> Path:
    """The file of the edition this one is based on: beside it, or shipped."""
    for folder in (path.parent, SHIPPED):
        parent = folder / f"{code}.toml"
        if parent.exists() and parent not in (path, *above):
            return parent
    raise _refusal(path, "based_on / rulings_of", _("没有这个计划"), code)


def _of_optional_plan(found: object) -> object:
    """The same rulings and exclusions, where they cite a benefit of the main plan, by the article
    that offers the optional plans."""
    if isinstance(found, Mapping):
        return {key: _of_optional_plan(value) for key, value in found.items()} | _moved(found)
    return [_of_optional_plan(each) for each in found] if isinstance(found, list) else found


def _some_of(path: Path, exclusions: object, codes: object) -> list[object]:
    """Those of the exclusions that a plan takes over, by their codes."""
    by_code = {each["code"]: each for each in cast("list[dict[str, object]]", exclusions)}
    taken = codes if isinstance(codes, list) else [codes]
    for code in taken:
        if code not in by_code:
            raise _refusal(path, "excludes", _("没有这种除外情形"), code)
    return [by_code[code] for code in taken]


def _moved(found: Mapping[str, object]) -> TomlTable:
    is_of_main = str(found.get("article", "")).startswith(MAIN_BENEFITS)
    return {"article": OPTIONAL_PLANS} if is_of_main else {}


def _laid_over(parent: TomlTable, own: TomlTable) -> TomlTable:
    """Own keys win; a table is laid over key by key, one level deep."""
    merged = dict(parent)
    for key, value in own.items():
        under = parent.get(key)
        merged[key] = {**under, **value} if _both_tables(under, value) else value  # type: ignore[dict-item]
    return merged


def _both_tables(under: object, over: object) -> bool:
    return isinstance(under, Mapping) and isinstance(over, Mapping)


def _validated(path: Path, raw: TomlTable) -> Plan:
    try:
        return TypeAdapter(Plan).validate_json(json.dumps(raw, default=str))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise _refusal(path, key, _problem(first["type"], first["msg"]), first["input"]) from None


def _problem(kind: str, message: str) -> str:
    match kind:
        case "missing":
            return _("缺少此项")
        case "unexpected_keyword_argument":
            return _("不认识的键")
        case _:
            return _("不合要求（%(why)s）") % {"why": message}


def _refuse_overlap(path: Path, plan: Plan, other: Path) -> None:
    raw = _read(other)
    if raw.get("family") != plan.family or raw.get("code") == plan.code:
        return
    peer = _validated(other, raw)
    ends = plan.effective_to is not None and plan.effective_to < peer.effective_from
    starts = peer.effective_to is not None and peer.effective_to < plan.effective_from
    if not (ends or starts):
        problem = _("与 %(code)s 的生效日期重叠") % {"code": peer.code}
        raise _refusal(path, "effective_from", problem, plan.effective_from)


def _refusal(path: Path, key: str, problem: str, value: object) -> BadInput:
    return BadInput(
        _("%(path)s：%(key)s：%(problem)s：%(value)s")
        % {"path": path, "key": key, "problem": problem, "value": str(value)[:200]}
    )
