"""Assess one case written as JSON: what `huzhu assess` prints, without a database."""

import json
from pathlib import Path

from language import _
from rules.cover import covering
from rules.errors import BadInput
from rules.facts import Facts
from rules.facts.case import from_json
from rules.facts.claim import ClaimFacts, claim_from_json
from rules.judging import judge
from rules.money import Fen, yuan
from rules.owed import judge_claim, outcome_of
from rules.plans import Plan, choose, load_file


def assess(text: str, plan_file: Path | None = None) -> str:
    """One verdict as a JSON object; a plan file takes the place of the edition the case names.

    A case with `events` is a whole claim: its covers name their plans, and the answer has parts.
    """
    case = _parse(text)
    if "events" in case:
        return _as_text(_whole(claim_from_json(case), plan_file))
    facts = from_json(case)
    plan = load_file(plan_file) if plan_file else _edition(facts)
    return _as_text(judge(facts, plan).to_json())


def _whole(claim: ClaimFacts, plan_file: Path | None) -> dict[str, object]:
    if plan_file is not None:
        raise BadInput(_("案件：有 events 时不能另指定计划文件"))
    parts = judge_claim(claim)
    return {
        "decision": outcome_of([part.verdict.outcome for part in parts]).value,
        "amount": yuan(Fen(sum(part.verdict.amount for part in parts))),
        "parts": [{"event": part.event} | part.verdict.to_json() for part in parts],
    }


def _as_text(answer: dict[str, object]) -> str:
    return json.dumps(answer, ensure_ascii=False, indent=2)


def _edition(facts: Facts) -> Plan:
    """The edition named; of a family the one for the cover period of the event (R8)."""
    period = covering(facts.coverages, facts.event.on)
    return choose(facts.plan, period.start if period else facts.event.on)


def _parse(text: str) -> dict[str, object]:
    try:
        case = json.loads(text, object_pairs_hook=_without_doubles)
    except RecursionError:
        raise BadInput(_("案件：嵌套过深")) from None
    except ValueError as error:
        raise BadInput(_("案件：不是有效的 JSON：%(why)s") % {"why": error}) from None
    if not isinstance(case, dict):
        raise BadInput(_("案件：应为 JSON 对象"))
    return case


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise BadInput(_("%(field)s：同一字段出现两次") % {"field": twice})
    return found
