"""Reads names: of people, hospitals, units and banks."""

import re

from documents.plain_text import HAN, NAME_DOTS, with_one_dot
from documents.reading.field_names import FieldName
from documents.reading.found_value import FoundValue, Squeezed
from documents.reading.paper_labels import labels_of

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴"
    "夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟"
    "安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项"
    "曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来"
    "缪褚苟窦褟全娄迟肖冀代闫佟巩付仇楚荣满由展初宣应藏那艾仲敖鞠么厉战矫英逄蔺晏匡国双封桑卓於燕尚丰隆师粟沙占奚"
    "朴亓逯隗郗仝麻冼谌昝麦鄂敬缑"
)
_DOUBLE = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "司徒",
    "东方",
    "夏侯",
    "皇甫",
    "尉迟",
    "慕容",
    "令狐",
    "端木",
    "公孙",
    "独孤",
    "南宫",
    "呼延",
)
_DOT = rf"(?:\s{{0,2}}[{NAME_DOTS}]\s{{0,2}}|[.﹒])"
_EDGE = rf"(?=$|[\s(),;:/、]|\d|[男女]\s?\d{{1,3}}岁|(?<=[{HAN}]{{2}})(?:同志|先生|女士))"
_BLANK = r"[\s:.\-]*"
_PERSON = (
    re.compile(rf"{_BLANK}(?P<name>[{HAN}]{{1,10}}(?:{_DOT}[{HAN}]{{1,10}}){{1,3}}){_EDGE}"),
    re.compile(rf"{_BLANK}(?P<name>(?:{'|'.join(_DOUBLE)})\s{{1,3}}[{HAN}]{{1,2}}){_EDGE}"),
    re.compile(rf"{_BLANK}(?P<name>[{HAN}]{{2}} [{HAN}])(?=\s*$|\s{{2}}|[(),;])"),
    re.compile(rf"{_BLANK}(?P<name>[{HAN}]{{2,4}}?){_EDGE}"),
    re.compile(rf"{_BLANK}(?P<name>[{HAN}](?:\s{{1,3}}[{HAN}]){{1,2}}){_EDGE}"),
    re.compile(rf"{_BLANK}(?P<name>[{HAN}]\s{{1,3}}[{HAN}]{{2}}){_EDGE}"),
    re.compile(rf"{_BLANK}(?P<name>[{HAN}]{{5,10}}?){_EDGE}"),
)
_NO_PERSON = re.compile(
    "[男女]$|签|章|本人|身份|号码|电话|日期|单位|医院|工会|银行|姓名|性别|年龄|先生|女士|同志|会员|患者|无|未|如实|填写|证件|科|主任|意见|同意|公司|复印|情况"
)
_MORE = re.compile(rf"\s{{0,2}}(?:[{NAME_DOTS}.]|[{HAN}]{{2,}}(?:\s|$))")
"""What follows a name that may go on: a dot, or another word that is no label."""
_STRANGE_SURNAME = 0.8
_LONG = 0.7
"""How well a name of four characters and more is read that begins with no double surname: it is of
one word in other tongues, and may be cut off or be no name at all."""

_CARE = (
    "医院|卫生院|保健院|医疗中心|防治院|防治所|疗养院|医学中心|卫生服务中心|急救中心"
    "|妇幼保健计划生育服务中心|肿瘤中心"
)
_SITE = "(?:[东西南北新老本]院区?|[东西南北]区|[一二三四五][部院]|总院|分部)(?![长分队域职])"
"""What follows the name of a hospital of several houses, unless it begins another word (新院长)."""
_CARES = re.compile(_CARE)
_HOSPITAL = re.compile(
    rf"(?P<name>[{HAN}A-Za-z0-9·()]{{2,30}}?(?:{_CARE})"
    rf"(?:[{HAN}0-9]{{1,10}}?(?:医院|分院|院区|医学中心)|{_SITE})?"
    rf"(?:\((?![一二三]级|[^)]*章)[{HAN}0-9]{{1,20}}\))?)"
)
_HOSPITAL_LEAD = re.compile(
    r"(?:\d{1,4}[年月日]){1,3}|.*在|于|到|赴|经|由|的|转入|就诊于|收治于|名称|患者|曾|至|我单位职工|中华人民共和国|"
    + "|".join(sorted(labels_of(FieldName.HOSPITAL_NAME), key=len, reverse=True))
)
"""What may stand glued before a hospital: a verb, or a label without a colon."""
_SHORTEST_HOSPITAL = 3
_ANOTHER = re.compile(rf"[、,和及与/]{_HOSPITAL.pattern}")
_TWO = re.compile("(?:医院|卫生院|医学院)\\s+\\S{2,}(?:医院|卫生院|医学院)")
"""Two hospitals with a blank between them; a second name of the same one stands in brackets."""
_ONE_OF_TWO = 0.75
"""How well a hospital is read after which another one follows."""
_ORG_TAIL = re.compile(
    r"(?:公司|集团|局|厅|委员会|工会|学校|大学|学院|中学|小学|医院|研究院|研究所|中心|厂|社|部|处|所|院|站|馆|队|银行|办公室|协会|联合会|政府|法院|检察院|店|场|支行|分行|营业部|室)$"
)
_SEAL = re.compile(r"\(?(?:盖章|公章|签章|章)\)?$")
_BANK = re.compile(
    rf"(?P<name>[{HAN}]{{2,14}}?(?:银行|信用合作联社|信用社|信用联社|农商行|邮储)"
    rf"[{HAN}0-9()]{{0,30}}?(?:支行|分行|营业部|营业室|分理处|储蓄所|分社)?)(?=$|[\s,;:。]|[A-Za-z])"
)
_BANK_SHORT = {
    "工行": "中国工商银行",
    "建行": "中国建设银行",
    "农行": "中国农业银行",
    "中行": "中国银行",
    "交行": "交通银行",
    "邮储": "中国邮政储蓄银行",
}
_BANKS = (
    "中国邮政储蓄银行",
    "中国工商银行",
    "中国建设银行",
    "中国农业银行",
    "中国光大银行",
    "中国民生银行",
    "上海浦东发展银行",
    "中国银行",
    "交通银行",
    "招商银行",
    "兴业银行",
    "中信银行",
    "华夏银行",
    "广发银行",
    "平安银行",
    "吉林银行",
)
_WEAK_ORG = 0.9
_REPLACED = 0.75
"""How well a bank is read that is not called as it is printed: below what counts as sure."""


