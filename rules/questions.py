"""What a person is asked where the machine may not decide, and what each answer makes true."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from language import _
from rules.errors import BadInput
from rules.facts import Answered, Facts
from rules.verdict import Code, Reason, ReasonKind


class Makes(StrEnum):
    """What an answer makes true."""

    CLEAR = "clear"
    DENY = "deny"
    FACTS = "facts"
    TOGETHER = "together"
    HEIRS = "heirs"
    JOIN = "join"


class PossibleAnswer(BaseModel):
    """One permitted answer to a question.

    `needs` is what it must come with, `who` may give it, and `confirmed` asks for a second person
    before it counts, who is a clerk or a supervisor unless `confirmer` says which. A denial names
    the reason and its words that stand in the letter.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    answer: str
    words: str
    makes: Makes
    code: Code | None = None
    letter: str = ""
    needs: frozenset[Literal["reason", "paper"]] = frozenset()
    who: Literal["clerk", "supervisor"] = "clerk"
    confirmed: bool = False
    confirmer: Literal["anyone", "supervisor"] = "anyone"

    @model_validator(mode="after")
    def _says_what_it_makes(self) -> Self:
        if (self.makes is Makes.DENY) != (self.code is not None and self.letter != ""):
            raise ValueError("a denial, and nothing else, names a code and words for the letter")
        if self.makes is not Makes.HEIRS and "reason" not in self.needs:
            raise ValueError("an answer needs a reason; only heirs are keyed in their own form")
        if self.makes is Makes.FACTS and (self.needs != {"reason"} or self.confirmed):
            raise ValueError("facts are told in the form of the event, which asks for a reason")
        if self.makes is Makes.JOIN and not (self.confirmed and "reason" in self.needs):
            raise ValueError("a claim is joined by two people, for a reason")
        return self


class Question(BaseModel):
    """One kind of question: its words and the answers it can have."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: str
    answers: Annotated[tuple[PossibleAnswer, ...], Field(min_length=1)]


@cache
def questions() -> Mapping[Code, Question]:
    """Every question by the reason code that asks it."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return TypeAdapter(dict[Code, Question]).validate_python(tomllib.loads(text))


def answer_to(code: Code, answer: str) -> PossibleAnswer:
    """The answer of this name; BadInput if the question does not have it."""
    question = questions().get(code)
    for each in question.answers if question else ():
        if each.answer == answer:
            return each
    words = {"question": code.value, "answer": answer}
    raise BadInput(_("问题 %(question)s 没有“%(answer)s”这个答案") % words)


def answered(facts: Facts, code: Code) -> PossibleAnswer | None:
    """What a person answered to this question about the event; None while it is open."""
    given = _given(facts, code)
    return answer_to(code, given.answer) if given else None


def denied(facts: Facts, asked: Reason, about: str = "") -> Reason | None:
    """The denial that the answer to this question makes, if it makes one: by the article of the
    question, with what it is about and the reason that the person gave, in words for the member.
    """
    given = _given(facts, asked.code)
    answer = answer_to(asked.code, given.answer) if given else None
    if given is None or answer is None or answer.code is None:
        return None
    words = {"what": answer.letter, "about": about}
    text = _("%(what)s：%(about)s") % words if about else answer.letter
    text = with_ground(text, given.reason)
    return Reason(answer.code, asked.article, text, ReasonKind.DENY)


def with_ground(text: str, ground: str | None) -> str:
    """The sentence of a denial with the reason that a person gave for it, if he gave one."""
    if not ground:
        return text
    return _("%(text)s。核定理由：%(reason)s") % {"text": text, "reason": ground.rstrip("。")}


def _given(facts: Facts, code: Code) -> Answered | None:
    for each in facts.answers:
        if each.question == code:
            return each
    return None


def counts_together(facts: Facts, code: Code) -> bool:
    """Whether a person said that the event is one with what was paid before."""
    answer = answered(facts, code)
    return answer is not None and answer.makes is Makes.TOGETHER
