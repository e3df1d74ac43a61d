"""The bank's list of branches gives the files their CNAPS codes; what it lacks is named before."""

from datetime import date

import pytest

from banking import formats
from console.queries.waiting_payments import waiting_for_batch
from models import BankList, User
from models.people import Role
from rules.errors import BadInput, Forbidden, Refused
from tests.desk import Desk, Person, an_id_number
from tests.workflows.claims.paying.test_payout import frozen_in, release, write
from workflows.claims.paying.branch_codes import NewBankList, import_list

LIST = """联行号表,,
行号,行名,电话
103241000018,中国农业银行股份有限公司长春某支行,1
103241000026,中国农业银行长春另一支行,2
103241000034,中国农业银行长春另一支行,3
105241000012,中国建设银行长春某支行,4
"""
BRANCH = "中国农业银行长春某支行"


@pytest.fixture
def cashier(desk: Desk) -> User:
    return desk.user(Role.CASHIER)


@pytest.fixture
def other(desk: Desk) -> User:
    return desk.user(Role.CASHIER)


def imported(desk: Desk, person: User, text: str = LIST, day: int = 1) -> BankList:
    new = NewBankList(text.encode("gb18030"), "中国建设银行长春某支行", date(2026, 1, day))
    with desk.office.sessions.unit_of_work() as session:
        made = import_list(session, desk.office, person, new)
        session.expunge(made)
    return made


def payable(desk: Desk, branch: str) -> None:
    """A payment to a card of another bank than the office's."""
    member = desk.member(on_roster=Person("张三", an_id_number(), "6228480010000000017"))
    claim_id = desk.claim(member)
    desk.work()
    desk.correct(desk.user(Role.CLERK), claim_id, bank_name=branch)
    desk.approve_one(claim_id)


def lacking(desk: Desk) -> list[bool]:
    with desk.office.sessions.read_only() as session:
        return [row.lacks_code for row in waiting_for_batch(session, desk.office).rows]


@pytest.mark.parametrize("code", ["ccb-list", "pain.001.001.03"])
def test_a_branch_of_the_imported_list_has_its_code_in_the_file(
    desk: Desk, cashier: User, other: User, code: str
) -> None:
    payable(desk, BRANCH)
    assert lacking(desk) == [True]
    made = imported(desk, cashier)
    assert (made.branches, made.listed_on, made.imported_by) == (4, date(2026, 1, 1), cashier.id)
    assert lacking(desk) == [False]
    batch_id = frozen_in(desk, cashier, code)
    imported(desk, cashier, LIST.replace("103241000018", "103241000099"), day=2)
    release(desk, other, batch_id)
    [line] = formats.read(code, write(desk, batch_id).content)
    assert (line.bank_name, line.cnaps) == (BRANCH, "103241000018"), "as it was frozen"


def test_a_name_that_two_branches_have_gets_no_code(desk: Desk, cashier: User, other: User) -> None:
    imported(desk, cashier)
    payable(desk, "中国农业银行长春另一支行")
    assert lacking(desk) == [True]
    batch_id = frozen_in(desk, cashier, "ccb-list")
    release(desk, other, batch_id)
    [line] = formats.read("ccb-list", write(desk, batch_id).content)
    assert line.cnaps is None


def test_a_list_with_faults_or_from_the_wrong_hand_is_refused(desk: Desk, cashier: User) -> None:
    with pytest.raises(Forbidden):
        imported(desk, desk.user(Role.CLERK))
    wrong = LIST.replace("103241000018", "10324100001").replace("103241000034", "103241000026")
    with pytest.raises(BadInput, match=r"第 3 行：联行号应为 12 位数字，且有行名：10324100001$"):
        imported(desk, cashier, wrong)
    two = LIST.replace("103241000026", "103241000018")
    with pytest.raises(BadInput, match="第 4 行：联行号 103241000018 有两个行名"):
        imported(desk, cashier, two)
    with pytest.raises(BadInput, match="没有找到联行号和行名两列"):
        imported(desk, cashier, "a,b\n1,2\n")
    imported(desk, cashier)
    with pytest.raises(Refused, match="这份联行号表已经导入"):
        imported(desk, cashier)
