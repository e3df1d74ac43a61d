"""Every paper that a packet can hold, by its kind."""

from collections.abc import Callable
from random import Random
from typing import Literal

from samples.case import Case
from samples.papers.application import application_form
from samples.papers.bills import invoice, settlement_sheet
from samples.papers.cards import bank_card, id_card_back, id_card_front
from samples.papers.hospital import diagnosis_certificate, discharge_record, pathology_report
from samples.papers.office import accident_statement, cover_sheet, other
from samples.papers.proofs import (
    death_certificate,
    disability_appraisal,
    household_cancellation,
    joint_statement,
    relationship_proof,
)
from samples.sheet import Sheet

Kind = Literal[
    "application_form",
    "id_card_front",
    "id_card_back",
    "bank_card",
    "discharge_record",
    "diagnosis_certificate",
    "pathology_report",
    "settlement_sheet",
    "invoice",
    "accident_statement",
    "disability_appraisal",
    "death_certificate",
    "household_cancellation",
    "relationship_proof",
    "joint_statement",
    "cover_sheet",
    "other",
]

PAPERS: dict[Kind, Callable[[Case, Random], Sheet]] = {
    "application_form": application_form,
    "id_card_front": id_card_front,
    "id_card_back": id_card_back,
    "bank_card": bank_card,
    "discharge_record": discharge_record,
    "diagnosis_certificate": diagnosis_certificate,
    "pathology_report": pathology_report,
    "settlement_sheet": settlement_sheet,
    "invoice": invoice,
    "accident_statement": accident_statement,
    "disability_appraisal": disability_appraisal,
    "death_certificate": death_certificate,
    "household_cancellation": household_cancellation,
    "relationship_proof": relationship_proof,
    "joint_statement": joint_statement,
    "cover_sheet": cover_sheet,
    "other": other,
}
