"""Makes a paper of a row of a settlement file, so that it is shown, kept and judged as papers are.

It is an OFD page: its bytes follow from the row alone, so the same row is the same paper.
"""

import hashlib
import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

from documents.kinds import Kind
from documents.reading.fields import FieldName, extract
from documents.reading.page import PageReading, TextLine
from documents.settlements.settlement_file import SettledStay
from rules.money import yuan

_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_TITLE = "医保结算数据"
_LEFT, _TOP, _STEP, _SIZE = 20.0, 25.0, 10.0, 5.0
"""Millimetres on an A4 page."""
_WIDTH, _HEIGHT = 210.0, 297.0
_DOTS = 200 / 25.4
_STAMP = (1980, 1, 1, 0, 0, 0)


def paper_of(stay: SettledStay) -> bytes:
    """The page as a file."""
    objects = "".join(
        f'<ofd:TextObject Boundary="{_LEFT} {_TOP + at * _STEP} 170 8" Size="{_SIZE}">'
        f'<ofd:TextCode X="0" Y="{_SIZE}">{escape(words)}</ofd:TextCode></ofd:TextObject>'
        for at, words in enumerate(_lines(stay))
    )
    parts = {
        "OFD.xml": f"<ofd:OFD {_SPACE}><ofd:DocBody><ofd:DocRoot>Document.xml</ofd:DocRoot>"
        "</ofd:DocBody></ofd:OFD>",
        "Document.xml": f"<ofd:Document {_SPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>"
        f"0 0 {_WIDTH} {_HEIGHT}</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>"
        '<ofd:Page ID="1" BaseLoc="Page.xml"/></ofd:Pages></ofd:Document>',
        "Page.xml": f"<ofd:Page {_SPACE}><ofd:Content><ofd:Layer>{objects}</ofd:Layer>"
        "</ofd:Content></ofd:Page>",
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _STAMP), text)
    return out.getvalue()


def paper_digest(stay: SettledStay) -> str:
    """The SHA-256 of that file, by which the paper is known."""
    return hashlib.sha256(paper_of(stay)).hexdigest()


def reading_of(stay: SettledStay) -> PageReading:
    """What is to be read on the page: nothing of it was recognised, so nothing is in doubt."""
    lines = tuple(TextLine(words, 1.0, _box(at, words)) for at, words in enumerate(_lines(stay)))
    size = round(_WIDTH * _DOTS), round(_HEIGHT * _DOTS)
    return PageReading(Kind.INSURANCE_RECORD, 1.0, 0, 1.0, *size, lines)


def reads_back(stay: SettledStay) -> bool:
    """Whether the reader finds on the page what the row says, as it does for every other claim."""
    fields = extract([reading_of(stay)]).fields
    said = {
        FieldName.MEMBER_NAME: stay.name,
        FieldName.ID_NUMBER: stay.id_number,
        FieldName.HOSPITAL_NAME: stay.hospital,
        FieldName.ADMITTED_ON: f"{stay.admitted_on}",
        FieldName.DISCHARGED_ON: f"{stay.discharged_on}",
    }
    return all(name in fields and str(fields[name].value) == value for name, value in said.items())


def _lines(stay: SettledStay) -> list[str]:
    sums = {"医疗费总额": stay.total, "统筹基金支付": stay.fund, "个人支付": stay.own}
    said = {
        "姓名": stay.name,
        "身份证号": stay.id_number,
        "医疗机构名称": stay.hospital,
        "入院日期": f"{stay.admitted_on}",
        "出院日期": f"{stay.discharged_on}",
        "出院诊断": stay.diagnosis,
        **{label: yuan(fen) for label, fen in sums.items() if fen is not None},
    }
    return [_TITLE, *(f"{label}：{value}" for label, value in said.items() if value)]


def _box(at: int, words: str) -> tuple[int, int, int, int]:
    top = _TOP + at * _STEP
    right = _LEFT + _SIZE * len(words)
    return (
        round(_LEFT * _DOTS),
        round(top * _DOTS),
        round(min(right, _WIDTH) * _DOTS),
        round((top + 1.2 * _SIZE) * _DOTS),
    )
