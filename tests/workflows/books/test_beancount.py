"""Another program adds the exported books up, and finds the same balances."""

from beancount import loader
from beancount.core.data import Balance, Transaction

from tests.desk import Desk, handed_in
from tests.returned import returned
from tests.workflows.enrolment.rosters import Hall, workers
from tests.workflows.test_proof import answered
from workflows.books.beancount import beancount


def test_beancount_finds_no_error_and_every_balance(desk: Desk) -> None:
    Hall.of(desk, headcount=2, unit="另一单位工会").covered(workers(2))
    returned(desk, desk.member("张三"))
    handed_in(desk, desk.member("李四"))
    desk.approve_all()
    answered(desk, desk.released(), {})
    with desk.office.sessions.read_only() as session:
        text = "\n".join(beancount(session))
    entries, errors, _options = loader.load_string(text)
    assert errors == []
    assert sum(isinstance(each, Transaction) for each in entries) == 9
    assert sum(isinstance(each, Balance) for each in entries) >= 8
    _entries, errors, _options = loader.load_string(text.replace("600.00", "600.01", 1))
    assert errors
