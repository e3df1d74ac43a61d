"""Events that the papers suggest beyond those a claim asks for, to be offered to the clerk."""

from collections.abc import Set

from documents.kinds import BILLS, Kind
from documents.reading.fields import FieldName
from rules.illnesses import suggested
from rules.injuries import is_injury
from workflows.claims.events.accidents_read import TELLS_OF_AN_ACCIDENT
from workflows.claims.events.events_read import ACCIDENT
from workflows.claims.events.papers_show import PapersShow

_OF_AN_ACCIDENT = {*TELLS_OF_AN_ACCIDENT, Kind.DEATH_CERTIFICATE}
_OF_A_STAY = {Kind.DISCHARGE_RECORD, *BILLS}


def suggests_illness(papers: PapersShow, *names: str) -> bool:
    """Whether a diagnosis may mean an illness of one of these lists."""
    return bool(suggested(papers.diagnoses, papers.proofs, *names))


def suggests_accident(papers: PapersShow) -> bool:
    """Whether a statement, a police finding or an injury among the diagnoses tells of one, or a
    death may be its outcome."""
    return bool(papers.kinds & _OF_AN_ACCIDENT) or any(
        is_injury(text, icd) for text, icd in papers.diagnoses
    )


def suggests_stay(papers: PapersShow, asked: Set[str]) -> bool:
    """Whether the papers show a stay for illness that is not asked for.

    A record, a sheet or an invoice of the hospital shows it; where an accident is asked for, only
    the record of a stay that neither follows the accident nor is for injuries alone. A certificate
    or an appraisal asks for an accident of which no paper may tell: then the stay follows none.
    """
    admitted, discharged = (
        papers.values.get(name, "") for name in (FieldName.ADMITTED_ON, FieldName.DISCHARGED_ON)
    )
    if not admitted or admitted >= discharged or papers.is_for_injuries:
        return False
    if ACCIDENT not in asked:
        return bool(papers.kinds & _OF_A_STAY)
    follows = papers.follows_accident and suggests_accident(papers)
    return Kind.DISCHARGE_RECORD in papers.kinds and not follows
