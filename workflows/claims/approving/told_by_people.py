"""What people did to a claim, put into words: each is a reason to look at it twice."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from documents.masks import mask_card, mask_id
from documents.reading.fields import FIELD_NAMES
from documents.shown_values import name, value_in_list
from language import _
from models import Heir
from rules.money import yuan
from rules.second_look import Look, LookReason
from rules.shares import share_text
from rules.verdict import OUTCOME_NAMES, Outcome
from workflows.claims.acts.heirs_unread import UNREAD
from workflows.claims.approving.by_hand import KeyedValue, keyed_by_hand
from workflows.claims.approving.heir_notes import (
    ReplacedHeirs,
    UnreadHeir,
    replaced_heirs,
    unread_heirs,
)
from workflows.claims.approving.touches import PastDecision, Touch, touches_of
from workflows.claims.sums.payees import PAYEE_FIELDS, heir_share
from workflows.engine.office import BEIJING, Office
from workflows.engine.rows import by_id
from workflows.engine.sealed_details import ERASED
from workflows.sealed_values.claims import heir_person

Reasons = Mapping[int, list[LookReason]]


def told_by_people(session: Session, office: Office, claim_ids: Sequence[int]) -> Reasons:
    """By claim: the values keyed, the heirs replaced or unread, the answers and events told."""
    keyed, touches = keyed_by_hand(session, claim_ids), touches_of(session, claim_ids)
    replaced, unread = replaced_heirs(session, claim_ids), unread_heirs(session, claim_ids)
    ids = {
        id_ for all_ in replaced.values() for each in all_ for id_ in (*each.before, *each.after)
    }
    ids |= {each.heir_id for all_ in unread.values() for each in all_}
    heirs = by_id(session, Heir, ids)
    return {
        claim_id: [
            *(_keyed(each) for each in keyed.get(claim_id, ())),
            *(_replaced(office, each, heirs) for each in replaced.get(claim_id, ())),
            *(row for each in unread.get(claim_id, ()) for row in _unread(office, each, heirs)),
            *(_touched(each) for each in touches.get(claim_id, ())),
        ]
        for claim_id in claim_ids
    }


def _keyed(keyed: KeyedValue) -> LookReason:
    def shown(text: str | None) -> str:
        if text is None or text == _(ERASED):
            return text or _("未读出")
        return value_in_list(keyed.field, text)

    code = Look.PAYEE_KEYED if keyed.field in PAYEE_FIELDS else Look.VALUE_KEYED
    sentence = _("各份材料不一致，选定%(field)s") if keyed.is_kept else _("改录%(field)s")
    said = _by(sentence % {"field": _(FIELD_NAMES[keyed.field])}, (keyed.by,), keyed.at)
    before = "" if keyed.is_kept else shown(keyed.before)
    return LookReason(code, said, before, shown(keyed.after))


def _replaced(office: Office, each: ReplacedHeirs, heirs: Mapping[int, Heir]) -> LookReason:
    def shown(ids: Sequence[int]) -> str:
        return _("、").join(_heir(office, heirs[id_]) for id_ in ids)

    said = _by(_("更换继承人"), each.by, each.at)
    return LookReason(Look.HEIRS_REPLACED, said, shown(each.before), shown(each.after))


def _heir(office: Office, heir: Heir) -> str:
    told = heir_person(office.keys, heir)
    return f"{name(told.name)} {mask_card(told.account)} {share_text(heir_share(heir))}"


def _unread(office: Office, each: UnreadHeir, heirs: Mapping[int, Heir]) -> list[LookReason]:
    told = heir_person(office.keys, heirs[each.heir_id])
    masked = {"id_number": mask_id(told.id_number), "account": mask_card(told.account)}
    sentence = _("继承人 %(name)s %(words)s")
    return [
        LookReason(
            Look.HEIR_UNREAD,
            sentence % {"name": told.name, "words": _(UNREAD[value])},
            after=masked.get(value, ""),
        )
        for value in each.values
    ]


def _touched(touch: Touch) -> LookReason:
    words = _(touch.words) % {"number": touch.joined} if touch.joined else _(touch.words)
    said = _by(words, touch.by, touch.at)
    if touch.reason:
        said = f"{said}{_('：')}{touch.reason}"
    return LookReason(Look.TOLD_BY_HAND, said, _result(touch.before), _result(touch.after))


def _by(said: str, by: Sequence[str], at: datetime) -> str:
    hour = at.astimezone(BEIJING).strftime("%m-%d %H:%M")
    return f"{said} {_('、').join(by)} {hour}"


def _result(result: PastDecision | None) -> str:
    """Outcome and sum of a decision."""
    if result is None:
        return _("未核定")
    sum_ = f" ¥{yuan(result.amount)}" if result.amount else ""
    return _(OUTCOME_NAMES[Outcome(result.outcome)]) + sum_
