"""Every paper that a packet can hold, by its kind."""

from collections.abc import Callable
from random import Random
from typing import Literal

from samples.case import Case
from samples.papers.application import application_form
from samples.papers.bills import invoice, settlement_sheet
from samples.papers.cards import bank_card, id_card_back, id_card_front
from samples.papers.hospital import (
    diagnosis_certificate,
    dialysis_record,
    discharge_record,
    operation_record,
    pathology_report,
    test_report,
)
from samples.papers.office import accident_statement, cover_sheet, other, police_finding
from samples.papers.proofs import (
    death_certificate,
    disability_appraisal,
    household_cancellation,
    joint_statement,
    relationship_proof,
)
from samples.sheet import Sheet

PaperKind = Literal[
    "application_form",
    "id_card_front",
    "id_card_back",
    "bank_card",
    "discharge_record",
    "diagnosis_certificate",
    "pathology_report",
    "test_report",
    "dialysis_record",
    "operation_record",
    "settlement_sheet",
    "invoice",
    "accident_statement",
    "police_finding",
    "disability_appraisal",
    "death_certificate",
    "household_cancellation",
    "relationship_proof",
    "joint_statement",
    "cover_sheet",
    "other",
]

PAPERS: dict[PaperKind, Callable[[Case, Random], Sheet]] = {
    "application_form": application_form,
    "id_card_front": id_card_front,
    "id_card_back": id_card_back,
    "bank_card": bank_card,
    "discharge_record": discharge_record,
    "diagnosis_certificate": diagnosis_certificate,
    "pathology_report": pathology_report,
    "test_report": test_report,
    "dialysis_record": dialysis_record,
    "operation_record": operation_record,
    "settlement_sheet": settlement_sheet,
    "invoice": invoice,
    "accident_statement": accident_statement,
    "police_finding": police_finding,
    "disability_appraisal": disability_appraisal,
    "death_certificate": death_certificate,
    "household_cancellation": household_cancellation,
    "relationship_proof": relationship_proof,
    "joint_statement": joint_statement,
    "cover_sheet": cover_sheet,
    "other": other,
}
