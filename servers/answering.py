"""The demonstration's people answer what the rules ask of the samples, as their truth files say.

Each act first looks at what the data already holds, as those of the demonstration do.
"""

from sqlalchemy.orm import Session

from documents.kinds import Kind
from language import _
from models import Claim
from models.states import ClaimState
from rules.questions import Makes, answer_to
from rules.verdict import Code
from servers import samples
from servers.progress import screen
from servers.samples import Truth
from workflows.claims.acts import answers, correction, heirs, told_events
from workflows.claims.acts.answers import AskedQuestion
from workflows.claims.acts.keyed_heirs import KeyedHeir
from workflows.claims.events.events_read import ILLNESS
from workflows.engine.office import Office
from workflows.people.accounts import user_by_login

# A supervisor who neither approves nor hears objections here.
SECOND = "supervisor2"
ACCEPTED = "accepted"


def answer_as_told(office: Office) -> None:
    """A clerk answers each question that is open; a second person agrees where one must."""
    for truth in samples.truths():
        if truth["expected"]["answer"] == ACCEPTED:
            _accept(office, truth)
        elif truth["expected"]["answer"]:
            _answer(office, truth)
            _agree(office, truth)


def _accept(office: Office, truth: Truth) -> None:
    """A clerk lets what the check found stand, and has the claim go on."""
    with office.sessions.unit_of_work() as session:
        claim = samples.claim_of(session, office, truth["packet"])
        if claim is None or claim.state != ClaimState.IN_QUESTION:
            return
        clerk = user_by_login(session, "clerk")
        for finding in [each for each in claim.findings if each.closed_at is None]:
            correction.answer(session, office, clerk, claim, finding.id, _("已核对材料"))
        correction.recheck(session, office, clerk, claim)


def _answer(office: Office, truth: Truth) -> None:
    expected = truth["expected"]
    code = Code(expected["reason"])
    with office.sessions.unit_of_work() as session:
        claim = samples.claim_of(session, office, truth["packet"])
        questions = answers.open_questions(claim) if claim else []
        asked = next((each for each in questions if each.code == code), None)
        if claim is None or asked is None or asked.given or claim.heirs:
            return
        chosen = answer_to(code, expected["answer"])
        _GIVE.get(chosen.makes, _choose)(session, office, claim, asked, truth)
        words = {"number": claim.number, "question": asked.sentences[0], "answer": chosen.words}
        screen.print(_("案件 %(number)s：%(question)s 答复：%(answer)s") % words, soft_wrap=True)


def _choose(
    session: Session, office: Office, claim: Claim, asked: AskedQuestion, truth: Truth
) -> None:
    answer, clerk = truth["expected"]["answer"], user_by_login(session, "clerk")
    answers.answer_question(
        session, office, clerk, claim, asked.event, asked.code, answer, _("已核对材料")
    )


def _name_the_illness(
    session: Session, office: Office, claim: Claim, _asked: AskedQuestion, truth: Truth
) -> None:
    told = {"kind": ILLNESS, "first_diagnosis": True} | truth["expected"]["told"]
    clerk = user_by_login(session, "clerk")
    told_events.establish(session, office, clerk, claim, told, reason=_("已核对材料"))


def _key_the_heirs(
    session: Session, office: Office, claim: Claim, _asked: AskedQuestion, truth: Truth
) -> None:
    [statement] = _pages(claim, Kind.JOINT_STATEMENT)
    clerk = user_by_login(session, "clerk")
    heirs.key_heirs(session, office, clerk, claim, _keyed(claim, truth), statement)


_GIVE = {Makes.FACTS: _name_the_illness, Makes.HEIRS: _key_the_heirs}


def _agree(office: Office, truth: Truth) -> None:
    """Another person agrees to the answer or to the heirs that wait for it."""
    with office.sessions.unit_of_work() as session:
        claim = samples.claim_of(session, office, truth["packet"])
        if claim is None or claim.state != ClaimState.REFERRED:
            return
        second = user_by_login(session, SECOND)
        if any(heir.confirmed_at is None for heir in claim.heirs):
            shown = [heir.id for heir in claim.heirs]
            heirs.confirm_heirs(session, office, second, claim, shown)
        for asked in answers.open_questions(claim):
            if asked.waiting:
                answers.confirm_answer(session, office, second, claim, asked.waiting.id)


def _pages(claim: Claim, kind: Kind) -> list[int]:
    """The claim's pages of this kind, in the order in which they were handed in."""
    pages = (page for document in claim.documents for page in document.pages)
    return sorted(page.id for page in pages if page.kind == kind)


def _keyed(claim: Claim, truth: Truth) -> list[KeyedHeir]:
    """The heirs as the truth tells them, each with the page that proves his relation."""
    relations = {words: code for code, words in heirs.RELATIONS.items()}
    proofs = _pages(claim, Kind.RELATIONSHIP_PROOF)
    return [
        KeyedHeir(
            name=heir["name"],
            relation=relations[heir["kinship"]],
            id_number=heir["id_number"],
            account=heir["account"],
            bank_name=heir["bank_name"],
            share=heir["share"],
            proof_page=proof,
        )
        for heir, proof in zip(truth["expected"]["heirs"], proofs, strict=True)
    ]
