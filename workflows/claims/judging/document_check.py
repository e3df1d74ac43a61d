"""Document check (材料审核): are the papers all there, legible, and do they agree with each other
and with the roster? What a machine cannot decide becomes a finding for a person."""

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.letters.contents import LetterKind
from documents.reading.fields import FieldName
from language import N_
from models import Claim, Coverage, CoverYear, Finding, Member
from models.membership import DeathSource
from models.states import ClaimState
from workflows.claims.events.cover_units import unit_of
from workflows.claims.events.deaths import is_of_a_dead_member
from workflows.claims.events.event import (
    OF_A_STAY,
    is_read_from_papers,
    is_told,
    may_also_claim,
)
from workflows.claims.events.events_read import prints_another_level
from workflows.claims.judging import found_faults, several_people
from workflows.claims.judging.doubtful_pages import DOUBTFUL_WORDS, doubtful_pages
from workflows.claims.judging.found_faults import DISAGREEMENT, FoundFault, still_asked
from workflows.claims.judging.limits import lock_members
from workflows.claims.judging.money_facts import (
    ONE_WITNESS,
    disputed,
    is_unsure,
    money_facts,
    not_said,
    of_one_witness,
)
from workflows.claims.judging.noted_pages import NOTED_WORDS, noted_pages, settled_otherwise
from workflows.claims.judging.payee_check import PAYEE_UNCONFIRMED, payee_findings
from workflows.claims.judging.reused_papers import PAPER_REUSED, reused_papers
from workflows.claims.letters import occasions
from workflows.claims.letters.letters import want_letters
from workflows.claims.papers import reading
from workflows.claims.papers.field_forms import fault_of
from workflows.claims.papers.late_papers import have_been_seen
from workflows.claims.papers.new_card import (
    NEW_CARD_DIFFERS,
    NEW_CARD_OF_ANOTHER,
    NEW_CARD_UNREAD,
)
from workflows.claims.papers.papers_read import Papers, papers_of, write_fields
from workflows.claims.papers.papers_wanted import headings_of, missing_papers
from workflows.claims.papers.payee_papers import kinds_of_payee
from workflows.claims.papers.reviewed import FIELD_UNSURE
from workflows.claims.papers.settlement_sums import contradictions, pays_by_sums, sums_of
from workflows.engine.belongings import read_its
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.known_deaths import ToldDeath, ever_noted, note_death
from workflows.member_cards import cards_of, note_card_makers
from workflows.sealed_values.claims import values_of
from workflows.sealed_values.members import card_of

MISSING_PAPER = "MISSING_PAPER"
FIELD_MISSING = "FIELD_MISSING"
CHECK_FAILED = "CHECK_FAILED"
ROSTER_DIFFERS = "ROSTER_DIFFERS"
NOT_ON_ROSTER = "NOT_ON_ROSTER"
EVENT_WANTED = "EVENT_WANTED"
MAY_ALSO_CLAIM = "MAY_ALSO_CLAIM"
SUMS_CONTRADICT = "SUMS_CONTRADICT"

# The claim cannot go on without these values: a person keys them; a reason is not enough.
MUST_BE_KEYED = frozenset({FIELD_MISSING, CHECK_FAILED, EVENT_WANTED})

# What a person said of these was said of the papers of that time.
OF_ALL_PAPERS = frozenset({ONE_WITNESS, several_people.SEVERAL_PEOPLE})

FINDING_WORDS = {
    MISSING_PAPER: N_("缺少材料"),
    **DOUBTFUL_WORDS,
    FIELD_MISSING: N_("没有读到"),
    FIELD_UNSURE: N_("识读没有把握"),
    ONE_WITNESS: N_("只有一份材料写明"),
    DISAGREEMENT: N_("各份材料不一致"),
    CHECK_FAILED: N_("号码校验不通过"),
    ROSTER_DIFFERS: N_("与参保名册不一致"),
    NOT_ON_ROSTER: N_("参保名册中没有此人"),
    EVENT_WANTED: N_("需要人工填写事件"),
    MAY_ALSO_CLAIM: N_("可能还可享受"),
    SUMS_CONTRADICT: N_("结算单金额互相矛盾"),
    PAPER_REUSED: N_("与另一会员的材料相似"),
    several_people.SEVERAL_PEOPLE: N_("材料不是一个人的"),
    PAYEE_UNCONFIRMED: N_("收款账户待第二人核对"),
    NEW_CARD_DIFFERS: N_("退票后的材料与所录卡号不一致"),
    NEW_CARD_UNREAD: N_("退票后的材料没有读到新卡"),
    NEW_CARD_OF_ANOTHER: N_("退票后的材料不是会员本人的"),
    **NOTED_WORDS,
}

READS = (*reading.WITH_READINGS, (Claim.fields,), (Claim.findings,))

# After a death the cards are the heirs', who are keyed in a form of their own.
_OF_A_DEATH = (FieldName.MEMBER_NAME, FieldName.ID_NUMBER)
_ALWAYS = (*_OF_A_DEATH, FieldName.BANK_CARD_NUMBER)


