"""Writes the true contents of each packet, to measure the reader and the whole line."""

import json
from pathlib import Path
from typing import Any

from samples.case import SampleHeir
from samples.layout import layout_named
from samples.layout_facts import told_by
from samples.packet import SamplePacket, SamplePaper, difficulty
from samples.wording import yuan

# The papers that print a field; the truth lists a field only if the packet has one of them.
PRINTED_ON: dict[str, set[str]] = {
    "member_name": {
        "application_form",
        "id_card_front",
        "discharge_record",
        "settlement_sheet",
        "invoice",
        "diagnosis_certificate",
        "pathology_report",
    },
    "id_number": {"application_form", "id_card_front", "settlement_sheet"},
    "bank_card_number": {"application_form", "bank_card"},
    "bank_name": {"application_form", "bank_card"},
    "phone": {"application_form"},
    "unit_name": {"application_form"},
    "hospital_name": {
        "application_form",
        "discharge_record",
        "settlement_sheet",
        "invoice",
        "diagnosis_certificate",
        "pathology_report",
    },
    "admitted_on": {"application_form", "discharge_record", "settlement_sheet", "invoice"},
    "discharged_on": {"application_form", "discharge_record", "settlement_sheet", "invoice"},
    "days_in_hospital": {"application_form", "discharge_record", "settlement_sheet", "invoice"},
    "diagnoses": {"application_form", "discharge_record", "diagnosis_certificate"},
    "medical_expense_total": {"settlement_sheet", "invoice"},
}

# Only these say who bore which part; what a case history calls 自付金额 is another sum.
BILLS = ("settlement_sheet", "invoice")
SHARES = {"fund_paid", "own_share"}


def write_truth(packet: SamplePacket, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(truth(packet), ensure_ascii=False, indent=2)
    (folder / f"{packet.name}.json").write_text(text + "\n", encoding="utf-8")


def truth(packet: SamplePacket) -> dict[str, Any]:
    printed = {name for paper in packet.papers for name in _printed_on(paper)}
    expected = packet.expected
    return {
        "packet": packet.file_name,
        "note": packet.note,
        "difficulty": difficulty([paper.handling for paper in packet.papers]),
        "pages": [
            _page(paper, name, page)
            for name, page, paper in zip(
                packet.file_names(), _page_numbers(packet), packet.papers, strict=True
            )
        ],
        "fields": {name: value for name, value in _values(packet).items() if name in printed},
        "expected": {
            "outcome": expected.outcome,
            "reason": expected.reason,
            "amount": expected.amount,
            "missing": list(expected.missing),
            "disagreements": list(expected.disagreements),
            "answer": expected.answer,
            "told": dict(expected.told),
            "heirs": [_heir(each) for each in packet.case.heirs],
            "ends": expected.ends,
        },
    }


def _printed_on(paper: SamplePaper) -> set[str]:
    if paper.layout and not paper.also:
        told = told_by(layout_named(paper.layout).facts)
        if paper.kind == "other":
            return set()  # what an unrelated paper says is said of nobody's stay
        return told if paper.kind in BILLS else told - SHARES
    kinds = {paper.kind, *paper.also}
    return {name for name, own in PRINTED_ON.items() if own & kinds}


def _heir(heir: SampleHeir) -> dict[str, str]:
    """An heir as a clerk keys him from the papers."""
    person = heir.person
    return {
        "name": person.name,
        "kinship": heir.kinship,
        "id_number": person.id_number,
        "account": person.card_number,
        "bank_name": person.bank_name,
        "share": heir.share,
    }


def _page(paper: SamplePaper, name: str, page: int) -> dict[str, Any]:
    """Rotation: degrees clockwise the picture stands turned, once its own tag has been followed."""
    return {
        "file": name,
        "page": page,
        "kind": paper.kind,
        "also": list(paper.also),
        "rotation": 0 if paper.tagged else paper.turn,
        "handling": paper.handling,
        **_of_layout(paper),
    }


def _of_layout(paper: SamplePaper) -> dict[str, Any]:
    """The layout file, and the fields that this page prints, where it was drawn from one."""
    if not paper.layout or paper.also:
        return {}
    layout = layout_named(paper.layout)
    return {
        "kind": layout.reads_as,
        "layout": layout.name,
        "prints": sorted(_printed_on(paper)),
    }


def _page_numbers(packet: SamplePacket) -> list[int]:
    if packet.form in ("folder", "zip"):
        return [1] * len(packet.papers)
    return list(range(1, len(packet.papers) + 1))


def _values(packet: SamplePacket) -> dict[str, Any]:
    person, stay = packet.case.person, packet.case.stay
    return {
        "member_name": person.name,
        "id_number": person.id_number,
        "bank_card_number": packet.case.payee.card_number,
        "bank_name": packet.case.payee.bank_name,
        "phone": person.phone,
        "unit_name": packet.case.unit_name,
        "hospital_name": stay.hospital.name,
        "admitted_on": stay.admitted_on.isoformat(),
        "discharged_on": stay.discharged_on.isoformat(),
        "days_in_hospital": stay.days,
        "diagnoses": [{"text": one.text, "icd": one.icd} for one in stay.diagnoses],
        "medical_expense_total": yuan(stay.expense_fen),
        "fund_paid": yuan(stay.fund_fen),
        "own_share": yuan(stay.expense_fen - stay.fund_fen),
    }
