"""Reads a list of diagnoses, numbered or not, with the ICD codes printed beside them."""

import re
from collections.abc import Iterator, Sequence

from documents.plain_text import ENCLOSED_NUMBERS, HAN
from documents.reading.found_value import Diagnosis

_CODE = r"[A-Z][0-9]{2}(?:\.(?:[0-9]{1,3}|[xX×][0-9]{0,2})(?:[xX×][0-9]{3})?)?[+*†]?"
_ICD = re.compile(rf"(?<![A-Za-z0-9])({_CODE})(?![A-Za-z])")
_MISREAD_ICD = re.compile(
    r"(?<![A-Za-z0-9.])[l|1]([0-9O]{2})\.([xX×0-9O][0-9O]{0,2})(?![A-Za-z0-9%])"
)
_ROMAN = "\u2160-\u216b"
"""Ⅰ to Ⅻ in one character, as in Ⅱ型呼吸衰竭."""
_TEN = "一二三四五六七八九十"
_STARTS = rf"(?=[{HAN}{_ROMAN}(A-Z]|\d+[型度级期])"
_NUMBER = re.compile(
    rf"(?:^|(?<=[\s;,、。:]))(?:\(\d{{1,2}}\)|\d{{1,2}}\s*[.、):·,]|(?:I{{1,3}}|IV|VI{{0,3}})[.、]"
    rf"|[{_TEN}]{{1,2}}、)\s*{_STARTS}"
    rf"|[{ENCLOSED_NUMBERS}]|\([{_TEN}]{{1,2}}\)"
)
_COUNTED = re.compile(
    rf"(?:^|(?<=[\s{HAN})0-9;]))(\d{{1,2}})\s*(?![型度级期周天日月年次个支处段侧])(?=[{HAN}]|\d[型度级期])"
)
"""A figure that may number a diagnosis without a dot: 1肺炎 2高血压病3级."""
_GLUED_NUMBER = re.compile(rf"(?<=[{HAN})0-9;])(\d{{1,2}}[.、)])(?=[{HAN}{_ROMAN}]|\d+[型度级期])")
_BRACKETED = re.compile(
    rf"(?<=[{HAN}0-9])(\(\d{{1,2}}\))(?=[{HAN}{_ROMAN}]|\d+[型度级期])(?!\(\d+\)[型度级期])"
)
"""(1)肺炎(2)高血压病: such a number parts where the list begins with the first of them."""
_SUB_ITEM = re.compile(
    rf"(?<![\d.])\d{{1,2}}\.\d{{1,2}}(?=[{HAN}])(?![型度级期厘毫公米倍分月岁周天年])"
)
_UNENDED = re.compile(r"(?:(?:^|[\s;。])\d{1,2}[.、)]|[、+,])\s*$")
"""The number of an item that was not read, or a sign that one follows."""
_ITEM = re.compile(rf"(?:^|(?<=[\s;,、。:(]))(\d{{1,2}})[.、)]\s*{_STARTS}")
_BREAK = re.compile(r"[;\n。]")
# Endings of illnesses: only after one of them does a list mark separate two illnesses.
# In 左胫、腓骨 it does not.
_ENDINGS = (
    "症病变炎瘤癌肿折伤血石死塞痛化肉大毒衰竭出脱疝裂梗阻染疮斑疹良碍乱"
    "征结级期障肝甲压后疡张亢减缺损离)热风尿挛癣疣痘聋窄"
)
_END = rf"(?:(?<=[{HAN}{_ROMAN}A-Z0-9/]{{2}}[{_ENDINGS}])|(?<=[^{HAN}][{HAN}][{_ENDINGS}]))"
_NEXT = rf"(?:[{HAN}{_ROMAN}IV0-9]{{3}}|[{HAN}][{_ENDINGS}](?:$|[\s;,、。+/(]))"
_LIST = re.compile(rf"{_END}[、+/](?=\s*(?!极?[高中低]危){_NEXT})|[、,+/](?=\s*{_CODE}\s)")
_COMMA = re.compile(rf"{_END},(?=\s*{_NEXT})")
"""Commas part a list of three and more."""
_BOTH_WHOLE = re.compile(
    rf"{_END},(?=\s*(?!不?稳定|[{HAN}]{{1,4}}型)"
    rf"[{HAN}{_ROMAN}IV0-9]{{3,}}(?![期级])[{_ENDINGS}](?:$|[\s;,。]))"
)
"""One alone parts two illnesses that are each named in full; what follows it may also say more of
the one before, as in 冠心病,不稳定型心绞痛 or 肺炎,重症."""
_CODED = re.compile(rf"(?<=[{HAN})])[ ]*({_CODE})[ ]+(?=[{HAN}]{{3}})")
"""A code between two illnesses, which is that of the one before it."""
_CANCER = re.compile(rf"[{HAN}]C[aA]$")
"""As doctors write it: 胃Ca."""
_EDGES = " .,:;、-_·()[]|/\n"
_NO_DIAGNOSIS = re.compile(
    "证明|专用章|^(?:无|诊断|名称|编码|疾病|以下空白|见|详见|同上|情况|治愈|好转|未愈|其他|有|确诊"
    "|临床未确定)$|^同(?:入院|上|前)|^(?:排除|除外|未见|否认)"
)
_CLAUSE = re.compile("[^,;、]+")
_DONE = "经予行给"
_TYPE = re.compile(rf"([{_ROMAN}∏])\s*(?=[型级期度])")
"""Ⅱ 型, ∏型: the blank and the sign are the recogniser's."""
_ADVICE = re.compile(
    "请|^嘱|注意|休息|复查|随[诊访]|祝您|服药|饮食|予|全休|[休病]假|卧床|门诊|定期|属实|继续住院|建议|特此"
)
"""What a doctor says to do: the list of diagnoses ended before it."""
_STATE = re.compile(
    rf"(?<=\s)(?:治愈|好转|未愈|未治|死亡|其他|有|无|临床未确定|情况不明)(?=\s|$|\d{{1,2}}[.、])(\s+{_CODE})?"
)
"""What a column beside the diagnosis says: whether the patient came with it, how he left."""
_AT_ADMISSION = re.compile(rf"({_CODE})\s+[1-4](?=\s|$)")
"""The same as a figure behind the code, on the front page of a record."""
_LEFT = re.compile("(?:治愈|好转|未愈)$")
_BLANK = re.compile(
    rf"{_END}\s+(?=[{HAN}{_ROMAN}0-9]{{1,}}?(?![期级后])[{_ENDINGS}](?:$|[\s;,、。(]))"
)
"""A blank between two illnesses that are each named in full."""
_LABELLED = re.compile(rf"\s*[{HAN}]{{1,7}}(?![{_ENDINGS}])[{HAN}]:")
_ANOTHER_LABEL = re.compile(rf"\s+(?=[{HAN}]{{1,7}}(?![{_ENDINGS}])[{HAN}]:)")
"""The blank before a label that is none of ours: 手术:腹腔镜阑尾切除术."""
_REMARK_FIRST = re.compile(r"(?:^|\n)\s*\([^()\n]*\)$")
_REMARK = re.compile(r"\((?:主要诊断|主诊断|主要|ICD-?10?|治愈|好转)\)")


