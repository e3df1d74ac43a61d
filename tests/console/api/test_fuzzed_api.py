"""Requests made up from the API's own description: none fails, whatever it holds.

CALLS chooses how many; `make fuzz-api` makes 10,000.
"""

import os
from collections import Counter
from collections.abc import Callable

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok

from documents.kinds import Kind
from models import Claim
from models.people import Role
from tests.console.api.conftest import Program
from tests.desk import Desk

CALLS = int(os.environ.get("CALLS", "300"))
SEED = int(os.environ.get("SEED", "1"))

Programs = Callable[..., Program]


@pytest.mark.timeout(0)
def test_no_made_up_request_fails(
    desk: Desk, program: Programs, caplog: pytest.LogCaptureFixture
) -> None:
    claim_id = desk.claim(desk.member(), without=(Kind.BANK_CARD,))
    desk.work()
    with desk.office.sessions.read_only() as session:
        number = session.get_one(Claim, claim_id).number
    programs = [program(role) for role in (Role.CLERK, Role.CASHIER, Role.AUDITOR)]
    told = programs[0].get("/openapi.json").json()
    api = schemathesis.openapi.from_dict(told)
    operations = [each.ok() for each in api.get_all_operations() if isinstance(each, Ok)]
    seen: Counter[int] = Counter()

    @seed(SEED)
    @settings(
        max_examples=max(1, CALLS // len(operations)),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def try_each(data: st.DataObject) -> None:
        for operation in operations:
            mode = data.draw(st.sampled_from(list(schemathesis.GenerationMode)))
            case = data.draw(operation.as_strategy(generation_mode=mode))
            if "number" in case.path_parameters and data.draw(st.booleans()):
                case.path_parameters["number"] = number
            asks = data.draw(st.sampled_from(programs))
            sent = case.as_transport_kwargs(base_url="http://testserver/api/v1")
            status = asks.send(sent)
            seen[status] += 1
            assert status < 500, (operation.label, caplog.messages[-3:], sent)

    try_each()
    print(dict(seen))
    assert seen.total() >= CALLS * 0.9
    assert {200, 422} <= seen.keys()
