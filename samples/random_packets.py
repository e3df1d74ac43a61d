"""Draws any number of new packets, to measure the reader with."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from samples.case import (
    FATAL,
    ILLNESSES,
    INJURIES,
    TUMOURS,
    Ailment,
    Case,
    SampleHeir,
    made_up_stay,
)
from samples.hospitals import hospitals
from samples.packet import Expected, Handling, PacketForm, SamplePacket, SamplePaper, Turn
from samples.papers import PaperKind
from samples.people import made_up_name, made_up_person

T = TypeVar("T")
UNITS = (
    "吉林省样例厅机关工会",
    "吉林省虚构研究院工会委员会",
    "长春样例职业技术学院工会",
    "吉林省某某事务中心工会",
    "吉林样例出版集团有限公司工会委员会",
)
ACCIDENTS = (
    "在单位食堂门前因路面结冰不慎滑倒",
    "下班途中骑自行车摔倒",
    "操作设备时不慎被机器挤压",
    "清理仓库时从梯子上跌落",
)
HANDLINGS: tuple[tuple[Handling, int], ...] = (
    ("scan", 40),
    ("photo", 28),
    ("bad_photo", 12),
    ("plain", 12),
    ("fax", 8),
)
FORMS: tuple[tuple[PacketForm, int], ...] = (("folder", 55), ("pdf", 25), ("zip", 12), ("tiff", 8))
BASE: tuple[PaperKind, ...] = ("application_form", "id_card_front", "id_card_back", "bank_card")
# Papers that offices also issue as files.
DIGITAL: tuple[PaperKind, ...] = ("settlement_sheet", "invoice", "discharge_record")


def random_packet(seed: int, number: int) -> SamplePacket:
    rng = Random(f"packet {seed} {number}")
    case, kinds = _drawn(_EVENTS, rng)(rng)
    form = _drawn(FORMS, rng)
    # A TIFF is black and white; what comes in one was copied, not photographed.
    usual: Handling = "fax" if form == "tiff" else _drawn(HANDLINGS, rng)
    papers = [_paper(kind, usual, form, rng) for kind in kinds]
    wrong = _misprints(case, kinds, rng)
    return SamplePacket(
        name=f"r{seed}-{number:04d}",
        form=form,
        case=case,
        papers=tuple(_cards_together(papers, rng)),
        expected=Expected("check", disagreements=("member_name",))
        if wrong
        else Expected("not_judged"),
        note=f"Drawn at random; most pages: {usual}.",
        printed_wrong=wrong,
    )


def _stay(rng: Random) -> tuple[Case, list[PaperKind]]:
    case = _case(rng, ILLNESSES)
    kinds: list[PaperKind] = [*BASE, "discharge_record"]
    if not case.stay.hospital.is_local or rng.random() < 0.5:
        kinds.append(rng.choice(("settlement_sheet", "invoice")))
    return case, kinds + _extras(rng, ("diagnosis_certificate", "cover_sheet", "other"))


def _illness(rng: Random) -> tuple[Case, list[PaperKind]]:
    case = replace(_case(rng, TUMOURS), benefit="重大疾病")
    kinds: list[PaperKind] = [*BASE, "diagnosis_certificate", "pathology_report"]
    tests: tuple[PaperKind, ...] = ("test_report", "dialysis_record", "operation_record")
    return case, kinds + _extras(rng, ("discharge_record", "cover_sheet", "invoice", *tests))


def _injury(rng: Random) -> tuple[Case, list[PaperKind]]:
    case = _accident(rng, INJURIES)
    kinds: list[PaperKind] = [
        *BASE,
        "accident_statement",
        "diagnosis_certificate",
        "disability_appraisal",
    ]
    return case, kinds + _extras(
        rng, ("discharge_record", "settlement_sheet", "police_finding", "other")
    )


def _death(rng: Random) -> tuple[Case, list[PaperKind]]:
    case = replace(
        _accident(rng, FATAL),
        heirs=(SampleHeir(made_up_person(rng), rng.choice(("配偶", "父母子女", "兄弟姐妹"))),),
    )
    return case, [
        *BASE,
        "accident_statement",
        "death_certificate",
        "household_cancellation",
        "relationship_proof",
        "joint_statement",
    ]


_EVENTS: tuple[tuple[Callable[[Random], tuple[Case, list[PaperKind]]], int], ...] = (
    (_stay, 70),
    (_illness, 12),
    (_injury, 10),
    (_death, 8),
)


def _case(rng: Random, illnesses: tuple[Ailment, ...]) -> Case:
    admitted_on = date(2025, 7, 1) + timedelta(days=rng.randrange(460))
    person, days = made_up_person(rng), rng.choice((1, 2, *range(3, 40)))
    stay = made_up_stay(rng, person, rng.choice(hospitals()), admitted_on, days, illnesses)
    applied_on = stay.discharged_on + timedelta(days=rng.randrange(2, 40))
    return Case(person, rng.choice(UNITS), stay, applied_on)


def _accident(rng: Random, injuries: tuple[Ailment, ...]) -> Case:
    return replace(
        _case(rng, injuries),
        benefit="意外伤害",
        how=rng.choice(ACCIDENTS),
        grade=rng.randrange(1, 11),
    )


def _extras(rng: Random, kinds: tuple[PaperKind, ...]) -> list[PaperKind]:
    return [kind for kind in kinds if rng.random() < 0.35]


def _paper(kind: PaperKind, usual: Handling, form: PacketForm, rng: Random) -> SamplePaper:
    if form in ("folder", "zip") and kind in DIGITAL and rng.random() < 0.25:
        return SamplePaper(kind, "digital")
    handling = usual if form == "tiff" or rng.random() < 0.8 else _drawn(HANDLINGS, rng)
    turn: Turn = rng.choice((90, 180, 270)) if rng.random() < 0.18 else 0
    tagged = form == "folder" and handling in ("photo", "bad_photo") and rng.random() < 0.4
    on_page = kind in BASE[1:] and (form in ("tiff", "pdf") or rng.random() < 0.3)
    paper = SamplePaper(kind, handling, turn, on_page=on_page, tagged=tagged)
    if tagged or form != "folder":
        return paper
    return replace(paper, ending=rng.choices(("jpg", "png", "heic"), (85, 5, 10))[0])


def _cards_together(papers: list[SamplePaper], rng: Random) -> list[SamplePaper]:
    """Sometimes put the two sides of the ID card on one page."""
    front = next(one for one in papers if one.kind == "id_card_front")
    if not front.on_page or rng.random() < 0.4:
        return papers
    both = replace(front, also=("id_card_back",))
    return [both if one is front else one for one in papers if one.kind != "id_card_back"]


def _misprints(case: Case, kinds: list[PaperKind], rng: Random) -> dict[PaperKind, Case]:
    if "discharge_record" not in kinds or rng.random() > 0.1:
        return {}
    name = made_up_name(rng, case.person.sex)
    return {"discharge_record": replace(case, person=replace(case.person, name=name))}


def _drawn(choices: tuple[tuple[T, int], ...], rng: Random) -> T:
    return rng.choices([one for one, _ in choices], [weight for _, weight in choices])[0]
