"""The sums of a settlement sheet: whether a plan of the member pays by them, and whether they fit
each other."""

from collections.abc import Collection, Mapping

from documents.reading.fields import FIELD_NAMES, SETTLEMENT_SUMS, SHEET_SUMS, FieldName
from documents.reading.further_stays import read
from language import _
from models import Claim
from rules import plans
from rules.errors import BadInput
from rules.money import fen

TOTAL = FieldName.MEDICAL_EXPENSE_TOTAL
_SUMS = ("fund_paid", "own_share", "deductible", "total")


def pays_by_sums(claim: Claim) -> bool:
    """Whether the member has had a plan that pays by the sums of a settlement sheet."""
    return bool(bases_of(claim))


def bases_of(claim: Claim) -> set[str]:
    """By which of these sums the plans pay that the member has had."""
    covers = claim.member.coverages if claim.member else []
    terms = (plans.load(cover.plan).medical_expense for cover in covers)
    return {each.basis.value for each in terms if each}


def contradictions(values: Mapping[str, str]) -> dict[FieldName, str]:
    """The sentence for each field that holds sums which cannot both be right.

    The sheets of further hospitals are checked each for itself, and named.
    """
    found = {FieldName.FUND_PAID: contradiction(values)}
    for stay in read(values.get(FieldName.FURTHER_STAYS, "")):
        sums = dict(zip(SHEET_SUMS, (getattr(stay, one) for one in _SUMS), strict=True))
        if sentence := contradiction(sums):
            words = {"hospital": stay.hospital, "wrong": sentence}
            found[FieldName.FURTHER_STAYS] = _("%(hospital)s：%(wrong)s") % words
    return {name: sentence for name, sentence in found.items() if sentence}


def sums_of(contradicted: Collection[str]) -> set[str]:
    """The fields of which one is wrong: all sums of the first sheet, or the further stays."""
    return {*contradicted, *(SHEET_SUMS if FieldName.FUND_PAID in contradicted else ())}


def contradiction(values: Mapping[str, object]) -> str | None:
    """The sentence that names two sums that cannot both be right; None where they fit.

    What the fund paid and the own share make up the total, where all three are known.
    """
    fund, own, deductible = (_known(values.get(name)) for name in SETTLEMENT_SUMS)
    total = _known(values.get(TOTAL))
    if fund is not None and own is not None and total is not None and fund + own != total:
        text = _("%(a)s %(x)s 元与%(b)s %(y)s 元相加，不等于%(c)s %(z)s 元")
        return _sentence(text, values, FieldName.FUND_PAID, FieldName.OWN_SHARE, TOTAL)
    for one, amount in ((FieldName.FUND_PAID, fund), (FieldName.OWN_SHARE, own)):
        if amount is not None and total is not None and amount > total:
            return _more(values, one, TOTAL)
    if deductible is not None and own is not None and deductible > own:
        return _more(values, FieldName.DEDUCTIBLE, FieldName.OWN_SHARE)
    return None


def _more(values: Mapping[str, object], one: FieldName, other: FieldName) -> str:
    return _sentence(_("%(a)s %(x)s 元多于%(b)s %(y)s 元"), values, one, other)


def _sentence(text: str, values: Mapping[str, object], *names: FieldName) -> str:
    words = dict(zip("abc", (_(FIELD_NAMES[name]) for name in names), strict=False))
    sums = dict(zip("xyz", (str(values[name]) for name in names), strict=False))
    return text % (words | sums)


def _known(value: object) -> int | None:
    """The sum in fen; None where it is no sum, which the form of the field reports."""
    try:
        return None if value is None else fen(str(value))
    except BadInput:
        return None
