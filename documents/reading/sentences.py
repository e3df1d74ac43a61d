"""Reads the fields that stand in sentences: 于3月2日入院, 系某某厅职工, 兹证明某某,女,…"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from documents.plain_text import HAN
from documents.reading import numbers, people_and_places
from documents.reading.dates import TIME_OF_DAY, UNTIL, find_dates
from documents.reading.diagnoses import find_diagnoses, illnesses_first_in
from documents.reading.evidence import FieldValue, offer
from documents.reading.field_names import FieldName
from documents.reading.found_value import FoundValue
from documents.reading.page_layout import PageSheet
from documents.reading.spans import Slice, Span

# A date may be followed by the next label instead of a verb.
_NO_LABEL = r"(?!日|时|诊|情|记|科|医|小|总|证|方|途|病|\s*[:\]])"
_TO_WARD = re.compile(
    rf"{TIME_OF_DAY}(?:因|以|由)?[^。;\d]{{0,40}}?"
    rf"(?:入院{_NO_LABEL}|入住|收入|收住|收治|住入|住进|来我?院|(?<!共)住院(?!治疗?\d|日|天|号|科|时|病|费|收|\s*\d))"
)
_HOME = re.compile(rf"{TIME_OF_DAY}[^。,;\d]{{0,12}}?(?:出院{_NO_LABEL}(?!\s*\d)|离院)")
_STAY = re.compile("住院|入院|治疗|就诊|在我院|期间")
_NO_STAY = re.compile("门诊|留观|休息|全休|病假|结算期间|计费|记账")
"""Words of days that may be no stay: 门诊治疗日期, 治疗后全休."""
_BEFORE = 12
"""How many characters before a range of dates are searched for words of a stay."""
_CLAUSE = re.compile("[^,。;]{0,60}")
"""What follows a range up to the end of its clause: 于…至…因肺炎在某医院住院治疗."""
_LEADS = {
    "lasting": "住院|在院|治疗|共计|共住|共|历时|计",
    "treated at": "在|于|到|赴|入住|就诊于|送往|送至",
    "suffering": "因患|确诊患|患有",
    "diagnosed": "诊断为|确诊为",
    "about": "(?:兹证明|本人|[兹今]有)(?:患者|病[人员]|职工|会员)?|患者|病[人员]|职工|会员|同志"
    "|被鉴定人",
    "because of": "因",
    "member of": "系",
}
_HAS_A_LEAD = re.compile("|".join(_LEADS.values()))
"""Most texts have none of the words that lead to a value; this test is faster than each search."""
_LASTING = re.compile(
    rf"(?:{_LEADS['lasting']})\s*(?:治疗|时间|[天日]数)?(?:共计|共|计)?\s*(?P<days>\d{{1,3}}|[一二三四五六七八九十]{{1,3}})\s*[天日](?!内|后)"
)
_MEMBER_OF = re.compile(
    rf"(?:{_LEADS['member of']})(?P<unit>[{HAN}()]{{4,25}}?)"
    r"(?:在职|正式)?(?:职工|员工|干部|会员|工作人员)"
)
_TREATED_AT = re.compile(rf"(?:{_LEADS['treated at']})\s*(?P<hospital>[{HAN}].{{0,30}})")
_SUFFERING = re.compile(
    rf"(?:{_LEADS['suffering']})\s*:?\s*(?P<illness>[^,。;]{{2,40}}?)(?=[,。;]|于\d|在|住院)"
)
_DIAGNOSED = re.compile(
    rf"(?:{_LEADS['diagnosed']})\s*:?\s*(?P<illness>[^。]{{2,150}}?)(?=[。]|于\d|在|住院|$)"
)
_BECAUSE_OF = re.compile(
    rf"(?:{_LEADS['because of']})(?![患病公工]|意外|事故|车祸)"
    r"(?P<illness>[^,。;因“”\"]{3,40}?)(?=[于在][^,。;]{2,30}住院)"
)
_ABOUT = re.compile(rf"(?:{_LEADS['about']})\s*:?\s*(?P<person>[{HAN}].{{0,10}})")
_AFTER_A_NAME = re.compile(r"\s*(?:同志|先生|女士)?\s*[,(、:]")
_OPENING = re.compile(
    rf"\s*(?!患者|病[人员]|[兹今]有)(?P<person>[{HAN}].{{0,20}}?)\s*[,(]\s*[男女]"
)
"""A record that begins with the patient: 张三,男,45岁."""
_GREETING = re.compile(
    rf"\s*(?P<polite>尊敬的)?\s*(?P<person>[{HAN}].{{0,20}}?)\s*"
    r"(?P<title>先生/女士|女士/先生|先生|女士|同志)?\s*[:,]?\s*"
)
_OF_THE_STAY = {FieldName.ADMITTED_ON, FieldName.DISCHARGED_ON, FieldName.HOSPITAL_NAME}
_PAST_AND_TO_COME = re.compile(
    r"[\s\[(]*(?:既往史|现病史|个人史|家族史|手术史|婚育史|主诉|出院医嘱|医嘱|随访|转归|建议|医师建议|医生建议|处理意见)"
)
_OF_ANOTHER_TIME = re.compile(
    "父亲|母亲|其[父母妻夫子女]|儿子|女儿|丈夫|妻子|曾|既往|[上前末下再]次|[年月周天日]余?[前后]|[预拟计][计于划定]|嘱|返院|预约|复查|复诊|随[访诊]|转[往至院]|外院"
)
"""Words that speak of another stay, hospital or person in the same clause."""
_CLAUSE_END = re.compile("[,。;]")
_DOUBTED = 0.75
_FULL = 0.8
"""A row that reaches this far across the text runs on into the next."""
_BRACKET = 1
_WEIGHT = 0.93
_IN_PASSING = 0.8


def sentences(sheet: PageSheet, page: int) -> Iterator[FieldValue]:
    """The values in the sentences of the page."""
    for paragraph in paragraphs(sheet):
        for name, found in _finds(paragraph.text):
            for value in offer(sheet, name, paragraph, found, page, _WEIGHT):
                yield replace(value, in_passing=True)


def paragraphs(sheet: PageSheet) -> Iterator[Span]:
    """Rows joined to paragraphs: full to the right margin, and the next begins with no label."""
    left = min((row.place.left for row in sheet.rows), default=0.0)
    right = max((row.place.right for row in sheet.rows), default=0.0)
    lines: list[Slice] = []
    for row in sheet.rows:
        starts_anew = bool(row.marks) and row.marks[0].start <= _BRACKET
        if lines and (starts_anew or lines[-1].row.place.right - left < _FULL * (right - left)):
            yield Span(tuple(lines))
            lines = []
        lines.append(Slice(row, 0, len(row.text)))
    yield Span(tuple(lines))


def _finds(text: str) -> Iterator[tuple[FieldName, FoundValue]]:
    for name, found in _all_finds(text):
        doubted = name in _OF_THE_STAY and _is_of_another_time(text, found)
        yield name, found._replace(quality=found.quality * _DOUBTED) if doubted else found


def _is_of_another_time(text: str, found: FoundValue) -> bool:
    """Whether the paragraph or the clause tells what was before the stay or comes after it."""
    if _PAST_AND_TO_COME.match(text):
        return True
    start = max((end.end() for end in _CLAUSE_END.finditer(text, 0, found.start)), default=0)
    end = _CLAUSE_END.search(text, found.end)
    return bool(_OF_ANOTHER_TIME.search(text, start, end.start() if end else len(text)))


def _all_finds(text: str) -> Iterator[tuple[FieldName, FoundValue]]:
    yield from _stay(text)
    yield from _patient(text)
    if _HAS_A_LEAD.search(text):
        yield from _led_to(text)


def _patient(text: str) -> Iterator[tuple[FieldName, FoundValue]]:
    """The patient where a record begins with him, or a letter greets him."""
    greeting, opening = _GREETING.fullmatch(text), _OPENING.match(text)
    is_polite = greeting and (greeting["polite"] or greeting["title"])
    match = opening or (greeting if is_polite or text.rstrip().endswith(":") else None)
    if match is None:
        return
    person = people_and_places.find_person(match["person"])
    if person and person.end == len(match["person"]) and (person.quality == 1.0 or is_polite):
        yield FieldName.MEMBER_NAME, _moved(person, match.start("person"))


def _led_to(text: str) -> Iterator[tuple[FieldName, FoundValue]]:
    for match in _LASTING.finditer(text):
        for days in numbers.find_days(f"{match['days']}天"):
            yield FieldName.DAYS_IN_HOSPITAL, _moved(days, match.start("days"))
    for match in _MEMBER_OF.finditer(text):
        if unit := people_and_places.find_unit(match["unit"]):
            yield FieldName.UNIT_NAME, _moved(unit, match.start("unit"))
    for match in _TREATED_AT.finditer(text):
        hospital = people_and_places.find_hospital(match["hospital"])
        if hospital and hospital.start == 0:
            yield FieldName.HOSPITAL_NAME, _moved(hospital, match.start("hospital"))
    for match in _DIAGNOSED.finditer(text):
        if illness := illnesses_first_in(match["illness"]):
            yield FieldName.DIAGNOSES, FoundValue(illness, *match.span("illness"), _IN_PASSING)
    for match in (*_SUFFERING.finditer(text), *_BECAUSE_OF.finditer(text)):
        if illness := find_diagnoses(match["illness"]):
            yield FieldName.DIAGNOSES, FoundValue(illness, *match.span("illness"), _IN_PASSING)
    for match in _ABOUT.finditer(text):
        person = people_and_places.find_person(match["person"])
        if person and _AFTER_A_NAME.match(match["person"], person.end):
            yield FieldName.MEMBER_NAME, _moved(person, match.start("person"))


def _stay(text: str) -> Iterator[tuple[FieldName, FoundValue]]:
    dates = find_dates(text)
    if not dates:
        return
    ranges = [
        pair for pair in pairwise(dates) if UNTIL.fullmatch(text[pair[0].end : pair[1].start])
    ]
    for start, end in ranges:
        clause = _CLAUSE.match(text, end.end)
        after = clause[0] if clause else ""
        before = text[max(start.start - _BEFORE, 0) : start.start]
        if _STAY.search(before) or _STAY.search(after):
            doubted = len(ranges) > 1 or _NO_STAY.search(before + after)
            sure = _DOUBTED if doubted else 1.0
            yield FieldName.ADMITTED_ON, start._replace(quality=start.quality * sure)
            yield FieldName.DISCHARGED_ON, end._replace(quality=end.quality * sure)
    for one in dates:
        if any(one in pair for pair in ranges):
            continue
        if _HOME.match(text, one.end):
            yield FieldName.DISCHARGED_ON, one
        elif _TO_WARD.match(text, one.end):
            yield FieldName.ADMITTED_ON, one


def _moved(found: FoundValue, by: int) -> FoundValue:
    """A find in a part of a text, converted to positions of the whole."""
    return found._replace(start=found.start + by, end=found.end + by)
