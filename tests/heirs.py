"""Builders for tests: the papers of a death, and heirs as a clerk keys them."""

from typing import Any

from sqlalchemy import select

from documents.kinds import Kind
from documents.reading.page import PageReading
from models import Document, Page, User
from models.people import Role
from tests.desk import Desk, Person, a_card_number, a_page, an_id_number
from workflows.claims.acts import heirs, told_events
from workflows.claims.acts.keyed_heirs import KeyedHeir
from workflows.claims.papers.words_read import words_on

DIED_ON = "2026-04-01"
STAY = (Kind.DISCHARGE_RECORD,)


def an_heir(name: str = "李继", card: str | None = None) -> Person:
    return Person(name, an_id_number("19880101"), card or a_card_number())


def of_a_death(person: Person, *theirs: Person) -> tuple[PageReading, ...]:
    """The papers of a death beside the form; the cards among them are the heirs'."""
    pages = [
        a_page(
            Kind.ACCIDENT_STATEMENT,
            "意外事故说明",
            f"事故时间:{DIED_ON}",
            f"{person.name}在下班途中发生意外",
        ),
        a_page(
            Kind.DEATH_CERTIFICATE,
            "居民死亡医学证明(推断)书",
            f"死者姓名:{person.name}",
            f"证件号码:{person.id_number}",
            f"死亡日期:{DIED_ON}",
        ),
        a_page(Kind.HOUSEHOLD_CANCELLATION, "户口注销证明", f"兹证明{person.name}已注销户口"),
        a_page(Kind.JOINT_STATEMENT, "继承人共同声明", "全体继承人共同声明"),
    ]
    for each in theirs:
        pages += [
            a_page(Kind.ID_CARD_FRONT, f"姓名 {each.name}", f"公民身份号码 {each.id_number}"),
            a_page(Kind.BANK_CARD, "中国建设银行", each.card),
            a_page(Kind.RELATIONSHIP_PROOF, "亲属关系证明", f"兹证明与{each.name}系亲属关系"),
        ]
    return tuple(pages)


def a_death(desk: Desk, person: Person, *theirs: Person, **papers: Any) -> int:
    """A claim for the member's death by accident, handed in and told by a clerk, and worked on."""
    without = (*papers.pop("without", ()), Kind.DISCHARGE_RECORD, Kind.BANK_CARD)
    first = theirs[0] if theirs else an_heir()
    more = (*of_a_death(person, *(theirs or (first,))), *papers.pop("more", ()))
    claim_id = desk.claim(person, more=more, without=without, card=first.card, **papers)
    desk.work()
    clerk = desk.user(Role.CLERK)
    with desk.at(claim_id) as (session, claim):
        event = {"kind": "accident", "happened_on": DIED_ON, "outcome": "death"}
        told_events.establish(session, desk.office, clerk, claim, event, 0, reason="已核对材料")
    desk.work()
    return claim_id


def pages(desk: Desk, claim_id: int, kind: Kind) -> list[int]:
    """The claim's pages of this kind."""
    with desk.office.sessions.read_only() as session:
        query = select(Page.id).join(Document).where(Document.claim_id == claim_id)
        return list(session.scalars(query.where(Page.kind == kind).order_by(Page.id)))


def proof_of(desk: Desk, claim_id: int, name: str) -> int | None:
    """The page that proves the relation of the heir of this name; the first where none names him,
    None where the claim has no such page."""
    proofs = pages(desk, claim_id, Kind.RELATIONSHIP_PROOF)
    with desk.office.sessions.read_only() as session:
        naming = (
            id_
            for id_ in proofs
            if name in words_on(session, desk.office, session.get_one(Page, id_))
        )
        return next(naming, proofs[0] if proofs else None)


def keyed(desk: Desk, claim_id: int, person: Person, share: str, **facts: Any) -> KeyedHeir:
    """An heir as he is keyed, the page that proves his relation beside him."""
    proof = proof_of(desk, claim_id, person.name)
    told: dict[str, Any] = {
        "name": person.name,
        "relation": "child",
        "id_number": person.id_number,
        "account": person.card,
        "bank_name": "中国建设银行长春南湖支行",
        "share": share,
        "proof_page": proof,
    }
    return KeyedHeir(**told | facts)


def key(desk: Desk, claim_id: int, *heirs_keyed: KeyedHeir, clerk: User | None = None) -> User:
    """A clerk keys these heirs; the clerk."""
    person = clerk or desk.user(Role.CLERK)
    statement = pages(desk, claim_id, Kind.JOINT_STATEMENT)
    with desk.at(claim_id) as (session, claim):
        heirs.key_heirs(
            session,
            desk.office,
            person,
            claim,
            heirs_keyed,
            statement[0] if statement else None,
        )
    desk.work()
    return person


def confirm(desk: Desk, claim_id: int, person: User | None = None) -> User:
    """Another clerk confirms the heirs; that clerk."""
    person = person or desk.user(Role.CLERK)
    with desk.at(claim_id) as (session, claim):
        shown = [heir.id for heir in claim.heirs]
        heirs.confirm_heirs(session, desk.office, person, claim, shown)
    desk.work()
    return person
