"""What programs send and are sent about a claim."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

Why = Annotated[str, Field(max_length=500, description="原因")]
ShownMark = Annotated[str, Field(max_length=20, description="读到的 mark；已有变动时拒绝")]


class ListedClaim(BaseModel):
    """A claim of a list."""

    number: str
    state: str
    received_on: date


class ClaimList(BaseModel):
    """One page of a list; `next` is the cursor of the page after it."""

    claims: list[ListedClaim]
    next: str | None


class WantedThing(BaseModel):
    """What the unit still has to hand in, and why."""

    word: str
    reason: str


class ClaimAnswer(ListedClaim):
    """One claim: its state in words, what is wanted, and by when."""

    word: str
    hand_in_by: date | None
    wanted: list[WantedThing]


class FieldAnswer(BaseModel):
    """A value that was read or keyed; numbers are masked. `worries` say what is doubtful."""

    name: str
    shown: str
    percent: int | None
    by_hand: bool
    mark: str
    worries: list[str]


class QuestionAnswer(BaseModel):
    """A question of the rules, and the codes that may answer it."""

    event: int
    code: str
    words: str
    answers: dict[str, str]
    needs_paper: bool


class ClaimAfter(BaseModel):
    """The claim after an act."""

    claim: str
    state: str


class NewValue(BaseModel):
    """A value for a field."""

    value: Annotated[str, Field(max_length=500)]
    shown: ShownMark = ""


class AsShown(BaseModel):
    """The mark of the value that is confirmed."""

    shown: ShownMark = ""


class GivenAnswer(BaseModel):
    """An answer to a question; `page` is a page of the claim that it rests on."""

    answer: Annotated[str, Field(max_length=50)]
    reason: Why = ""
    page: Annotated[int | None, Field(ge=1, lt=2**63)] = None


class HoldUntil(BaseModel):
    """Until when the claim is left alone, and why."""

    until: date
    reason: Why


class OnlyWhy(BaseModel):
    """Why it is done."""

    reason: Why = ""
