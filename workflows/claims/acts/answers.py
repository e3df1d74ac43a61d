"""What people answer to the questions of the rules; the same rules judge again with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from language import _
from models import Answer, Claim, Decision, DecisionPart, DecisionReason, Document, User
from models.states import ClaimState
from rules.errors import OwnWork, Refused
from rules.questions import Makes, PossibleAnswer, answer_to, questions
from rules.verdict import Code, Outcome, ReasonKind
from workflows.claims.acts.correction import check_again
from workflows.claims.acts.joining import holder_to_join, join
from workflows.claims.judging.given_answers import waits, withdraw_answer
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.engine.rows import next_id
from workflows.people import claim_makers
from workflows.people.claim_makers import note_maker
from workflows.people.persons import own_accounts
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, may, require
from workflows.sealed_values.decisions import (
    about_of,
    facts_in,
    keep_about,
    reason_text,
    why_of,
)

_ACT_OF = {"clerk": Act.CORRECT, "supervisor": Act.APPROVE}


@dataclass(frozen=True)
class AskedQuestion:
    """One question the decision in force asks of an event, in the sentences of its reasons.

    `about` is the event as it was judged, `given` the answer that was given since, which the next
    decision is judged with.
    """

    event: int
    code: Code
    sentences: tuple[str, ...]
    about: Mapping[str, object]
    given: Answer | None

    @property
    def waiting(self) -> Answer | None:
        """The answer that was given, where a second person must still agree to it."""
        return self.given if self.given and waits(self.given) else None

    @property
    def is_left(self) -> bool:
        """Whether a person must still answer it, or agree to the answer."""
        return self.given is None or self.waiting is not None


def open_questions(claim: Claim) -> list[AskedQuestion]:
    """What the decision in force asks a person; nothing unless the claim is referred."""
    if claim.state != ClaimState.REFERRED:
        return []
    asked: dict[tuple[int, Code], AskedQuestion] = {}
    for decision, part, reason in _referring(claim):
        key = (part.event, Code(reason.code))
        before = asked[key].sentences if key in asked else ()
        text = reason_text(reason)
        sentences = before if text in before else (*before, text)
        about = facts_in(part)["event"]
        given = _given(claim, key[1], about, decision.made_at)
        asked[key] = AskedQuestion(*key, sentences, about, given)
    return list(asked.values())


def offered(question: AskedQuestion, person: User) -> list[PossibleAnswer]:
    """The answers this person may give here; what is answered by facts is filled in instead."""
    return [
        each
        for each in questions()[question.code].answers
        if _is_given_here(each) and may(person, _ACT_OF[each.who])
    ]


def answer_question(
    session: Session,
    office: Office,
    person: User,
    claim: Claim,
    event: int,
    code: Code,
    answer: str,
    reason: str,
    page_id: int | None = None,
) -> list[AskedQuestion]:
    """Keep the answer, and have the claim judged again unless a second person must agree first;
    the questions that are still left.

    It takes the place of an earlier answer to the same question. `page_id` is a page of the paper
    it rests on. BadInput where the question has no such answer.
    """
    require(person, Act.ANSWER)
    asked = _asked(claim, event, code)
    chosen = answer_to(code, answer)
    if not _is_given_here(chosen):
        raise Refused(_("请在“事件”中填写，不能在此答复"))
    require(person, _ACT_OF[chosen.who])
    told = told_reason(reason, _("请写明原因"))
    paper = _paper(claim, page_id) if "paper" in chosen.needs else None
    if chosen.makes is Makes.JOIN:
        holder_to_join(session, office, claim, event)
    given = Answer(
        id=next_id(session, Answer),
        event=event,
        question=code.value,
        answer=answer,
        document_id=paper.id if paper else None,
        answered_by=person.id,
        answered_at=office.clock(),
    )
    keep_about(office.keys, given, asked.about, told)
    _keep(session, claim, asked, given)
    _note(session, office, person, claim, "answer_question", given)
    return _judge_again(session, office, person, claim)


def _keep(session: Session, claim: Claim, asked: AskedQuestion, given: Answer) -> None:
    """Keep the answer in the place of an earlier one to the same question."""
    _withdraw_earlier(session, claim, asked, given.answered_at)
    session.flush()
    claim.answers.append(given)
    session.flush()


def _withdraw_earlier(session: Session, claim: Claim, asked: AskedQuestion, at: datetime) -> None:
    """Withdraw the earlier answer to this question, if there is one: about the event as it is, or
    as it was before somebody corrected it. What was answered about another event stays, also where
    that event stood in this place before one was dropped."""
    as_they_are = [facts_in(part)["event"] for _decision, part in _in_force(claim)]
    for earlier in claim.answers:
        if earlier.question != asked.code or earlier.withdrawn_at:
            continue
        was_this = earlier.event == asked.event and about_of(earlier) not in as_they_are
        if about_of(earlier) == asked.about or was_this:
            withdraw_answer(session, claim, earlier, at)


def confirm_answer(
    session: Session, office: Office, person: User, claim: Claim, answer_id: int
) -> list[AskedQuestion]:
    """Agree to another person's answer, which then counts: the claim is joined or judged again; the
    questions that are still left."""
    require(person, Act.ANSWER)
    open_now = open_questions(claim)
    asked = next((each for each in open_now if each.waiting and each.waiting.id == answer_id), None)
    given = asked.waiting if asked else None
    if asked is None or given is None:
        raise Refused(_("这一答复现在不需要确认"))
    if given.answered_by in own_accounts(session, person):
        raise OwnWork(_("答复须由另一人确认"))
    require(person, _agreeing(given.chosen))
    given.confirmed_by, given.confirmed_at = person.id, office.clock()
    _note(session, office, person, claim, "confirm_answer", given)
    if given.chosen.makes is Makes.JOIN:
        join(session, office, person, claim, asked.event, given)
        return []
    return _judge_again(session, office, person, claim)


def may_agree(session: Session, person: User, given: Answer) -> bool:
    """Whether this person may agree to the answer, who did not give it himself."""
    if not may(person, _agreeing(given.chosen)):
        return False
    return given.answered_by not in own_accounts(session, person)


def _agreeing(answer: PossibleAnswer) -> Act:
    return Act.APPROVE if answer.confirmer == "supervisor" else Act.ANSWER


def _asked(claim: Claim, event: int, code: Code) -> AskedQuestion:
    for each in open_questions(claim):
        if (each.event, each.code) == (event, code):
            return each
    raise Refused(_("这个问题现在不需要答复"))


def _referring(claim: Claim) -> Iterator[tuple[Decision, DecisionPart, DecisionReason]]:
    for decision, part in _in_force(claim):
        for reason in part.reasons if part.outcome == Outcome.REFER else ():
            if reason.kind == ReasonKind.REFER and reason.code in questions():
                yield decision, part, reason


def _in_force(claim: Claim) -> list[tuple[Decision, DecisionPart]]:
    in_force = [each for each in claim.decisions if each.superseded_at is None]
    return [(decision, part) for decision in in_force for part in decision.parts]


def _given(claim: Claim, code: Code, about: object, asked: datetime) -> Answer | None:
    """The answer to this question as it was asked at this time, or None.

    An answer that is older than the question does not count: the claim was judged with it, and the
    question came up again.
    """
    for each in claim.answers:
        if each.withdrawn_at or each.question != code or about_of(each) != about:
            continue
        if waits(each) or (each.confirmed_at or each.answered_at) >= asked:
            return each
    return None


def _is_given_here(answer: PossibleAnswer) -> bool:
    return answer.makes in (Makes.CLEAR, Makes.DENY, Makes.JOIN, Makes.TOGETHER)


def _paper(claim: Claim, page_id: int | None) -> Document:
    for document in claim.documents:
        if page_id in {page.id for page in document.pages}:
            return document
    raise Refused(_("请选定所依据的材料"))


def _note(
    session: Session, office: Office, person: User, claim: Claim, verb: str, given: Answer
) -> None:
    note_maker(session, claim, person, claim_makers.answer(given.id))
    told: dict[str, Any] = {"question": given.question, "answer": given.answer}
    told |= {"reason": why_of(given), "event": given.event, "given": given.id}
    record(session, claim, verb, office.clock(), person.id, **told)


def _judge_again(
    session: Session, office: Office, person: User, claim: Claim
) -> list[AskedQuestion]:
    left = [asked for asked in open_questions(claim) if asked.is_left]
    if not any(asked.waiting for asked in left):
        check_again(session, office, person, claim)
    return left
