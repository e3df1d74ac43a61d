"""A stack in the drop folder is divided by its cover sheets, and each part finds its claim."""

import io

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import select

from documents.kinds import Kind
from models import Claim, Document, Packet
from models.people import Role
from tests.desk import Desk, Person, a_page, number_of, promises_hold
from tests.documents.packets.test_cover_sheet import printed
from tests.workflows.people.test_visibility import a_cover
from workflows.claims.packets import inbox, intake, uploads
from workflows.engine.run import run
from workflows.pipeline import STEP_AT

pytestmark = pytest.mark.slow  # files are opened in child processes


def without_a_card(desk: Desk, name: str) -> tuple[int, Person]:
    person = desk.member(name=name)
    claim_id = desk.claim(person, without=(Kind.BANK_CARD,))
    desk.work()
    return claim_id, person


def card_of(desk: Desk, person: Person) -> bytes:
    return desk.scan(a_page(Kind.BANK_CARD, "中国建设银行", person.card))


def a_paper() -> Image.Image:
    page = Image.new("L", (827, 1170), "white")
    for line in range(12):
        ImageDraw.Draw(page).rectangle((90, 120 + 40 * line, 700, 132 + 40 * line), fill="black")
    return page


def one_pdf(*pages: Image.Image) -> bytes:
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=200)
    return out.getvalue()


def take_in(desk: Desk) -> None:
    """Packets are taken in; what becomes of them waits for the reader."""
    inbox.look(desk.office)
    desk.clock.pass_(minutes=5)
    inbox.look(desk.office)
    while mine := [bell for bell in desk.bells if bell.machine == "packet"]:
        desk.bells.remove(mine[0])
        run(desk.office, STEP_AT[mine[0].machine, mine[0].state], mine[0].id)


def pages_by_claim(desk: Desk) -> dict[str, int]:
    """The pages that came through packets, by the number of the claim."""
    query = (
        select(Claim.number, Document.page_count)
        .join(Document, Document.claim_id == Claim.id)
        .where(Document.media_type == "application/pdf")
    )
    with desk.office.sessions.read_only() as session:
        return {row.number: row.page_count for row in session.execute(query)}


def notes(desk: Desk) -> str:
    with desk.office.sessions.read_only() as session:
        return str(list(session.scalars(select(Packet.notes).order_by(Packet.id))))


def outcomes(desk: Desk) -> list[str | None]:
    with desk.office.sessions.read_only() as session:
        return list(session.scalars(select(Packet.outcome).order_by(Packet.id)))


def test_each_part_of_a_stack_goes_to_the_claim_of_its_sheet(desk: Desk) -> None:
    (one, first), (other, second) = (without_a_card(desk, name) for name in ("张三", "李四"))
    covers = [a_cover(desk, number_of(desk, claim_id)) for claim_id in (one, other)]
    files = [covers[0], card_of(desk, first), covers[1], card_of(desk, second)]
    desk.drop("扫描 0007", {f"{n}.jpg": data for n, data in enumerate(files)})
    desk.look()
    assert outcomes(desk)[2:] == ["divided", "taken", "taken"]
    assert [desk.state_of(claim_id) for claim_id in (one, other)] == ["proposed", "proposed"]
    promises_hold(desk)


def test_a_sheet_at_the_end_belongs_to_the_pages_before_it(desk: Desk) -> None:
    claim_id, person = without_a_card(desk, "张三")
    cover = a_cover(desk, number_of(desk, claim_id))
    desk.drop("扫描 0008", {"1.jpg": card_of(desk, person), "2.jpg": cover})
    desk.look()
    assert desk.state_of(claim_id) == "proposed"


def test_one_pdf_is_cut_at_its_sheets_and_a_wrong_count_is_said(desk: Desk) -> None:
    one, other = (number_of(desk, without_a_card(desk, name)[0]) for name in ("张三", "李四"))
    sheets = printed(one, pages=1), printed(other, pages=3)
    desk.drop("一摞.pdf", one_pdf(sheets[0], a_paper(), sheets[1], a_paper(), a_paper()))
    take_in(desk)
    assert pages_by_claim(desk) == {one: 2, other: 3}
    assert f"案件 {other} 的封面写明 3 页，实有 2 页" in notes(desk)
    assert f"案件 {one} 的封面" not in notes(desk)


def test_pages_above_the_first_sheet_are_a_claim_of_their_own(desk: Desk) -> None:
    one, other = (number_of(desk, without_a_card(desk, name)[0]) for name in ("张三", "李四"))
    stack = a_paper(), printed(one), a_paper(), printed(other), a_paper()
    desk.drop("一摞.pdf", one_pdf(*stack))
    take_in(desk)
    assert sorted(pages_by_claim(desk).values()) == [1, 2, 2]
    assert "其中 1 件没有封面" in notes(desk)


def test_a_worker_that_dies_before_it_records_the_parts_leaves_nothing_twice(desk: Desk) -> None:
    one, other = (number_of(desk, without_a_card(desk, name)[0]) for name in ("张三", "李四"))
    with desk.office.sessions.unit_of_work() as session:
        clerk = desk.user(Role.CLERK)
        stack = one_pdf(printed(one), a_paper(), printed(other), a_paper())
        packet = uploads.upload(session, desk.office, clerk, [("a.pdf", stack)])
        session.flush()
        entry = intake.gather(session, packet, desk.office)
    intake.work(entry, desk.office, NoLease())  # type: ignore[arg-type]
    take_in(desk)
    assert pages_by_claim(desk) == {one: 2, other: 2}
    assert outcomes(desk)[2:] == ["divided", "taken", "taken"]


class NoLease:
    """The lease of a worker that dies."""

    def extend(self) -> None:
        """Nobody waits for it."""


def test_what_is_dropped_under_a_claims_number_is_not_divided(desk: Desk) -> None:
    one, other = (number_of(desk, without_a_card(desk, name)[0]) for name in ("张三", "李四"))
    desk.drop(f"{one} 补件.pdf", one_pdf(printed(other), a_paper(), printed(one), a_paper()))
    take_in(desk)
    assert pages_by_claim(desk) == {one: 4}
    assert f"其中有案件 {other} 的封面，全部归入案件 {one}，请核对" in notes(desk)
