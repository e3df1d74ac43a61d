"""A list of heirs as a person keyed it: each has his own ID number, card and proof."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from documents.masks import mask_card, mask_id
from documents.typed_values import typed_number
from language import _
from models import Page
from rules.errors import BadInput
from workflows.claims.papers.words_read import stands_in, words_on
from workflows.engine.office import Office


@dataclass(frozen=True)
class KeyedHeir:
    """One heir as a person keyed him; `proof_page` is the page that proves the relation.

    `before` is the heir in whose place he stands, of this claim or known from another one of the
    member: numbers left empty are taken from there, and its pages prove this one too. `row` is his
    place in the form, from 1.
    """

    name: str
    relation: str
    id_number: str
    account: str
    bank_name: str
    share: str
    proof_page: int | None
    before: int | None = None
    row: int = 1


def refuse_twice(keyed: Sequence[KeyedHeir]) -> None:
    """BadInput where two heirs have one ID number or one card."""
    if twice := _second([typed_number(each.id_number) for each in keyed]):
        words = twice.numbers | {"id": mask_id(twice.value)}
        sentence = _("第 %(one)s 位和第 %(other)s 位继承人的身份证号 %(id)s 相同")
        raise BadInput(sentence % words, "id_number", keyed[twice.at].row)
    if twice := _second([typed_number(each.account) for each in keyed]):
        words = twice.numbers | {"card": mask_card(twice.value)}
        sentence = _("第 %(one)s 位和第 %(other)s 位继承人的银行卡 %(card)s 相同，须各用本人的卡")
        raise BadInput(sentence % words, "account", keyed[twice.at].row)


def refuse_shared_proofs(
    session: Session, office: Office, keyed: Sequence[KeyedHeir], proofs: Sequence[int]
) -> None:
    """BadInput where one page proves two heirs, unless it names both, as a household register does.

    `proofs` are the ids of the pages, in the order of the heirs.
    """
    for at, (heir, proof) in enumerate(zip(keyed, proofs, strict=True)):
        before = proofs.index(proof)
        if before == at:
            continue
        other, words = keyed[before], words_on(session, office, session.get_one(Page, proof))
        if not (stands_in(words, heir.name) and stands_in(words, other.name)):
            told = {"one": before + 1, "name": other.name, "other": at + 1, "second": heir.name}
            sentence = _(
                "第 %(one)s 位继承人“%(name)s”和第 %(other)s 位继承人“%(second)s”"
                "指向同一页关系证明，该页没有同时写明两人：每位继承人须有一份"
            )
            raise BadInput(sentence % told, "proof_page", heir.row)


@dataclass(frozen=True)
class _Twice:
    """A value that stands at two places, counted from 0."""

    value: str
    before: int
    at: int

    @property
    def numbers(self) -> dict[str, object]:
        return {"one": self.before + 1, "other": self.at + 1}


def _second(values: Sequence[str]) -> _Twice | None:
    for at, value in enumerate(values):
        if (before := values.index(value)) < at:
            return _Twice(value, before, at)
    return None
