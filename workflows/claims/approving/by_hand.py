"""What people did to a claim that no paper shows; the supervisor sees each as an exception."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import false, func, select, true
from sqlalchemy.orm import Session

from documents.kinds import KIND_NAMES
from documents.reading.fields import FIELD_NAMES, FieldName
from language import _
from models import AuditEvent, Claim, Finding, User
from rules.money import Fen, yuan
from rules.second_look import Look, LookReason
from workflows.claims.acts.relief_payees import followed_claims
from workflows.claims.judging.document_check import FINDING_WORDS, MAY_ALSO_CLAIM
from workflows.claims.sums.payees import PAYEE_FIELDS
from workflows.engine.rows import any_of
from workflows.engine.sealed_details import detail_of
from workflows.engine.session import keys_in
from workflows.sealed_values.claims import opened_value

_NAMES = {str(code): words for code, words in (*FIELD_NAMES.items(), *KIND_NAMES.items())}
_ACTS = (
    "answer",
    "confirm_payee",
    "name_kind",
    "pay_again",
    "revive",
    "propose_denial",
    "send_back",
    "set_off",
    "undo_set_off",
)


@dataclass(frozen=True)
class KeyedValue:
    """A value that a person keyed in the place of another: by whom, when, and both.

    `before` is None where nothing had been read. `is_kept`: the papers tell different values, and
    the person chose the one that had been read.
    """

    by: str
    at: datetime
    field: FieldName
    before: str | None
    after: str
    is_kept: bool


def keyed_by_hand(
    session: Session, claim_ids: Collection[int]
) -> Mapping[int, tuple[KeyedValue, ...]]:
    """The values that people keyed on these claims, or chose where the papers tell different ones,
    oldest first; not those only confirmed.

    For relief those of the payee of the claim before come first.
    """
    followed = followed_claims(session, claim_ids)
    keyed = session.execute(
        select(AuditEvent, User.name)
        .join(User, User.id == AuditEvent.actor_id)
        .where(
            AuditEvent.subject == Claim.__tablename__,
            any_of(AuditEvent.subject_id, {*claim_ids, *followed}),
            AuditEvent.verb == "correct",
            func.coalesce(AuditEvent.detail["changed"].as_boolean(), true())
            | func.coalesce(AuditEvent.detail["chosen"].as_boolean(), false()),
        )
        .order_by(AuditEvent.subject_id, AuditEvent.seq)
    )
    found: defaultdict[int, tuple[KeyedValue, ...]] = defaultdict(tuple)
    for event, name in keyed:
        found[event.subject_id] += (_keyed(session, event, name),)
    for after_id, relieving in followed.items():
        of_payee = tuple(value for value in found[after_id] if value.field in PAYEE_FIELDS)
        for claim_id in relieving:
            found[claim_id] = of_payee + found[claim_id]
    return found


def _keyed(session: Session, event: AuditEvent, name: str) -> KeyedValue:
    told, field = detail_of(event), FieldName(str(event.detail["field"]))

    def value(which: str) -> str | None:
        kept = event.detail[which]
        if isinstance(kept, str) and kept:
            # From before details were sealed: the value as the field was sealed.
            sealed = bytes.fromhex(kept)
            return opened_value(keys_in(session), event.subject_id, field, sealed)
        return None if told[which] is None else str(told[which])

    is_kept = not told.get("changed", True)
    return KeyedValue(name, event.at, field, value("before"), value("after") or "", is_kept)


def done_by_hand(
    session: Session, claim_ids: Collection[int], to_pay: Collection[int]
) -> Mapping[int, list[LookReason]]:
    """Who answered, named or sent back what, and why; oldest first.

    A denial that a supervisor proposed is told of the claims `to_pay`, where it was undone.
    """
    answered = set(
        session.execute(
            select(Finding.claim_id, Finding.code, Finding.subject).where(
                any_of(Finding.claim_id, claim_ids),
                Finding.answered_by.is_not(None),
                Finding.code != MAY_ALSO_CLAIM,
            )
        )
    )
    acts = session.execute(
        select(AuditEvent, User.name)
        .join(User, User.id == AuditEvent.actor_id)
        .where(
            AuditEvent.subject == Claim.__tablename__,
            any_of(AuditEvent.subject_id, claim_ids),
            AuditEvent.verb.in_(_ACTS),
        )
        .order_by(AuditEvent.subject_id, AuditEvent.seq)
    )
    notes: defaultdict[int, list[LookReason]] = defaultdict(list)
    for event, name in acts:
        told, claim_id = event.detail, event.subject_id
        about = claim_id, told.get("finding"), told.get("about")
        if event.verb == "answer" and about not in answered:
            continue
        if event.verb == "propose_denial" and claim_id not in to_pay:
            continue
        code = Look.WARNING_ANSWERED if event.verb == "answer" else Look.ACT_BY_HAND
        if note := _note(event, name):
            reason = LookReason(code, note)
            notes[claim_id] += [] if reason in notes[claim_id] else [reason]
    return notes


def _note(event: AuditEvent, name: str) -> str | None:
    """The act in words; None where it changed nothing."""
    told = detail_of(event)
    words: dict[str, object] = {"name": name, "reason": told.get("reason")}
    match event.verb:
        case "answer":
            what = {
                "finding": _(FINDING_WORDS[str(told["finding"])]),
                "about": _in_words(told["about"]),
            }
            return _("%(name)s答复 %(finding)s（%(about)s）：%(reason)s") % (words | what)
        case "confirm_payee":
            return _("%(name)s核对了收款账户") % words
        case "name_kind" if told["before"] != told["after"]:
            kinds = {"before": _in_words(told["before"]), "kind": _in_words(told["after"])}
            return _("%(name)s手工认定材料种类 %(before)s → %(kind)s") % (words | kinds)
        case "pay_again" if told.get("reason"):
            return _("退票后由%(name)s重新提请付款，收款账户未更改：%(reason)s") % words
        case "pay_again":
            return _("退票后由%(name)s重新提请付款") % words
        case "revive":
            return _("已转入基金的款项由%(name)s恢复领取：%(reason)s") % words
        case "send_back":
            return _("%(name)s曾退回：%(reason)s") % words
        case "set_off" | "undo_set_off":
            return set_off_in_words(event, name)
        case "propose_denial":
            return _("%(name)s曾提请不予给付：%(reason)s") % words
    return None


def set_off_in_words(event: AuditEvent, name: str) -> str:
    """Who set off how much against which recovery and why, or took it back."""
    told = detail_of(event)
    sums = {each: yuan(Fen(int(str(told.get(each, 0))))) for each in ("amount", "before", "after")}
    words = {"name": name, "recovery": told["recovery"], "reason": told.get("reason")} | sums
    if event.verb == "undo_set_off":
        return _("%(name)s取消抵扣 %(amount)s 元（追回 %(recovery)s）") % words
    return (
        _(
            "%(name)s决定抵扣 %(amount)s 元（追回 %(recovery)s）：%(reason)s；"
            "应付 %(before)s 元，实付 %(after)s 元"
        )
        % words
    )


def _in_words(code: object) -> str:
    """What a field or a kind of paper is called; what is neither stays."""
    return _(_NAMES.get(str(code), str(code)))
