"""Checks the signatures of an OFD: the digests that hold its parts together, and that they were
signed with the key in the signer's certificate.

Whose the certificate is, is not verified: there is no list here of the certificates of all issuers.
So a whole signature proves that no part was changed after it was signed, and not who signed.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence

from cryptography.hazmat.primitives import hashes
from lxml import etree

from documents.packets.file_limits import Limits
from documents.packets.ofd.document import OfdDocument, Signature, page_places
from documents.packets.ofd.package import Package, child, children, path_from, words_of
from documents.packets.ofd.seal_value import signed_in
from documents.page_notes import PageNote

_KINDS: dict[str, type[hashes.HashAlgorithm]] = {
    "1.2.156.10197.1.401": hashes.SM3,
    "SM3": hashes.SM3,
    "2.16.840.1.101.3.4.2.1": hashes.SHA256,
    "SHA256": hashes.SHA256,
    "SHA-256": hashes.SHA256,
    "1.3.14.3.2.26": hashes.SHA1,
    "SHA1": hashes.SHA1,
    "SHA-1": hashes.SHA1,
    "MD5": hashes.MD5,
    "1.2.840.113549.2.5": hashes.MD5,
}
_USUAL = "MD5"
"""What the standard says where the list of parts names no method."""
_MOST_SIGNATURES, _MOST_PARTS = 50, 10_000
_WHITE = re.compile(r"\s+")


def notes_on(package: Package, document: OfdDocument, limits: Limits) -> list[PageNote]:
    """What a person should know of the document's signatures: each thing once. Called when the
    page is drawn: what it was drawn from must be signed."""
    signatures = document.signed
    if not signatures:
        return [PageNote.UNSIGNED]
    places = [place.get("BaseLoc", "") for place in page_places(document, limits)]
    drawn = package.read | {path_from(document.path, place) for place in places}
    own = {document.signatures, *_parts_of(signatures)}
    found = [_note(package, document, path, tree) for path, tree in signatures]
    if PageNote.SIGNATURE_UNREADABLE not in found and drawn - own - set(_signed(signatures)):
        found.append(PageNote.SIGNATURE_BROKEN)
    found = list(dict.fromkeys(found))
    # The better one would be false of the whole.
    is_broken = PageNote.SIGNATURE_BROKEN in found
    return [note for note in found if not is_broken or note is not PageNote.SEAL_NOT_VERIFIED]


def _parts_of(signatures: Sequence[Signature]) -> Iterator[str]:
    """The parts of the signatures themselves, which they cannot hold."""
    for path, tree in signatures:
        yield path
        if tree is not None:
            yield path_from(path, words_of(tree, "SignedValue"))


def _signed(signatures: Sequence[Signature]) -> Iterator[str]:
    """The parts that one of them lists."""
    for path, tree in signatures:
        parts = child(child(tree, "SignedInfo"), "References")
        for entry in children(parts, "Reference"):
            yield path_from(path, entry.get("FileRef", ""))


def signatures_of(package: Package, document: OfdDocument) -> list[Signature]:
    """The path of each signature that the document lists, and what it says, None if nothing."""
    listed = package.tree(document.signatures) if document.signatures else None
    entries = list(children(listed, "Signature"))[:_MOST_SIGNATURES]
    paths = [path_from(document.signatures, entry.get("BaseLoc", "")) for entry in entries]
    return [(path, package.tree(path)) for path in paths]


def signed_value(package: Package, path: str, tree: "etree._Element | None") -> bytes | None:
    """The value of a signature: seal, digest and signature proper, as the issuer packed them."""
    return package.part(path_from(path, words_of(tree, "SignedValue")))


def _note(
    package: Package, document: OfdDocument, path: str, tree: "etree._Element | None"
) -> PageNote:
    info = child(tree, "SignedInfo")
    parts = child(info, "References")
    if tree is None or info is None or parts is None:
        return PageNote.SIGNATURE_UNREADABLE
    if (kind := _KINDS.get(parts.get("CheckMethod", _USUAL))) is None:
        return PageNote.SIGNATURE_UNREADABLE
    for entry in list(children(parts, "Reference"))[:_MOST_PARTS]:
        # Who signs next adds himself to the list of signatures.
        if path_from(path, entry.get("FileRef", "")) != document.signatures and not _holds(
            package, path, entry, kind()
        ):
            return PageNote.SIGNATURE_BROKEN
    return _note_of_value(package, path, tree)


def _note_of_value(package: Package, path: str, tree: "etree._Element") -> PageNote:
    """The value holds the digest of the list of parts: a list that was made anew is told by it."""
    value, listed = signed_value(package, path, tree), package.part(path)
    if not value or listed is None:
        return PageNote.SIGNATURE_UNREADABLE
    if (told := signed_in(value)) is None:
        return PageNote.SIGNATURE_UNREADABLE
    if not any(_digest(listed, kind()) in told for kind in set(_KINDS.values())):
        return PageNote.SIGNATURE_BROKEN
    return PageNote.SEAL_NOT_VERIFIED


def _holds(
    package: Package, path: str, entry: "etree._Element", kind: hashes.HashAlgorithm
) -> bool:
    data = package.part(path_from(path, entry.get("FileRef", "")))
    try:
        wanted = base64.b64decode(_WHITE.sub("", words_of(entry, "CheckValue")), validate=True)
    except (binascii.Error, ValueError):
        return False
    return data is not None and _digest(data, kind) == wanted


def _digest(data: bytes, kind: hashes.HashAlgorithm) -> bytes:
    made = hashes.Hash(kind)
    made.update(data)
    return made.finalize()
