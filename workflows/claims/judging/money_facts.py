"""The read facts that decide the money of a claim, and which of them has only one witness."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from documents.kinds import Kind
from documents.reading.fields import SHEET_SUMS, FieldName, extract
from documents.reading.witnesses import CLERK, MONEY_FACTS, OF_ONE_WITNESS, WitnessCheck
from workflows.claims.events.event import is_read_from_papers, is_told
from workflows.claims.events.events_read import ACCIDENT, STAY, kind_of
from workflows.claims.papers.field_forms import fault_of
from workflows.claims.papers.papers_read import Papers
from workflows.claims.papers.settlement_sums import bases_of
from workflows.engine.office import Office

ONE_WITNESS = "ONE_WITNESS"

_PAYMENT, _BURN = "payment", "burn"


def money_facts(papers: Papers) -> list[FieldName]:
    """The facts that were read or keyed and by which something of this claim is paid."""
    # After a death the cards in the papers are the heirs', who are keyed in a form of their own.
    payment = () if papers.are_of_a_dead_member else (_PAYMENT,)
    paid_by = {*payment, *_paid_events(papers), *bases_of(papers.claim)}
    return [
        name
        for name, fact in MONEY_FACTS.items()
        if name in papers.fields and not paid_by.isdisjoint(fact.decides)
    ]


def disputed(papers: Papers) -> set[str]:
    """What the papers say in different ways; of sums, those by which something is paid."""
    return papers.disputed - (set(SHEET_SUMS) - set(money_facts(papers)))


def is_unsure(office: Office, papers: Papers, name: FieldName) -> bool:
    """Whether it was not read clearly; that it has one witness only is another question."""
    least = office.settings.unsure_below
    least = min(least, OF_ONE_WITNESS) if name in papers.lone else least
    return papers.fields[name].confidence < least


def of_one_witness(office: Office, papers: Papers) -> list[FieldName]:
    """Those to ask a clerk about: one paper says them, and neither another nor a check does.

    What papers dispute, what was not read clearly or is no such value at all is asked about for
    that; what rests on a page of a guessed kind, by asking for the kind.
    """
    guessed = pages_guessed(papers)
    return [
        name
        for name in money_facts(papers)
        if name in papers.lone - papers.disputed - guessed.keys()
        and MONEY_FACTS[name].seen_by == CLERK
        and (not is_unsure(office, papers, name) or name is FieldName.DIAGNOSES)
        and not fault_of(name, papers.values[name])
        and not _is_on_roster(papers, name)
    ]


def not_said(papers: Papers) -> tuple[FieldName, ...]:
    """The diagnoses, where a stay is to be paid by papers none of which says what for: an exclusion
    may be hidden. A row of a settlement file need not say it."""
    is_stay = any(map(is_read_from_papers, papers.told)) and not papers.are_of_a_dead_member
    is_by_papers = Kind.INSURANCE_RECORD not in papers.shown.kinds
    is_asked = is_stay and is_by_papers and FieldName.DIAGNOSES not in papers.fields
    return (FieldName.DIAGNOSES,) if is_asked else ()


def pages_guessed(papers: Papers) -> Mapping[str, frozenset[int]]:
    """The facts that would have their second witness if the kinds of all pages were sure, each with
    the places, among all pages, of those whose kind is a guess and that say it."""
    asked = papers.lone.intersection(money_facts(papers))
    if not asked or not any(page.kind_is_guessed for page in papers.readings):
        return {}
    found = extract([replace(page, kind_confidence=1.0) for page in papers.readings])
    guessed = {at for at, page in enumerate(papers.readings) if page.kind_is_guessed}
    return {
        name: frozenset(guessed & {each.page_index for each in choice.witnesses})
        for name, choice in found.choices.items()
        if name in asked - found.lone
    }


def _paid_events(papers: Papers) -> Iterator[str]:
    """What the events are paid for, as far as no person has established them or has to."""
    for told, read in zip(papers.told, papers.events, strict=True):
        if is_read_from_papers(told):
            yield STAY
        elif kind_of(told) == ACCIDENT and "outcome" not in told and is_told(read):
            yield ACCIDENT
            if "burns" in read and "burns" not in told:
                yield _BURN


def _is_on_roster(papers: Papers, name: FieldName) -> bool:
    member = papers.claim.member
    by_roster = WitnessCheck.ROSTER in MONEY_FACTS[name].checks
    return by_roster and member is not None and papers.values[name] == member.name
