"""The packets that come with the program, each showing one thing that happens in a claims office."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from samples.case import ILLNESSES, Case, made_up_stay
from samples.hospitals import hospital
from samples.packet import Expected, Handling, Packet, Paper
from samples.papers import Kind
from samples.people import Person
from samples.unit import sample_unit

STAY_PAPERS: tuple[Kind, ...] = (
    "application_form",
    "id_card_front",
    "id_card_back",
    "bank_card",
    "discharge_record",
)


def packets() -> list[Packet]:
    unit = sample_unit()
    one, two, three = unit.members[2:5]
    return [
        Packet(
            "01-clean-stay",
            "folder",
            _case(one, "吉林大学第一医院", date(2026, 3, 2), 10, 1),
            _papers(*STAY_PAPERS, "settlement_sheet"),
            _pay(50, 10),
            "A clean packet: six flat scans.",
        ),
        Packet(
            "02-clean-invoice",
            "folder",
            _case(two, "吉林大学第二医院", date(2026, 4, 13), 7, 2),
            _papers(*STAY_PAPERS, "invoice"),
            _pay(50, 7),
            "A clean packet with an electronic invoice.",
        ),
        Packet(
            "03-one-pdf",
            "pdf",
            _case(three, "长春市中心医院", date(2026, 5, 6), 14, 3),
            _papers(*STAY_PAPERS, "settlement_sheet"),
            _pay(50, 14),
            "One PDF of scanned pages.",
        ),
    ]


def _case(person: Person, where: str, admitted_on: date, days: int, seed: int) -> Case:
    rng = Random(f"case {seed}")
    stay = made_up_stay(rng, hospital(where), admitted_on, days, ILLNESSES[seed % len(ILLNESSES)])
    return Case(
        person, sample_unit().name, stay, stay.discharged_on + timedelta(days=rng.randrange(3, 25))
    )


def _papers(*kinds: Kind, handling: Handling = "scan") -> tuple[Paper, ...]:
    return tuple(Paper(kind, handling) for kind in kinds)


def _pay(rate: int, days: int) -> Expected:
    return Expected("pay", amount=f"{max(rate * days, 100)}.00")


def _misprint(case: Case, name: str) -> Case:
    return replace(case, person=replace(case.person, name=name))
