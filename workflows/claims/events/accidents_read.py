"""What the papers of a claim say of an accident: its day, its outcome, whether a stay follows."""

from documents.kinds import Kind
from documents.masks import mask_numbers
from documents.reading import burns
from documents.reading.fields import FieldName
from rules.facts import AccidentOutcome, EventKind
from workflows.claims.events.papers_show import PapersShow

TELLS_OF_AN_ACCIDENT = {Kind.ACCIDENT_STATEMENT, Kind.POLICE_FINDING}
_TICKED_OUTCOMES = {
    "身故": AccidentOutcome.DEATH,
    "伤残": AccidentOutcome.DISABILITY,
    "烧烫伤": AccidentOutcome.BURN,
}


def read_accident(papers: PapersShow) -> dict[str, object]:
    """The accident as far as statement, certificate, appraisal and diagnoses tell it (R16 to R19).

    What they do not tell is left for a person.
    """
    read: dict[str, object] = {"kind": EventKind.ACCIDENT, **_where_and_how(papers)}
    if happened_on := papers.values.get(FieldName.ACCIDENT_ON):
        read["happened_on"] = happened_on
    if papers.in_hospital:
        read["in_hospital_for_illness"] = True
    if outcome := _outcome(papers) or _ticked_outcome(papers):
        read["outcome"] = outcome.value
    if grades := papers.names(FieldName.DISABILITY_GRADES):
        read["grades"] = [int(grade) for grade in grades]
    if found := burns.find_burns(*_burns_told(papers)):
        read["burns"] = [burn._asdict() for burn in found]
    return read


def is_by_accident(papers: PapersShow) -> bool:
    """Whether an accident brought the member into hospital (R15)."""
    if not papers.kinds & TELLS_OF_AN_ACCIDENT or papers.in_hospital:
        return False
    return papers.follows_accident or papers.is_for_injuries


def shows_an_accident(papers: PapersShow) -> bool:
    outcome = _outcome(papers)
    if outcome is AccidentOutcome.DEATH:
        return bool(papers.kinds & {*TELLS_OF_AN_ACCIDENT, Kind.DISABILITY_APPRAISAL})
    return outcome is not None


def burns_contradict(papers: PapersShow) -> str | None:
    """The sentence that names two shares of a burn that cannot both be right, if there are any."""
    return burns.contradiction(*_burns_told(papers))


def _burns_told(papers: PapersShow) -> tuple[list[str], list[str]]:
    """The diagnoses of the paper that is believed most, and those of the others."""
    texts = [text for text, _code in papers.diagnoses]
    best = len(papers.best_diagnoses)
    return texts[:best], texts[best:]


def _where_and_how(papers: PapersShow) -> dict[str, object]:
    """Place and description as the unit or the police wrote them, for R30; without numbers."""
    told = {
        "place": papers.values.get(FieldName.ACCIDENT_PLACE),
        "description": papers.values.get(FieldName.ACCIDENT_CAUSE),
    }
    return {name: mask_numbers(text) for name, text in told.items() if text}


def _outcome(papers: PapersShow) -> AccidentOutcome | None:
    """What the papers show an accident to have led to."""
    if Kind.DEATH_CERTIFICATE in papers.kinds:
        return AccidentOutcome.DEATH
    if Kind.DISABILITY_APPRAISAL in papers.kinds:
        return AccidentOutcome.DISABILITY
    return AccidentOutcome.BURN if burns.find_burns(*_burns_told(papers)) else None


def _ticked_outcome(papers: PapersShow) -> AccidentOutcome | None:
    for name in papers.names(FieldName.BENEFITS_ASKED):
        if outcome := _TICKED_OUTCOMES.get(name):
            return outcome
    burnt = burns.speaks_of_burn([text for text, _code in papers.diagnoses])
    return AccidentOutcome.BURN if burnt else None
