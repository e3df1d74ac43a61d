"""A page that kills the process which reads it is unreadable, and the others go on."""

from dataclasses import fields, replace
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from documents.packets.confined_child import ProcessKilled
from documents.packets.file_limits import USUAL_LIMITS, Limits
from documents.packets.shut_in_reader import read_page
from models import Claim, Document, Page
from models.states import ClaimState
from tests.desk import STEP_BY_NAME, Desk, a_stay
from tests.workflows.claims.packets.test_stacks_divided import a_paper, take_in
from workflows.engine.office import Office
from workflows.engine.run import run

pytestmark = pytest.mark.slow  # loads the models


class CrampedOffice(Office):
    """An office whose reader has no memory left for a page, once its models are loaded."""

    @property
    def limits(self) -> Limits:
        """The limits of the office, but for this one."""
        return replace(super().limits, memory_reading=1)


def a_scan() -> bytes:
    out = BytesIO()
    Image.new("RGB", (2400, 3200), "white").save(out, "JPEG")
    return out.getvalue()


def test_a_page_that_kills_the_reader_twice_is_shown_to_a_person_and_the_rest_is_read(
    desk: Desk,
) -> None:
    pages = [desk.scan(page) for page in a_stay(desk.member())]
    files = {f"{n}.jpg": data for n, data in enumerate(pages)}
    desk.drop("张三", {**files, "9.jpg": a_scan()})
    take_in(desk)
    known = {each.name: getattr(desk.office, each.name) for each in fields(Office)}
    run(CrampedOffice(**known), STEP_BY_NAME["read"], 1)
    desk.work()
    with desk.office.sessions.read_only() as session:
        claim = session.get_one(Claim, 1)
        query = select(Page.id, Page.kind).join(Document).order_by(Document.id)
        kinds = [kind for _id, kind in session.execute(query)]
        unread = session.scalars(select(Page.id).order_by(Page.document_id.desc())).first()
        assert (claim.state, len(kinds), kinds[-1]) == (ClaimState.IN_QUESTION, 6, "other")
    assert desk.open_findings(1) == {("PAGE_UNCLEAR", str(unread))}


def test_a_page_that_takes_all_its_time_is_taken_from_the_reader() -> None:
    page = Image.new("RGB", (1654, 2339), "white")
    for corner in ((0, 0), (827, 0), (0, 1170), (827, 1170)):
        page.paste(a_paper(), corner)
    with pytest.raises(ProcessKilled):
        read_page(page, None, replace(USUAL_LIMITS, seconds_reading=0, isolation="none"))
