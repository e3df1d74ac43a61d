"""What happened to a claim, in words: its history, its attempts, and the whole of it as data."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from banking.results import known_results
from console import formatting, labels
from documents.masks import mask_numbers
from language import _
from models import AuditEvent, Claim, Decision, DecisionPart, Letter, StepRun, User
from models.machines.claims import CLAIM, LETTER
from rules.money import Fen, yuan
from rules.questions import answer_to
from rules.verdict import Code, Outcome
from workflows.engine.office import Office
from workflows.engine.sealed_details import detail_of
from workflows.sealed_values.claims import values_of
from workflows.sealed_values.decisions import line_text, reason_text


@dataclass(frozen=True)
class HistoryLine:
    """One line of the history; `target` is the word of the state it led to, if it led to one."""

    at: datetime
    actor: str
    word: str
    target: str
    detail: str
    is_trouble: bool = False


def history(session: Session, claim: Claim) -> list[HistoryLine]:
    """Every event of the claim and every attempt that failed, oldest first."""
    events = session.execute(
        select(AuditEvent, User.name)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .where(AuditEvent.subject == "claim", AuditEvent.subject_id == claim.id)
        .order_by(AuditEvent.seq)
    )
    runs = session.scalars(
        select(StepRun).where(
            StepRun.machine == "claim",
            StepRun.subject_id == claim.id,
            StepRun.outcome.in_(("retry", "failed", "lost")),
        )
    )
    happened = [_event(event, name) for event, name in events]
    return sorted([*happened, *map(_attempt, runs)], key=lambda one: one.at)


def folded(lines: Iterable[HistoryLine]) -> Iterator[HistoryLine]:
    """The same, with numbers that one person was shown one after the other in one line: when they
    began and how often."""
    shown = labels.verb("claim", "reveal")
    for (word, _actor), together in groupby(lines, key=lambda line: (line.word, line.actor)):
        run = list(together)
        if word != shown or len(run) == 1:
            yield from run
            continue
        words = {"at": formatting.short_instant(run[0].at), "n": len(run)}
        since = _("%(at)s 起 %(n)s 次") % words
        yield replace(run[-1], detail=" · ".join([since, *dict.fromkeys(x.detail for x in run)]))


def rests_because(session: Session, claim: Claim) -> HistoryLine | None:
    """Who sent the claim back or held it, when and why; None if it has moved on since."""
    moved = (
        select(AuditEvent, User.name)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .where(AuditEvent.subject == "claim", AuditEvent.subject_id == claim.id)
        .where(AuditEvent.target.is_not(None))
        .order_by(AuditEvent.seq.desc())
        .limit(1)
    )
    event, name = session.execute(moved).one()
    if event.verb not in ("send_back", "hold"):
        return None
    word = labels.verb("claim", event.verb)
    return HistoryLine(
        event.at, name or "", word, "", mask_numbers(str(detail_of(event)["reason"]))
    )


def history_of(session: Session, office: Office, claim: Claim) -> dict[str, object]:
    """A claim with its decision and history as plain data, numbers masked."""
    decision = session.scalar(select(Decision).filter_by(claim_id=claim.id, superseded_at=None))
    values = values_of(office.keys, claim)
    return {
        "number": claim.number,
        "state": claim.state,
        "word": labels.state(CLAIM, claim.state),
        "received_on": claim.received_on.isoformat(),
        "unit": claim.unit.name if claim.unit else None,
        "fields": {name: formatting.value(name, text) for name, text in values.items()},
        "findings": [_finding(f.code, f.subject) for f in claim.findings if f.closed_at is None],
        "decision": _decision(decision) if decision else None,
        "letters": [
            {"kind": labels.letter(letter.kind), "state": labels.state(LETTER, letter.state)}
            for letter in session.scalars(
                select(Letter).filter_by(claim_id=claim.id).order_by(Letter.id)
            )
        ],
        "failed_because": claim.parked_cause,
        "history": [
            {k: v for k, v in asdict(one).items() if k not in ("at", "is_trouble") and v}
            | {"at": formatting.instant(one.at)}
            for one in history(session, claim)
        ],
    }


def _event(event: AuditEvent, actor: str | None) -> HistoryLine:
    return HistoryLine(
        at=event.at,
        actor=actor or "",
        word=labels.verb("claim", event.verb),
        target=labels.state(CLAIM, event.target) if event.target else "",
        detail=told_of(event.verb, detail_of(event)),
        is_trouble=event.verb in ("park", "send_back", "return"),
    )


def _attempt(run: StepRun) -> HistoryLine:
    detail = "" if run.outcome == "failed" else mask_numbers(run.cause or "")
    word = labels.about(labels.step(run.step), labels.run(run.outcome))
    return HistoryLine(run.ended_at or run.started_at, "", word, "", detail, is_trouble=True)


def told_of(verb: str, detail: Mapping[str, object]) -> str:
    """What is worth telling of an event; values of fields are never among it."""
    parts = []
    if isinstance(detail.get("field"), str):
        parts.append(labels.field(str(detail["field"])))
    if verb == "name_kind":
        parts.append(f"{labels.kind(str(detail['before']))} → {labels.kind(str(detail['after']))}")
    if verb == "answer":
        parts.append(_finding(str(detail["finding"]), str(detail["about"])))
    if verb in ("answer_question", "confirm_answer"):
        parts.append(answer_to(Code(str(detail["question"])), str(detail["answer"])).words)
    if isinstance(findings := detail.get("findings"), list):
        parts += [labels.finding(str(code)) for code in findings]
    # What was heard from the bank is told as an outcome too, in a person's words.
    if detail.get("outcome") in list(Outcome):
        parts.append(labels.outcome(str(detail["outcome"])))
    if isinstance(amount := detail.get("amount"), int) and amount:
        parts.append(f"¥{formatting.money(Fen(amount))}")
    if said := known_results().get(str(detail.get("code"))):
        parts.append(said.words)
    parts += [mask_numbers(str(detail[key])) for key in _TOLD if detail.get(key)]
    return " · ".join(parts)


_TOLD = ("reason", "look_again_on", "purpose", "relief", "reference", "batch", "cause")


def _finding(code: str, subject: str) -> str:
    return labels.about(labels.finding(code), labels.subject(subject))


def _decision(decision: Decision) -> dict[str, object]:
    return {
        "outcome": labels.outcome(decision.outcome),
        "amount": yuan(decision.amount),
        "parts": [_part(part) for part in decision.parts],
    }


def _part(part: DecisionPart) -> dict[str, object]:
    return {
        "event": part.event + 1,
        "plan": part.plan,
        "outcome": labels.outcome(part.outcome),
        "amount": yuan(part.amount),
        "lines": [
            {"text": line_text(line), "article": line.article, "amount": yuan(line.amount)}
            for line in part.lines
        ],
        "reasons": [
            {"code": reason.code, "text": reason_text(reason), "article": reason.article}
            for reason in part.reasons
        ],
    }
