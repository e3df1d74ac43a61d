"""The packets that come with the program, one for each situation in an office."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from samples.case import (
    BURN,
    CHILDBIRTH,
    FATAL,
    FRACTURE,
    HEART_ATTACK,
    ILLNESSES,
    TUMOURS,
    Ailment,
    Case,
    SampleHeir,
    made_up_stay,
)
from samples.hospitals import hospital
from samples.packet import Expected, Handling, SamplePacket, SamplePaper, Turn
from samples.papers import PaperKind
from samples.people import SamplePerson, made_up_person
from samples.unit import UNIT_NAME, WITH_TWO_PLANS, sample_unit

BASE: tuple[PaperKind, ...] = (
    "application_form",
    "id_card_front",
    "id_card_back",
    "bank_card",
    "discharge_record",
)
MEMBERS = sample_unit().members
# The form and the cards on as few pages as an office copies them.
_SHORT = (
    SamplePaper("application_form", "fax"),
    SamplePaper("id_card_front", "fax", on_page=True, also=("id_card_back",)),
    SamplePaper("bank_card", "fax", on_page=True),
)


def packets() -> list[SamplePacket]:
    return [
        *_clean(),
        *_hard_to_read(),
        *_wanting(),
        *_not_owed(),
        _death(),
        *_other_events(),
        *_over_several_papers(),
    ]


def _clean() -> list[SamplePacket]:
    first = _case(MEMBERS[2], "吉林大学第一医院", date(2026, 3, 2), 10)
    second = _case(MEMBERS[3], "吉林大学第二医院", date(2026, 4, 13), 7)
    third = _case(MEMBERS[4], "长春市中心医院", date(2026, 5, 6), 14)
    elder = _case(MEMBERS[0], "长春中医药大学附属医院", date(2026, 6, 8), 21)
    away = _case(MEMBERS[5], "延边大学附属医院", date(2026, 7, 1), 12)
    near = _case(MEMBERS[6], "吉林市中心医院", date(2026, 8, 17), 2)
    return [
        SamplePacket(
            "01-clean-stay",
            "folder",
            first,
            _papers(*BASE, "settlement_sheet"),
            Expected("pay", amount="500.00"),
            "Six flat scans; ten days at a local hospital.",
        ),
        SamplePacket(
            "02-clean-invoice",
            "folder",
            second,
            _papers(*BASE, "invoice"),
            Expected("pay", amount="350.00"),
            "Seven days; an electronic invoice in place of the settlement sheet.",
        ),
        SamplePacket(
            "03-one-pdf",
            "pdf",
            third,
            _papers("cover_sheet", *BASE),
            Expected("pay", amount="700.00"),
            "One PDF of scanned pages behind a cover sheet.",
        ),
        SamplePacket(
            "04-zip",
            "zip",
            elder,
            _papers(*BASE, handling="plain"),
            Expected("pay", amount="1050.00"),
            "A ZIP; the member was born before the county of the ID number existed.",
        ),
        SamplePacket(
            "05-elsewhere",
            "folder",
            away,
            (*_papers(*BASE), SamplePaper("settlement_sheet", "digital")),
            Expected("pay", amount="480.00"),
            "Twelve days out of town; the settlement sheet is a PDF of text.",
        ),
        SamplePacket(
            "06-elsewhere-two-days",
            "folder",
            near,
            (*_papers(*BASE), SamplePaper("invoice", "digital")),
            Expected("pay", "FLOOR_RAISED", "100.00"),
            "Two days out of town are 80 yuan, raised to the lowest benefit of 100.",
        ),
    ]


def _hard_to_read() -> list[SamplePacket]:
    photos = _case(MEMBERS[7], "吉林省人民医院", date(2026, 2, 9), 5)
    sideways = _case(MEMBERS[8], "吉林大学中日联谊医院", date(2026, 9, 3), 8)
    fax = _case(MEMBERS[9], "德惠市人民医院", date(2026, 1, 19), 6)
    return [
        SamplePacket(
            "07-phone-photos",
            "folder",
            photos,
            _photos(),
            Expected("pay", amount="250.00"),
            "Skewed phone photos on a desk, with shadows; some are stored turned, with a tag.",
        ),
        SamplePacket(
            "08-sideways",
            "folder",
            sideways,
            _turned((90, 0, 180, 270, 90)),
            Expected("pay", amount="400.00"),
            "Scans that lie on their side or stand on their head.",
        ),
        SamplePacket(
            "09-copier",
            "tiff",
            fax,
            _copied(*BASE),
            Expected("pay", amount="300.00"),
            "A TIFF of black and white pages from an office copier; a level-two hospital.",
        ),
    ]


def _wanting() -> list[SamplePacket]:
    no_card = _case(MEMBERS[10], "吉林大学第二医院", date(2026, 5, 20), 9)
    other_name = _case(MEMBERS[11], "吉林大学第一医院", date(2026, 6, 22), 11)
    misspelt = replace(other_name.person, name=other_name.person.name[:-1] + "莹")
    third = next(one for one in _clean() if one.name == "03-one-pdf")
    return [
        SamplePacket(
            "10-no-bank-card",
            "folder",
            no_card,
            tuple(one for one in _papers(*BASE) if one.kind != "bank_card"),
            Expected("incomplete", missing=("bank_card",)),
            "The copy of the bank card is missing.",
        ),
        SamplePacket(
            "11-other-name",
            "folder",
            other_name,
            _papers(*BASE),
            Expected("check", disagreements=("member_name",)),
            "The hospital wrote the member's name with another character.",
            {"discharge_record": replace(other_name, person=misspelt)},
        ),
        replace(
            third,
            name="12-again",
            expected=Expected("duplicate"),
            note="The very bytes of 03-one-pdf under another name.",
            drawn_from=third.name,
        ),
    ]


def _not_owed() -> list[SamplePacket]:
    stranger = made_up_person(Random("nobody on the roster"))
    cases = (
        (
            "13-level-one",
            _case(MEMBERS[12], "长春市样例社区卫生服务中心", date(2026, 7, 13), 6),
            "HOSPITAL_UNKNOWN",
            "A small centre that no register lists: referred to a person, never guessed.",
        ),
        (
            "14-one-day",
            _case(MEMBERS[13], "吉林省人民医院", date(2026, 10, 12), 1),
            "STAY_TOO_SHORT",
            "Out again the next day.",
        ),
        (
            "15-stranger",
            _case(stranger, "吉林大学第一医院", date(2026, 9, 14), 6),
            "NOT_A_MEMBER",
            "The patient is not on the unit's roster.",
        ),
        (
            "16-before-cover",
            _case(MEMBERS[14], "吉林大学中日联谊医院", date(2025, 12, 22), 9),
            "NOT_COVERED_ON_EVENT",
            "Admitted before the cover began, discharged in it: the admission date decides.",
        ),
    )
    return [
        SamplePacket(name, "folder", case, _papers(*BASE), _expected(reason), note)
        for name, case, reason, note in cases
    ]


def _death() -> SamplePacket:
    rng = Random("17-death-two-heirs")
    stay = made_up_stay(rng, MEMBERS[19], hospital("吉林大学第一医院"), date(2026, 4, 9), 2, FATAL)
    case = Case(
        MEMBERS[19],
        UNIT_NAME,
        stay,
        date(2026, 4, 28),
        benefit="意外伤害",
        heirs=(
            SampleHeir(made_up_person(rng), "配偶", "2/3"),
            SampleHeir(made_up_person(rng), "子女", "1/3"),
        ),
        how="下班途中在路口不慎从自行车上摔下",
    )
    of_each: tuple[PaperKind, ...] = (
        "id_card_front",
        "id_card_back",
        "bank_card",
        "relationship_proof",
    )
    return SamplePacket(
        "17-death-two-heirs",
        "folder",
        case,
        (
            *_papers("application_form", "accident_statement", "death_certificate"),
            *_papers("household_cancellation", "joint_statement"),
            *(SamplePaper(kind, heir=heir) for heir in (0, 1) for kind in of_each),
        ),
        Expected("refer", "PAYEE_NOT_MEMBER", "20000.00", answer="heirs"),
        "Death by accident; the two heirs share two to one by their joint statement.",
    )


def _other_events() -> list[SamplePacket]:
    """What is more than one stay: an illness, an accident, a transfer, what may be excluded."""
    ill = _case(MEMBERS[20], "吉林大学第一医院", date(2026, 5, 11), 12, HEART_ATTACK)
    ill = replace(ill, benefit="住院津贴、重大疾病")
    burnt = _case(MEMBERS[17], "吉林大学第一医院", date(2026, 4, 6), 15, BURN)
    burnt = replace(burnt, benefit="意外伤害", how="操作锅炉时不慎被蒸汽烫伤")
    here = _case(MEMBERS[16], "长春市中心医院", date(2026, 6, 1), 10)
    there = _case(MEMBERS[16], "吉林市中心医院", date(2026, 6, 11), 8)
    there = replace(there, stay=replace(there.stay, diagnoses=here.stay.diagnoses))
    birth = _case(MEMBERS[13], "吉林省人民医院", date(2026, 3, 16), 6, CHILDBIRTH)
    drunk = _case(MEMBERS[21], "吉林大学中日联谊医院", date(2026, 7, 20), 14, FRACTURE)
    drunk = replace(
        drunk, benefit="意外伤害", how="驾驶小型轿车与护栏相撞", fault="酒后驾驶机动车", grade=8
    )
    return [
        SamplePacket(
            "18-heart-attack",
            "folder",
            ill,
            (
                *_papers(*BASE, "diagnosis_certificate", "test_report"),
                SamplePaper("test_report", case=replace(ill, test="troponin")),
            ),
            _named("10600.00", "acute_myocardial_infarction", ill),
            "Stay and illness: ECG and troponin prove it, no pathology; a person names the class.",
        ),
        SamplePacket(
            "19-burn",
            "folder",
            burnt,
            _papers(*BASE, "diagnosis_certificate", "accident_statement"),
            Expected("pay", amount="15000.00"),
            "Third-degree scald of both hands, 6 % of the body surface.",
        ),
        SamplePacket(
            "20-transfer",
            "tiff",
            here,
            (
                *_copied(*BASE),
                SamplePaper("discharge_record", "fax", case=there),
                SamplePaper("settlement_sheet", "fax", case=there),
            ),
            Expected("pay", amount="820.00"),
            "Moved to another city on the day of discharge: one stay, each part at its own rate.",
        ),
        SamplePacket(
            "21-childbirth",
            "tiff",
            birth,
            _copied(*BASE),
            Expected("refer", "EXCLUSION_SUSPECTED", "0.00", answer="excluded"),
            "A stay for childbirth: a person decides whether it is excluded.",
        ),
        SamplePacket(
            "22-drunk-driving",
            "tiff",
            drunk,
            _copied(
                *BASE,
                "diagnosis_certificate",
                "accident_statement",
                "police_finding",
                "disability_appraisal",
            ),
            Expected("refer", "EXCLUSION_SUSPECTED", "0.00", answer="excluded"),
            "The police finding says that the member drove after drinking.",
        ),
    ]


def _over_several_papers() -> list[SamplePacket]:
    """What one packet does not tell alone: two plans, a stay in two packets, an objection."""
    ill = _case(MEMBERS[WITH_TWO_PLANS], "吉林大学第一医院", date(2026, 6, 15), 9, TUMOURS[0])
    ill = replace(ill, benefit="重大疾病")
    here = _case(MEMBERS[1], "吉林大学第一医院", date(2026, 2, 2), 50)
    there = _case(MEMBERS[1], "吉林大学第二医院", date(2026, 3, 24), 50)
    there = replace(there, stay=replace(there.stay, diagnoses=here.stay.diagnoses))
    seven = next(one.case for one in _clean() if one.name == "02-clean-invoice")
    left_on = seven.stay.admitted_on + timedelta(days=12)
    twelve = replace(seven, stay=replace(seven.stay, discharged_on=left_on))
    return [
        SamplePacket(
            "23-two-plans",
            "tiff",
            ill,
            (*_SHORT, *_copied("diagnosis_certificate", "pathology_report")),
            _named("30000.00", "malignant_tumour", ill),
            "A tumour; the member has the main plan and two shares of the illness plan.",
        ),
        SamplePacket(
            "24-two-hospitals-first",
            "tiff",
            here,
            (*_SHORT, *_copied("discharge_record")),
            Expected("pay", amount="2500.00"),
            "Fifty days; the other half of this stay comes in a packet of its own.",
        ),
        SamplePacket(
            "25-two-hospitals-second",
            "pdf",
            there,
            (*(replace(one, handling="scan") for one in _SHORT), *_papers("discharge_record")),
            Expected("refer", "DUPLICATE_EVENT", "2000.00", answer="together"),
            "Moved the day he left: one stay of a hundred days, of which ninety are paid.",
        ),
        SamplePacket(
            "26-objection",
            "tiff",
            twelve,
            _copied("discharge_record"),
            Expected("objection", amount="600.00"),
            "The hospital's corrected record for 02-clean-invoice, with the member's objection.",
        ),
    ]


def _expected(reason: str) -> Expected:
    if reason == "HOSPITAL_UNKNOWN":
        return Expected("refer", reason, "0.00", answer="below")
    if reason == "NOT_A_MEMBER":
        return Expected("check", reason, "0.00", answer="accepted")
    return Expected("deny", reason)


def _named(amount: str, illness: str, case: Case) -> Expected:
    """What it comes to once a person has said which listed illness it is."""
    told = {"illness": illness, "diagnosed_on": case.stay.admitted_on.isoformat()}
    return Expected("refer", "ILLNESS_TO_NAME", amount, answer="named", told=told)


def _case(
    person: SamplePerson, where: str, admitted_on: date, days: int, *illnesses: Ailment
) -> Case:
    rng = Random(f"{person.id_number} {admitted_on}")
    illnesses = illnesses or ILLNESSES
    stay = made_up_stay(rng, person, hospital(where), admitted_on, days, illnesses)
    applied_on = stay.discharged_on + timedelta(days=rng.randrange(3, 20))
    return Case(person, UNIT_NAME, stay, applied_on)


def _papers(*kinds: PaperKind, handling: Handling = "scan") -> tuple[SamplePaper, ...]:
    return tuple(SamplePaper(kind, handling) for kind in kinds)


def _copied(*kinds: PaperKind) -> tuple[SamplePaper, ...]:
    """As an office copier makes them: black and white, cards on a whole page."""
    papers = _papers(*kinds, handling="fax")
    return tuple(replace(one, on_page="card" in one.kind) for one in papers)


def _photos() -> tuple[SamplePaper, ...]:
    handlings: tuple[Handling, ...] = ("photo", "photo", "photo", "photo", "bad_photo")
    turns: tuple[Turn, ...] = (0, 90, 0, 0, 270)
    return tuple(
        SamplePaper(kind, handling, turn, tagged=True)
        for kind, handling, turn in zip(BASE, handlings, turns, strict=True)
    )


def _turned(turns: tuple[Turn, ...]) -> tuple[SamplePaper, ...]:
    return tuple(SamplePaper(kind, "scan", turn) for kind, turn in zip(BASE, turns, strict=True))
