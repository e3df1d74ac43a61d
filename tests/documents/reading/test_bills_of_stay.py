"""Several bills in one packet: of one stay they say the same, and others are of no concern."""

from collections.abc import Callable

import pytest

from documents.kinds import Kind
from documents.reading import PageReading, extract
from documents.reading.agreement import WELL_READ
from documents.reading.fields import FieldName

PageMaker = Callable[..., PageReading]
SHEET, RECORD, INVOICE = Kind.SETTLEMENT_SHEET, Kind.DISCHARGE_RECORD, Kind.INVOICE
FUND, TOTAL = FieldName.FUND_PAID, FieldName.MEDICAL_EXPENSE_TOTAL
DAYS = "入院日期：2026-03-02  出院日期：2026-03-11"
SUMS = "医疗费总额：12000.00  统筹基金支付：9000.00  个人支付：3000.00"
OTHERS = "医疗费总额：15000.00  统筹基金支付：11000.00  个人支付：4000.00"


@pytest.mark.parametrize("days", [[], [DAYS]], ids=["without-days", "with-days"])
def test_two_sheets_of_one_stay_that_differ_are_a_disagreement(
    a_page: PageMaker, days: list[str]
) -> None:
    pages = [a_page(RECORD, [DAYS]), *(a_page(SHEET, [*days, sums]) for sums in (SUMS, OTHERS))]
    found = extract(pages)
    assert {each.name for each in found.disagreements} == {FUND, FieldName.OWN_SHARE, TOTAL}
    assert found.fields[FUND].confidence < WELL_READ


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(
            (SHEET, ["入院日期：2026-05-02  出院日期：2026-05-11", OTHERS]), id="another-stay"
        ),
        pytest.param((INVOICE, ["检查费 300.00  医保统筹基金支付：200.00"]), id="at-the-counter"),
    ],
)
@pytest.mark.parametrize("comes_first", [True, False])
def test_the_sums_of_another_bill_are_not_those_of_the_stay(
    a_page: PageMaker, other: tuple[Kind, list[str]], comes_first: bool
) -> None:
    pages = [a_page(RECORD, [DAYS, "住院天数：9天"]), a_page(SHEET, [DAYS, SUMS])]
    pages.insert(0 if comes_first else 2, a_page(*other))
    found = extract(pages)
    assert found.fields[FUND].value == "9000.00"
    assert found.fields[FUND].confidence >= WELL_READ
    assert FUND not in {each.name for each in found.disagreements}
