"""An e-receipt that comes as OFD says its figures exactly and is shown as it was issued."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from random import Random

import pytest
from cryptography.hazmat.primitives.hashes import SM3, Hash
from PIL import Image

from documents.boxes import Box
from documents.kinds import Kind
from documents.packets.file_faults import FileFault, Unusable
from documents.packets.file_limits import MEBIBYTE, Limits
from documents.packets.media_types import OFD
from documents.packets.ofd import fonts, pages
from documents.packets.opening import open_upload
from documents.packets.pages import PageImage, render
from documents.page_notes import PageNote
from documents.reading.classify import classify
from documents.reading.fields import FieldName, extract
from documents.reading.page import PageReading
from samples.ofd import SPACE, altered, ofd, packed, parts_in, signed
from samples.papers import PAPERS, PaperKind
from samples.random_packets import random_packet
from samples.wording import yuan
from tests.documents.packets.ofd_parts import PAGE, TEXT, parts_of

pytestmark = pytest.mark.usefixtures("chinese_font")

LIMITS = Limits()
CASE = random_packet(6, 1).case
FIGURES = {"TotalAmount": yuan(CASE.stay.expense_fen), "PayingPartyName": CASE.person.name}
Maker = Callable[..., bytes]
Shown = tuple[Image.Image, tuple[tuple[str, Box], ...] | None, list[PageNote]]
SEAL = "Doc_0/Signs/Sign_0/SignedValue.dat"
SIGNATURE = "Doc_0/Signs/Sign_0/Signature.xml"


def receipt(is_signed: bool = True, **figures: str) -> bytes:
    sheet = PAPERS["invoice"](CASE, Random(6))
    return ofd(sheet, {**FIGURES, **figures}, is_signed)


def shown(data: bytes) -> Shown:
    """The page as the process draws it that is shut in; here it is not, which is quicker."""
    return pages.draw(BytesIO(data), 1, 100, LIMITS)


def reading_of(page: PageImage) -> PageReading:
    """What the reader makes of it where the picture bears the text out."""
    lines, (wide, high) = page.text_layer or (), page.image.size
    verdict = classify(lines, wide, high)
    return PageReading(verdict.kind, verdict.confidence, 0, 1.0, wide, high, lines)


def test_the_figures_of_an_e_receipt_are_those_of_its_xml() -> None:
    packet = open_upload("件", [("票据.ofd", receipt())], LIMITS)
    assert [(file.media_type, file.pages) for file in packet.files] == [(OFD, 1)]
    seen = reading_of(render(packet.files[0].data, OFD, 1, LIMITS))
    assert seen.kind == Kind.INVOICE
    fields = extract([seen]).fields
    assert fields[FieldName.MEDICAL_EXPENSE_TOTAL].value == yuan(CASE.stay.expense_fen)
    assert fields[FieldName.MEMBER_NAME].value == CASE.person.name
    assert {line.confidence for line in seen.lines} == {1.0}


@pytest.mark.parametrize("kind", ["discharge_record", "settlement_sheet", "invoice"])
def test_a_page_keeps_all_its_words_where_they_are_seen(kind: PaperKind) -> None:
    sheet = PAPERS[kind](CASE, Random(6))
    image, lines, _notes = pages.draw(BytesIO(ofd(sheet, {})), 1, 150, LIMITS)
    assert abs(image.width - sheet.width) <= 1
    text = "".join("".join(words.split()) for words, _box in lines or ())
    for line in sheet.printed:
        assert "".join(line.words.split()) in text
    [(left, top, _right, low)] = (box for words, box in lines or () if words == "样例 虚构")
    [printed] = (line for line in sheet.printed if line.words == "样例 虚构")
    assert abs(left - printed.x) < 8
    assert top < printed.y < low


def sealed_anew() -> bytes:
    """A receipt whose sum and digests somebody made anew beside the seal of the true one."""
    true = receipt()
    forged = receipt(PayingPartyName=CASE.person.name + " ")
    return packed({**parts_in(forged), SEAL: parts_in(true)[SEAL]})


def without_its_place() -> bytes:
    """The same, and the seal became a signature that is seen nowhere."""
    place = b'<ofd:StampAnnot ID="3" PageRef="1" Boundary="10 10 20 20"/>'
    return altered(sealed_anew(), SIGNATURE, place, b"")


def signed_but_for(*left_out: str) -> bytes:
    """A receipt whose signature does not list these parts."""
    parts = parts_in(receipt(is_signed=False))
    return packed(parts | signed({k: v for k, v in parts.items() if k not in left_out}))


def with_another_page() -> bytes:
    """A page that nobody signed after the one that is."""
    parts = parts_in(receipt(is_signed=False))
    entry = b'<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>'
    told = parts["Doc_0/Document.xml"].replace(entry, entry + entry.replace(b"Page_0", b"Page_1"))
    made = signed({**parts, "Doc_0/Document.xml": told})
    return packed({**made, PAGE.replace("Page_0", "Page_1"): parts[PAGE]})


def with_the_digest_of_a_new_list(change: Callable[[bytes, bytes, bytes], bytes]) -> bytes:
    """A receipt whose list of parts was made anew; `change` makes its seal's value from the old
    value, the digest of the old list and that of the new one."""
    parts = parts_in(receipt())
    anew = parts[SIGNATURE].replace(b"</ofd:SignedInfo>", b" </ofd:SignedInfo>")
    value = change(parts[SEAL], digest_of(parts[SIGNATURE]), digest_of(anew))
    return packed({**parts, SIGNATURE: anew, SEAL: value})


def digest_of(listed: bytes) -> bytes:
    made = Hash(SM3())
    made.update(listed)
    return made.finalize()


def in_the_seal() -> bytes:
    return with_the_digest_of_a_new_list(lambda value, old, new: value.replace(old, new))


def beside_the_seal() -> bytes:
    return with_the_digest_of_a_new_list(lambda value, _old, new: value + new)


SUM = yuan(CASE.stay.expense_fen)


@pytest.mark.parametrize(
    ("note", "make"),
    [
        (PageNote.SEAL_NOT_VERIFIED, receipt),
        (PageNote.UNSIGNED, lambda: receipt(is_signed=False)),
        (PageNote.SIGNATURE_BROKEN, lambda: altered(receipt(), PAGE, b"0.00", b"9.00")),
        (PageNote.SIGNATURE_BROKEN, sealed_anew),
        (PageNote.SIGNATURE_BROKEN, without_its_place),
        (PageNote.SIGNATURE_BROKEN, lambda: signed_but_for(PAGE)),
        (PageNote.SIGNATURE_BROKEN, lambda: signed_but_for(*parts_in(receipt()))),
        (PageNote.SIGNATURE_BROKEN, with_another_page),
        (PageNote.SIGNATURE_BROKEN, in_the_seal),
        (PageNote.SIGNATURE_BROKEN, beside_the_seal),
        (PageNote.SIGNATURE_UNREADABLE, lambda: packed({**parts_in(receipt()), SEAL: b"0"})),
        (PageNote.SIGNATURE_UNREADABLE, lambda: altered(receipt(), SIGNATURE, b"10197", b"1")),
        (PageNote.DATA_DIFFERS, lambda: receipt(TotalAmount="99999.00")),
        (PageNote.DATA_DIFFERS, lambda: receipt(TotalAmount=SUM[1:])),
        (PageNote.DATA_DIFFERS, lambda: receipt(PayingPartyName="别人")),
    ],
    ids=[
        "signed",
        "unsigned",
        "page",
        "list",
        "no seal",
        "no page signed",
        "nothing signed",
        "other page",
        "digest in the seal",
        "digest beside the seal",
        "no seal's value",
        "method",
        "sum",
        "part of a sum",
        "payer",
    ],
)
def test_what_is_to_be_known_of_a_receipt_is_said(note: PageNote, make: Maker) -> None:
    _image, _lines, notes = shown(make())
    assert note in notes
    assert not {PageNote.SIGNATURE_BROKEN, PageNote.SEAL_NOT_VERIFIED} <= set(notes)
    assert (PageNote.DATA_DIFFERS in notes) is (note is PageNote.DATA_DIFFERS)


PICTURED = '<ofd:ImageObject Boundary="0 0 210 297" CTM="210 0 0 297 0 0" ResourceID="7"/>'
NAMED = (
    '<ofd:MultiMedias><ofd:MultiMedia ID="7"><ofd:MediaFile>a.png</ofd:MediaFile>'
    "</ofd:MultiMedia></ofd:MultiMedias>"
)
BESIDE = (
    '<ofd:TextObject Boundary="50.5 10 9 20" Size="4" Fill="false">'
    '<ofd:TextCode X="0" Y="5">1</ofd:TextCode></ofd:TextObject>'
)
WHITE = TEXT.replace("<ofd:TextCode", '<ofd:FillColor Value="255 255 255"/><ofd:TextCode')


@pytest.mark.parametrize(
    ("objects", "is_read"),
    [
        (TEXT, True),
        (WHITE, False),
        (TEXT.replace("Size=", 'Fill="false" Size='), False),
        (TEXT + BESIDE, False),
        (TEXT.replace("10 10", "10 900"), False),
        (TEXT + PICTURED, False),
        (PICTURED + TEXT, False),
    ],
    ids=[
        "seen",
        "white",
        "not filled",
        "beside it not filled",
        "off the page",
        "under a picture",
        "over a picture",
    ],
)
def test_text_that_an_eye_would_not_read_does_not_count(
    objects: str, is_read: bool, make_picture: Maker
) -> None:
    parts = {**parts_of(objects, more=NAMED), "Doc_0/a.png": make_picture("PNG")}
    _image, lines, _notes = shown(packed(parts))
    assert [text for text, _box in lines or ()] == (["Hospital record 2026"] if is_read else [])


def test_shapes_pictures_and_turned_letters_are_drawn(make_picture: Maker) -> None:
    square = (
        '<ofd:PathObject Boundary="20 100 50 50" Fill="true" Stroke="false">'
        '<ofd:FillColor Value="255 0 0"/>'
        "<ofd:AbbreviatedData>M 0 0 L 50 0 L 50 50 L 0 50 C</ofd:AbbreviatedData></ofd:PathObject>"
    )
    turned = TEXT.replace("Size=", 'CTM="0 1 -1 0 100 100" Size=')
    picture = PICTURED.replace("0 0 210 297", "100 200 50 50").replace("210 0 0 297", "50 0 0 50")
    parts = {**parts_of(square + turned + picture, more=NAMED), "Doc_0/a.png": make_picture("PNG")}
    image, _lines, _notes = shown(packed(parts))
    place = 100 / 25.4
    assert image.getpixel((round(45 * place), round(125 * place))) == (255, 0, 0)
    assert image.crop((380, 780, 620, 1000)).convert("L").getextrema()[0] < 100  # type: ignore[operator]
    assert image.crop((370, 420, 440, 700)).convert("L").getextrema()[0] < 100  # type: ignore[operator]


ENTITY = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
LOOP = (
    '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="5"><ofd:Content>'
    '<ofd:CompositeObject ResourceID="5"/></ofd:Content></ofd:CompositeGraphicUnit>'
    "</ofd:CompositeGraphicUnits>"
)


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ({"OFD.xml": b"<ofd/>"}, FileFault.DAMAGED),
        ({**parts_of(TEXT), "Doc_0/Document.xml": ENTITY}, FileFault.DAMAGED),
        ({**parts_of(TEXT), PAGE: ENTITY}, FileFault.DAMAGED),
        (parts_of(TEXT, "0 0 0 297"), FileFault.TOO_MANY_PIXELS),
        (parts_of(TEXT, "0 0 99999 99999"), FileFault.TOO_MANY_PIXELS),
        ({**parts_of(TEXT), "bomb": bytes(60 * MEBIBYTE)}, FileFault.OVERBLOWN),
    ],
    ids=["no document", "entity", "entity on the page", "no width", "endless", "bomb"],
)
def test_a_hostile_file_is_refused(parts: dict[str, bytes], fault: FileFault) -> None:
    with pytest.raises(Unusable) as refusal:
        pages.count_pages(BytesIO(packed(parts)), LIMITS)
    assert refusal.value.fault is fault


@pytest.mark.parametrize(
    ("objects", "more"),
    [
        ('<ofd:CompositeObject ResourceID="5"/>', LOOP),
        ("<ofd:PageBlock>" * 30 + "</ofd:PageBlock>" * 30, ""),
        ("<ofd:PageBlock/>" * 60_000, ""),
    ],
    ids=["within itself", "too deep", "too many"],
)
def test_a_page_without_end_is_refused(objects: str, more: str) -> None:
    with pytest.raises(Unusable) as refusal:
        shown(packed(parts_of(objects, more=more)))
    assert refusal.value.fault is FileFault.OVERBLOWN


def test_each_page_is_drawn_with_its_own_notes_alone() -> None:
    parts, count = parts_of(TEXT), 40
    one = b'<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>'
    pages_named = b"".join(one.replace(b'"1"', b'"%d"' % n) for n in range(count))
    listed = "".join(
        f'<ofd:Page PageID="{n}"><ofd:FileLoc>{n}.xml</ofd:FileLoc></ofd:Page>'
        for n in range(count)
    )
    told = parts["Doc_0/Document.xml"].replace(one, pages_named)
    end = b"</ofd:Document>"
    named = b"<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>" + end
    parts["Doc_0/Document.xml"] = told.replace(end, named)
    parts["Doc_0/Annots/Annotations.xml"] = (
        f"<ofd:Annotations {SPACE}>{listed}</ofd:Annotations>".encode()
    )
    note = f"<ofd:PageAnnot {SPACE}>{' ' * 10_000}</ofd:PageAnnot>".encode()
    parts |= {f"Doc_0/Annots/{n}.xml": note for n in range(count)}
    limits = replace(LIMITS, max_bytes_packet=1_000_000)
    assert pages.count_pages(BytesIO(packed(parts)), limits) == count


def test_without_a_chinese_font_the_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FONTS", ())
    fonts._installed.cache_clear()
    try:
        with pytest.raises(Unusable) as refusal:
            pages.count_pages(BytesIO(receipt()), LIMITS)
    finally:
        fonts._installed.cache_clear()
    assert refusal.value.fault is FileFault.NO_TYPEFACE


def test_a_part_outside_the_file_is_one_that_is_not_there() -> None:
    parts = parts_of(TEXT, more=NAMED.replace("a.png", "../../../../etc/passwd"))
    parts["OFD.xml"] = parts["OFD.xml"].replace(b"Doc_0/Document", b"../../Doc_0/Document")
    _image, lines, _notes = shown(packed(parts))
    assert lines