def find_diagnoses(text: str) -> tuple[Diagnosis, ...]:
    """The diagnoses of a plain text, where a line break ends one."""
    return tuple(_items(_BREAK.split(_BLANK.sub(_break, _parted(text)))))


def is_parted_by_blanks(text: str) -> bool:
    """Whether nothing but a blank parts two of the diagnoses: they may be one."""
    if " " not in text:
        return False
    gaps = _BLANK.finditer(_parted(text))
    return any(len(gap[0]) == 1 and gap[0] != _break(gap) for gap in gaps)


def counts_from_one(text: str) -> bool:
    """Whether the numbers of the list, if it has any, are 1, 2, 3, and each has a diagnosis: else
    one of it was not read, as behind a small label (病原体:) or an advice within an item."""
    if _SUB_ITEM.search(text) or _UNENDED.search(text):
        return False
    text = _GLUED_NUMBER.sub(r"\n\1", _apart(text))
    numbers = [int(found[1]) for found in _ITEM.finditer(text)]
    is_all_read = len(find_diagnoses(text)) >= len(numbers)
    return numbers == list(range(1, len(numbers) + 1)) and is_all_read


def _break(gap: re.Match[str]) -> str:
    """A line break for the blank, unless only a remark stands before it: (送检标本) 胃癌."""
    return gap[0] if _REMARK_FIRST.search(gap.string[: gap.start()]) else "\n"


def _parted(text: str) -> str:
    """The text with line breaks for all that parts diagnoses but blanks."""
    text = _TYPE.sub(_in_roman, _REMARK.sub(" ", _MISREAD_ICD.sub(_mended, "\n" + text)))
    text = re.sub(r"ICD-?1?0?(?:编码)?\s*:?", " ", text)
    text = _CODED.sub(r" \1\n", _STATE.sub(r" \1\n", _AT_ADMISSION.sub(r"\1\n", text)))
    if len(_COMMA.findall(text)) > 1:
        text = _COMMA.sub("\n", text)
    text = _ANOTHER_LABEL.sub("\n", _BOTH_WHOLE.sub("\n", text))
    if "(1)" in text:
        text = _BRACKETED.sub(r"\n\1", text)
    text = _NUMBER.sub("\n", _GLUED_NUMBER.sub(r"\n\1", _apart(text)))
    return _LIST.sub("\n", _without_count(text))


