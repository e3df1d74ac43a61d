"""A batch at a bank whose replies do not fit."""

import pytest

from models.people import Role
from tests.desk import Desk
from tests.workflows.claims.paying.test_bank_reply import sent
from tests.workflows.claims.paying.test_bank_words import AnsweringBank


@pytest.fixture
def bank(desk: Desk) -> AnsweringBank:
    people = [desk.member(name) for name in ("张三", "李四", "王五")]
    batch_id, claims = sent(desk, *people)
    return AnsweringBank(desk, desk.user(Role.CASHIER), batch_id, claims, people)
