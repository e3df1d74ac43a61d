"""The own share of bills that print its parts: by what is insured, by means of payment."""

from collections.abc import Callable

import pytest

from documents.kinds import Kind
from documents.reading import PageReading, extract
from documents.reading.agreement import WELL_READ
from documents.reading.fields import FieldName

PageMaker = Callable[..., PageReading]
SHEET, INVOICE = Kind.SETTLEMENT_SHEET, Kind.INVOICE
OWN = FieldName.OWN_SHARE
BY_KIND, BY_MEANS = (
    "个人自付：2500.00  个人自费：500.00",
    "个人账户支付：1000.00  个人现金支付：2000.00",
)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([BY_KIND, BY_MEANS], id="both-ways"),
        pytest.param(["个人自付：3000.00  个人自费：0.00", BY_MEANS], id="nothing-outside"),
        pytest.param(["个人自付：3000.00", BY_MEANS], id="nothing-said-of-outside"),
    ],
)
def test_parts_that_add_up_in_both_ways_are_the_own_share(
    a_page: PageMaker, rows: list[str]
) -> None:
    rows = ["医保统筹基金支付：9000.00", *rows, "金额合计：12000.00"]
    found = extract([a_page(SHEET, rows)])
    assert found.fields[OWN].value == "3000.00"
    assert found.fields[OWN].confidence >= WELL_READ
    assert OWN not in found.lone


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        pytest.param([BY_KIND], "3000.00", id="by-kind-alone"),
        pytest.param([BY_MEANS], "3000.00", id="by-means-alone"),
        pytest.param(["个人自付：2500.00", BY_MEANS], "3000.00", id="less-than-was-paid"),
        pytest.param(["个人自付：3000.00  个人自费：500.00", BY_MEANS], "3000.00", id="contrary"),
    ],
)
def test_parts_that_nothing_bears_out_are_for_a_person(
    a_page: PageMaker, rows: list[str], value: str
) -> None:
    found = extract([a_page(SHEET, ["统筹支付：9000.00", *rows])]).fields[OWN]
    assert found.value == value
    assert found.confidence <= WELL_READ


def test_the_sheet_and_the_receipt_of_one_stay_agree(a_page: PageMaker) -> None:
    receipt = a_page(INVOICE, ["医保统筹基金支付：9000.00", BY_MEANS, BY_KIND])
    found = extract([a_page(SHEET, ["统筹支付：9000.00  个人负担：3000.00"]), receipt])
    assert found.fields[OWN].value == "3000.00"
    assert found.fields[OWN].confidence >= WELL_READ
    assert found.disagreements == ()
