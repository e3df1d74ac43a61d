"""A payee of another bank who named no branch: the cashier gives it before the file is made."""

import re
from collections.abc import Callable

from banking import formats
from models.people import Role
from tests.console.conftest import Visitor
from tests.console.test_money import release
from tests.desk import Desk
from tests.workflows.claims.paying.test_branch_codes import imported, payable


def test_a_branch_that_the_cashier_gives_stands_with_its_code_in_the_file(
    desk: Desk, at_desk: Callable[..., Visitor]
) -> None:
    payable(desk, "中国农业银行")
    cashier, other = at_desk(Role.CASHIER), at_desk(Role.CASHIER)
    page = cashier.get("/batches").text
    assert "跨行无联行号 1 笔，银行可能退回" in page
    [reference] = re.findall(r'name="reference" value="([^"]+)"', page)

    def named(branch: str) -> str:
        form = {"reference": reference, "branch": branch}
        return str(cashier.post("/batches/branch", form).text)

    assert "联行号表中没有这个网点：长春" in named("长春")
    imported(desk, desk.user(Role.CASHIER))
    assert (
        "请写其中一个的联行号：中国农业银行长春另一支行 103241000026、"
        "中国农业银行长春另一支行 103241000034"
    ) in named("另一支行")
    assert "中国建设银行长春某支行 不是收款账户的银行（中国农业银行）" in named("105241000012")
    assert "已填入开户网点" in named("103241000034")
    assert "跨行无联行号" not in cashier.get("/batches").text
    path = f"/batches/{str(cashier.post('/batches').url).rpartition('/')[2]}"
    release(other, path)
    [line] = formats.read("ccb-list", cashier.post(f"{path}/file").content)
    assert (line.bank_name, line.cnaps) == ("中国农业银行长春另一支行", "103241000034")
    assert "已不在待组批之列" in named("103241000034")
