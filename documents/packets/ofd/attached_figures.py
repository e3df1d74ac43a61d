"""Compares the figures that an e-receipt carries as data with those on its page.

Issuers attach the receipt's data as XML; whoever changes only what is seen, or only the data, is
found by it.
"""

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from documents.packets.layer_lines import LayerLine
from documents.packets.ofd.document import OfdDocument
from documents.packets.ofd.package import Package, children, name_of, path_from, words_of

FIGURES = {
    "EInvoiceCode",
    "EInvoiceNumber",
    "RandomNumber",
    "TotalAmount",
    "PayingPartyName",
    "InvoiceCode",
    "InvoiceNo",
    "InvoiceCheckCode",
    "TaxInclusiveTotalAmount",
    "BuyerName",
}
"""What a receipt of the treasury and an invoice of the tax office call number, check code, sum and
payer; each stands on the page as well."""
_MOST_FILES, _MOST_FIGURES = 20, 100
_BESIDE = re.compile(r"[\s,，]+")


def figures_missing_on(lines: Sequence[LayerLine], package: Package, document: OfdDocument) -> bool:
    """Whether the data carries a figure that no line of the page shows."""
    shown = [_BESIDE.sub("", text) for text, _box in lines]
    return any(not _stands_on(shown, figure) for figure in _figures(package, document))


def _stands_on(shown: Sequence[str], figure: str) -> bool:
    """As a whole, since 100.00 stands in 9100.00 as well; only words may go on in the next line."""
    plain = _BESIDE.sub("", figure)
    whole = re.compile(rf"(?<![\d.]){re.escape(plain)}(?![\d.])")
    if any(whole.search(line) for line in shown):
        return True
    return not re.search(r"\d", plain) and plain in "".join(shown)


def _figures(package: Package, document: OfdDocument) -> Iterator[str]:
    left = _MOST_FIGURES
    for tree in _attached(package, document):
        for element in tree.iter():
            figure = (element.text or "").strip() if name_of(element) in FIGURES else ""
            if figure and left:
                left -= 1
                yield figure


def _attached(package: Package, document: OfdDocument) -> Iterator["etree._Element"]:
    listed = words_of(document.tree, "Attachments")
    path = path_from(document.path, listed)
    entries = package.tree(path) if listed else None
    for entry in list(children(entries, "Attachment"))[:_MOST_FILES]:
        if (tree := package.tree(path_from(path, words_of(entry, "FileLoc")))) is not None:
            yield tree