Diversion = Callable[[Session, Office, Sequence[Papers]], Sequence[Papers]]
"""Gives papers to another claim that they belong to; what is left is judged on its own."""


def check(session: Session, claims: Sequence[Claim], office: Office, divert: Diversion) -> None:
    """Find what is wrong; each claim goes on, waits for papers, or waits for a person."""
    read: Sequence[Papers] = [papers_of(session, office, claim) for claim in claims]
    found_faults.ask_of_new_values(office, read)
    write_fields(session, read)
    apart = {papers.claim for papers in read if several_people.are_of_several(papers)}
    of_one = [papers for papers in read if papers.claim not in apart]
    _identify(session, office, of_one)
    for claim in apart:
        several_people.belongs_to_nobody(claim)
    left = {papers.claim for papers in divert(session, office, of_one)} | apart
    read = [papers for papers in read if papers.claim in left]
    # Before members are locked: the next check of alike pages waits for the end of this one.
    reused = reused_papers(session, [papers.claim for papers in read])
    _note_deaths(session, office, read)
    wanting = {}
    cards = cards_of(session, [papers.claim.member_id for papers in read])
    note_card_makers(session, [papers.claim for papers in read], cards)
    for papers in read:
        found = {several_people.FOUND}
        if papers.claim not in apart:
            found = {*_findings(office, papers), *reused.get(papers.claim.id, ())}
            known = cards.get(papers.claim.member_id or 0, ())
            found |= payee_findings(session, office, papers, found, known)
        still_open = found_faults.update_findings(office, papers.claim, found)
        if _move_on(session, office, papers, still_open) == ClaimState.INCOMPLETE:
            wanting[papers.claim] = occasions.of_check(papers.claim.version)
    # The letters are written later, and say what was missing at this version of the claim.
    want_letters(session, office, LetterKind.SUPPLEMENT_NOTICE, wanting)


def check_payee(session: Session, office: Office, claim: Claim) -> bool:
    """Check the payee of a claim whose money came back, and keep what is found; whether nothing
    about him is open.

    All else was decided and stays. The values are those that the claim names, whatever its papers
    say: what was keyed last is paid to.
    """
    papers = papers_of(session, office, claim)
    papers = replace(papers, values={**papers.values, **values_of(office.keys, claim)})
    _note_deaths(session, office, [papers])
    cards = cards_of(session, [claim.member_id])
    note_card_makers(session, [claim], cards)
    known = cards.get(claim.member_id or 0, ())
    return not found_faults.update_findings(
        office, claim, payee_findings(session, office, papers, set(), known)
    )


def _identify(session: Session, office: Office, read: Sequence[Papers]) -> None:
    """Find the members by ID number on the roster; the unit follows from his cover (R32)."""
    prints = {
        papers.claim: office.keys.fingerprint(papers.values[FieldName.ID_NUMBER])
        for papers in read
        if FieldName.ID_NUMBER in papers.values
    }
    # A query would flush first: all claims would be written now, and once more when they move.
    with session.no_autoflush:
        named = select(Member).where(any_of(Member.id_print, prints.values()))
        members = session.scalars(named).all()
        cover = Member.coverages, Coverage.cover_year, CoverYear.unit
        read_its(session, members, (Member.unit,), cover)
        by_print = {member.id_print: member for member in members}
    for papers in read:
        claim = papers.claim
        member = claim.member = by_print.get(prints.get(claim, b""))
        unit = claim.unit = unit_of(member, papers.events) if member else None
        # A flush would set these two from the objects; adjudication, which goes on with the claim
        # before any flush, locks the member by his id.
        claim.member_id = member.id if member else None
        claim.unit_id = unit.id if unit else None
        # All papers have been read by now, also those that were only filed when they came.
        have_been_seen(claim)
    for papers in read:
        card = papers.values.get(FieldName.BANK_CARD_NUMBER)
        papers.claim.card_print = office.keys.fingerprint(card) if card else None


def _note_deaths(session: Session, office: Office, read: Sequence[Papers]) -> None:
    """Keep that a member has died as soon as any of his claims shows it.

    So does a page that was read as a certificate of death and that a person has named another
    kind of paper since: two people have to take the death back.
    """
    telling = [each for each in read if _tells_a_death(each, each.read_as)]
    named_otherwise = [each.claim for each in telling if not _tells_a_death(each, set())]
    if named_otherwise:
        noted = ever_noted(session, [claim.member_id for claim in named_otherwise])
        known = [claim for claim in named_otherwise if claim.member_id in noted]
        telling = [each for each in telling if each.claim not in known]
    if any(each.claim.member for each in telling):
        # All of them: adjudication may lock them in this transaction, in order of id.
        lock_members(session, [each.claim for each in read])
    for each in telling:
        if member := each.claim.member:
            told = each.claim.tells_death
            source = DeathSource.EVENT if told else DeathSource.CERTIFICATE
            note_death(session, office, ToldDeath(member, source, each.claim))


