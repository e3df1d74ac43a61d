"""A printed form: words come from templates, blanks are filled in from a case."""

import re
from collections.abc import Mapping
from random import Random

from samples.case import Case
from samples.fonts import Face
from samples.sheet import A4, BLACK, WHITE, Colour, FormBox, Sheet
from samples.wording import Wording, capitals, yuan

# One cell of a template: its share of the width, marks, and words.
# Marks: * filled in with a pen where the form is, < flush left, # one small box for each character.
CELL = re.compile(r"\s*([\d.]+)([*<#]*)\s*(.*?)\s*")
SERIFS: tuple[Face, ...] = ("song", "serif")
SANS: tuple[Face, ...] = ("hei", "sans")


class FormSheet(Sheet):
    def __init__(
        self,
        case: Case,
        rng: Random,
        faces: tuple[Face, ...] = SERIFS,
        size: tuple[int, int] = A4,
        ground: Colour = WHITE,
    ) -> None:
        super().__init__(size, ground, rng.choice(faces))
        self.case, self.rng, self.wording = case, rng, Wording(rng)
        self.facts: Mapping[str, object] = facts(case, self.wording)
        self.by_pen = rng.random() < 0.5
        self.made_up(rng)

    def heading(self, y: int, *choices: str, size: int = 42, face: Face | None = None) -> None:
        """Print one of these titles, centred."""
        self.title(y, self.filled(self.rng.choice(choices)), size, face)

    def say(
        self,
        x: float,
        y: float,
        words: str,
        size: int = 24,
        face: Face | None = None,
        end: str = "l",
    ) -> int:
        """Print one line; end r puts its right edge at x."""
        return self.text(x, y, self.filled(words), size, face, anchor=f"{end}a")

    def lines(self, y: int, words: str, size: int = 24, step: int = 50, x: int = 90) -> int:
        for line in words.strip("\n").splitlines():
            self.say(x, y, line.strip(), size)
            y += step
        return y

    def prose(self, y: int, words: str, size: int = 24, x: int = 90, leading: float = 1.55) -> int:
        return self.paragraph(x, y, self.width - 2 * x, self.filled(words), size, leading=leading)

    def table(
        self, y: int, rows: str, size: int = 23, x: int = 90, line: int = 2, ink: Colour = BLACK
    ) -> int:
        """Draw rows of a template, each `height | cell | cell`; returns the y under the last."""
        for row in rows.strip().splitlines():
            height, *cells = row.split("|")
            boxes = [self._box(cell) for cell in cells]
            y = self.row(y, int(height), boxes, size, x, line=line, rng=self.rng, ink=ink)
        return y

    def filled(self, words: str) -> str:
        return words.format_map(self.facts)

    def _box(self, cell: str) -> FormBox:
        match = CELL.fullmatch(cell)
        if not match:
            raise ValueError(cell)
        share, marks, words = match.groups()
        return FormBox(
            float(share),
            self.filled(words),
            align="left" if "<" in marks else "centre",
            by_hand="*" in marks and self.by_pen,
            apart="#" in marks,
        )


def facts(case: Case, wording: Wording) -> dict[str, str]:
    """The values for the blanks of a template."""
    person, stay, payee, day = case.person, case.stay, case.payee, wording.day
    own = stay.expense_fen - stay.fund_fen
    return {
        "name": person.name,
        "sex": person.sex,
        "nation": person.nation,
        "age": str(person.age_on(stay.admitted_on)),
        "born": day(person.born_on),
        "address": person.address,
        "id": person.id_number,
        "masked_id": person.id_number[:6] + "********" + person.id_number[-4:],
        "phone": person.phone,
        "unit": case.unit_name,
        "benefit": case.benefit,
        "payee": payee.name,
        "payee_sex": payee.sex,
        "payee_id": payee.id_number,
        "payee_phone": payee.phone,
        "kinship": case.kinship,
        "bank": payee.bank_name,
        "card": payee.card_number,
        "card_in_fours": in_fours(payee.card_number),
        "hospital": stay.hospital.name,
        "level": "一二三"[stay.hospital.level - 1] + "级",
        "ward": stay.ward,
        "bed": stay.bed,
        "doctor": stay.doctor,
        "record": stay.record_number,
        "record_no": wording.record,
        "admitted": day(stay.admitted_on),
        "admitted_at": wording.moment(stay.admitted_on),
        "in_digits": f"{stay.admitted_on:%Y%m%d}",
        "in_label": wording.admitted,
        "discharged": day(stay.discharged_on),
        "discharged_at": wording.moment(stay.discharged_on),
        "out_digits": f"{stay.discharged_on:%Y%m%d}",
        "out_label": wording.discharged,
        "days": str(stay.days),
        "days_label": wording.days,
        "days_worded": wording.stay_days(stay.days),
        "first": stay.diagnoses[0].text,
        "first_code": stay.diagnoses[0].icd,
        "illness": "、".join(one.text for one in stay.diagnoses),
        "complaint": stay.complaint,
        "how": case.how,
        "fault": case.fault,
        "total": yuan(stay.expense_fen),
        "fund": yuan(stay.fund_fen),
        "own": yuan(own),
        "from_account": yuan(own // 3),
        "in_cash": yuan(own - own // 3),
        "covered": yuan(own - own // 7),
        "rest": yuan(own // 7),
        "total_capitals": capitals(stay.expense_fen),
        "fund_capitals": capitals(stay.fund_fen),
        "own_capitals": capitals(own),
        "applied": day(case.applied_on),
        "hour": wording.hour(),
        "clerk": wording.rng.choice(("柳春艳", "姜晓东", "尹立新", "邢宏宇")),
        "number": str(wording.rng.randrange(10**9, 10**10)),
    }


def in_fours(number: str) -> str:
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))
