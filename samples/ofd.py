"""Turns a sheet into an OFD (GB/T 33190), signed and with its data attached, as e-receipts come.

The seal is signed with a key that everybody can read here, and a certificate that nobody issued.
"""

import zipfile
from base64 import b64encode
from collections.abc import Mapping
from io import BytesIO
from xml.sax.saxutils import escape

import gmalg
from cryptography.hazmat.primitives.hashes import SM3, Hash

from samples.sheet import Printed, Sheet

MILLIMETRES = 25.4 / 150
SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
SM3_NAME = "1.2.156.10197.1.401"
_PAGE = "Doc_0/Pages/Page_0/Content.xml"
_SIGNATURE = "Doc_0/Signs/Sign_0/Signature.xml"
_VALUE = "Doc_0/Signs/Sign_0/SignedValue.dat"
_KEY = bytes(range(1, 33))
_EC_KEY, _SM2_CURVE, _SM2_WITH_SM3 = (
    bytes.fromhex(oid) for oid in ("2a8648ce3d0201", "2a811ccf5501822d", "2a811ccf55018375")
)
_ROOT = f"""<ofd:OFD {SPACE} Version="1.0" DocType="OFD"><ofd:DocBody>
<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>
<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody></ofd:OFD>"""
_LISTED = f"""<ofd:Signatures {SPACE}>
<ofd:Signature ID="1" BaseLoc="/{_SIGNATURE}"/></ofd:Signatures>"""
_ATTACHED = f"""<ofd:Attachments {SPACE}><ofd:Attachment ID="9" Name="data" Format="xml">
<ofd:FileLoc>data.xml</ofd:FileLoc></ofd:Attachment></ofd:Attachments>"""


def ofd(sheet: Sheet, figures: Mapping[str, str], is_signed: bool = True) -> bytes:
    """The sheet as a receipt that carries these figures as data, by the names of the treasury."""
    parts = {
        "OFD.xml": _ROOT,
        "Doc_0/Document.xml": _document(sheet),
        "Doc_0/PublicRes.xml": f'<ofd:Res {SPACE} BaseLoc="Res"><ofd:Fonts>'
        '<ofd:Font ID="2" FontName="宋体"/></ofd:Fonts></ofd:Res>',
        _PAGE: _page(sheet),
        "Doc_0/Attachs/Attachments.xml": _ATTACHED,
        "Doc_0/Attachs/data.xml": f"<EInvoice><EInvoiceData>{_named(figures)}"
        "</EInvoiceData></EInvoice>",
    }
    whole = {name: text.encode() for name, text in parts.items()}
    return packed(signed(whole) if is_signed else whole)


def signed(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same parts with a seal that holds the digest of each of them."""
    entries = "".join(
        f'<ofd:Reference FileRef="/{name}"><ofd:CheckValue>{b64encode(_sm3(data)).decode()}'
        "</ofd:CheckValue></ofd:Reference>"
        for name, data in parts.items()
    )
    signature = f"""<ofd:Signature {SPACE}><ofd:SignedInfo>
<ofd:References CheckMethod="{SM3_NAME}">{entries}</ofd:References>
<ofd:StampAnnot ID="3" PageRef="1" Boundary="10 10 20 20"/></ofd:SignedInfo>
<ofd:SignedValue>/{_VALUE}</ofd:SignedValue></ofd:Signature>""".encode()
    value = _sealed(_sm3(signature))
    seal = {"Doc_0/Signs/Signatures.xml": _LISTED.encode(), _SIGNATURE: signature, _VALUE: value}
    return {**parts, **seal}


def _sealed(digest: bytes) -> bytes:
    """The value of the signature, as issuers pack it (GM/T 0031)."""
    signer = gmalg.SM2(sk=_KEY, uid=b"1234567812345678", rnd_fn=lambda _bits: 0x5EA1)
    key = signer.generate_pk(_KEY)
    kind = _der(0x30, _der(0x06, _EC_KEY), _der(0x06, _SM2_CURVE))
    issued = [_der(0x02, b"\1"), *[_der(0x30)] * 4, _der(0x30, kind, _der(0x03, b"\0", key))]
    told = _der(
        0x30,
        _der(0x02, b"\4"),
        _der(0x30),
        _der(0x18, b"20260302081500Z"),
        _der(0x03, b"\0", digest),
        _der(0x16, f"/{_SIGNATURE}".encode()),
    )
    numbers = _der(0x30, *(_der(0x02, b"\0", number) for number in signer.sign(told)))
    certificate = _der(0x04, _der(0x30, _der(0x30, *issued)))
    method = _der(0x06, _SM2_WITH_SM3)
    return _der(0x30, told, certificate, method, _der(0x03, b"\0", numbers))


def _der(tag: int, *parts: bytes) -> bytes:
    """A value in DER, of at most 65,535 bytes."""
    content = b"".join(parts)
    size = len(content).to_bytes(2)
    return bytes([tag]) + (b"\x82" + size if size > b"\0\x7f" else size[1:]) + content


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a file."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def parts_in(data: bytes) -> dict[str, bytes]:
    """The parts of a file."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def altered(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The file, in which somebody wrote something else into a part."""
    parts = parts_in(data)
    if old not in parts[part]:
        raise ValueError(f"{old!r} is not in {part}")
    return packed({**parts, part: parts[part].replace(old, new)})


def _document(sheet: Sheet) -> str:
    wide, high = sheet.width * MILLIMETRES, sheet.height * MILLIMETRES
    return f"""<ofd:Document {SPACE}><ofd:CommonData><ofd:PageArea>
<ofd:PhysicalBox>0 0 {wide:.3f} {high:.3f}</ofd:PhysicalBox></ofd:PageArea>
<ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData>
<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>
<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments></ofd:Document>"""


def _page(sheet: Sheet) -> str:
    objects = "".join(map(_text, sheet.printed)) + "".join(map(_stroke, sheet.strokes))
    return (
        f"<ofd:Page {SPACE}><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>"
    )


def _text(line: Printed) -> str:
    """Each letter with its own step, as receipts print."""
    size = line.size * MILLIMETRES
    steps = " ".join(f"{size if ord(sign) > 0x2E80 else size / 2:.3f}" for sign in line.words[:-1])
    red, green, blue = line.fill
    return (
        f'<ofd:TextObject Boundary="0 0 500 500" Font="2" Size="{size:.3f}">'
        f'<ofd:FillColor Value="{red} {green} {blue}"/>'
        f'<ofd:TextCode X="{line.x * MILLIMETRES:.3f}" Y="{line.y * MILLIMETRES:.3f}"'
        f' DeltaX="{steps}">{escape(line.words)}</ofd:TextCode></ofd:TextObject>'
    )


def _stroke(ends: tuple[float, float, float, float]) -> str:
    x0, y0, x1, y1 = (end * MILLIMETRES for end in ends)
    return (
        '<ofd:PathObject Boundary="0 0 500 500" LineWidth="0.25"><ofd:AbbreviatedData>'
        f"M {x0:.3f} {y0:.3f} L {x1:.3f} {y1:.3f}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def _named(figures: Mapping[str, str]) -> str:
    return "".join(f"<{name}>{escape(text)}</{name}>" for name, text in figures.items())


def _sm3(data: bytes) -> bytes:
    made = Hash(SM3())
    made.update(data)
    return made.finalize()