def _without_count(text: str) -> str:
    """The text with a line break for each number of a list that counts from 1 without dots."""
    due, parts, end = 1, [], 0
    for figure in _COUNTED.finditer(text):
        if int(figure[1]) == due and (due > 1 or not text[: figure.start()].strip()):
            parts.append(text[end : figure.start()])
            due, end = due + 1, figure.end()
    return "\n".join([*parts, text[end:]]) if due > 2 else text


def illnesses_first_in(text: str) -> tuple[Diagnosis, ...]:
    """The diagnoses at the beginning of a sentence, which may go on with what was done."""
    end = 0
    for clause in _CLAUSE.finditer(text):
        words = clause[0].strip()
        if end and (words[-1:] not in _ENDINGS or words[:1] in _DONE):
            break
        end = clause.end()
    return find_diagnoses(text[:end])


def is_cut(line: str) -> bool:
    """Whether a diagnosis goes on after this line: its words end like none, or in a bracket."""
    last = line.rstrip()[-1:]
    return bool(re.match(f"[{HAN}]", last)) and (
        last not in _ENDINGS or line.count("(") > line.count(")")
    )


def find_codes(text: str) -> list[str]:
    """All ICD codes of a plain text, in order."""
    return [_tidy_code(code) for code in _ICD.findall(_MISREAD_ICD.sub(_mended, text))]


def with_codes(found: Sequence[Diagnosis], codes: Sequence[str]) -> tuple[Diagnosis, ...]:
    """Diagnoses that have no code take those printed elsewhere, in order."""
    if any(one.icd for one in found):
        return tuple(found)
    spare = [*codes[: len(found)], *[None] * (len(found) - len(codes))]
    return tuple(Diagnosis(one.text, icd) for one, icd in zip(found, spare, strict=True))


def _apart(text: str) -> str:
    """A code that runs into the number of the next diagnosis (K35.9002.高血压) is set off."""
    return re.sub(rf"({_CODE})(?=\d{{1,2}}[.、)]\s*[{HAN}])", r"\1 ", text)


def _items(parts: Sequence[str]) -> Iterator[Diagnosis]:
    waiting: str | None = None
    for part in parts:
        if _ADVICE.search(part) or _LABELLED.match(part):
            yield from _before_advice(part)
            return
        codes = find_codes(part)
        words = _tidy(_ICD.sub(" ", part))
        if not words:
            waiting = waiting or (codes[0] if codes else None)
            continue
        yield Diagnosis(words, codes[0] if codes else waiting)
        waiting = None


def _before_advice(part: str) -> Iterator[Diagnosis]:
    """What stands before the advice in one item, if it ends like an illness: 1.肺炎,建议复查."""
    advice = _ADVICE.search(part)
    head = re.match(r"(.+)[,;、(]", part[: advice.start()]) if advice else None
    words = _tidy(_ICD.sub(" ", head[1])) if head else ""
    if words and words[-1] in _ENDINGS:
        yield Diagnosis(words, next(iter(find_codes(part)), None))


def _tidy(words: str) -> str:
    words = re.sub(
        rf"(?<=[{HAN}()])\s+|\s+(?=[{HAN}()])", "", words.replace("[]", "").replace("()", "")
    )
    words = _LEFT.sub("", _close(words.strip(_EDGES + "†*+"), words))
    is_too_short = len(re.findall(rf"[{HAN}]", words)) < 2 and not _CANCER.search(words)
    if is_too_short or _NO_DIAGNOSIS.search(words):
        return ""
    return words.replace("(", "（").replace(")", "）").replace(",", "，")


def _close(words: str, before: str) -> str:
    """Restore the closing bracket that trimming removed."""
    if words.count("(") > words.count(")") and ")" in before:
        return words + ")"
    if words.count(")") > words.count("(") and "(" in before:
        return "(" + words
    return words


def _mended(match: re.Match[str]) -> str:
    return f"I{match[1]}.{match[2]}".replace("O", "0")


def _in_roman(match: re.Match[str]) -> str:
    return match[1].replace("∏", "Ⅱ")


def _tidy_code(code: str) -> str:
    return code[:1] + code[1:].replace("X", "x").replace("×", "x").rstrip("+*†")