def find_person(text: str) -> FoundValue | None:
    """The name at the beginning of the text, inner spaces dropped."""
    for pattern in _PERSON:
        match = pattern.match(text)
        if match is None:
            continue
        name = with_one_dot(match["name"])
        if not _NO_PERSON.search(name):
            quality = _quality(name, match["name"], text[match.end("name") :])
            return FoundValue(name, *match.span("name"), quality)
    return None


def _quality(name: str, written: str, rest: str) -> float:
    if "·" in name:
        return _STRANGE_SURNAME if "." in written or "﹒" in written else 1.0
    may_go_on = len(name) == 4 and not name.startswith(_DOUBLE) and _MORE.match(rest)
    if len(name) > 4 or may_go_on:
        return _LONG
    return 1.0 if name[0] in _SURNAMES or name.startswith(_DOUBLE) else _STRANGE_SURNAME


def find_hospital(text: str) -> FoundValue | None:
    """The first hospital named in the text."""
    # Most texts name no hospital; this test is faster than a search for the beginning of a name.
    if not _CARES.search("".join(text.split())):
        return None
    packed = Squeezed.of(text)
    for match in _HOSPITAL.finditer(packed.text):
        start, end = match.span("name")
        while lead := _HOSPITAL_LEAD.match(packed.text, start, end):
            start = lead.end()
        if end - start > _SHORTEST_HOSPITAL:
            is_one = not _ANOTHER.match(packed.text, end) and not _TWO.search(
                text[packed.origin[start] : packed.origin[end - 1] + 1]
            )
            quality = 1.0 if is_one else _ONE_OF_TWO
            return packed.found(_full_brackets(packed.text[start:end]), start, end, quality)
    return None


def find_unit(text: str) -> FoundValue | None:
    """The first word group of the text, as the name of an employer."""
    packed = Squeezed.of(re.split(r"\s{2,}|[;,:]", text.strip(), maxsplit=1)[0])
    offset = len(text) - len(text.lstrip())
    name = _SEAL.sub("", packed.text)
    if len(re.findall(rf"[{HAN}]", name)) < 4:
        return None
    quality = 1.0 if _ORG_TAIL.search(name) else _WEAK_ORG
    found = packed.found(_full_brackets(name), 0, len(name), quality)
    return FoundValue(found.value, found.start + offset, found.end + offset, quality)


def find_bank(text: str) -> FoundValue | None:
    """A bank with its branch where it is printed; a colloquial short name in full, and a well-known
    bank with one character misread, both with doubt."""
    packed = Squeezed.of(text)
    match = _BANK.search(packed.text)
    if match:
        printed = _full_brackets(match["name"])
        name = _known_bank(printed)
        quality = 1.0 if name == printed else _REPLACED
        return packed.found(name, *match.span("name"), quality)
    for short, full in _BANK_SHORT.items():
        at = packed.text.find(short)
        if at >= 0:
            tail = re.match(rf"[{HAN}()]*", packed.text[at + len(short) :])
            rest = tail[0] if tail else ""
            return packed.found(full + rest, at, at + len(short) + len(rest), _REPLACED)
    return None


def _known_bank(name: str) -> str:
    """The name, corrected if one character of a well-known bank was misread."""
    if name.startswith(_BANKS):
        return name
    for bank in _BANKS:
        head = name[: len(bank)]
        if len(head) == len(bank) and sum(a != b for a, b in zip(head, bank, strict=True)) == 1:
            return bank + name[len(bank) :]
    return name


def ends_like_a_name(text: str) -> bool:
    """Whether the text is a whole organisation's name, and not one cut off by the line's end."""
    return bool(_ORG_TAIL.search(_SEAL.sub("", "".join(text.split()))))


def _full_brackets(name: str) -> str:
    """The name with full-width brackets, as Chinese names have them."""
    return name.replace("(", "（").replace(")", "）")
