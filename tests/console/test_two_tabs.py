"""Two tabs on one claim: the later save does not win unseen, and what was typed stays."""

import re
from collections.abc import Callable
from typing import Any

from models.people import Role
from tests.console.test_heirs import a_form, numbered
from tests.console.test_refused_forms import at_the_field, value_of
from tests.heirs import a_death, an_heir
from workflows.claims.events.event import events_of

At = Callable[..., Any]


def mark(html: str, action: str, kind: str = "") -> str:
    """The hidden mark of the form that goes there."""
    form = html[html.index(f'action="{action}"') :]
    form = form[form.index(f'name="kind" value="{kind}"') :] if kind else form
    found = re.search(r'name="shown" value="(\w+)"', form)
    assert found is not None
    return found[1]


def test_of_two_tabs_the_later_save_is_told_what_the_other_kept(desk: Any, at_desk: At) -> None:
    claim_id = desk.claim(desk.member(), hospital="某某无名医院")
    desk.work()
    path, one, other = numbered(desk, claim_id), at_desk(Role.CLERK), at_desk(Role.CLERK)
    action = f"{path}/fields/discharged_on"
    first, second = (mark(each.get(path).text, action) for each in (one, other))
    assert first == second
    saved = one.post(action, {"value": "2026-03-12", "shown": first, "here": path})
    assert saved.status_code == 200
    form = {"value": "2026-03-20", "shown": second, "here": path}
    refused = other.post(action, form)
    assert refused.status_code == 409
    assert at_the_field(refused.text, "value") == (
        "“出院日期”在本页打开之后已改为 2026-03-12，您填写的是 2026-03-20："
        "请核对；仍要保存的，再按一次"
    )
    assert 'value="2026-03-20"' in refused.text
    assert value_of(desk, claim_id, "discharged_on") == "2026-03-12"
    confirmed = other.post(f"{action}/confirm", {"shown": second})
    assert "在本页打开之后已改为 2026-03-12：请核对后再确认" in confirmed.text
    # With scripts the page stays, and its form gets the new mark with the sentence.
    line = other.post(action, form, headers={"hx-request": "true"}).text
    now = re.search(r'data-shown="(\w+)"', line)
    assert now is not None
    assert now[1] == mark(refused.text, action)
    assert other.post(action, form | {"shown": now[1]}).status_code == 200
    assert value_of(desk, claim_id, "discharged_on") == "2026-03-20"


def test_an_event_that_another_tab_told_is_not_overwritten_unseen(desk: Any, at_desk: At) -> None:
    claim_id = desk.claim(desk.member(), hospital="某某无名医院")
    desk.work()
    path, one, other = numbered(desk, claim_id), at_desk(Role.CLERK), at_desk(Role.CLERK)
    kind = "hospital_stay"
    shown = mark(one.get(path).text, f"{path}/event", kind)
    told = {"event": "0", "kind": kind, "city": "长春市", "shown": shown, "reason": "已核对"}
    assert one.post(f"{path}/event", told | {"level": "2"}).status_code == 200
    desk.work()
    refused = other.post(f"{path}/event", told | {"level": "3", "here": path})
    assert refused.status_code == 409
    assert "医院等级：现为“二级”，您填写的是“三级”" in refused.text
    with desk.at(claim_id) as (_, claim):
        [event] = events_of(desk.office, claim)
    assert "'level': 2" in str(event["hospital"])
    ill = {"event": "1", "kind": "critical_illness", "illness_fifteen": "stroke", "shown": "new"}
    ill |= {"diagnosed_on": "2026-04-20", "first_diagnosis": "yes", "reason": "已核对"}
    assert one.post(f"{path}/event", ill).status_code == 200
    ill |= {"illness_fifteen": "malignant_tumour"}
    assert "这个事件在本页打开之后已有变动" in other.post(f"{path}/event", ill).text


def test_heirs_that_another_tab_keyed_are_not_replaced_unseen(desk: Any, at_desk: At) -> None:
    one, two = an_heir("李一"), an_heir("李二")
    claim_id = a_death(desk, desk.member(), one)
    path, clerk, other = numbered(desk, claim_id), at_desk(Role.CLERK), at_desk(Role.CLERK)
    shown = mark(clerk.get(path).text, f"{path}/heirs")

    def keyed(screen: Any, heir: Any) -> Any:
        line = {"name": heir.name, "id_number": heir.id_number, "account": heir.card}
        form = a_form(desk, claim_id, line | {"share": "100%"}) | {"shown": shown, "here": path}
        return screen.post(f"{path}/heirs", form)

    assert keyed(clerk, one).status_code == 200
    refused = keyed(other, two)
    assert refused.status_code == 409
    assert "继承人在本页打开之后已改为 李一 100%，您填写的是 李二 100%" in refused.text
