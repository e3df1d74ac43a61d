"""Reads a long XML file element by element, so that it is never whole in memory."""

import io
from collections.abc import Iterator, Sequence

from lxml import etree

from banking.formats.layout import Layout
from language import _
from rules.errors import BadInput


def parts_of(
    layout: Layout, content: bytes, tags: Sequence[str], schema: etree.XMLSchema | None = None
) -> Iterator[etree._Element]:
    """Each element with one of these tags when it is complete, without those of its own tag that
    stood in it or before it; BadInput where the file is no XML or not as the schema says."""
    if b"<!DOCTYPE" in content:
        raise BadInput(_("%(format)s 文件不得带有 DOCTYPE") % {"format": layout.code})
    elements = etree.iterparse(
        io.BytesIO(content),
        events=("end",),
        tag=tags,
        schema=schema,
        # With False, the parser takes a broken file for a good one where there is a schema.
        resolve_entities="internal",
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    try:
        for _event, element in elements:
            yield element
            _forget(element)
    except etree.XMLSyntaxError as fault:
        words = {"format": layout.code, "fault": fault}
        raise BadInput(_("文件不符合 %(format)s：%(fault)s") % words) from fault


def _forget(element: etree._Element) -> None:
    """The parser is still at this element, so only the one before it can go."""
    element.clear()
    before = element.getprevious()
    if before is not None and before.tag == element.tag:
        before.getparent().remove(before)
