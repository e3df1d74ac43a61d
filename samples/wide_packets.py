"""Draws packets as many offices hand them in: layouts from files, all kinds of names and places."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from samples.case import Case, SampleDiagnosis, Stay
from samples.hospitals import SampleHospital
from samples.layout import LayoutSide, layouts
from samples.packet import Expected, Handling, PacketForm, SamplePacket, SamplePaper, Turn
from samples.papers import PaperKind
from samples.people import made_up_person

# What becomes of most pages of a packet, and how often: as often clean as scanned as photographed.
_WAYS: tuple[tuple[tuple[Handling, ...], int], ...] = (
    (("plain", "digital"), 30),
    (("scan", "grey", "fax"), 36),
    (("photo", "bad_photo"), 34),
)
_FORMS: tuple[PacketForm, ...] = ("folder", "folder", "folder", "pdf", "zip")
_DIGITAL: tuple[PaperKind, ...] = ("discharge_record", "settlement_sheet", "invoice")
_SCREENS = ("screenshot", "app")
"""Layouts of a telephone's screen, which nobody scans."""


@dataclass(frozen=True)
class _Stock:
    """What is drawn from."""

    names: list[str]
    units: list[str]
    hospitals: list[SampleHospital]
    illnesses: list[dict[str, Any]]


@cache
def _stock() -> _Stock:
    told = tomllib.loads(Path(__file__).with_name("wide.toml").read_text(encoding="utf-8"))
    hospitals = [SampleHospital(**row) for row in told["hospital"]]
    return _Stock(told["names"], told["units"], hospitals, told["illness"])


def wide_packet(seed: int, number: int, side: LayoutSide) -> SamplePacket:
    """The packet of this number; its layouts are of one side only."""
    rng = Random(f"wide {side} {seed} {number}")
    ways, often = zip(*_WAYS, strict=True)
    way = rng.choices(ways, often)[0]
    form: PacketForm = rng.choice(_FORMS)
    papers = [_paper(kind, way, form, side, rng) for kind in _kinds(rng)]
    return SamplePacket(
        name=f"w{seed}-{side}-{number:04d}",
        form=form,
        case=_case(rng),
        papers=tuple(_cards_together(papers, rng)),
        expected=Expected("not_judged"),
        note=f"Drawn from the layouts to {side}.",
    )


def _kinds(rng: Random) -> list[PaperKind]:
    kinds: list[PaperKind] = ["application_form", "id_card_front", "id_card_back", "bank_card"]
    kinds += ["discharge_record", rng.choice(("settlement_sheet", "invoice"))]
    kinds += ["diagnosis_certificate"] if rng.random() < 0.4 else []
    return [*kinds, "other"] if rng.random() < 0.12 else kinds


def _case(rng: Random) -> Case:
    stock, person = _stock(), made_up_person(rng)
    if rng.random() < 0.5:
        person = replace(person, name=rng.choice(stock.names))
    stay = _stay(rng, stock)
    applied_on = stay.discharged_on + timedelta(days=rng.randrange(2, 40))
    return Case(person, rng.choice(stock.units), stay, applied_on)


def _stay(rng: Random, stock: _Stock) -> Stay:
    told = rng.choice(stock.illnesses)
    admitted_on = date(2025, 7, 1) + timedelta(days=rng.randrange(460))
    days = rng.choice((*range(2, 30), 9, 10, 11, 12))
    expense = rng.randrange(250_000, 400_000) + days * rng.randrange(60_000, 250_000)
    if rng.random() < 0.3:
        expense -= expense % 10
    first, *others = (SampleDiagnosis(*one) for one in told["list"])
    return Stay(
        hospital=rng.choice(stock.hospitals),
        ward=told["ward"],
        record_number=f"{rng.randrange(10**6, 10**8):08d}",
        bed=f"{rng.randrange(1, 60):02d}",
        doctor=rng.choice("尹姜金崔祝柳邢") + rng.choice(("维国", "晓东", "宏宇", "春艳")),
        admitted_on=admitted_on,
        discharged_on=admitted_on + timedelta(days=days),
        diagnoses=(first, *others[: rng.randrange(len(others) + 1)]),
        complaint=told["complaint"],
        expense_fen=expense,
        fund_fen=expense * rng.randrange(40, 80) // 100,
    )


def _paper(
    kind: PaperKind, way: Sequence[Handling], form: PacketForm, side: LayoutSide, rng: Random
) -> SamplePaper:
    own = layouts(side).get(kind, ())
    layout = rng.choice(own).name if own else ""
    handling = rng.choice(way)
    if layout.endswith(_SCREENS) or (
        handling == "digital" and (form == "pdf" or kind not in _DIGITAL)
    ):
        handling = "plain"
    if layout.endswith("thermal") and handling != "digital":
        handling = "thermal" if "scan" in way else handling
    turn: Turn = rng.choice((90, 180, 270)) if handling != "digital" and rng.random() < 0.1 else 0
    on_page = kind in ("id_card_front", "id_card_back") and rng.random() < 0.7
    return SamplePaper(
        kind,
        handling,
        turn if not layout.endswith(_SCREENS) else 0,
        on_page=on_page,
        ending="png" if handling == "plain" and form != "pdf" else "jpg",
        layout=layout,
    )


def _cards_together(papers: list[SamplePaper], rng: Random) -> list[SamplePaper]:
    """Mostly both sides of the ID card on one page, at times with the bank card."""
    front = next(one for one in papers if one.kind == "id_card_front")
    if not front.on_page:
        return papers
    also: tuple[PaperKind, ...] = ("id_card_back",)
    if rng.random() < 0.25:
        also = ("id_card_back", "bank_card")
    both = replace(front, also=also)
    return [both if one is front else one for one in papers if one.kind not in also]