def _tells_a_death(papers: Papers, read_as: Set[str]) -> bool:
    return is_of_a_dead_member(papers.shown.kinds | read_as, papers.events)


def _findings(office: Office, papers: Papers) -> Iterator[FoundFault]:
    claim, values = papers.claim, papers.values
    of_payee = papers.shown.kinds
    if papers.are_of_a_dead_member:
        of_payee = kinds_of_payee(office.keys, claim.member, papers.readings)
    missing = missing_papers(claim, papers.events, papers.shown, of_payee, papers.readings)
    yield from (FoundFault(MISSING_PAPER, code) for code in missing)
    yield from doubtful_pages(papers, of_payee, set(missing))
    yield from noted_pages(papers)
    yield from settled_otherwise(papers)
    yield from (FoundFault(DISAGREEMENT, name) for name in disputed(papers))
    yield from _field_findings(office, papers)
    yield from _roster_findings(office, papers)
    contradicted = contradictions(values) if pays_by_sums(claim) else {}
    yield from (FoundFault(SUMS_CONTRADICT, name) for name in contradicted)
    # What is still to come may be the second witness; one of contradicting sums is keyed anyway.
    if not still_asked(claim, MISSING_PAPER, missing):
        keyed_anyway = sums_of(still_asked(claim, SUMS_CONTRADICT, contradicted))
        lone = (name for name in of_one_witness(office, papers) if name not in keyed_anyway)
        yield from (FoundFault(ONE_WITNESS, name) for name in lone)
        yield from (FoundFault(FIELD_MISSING, name) for name in not_said(papers))
    if prints_another_level(papers.shown):
        yield FoundFault(DISAGREEMENT, FieldName.HOSPITAL_LEVEL)
    if not all(map(is_told, papers.events)):
        yield FoundFault(EVENT_WANTED, "event")
    for kind in may_also_claim(claim, papers.shown, papers.told):
        yield FoundFault(MAY_ALSO_CLAIM, kind)


def _field_findings(office: Office, papers: Papers) -> Iterator[FoundFault]:
    keyed = {name for name, field in papers.fields.items() if field.corrected_by is not None}
    decided = keyed | papers.disputed
    for name in dict.fromkeys((*_needed(papers), *money_facts(papers))):
        field = papers.fields.get(name)
        if field is None:
            yield FoundFault(FIELD_MISSING, name)
        elif fault_of(name, papers.values[name]):
            yield FoundFault(CHECK_FAILED, name)
        elif name not in decided and is_unsure(office, papers, name):
            yield FoundFault(FIELD_UNSURE, name)


def _needed(papers: Papers) -> tuple[FieldName, ...]:
    is_dead = papers.are_of_a_dead_member
    of_all = _OF_A_DEATH if is_dead else _ALWAYS
    return (*of_all, *OF_A_STAY) if any(map(is_read_from_papers, papers.told)) else of_all


def _roster_findings(office: Office, papers: Papers) -> Iterator[FoundFault]:
    member, values = papers.claim.member, papers.values
    if member is None:
        id_number = values.get(FieldName.ID_NUMBER)
        if id_number is not None and not fault_of(FieldName.ID_NUMBER, id_number):
            yield FoundFault(NOT_ON_ROSTER, FieldName.ID_NUMBER)
        return
    if values.get(FieldName.MEMBER_NAME) != member.name:
        yield FoundFault(ROSTER_DIFFERS, FieldName.MEMBER_NAME)
    if papers.are_of_a_dead_member:
        return
    card, known = values.get(FieldName.BANK_CARD_NUMBER), card_of(office.keys, member)
    if card is not None and known is not None and card != known:
        yield FoundFault(ROSTER_DIFFERS, FieldName.BANK_CARD_NUMBER)


def _move_on(session: Session, office: Office, papers: Papers, still_open: list[Finding]) -> str:
    """Move the claim by what is still open; the state it is in now."""
    claim = papers.claim
    codes = sorted({finding.code for finding in still_open})
    missing = sorted(f.subject for f in still_open if f.code == MISSING_PAPER)
    # A page that was not made out for sure may be the very paper that seems to be missing, and of a
    # death a person says what is claimed before the family is written to.
    is_dead = papers.are_of_a_dead_member
    look_first = not {*DOUBTFUL_WORDS, several_people.SEVERAL_PEOPLE}.isdisjoint(codes)
    look_first = look_first or (is_dead and MAY_ALSO_CLAIM in codes)
    if missing and not look_first:
        headings = headings_of(papers.events, papers.shown)
        told: dict[str, Any] = {"findings": codes, "papers": missing, "headings": headings}
        advance(session, claim, "ask_for_papers", office, **told)
    elif still_open:
        advance(session, claim, "question", office, findings=codes)
    else:
        claim.complete_at = claim.complete_at or office.clock()
        advance(session, claim, "find_complete", office)
    return claim.state
