"""What an OFD document is made of: its pages in order, and what they name by ID."""

from dataclasses import dataclass, field

from lxml import etree

from documents.packets.file_faults import FileFault, Unusable
from documents.packets.file_limits import Limits
from documents.packets.ofd.numbers import box
from documents.packets.ofd.package import Package, child, children, name_of, path_from, words_of

PageBox = tuple[float, float, float, float]
Signature = tuple[str, "etree._Element | None"]
"""The path of a signature and what it says; None: nothing that can be understood."""

ROOT = "OFD.xml"
A4: PageBox = (0.0, 0.0, 210.0, 297.0)
_LONGEST_SIDE = 10_000.0
"""Millimetres: ten metres are no page."""


@dataclass(frozen=True)
class PageOfDocument:
    """A page: its content, and the templates and notes that are drawn below and over it."""

    id: str
    tree: "etree._Element"
    box: PageBox
    below: tuple["etree._Element", ...]
    above: tuple["etree._Element", ...]


@dataclass
class OfdDocument:
    """A document of the file; a file may hold several, whose pages follow one another."""

    path: str
    tree: "etree._Element"
    signatures: str
    """The path of its list of signatures; empty where it names none."""
    fonts: dict[str, str] = field(default_factory=dict)
    """The name of each typeface by its ID."""
    pictures: dict[str, str] = field(default_factory=dict)
    """The path of each picture by its ID."""
    pens: dict[str, "etree._Element"] = field(default_factory=dict)
    """Colours and widths that objects share, by ID."""
    units: dict[str, "etree._Element"] = field(default_factory=dict)
    """Drawings that pages repeat, by ID."""
    signed: list[Signature] = field(default_factory=list)
    """Its signatures, once they are read."""


def documents_in(package: Package) -> list[OfdDocument]:
    """The documents; Unusable where the file names none that is there."""
    root = package.tree(ROOT)
    found = []
    for body in children(root, "DocBody"):
        path = path_from(ROOT, words_of(body, "DocRoot"))
        if (tree := package.tree(path)) is not None:
            listed = words_of(body, "Signatures")
            found.append(OfdDocument(path, tree, path_from(ROOT, listed) if listed else ""))
    if not found:
        raise Unusable(FileFault.DAMAGED)
    return found


def page_places(document: OfdDocument, limits: Limits) -> list["etree._Element"]:
    """The entries of its pages in order."""
    places = list(children(child(document.tree, "Pages"), "Page"))
    if len(places) > limits.max_pages:
        raise Unusable(FileFault.FILE_TOO_LONG)
    return places


def page_of(package: Package, document: OfdDocument, place: "etree._Element") -> PageOfDocument:
    """The page at this entry; Unusable where its content is missing."""
    tree = package.tree(path_from(document.path, place.get("BaseLoc", "")))
    if tree is None:
        raise Unusable(FileFault.DAMAGED)
    common = child(document.tree, "CommonData")
    size = _page_box(child(tree, "Area")) or _page_box(child(common, "PageArea"))
    below, above = _templates(package, document, common, tree)
    id_ = place.get("ID", "")
    notes = tuple(_notes(package, document, id_))
    return PageOfDocument(id_, tree, _sound(size or A4), tuple(below), (*above, *notes))


def load_resources(package: Package, document: OfdDocument) -> None:
    """Fill in what pages name by ID; what is missing is left out of their drawing."""
    common = child(document.tree, "CommonData")
    for entry in children(common, "PublicRes", "DocumentRes"):
        path = path_from(document.path, entry.text or "")
        if (tree := package.tree(path)) is not None:
            _take(document, tree, path_from(path, f"{tree.get('BaseLoc', '.')}/."))


def _take(document: OfdDocument, tree: "etree._Element", folder: str) -> None:
    for entry in tree.iter():
        id_ = entry.get("ID", "")
        match name_of(entry):
            case "Font":
                document.fonts[id_] = f"{entry.get('FontName', '')} {entry.get('FamilyName', '')}"
            case "MultiMedia":
                document.pictures[id_] = path_from(f"{folder}/.", words_of(entry, "MediaFile"))
            case "DrawParam":
                document.pens[id_] = entry
            case "CompositeGraphicUnit":
                document.units[id_] = entry


def _templates(
    package: Package,
    document: OfdDocument,
    common: "etree._Element | None",
    page: "etree._Element",
) -> tuple[list["etree._Element"], list["etree._Element"]]:
    """The templates that the page names, those below and those above its content."""
    known = {
        entry.get("ID"): path_from(document.path, entry.get("BaseLoc", ""))
        for entry in children(common, "TemplatePage")
    }
    below: list[etree._Element] = []
    above: list[etree._Element] = []
    for used in children(page, "Template"):
        if (tree := package.tree(known.get(used.get("TemplateID"), ""))) is not None:
            (above if used.get("ZOrder") == "Foreground" else below).append(tree)
    return below, above


def _notes(package: Package, document: OfdDocument, page_id: str) -> list["etree._Element"]:
    """The appearances that are drawn over the page: stamps and remarks."""
    listed = words_of(document.tree, "Annotations")
    path = path_from(document.path, listed)
    pages = package.tree(path) if listed else None
    found: list[etree._Element] = []
    for entry in children(pages, "Page"):
        if entry.get("PageID") != page_id:
            continue  # the notes of all pages would be read for each of them
        notes = package.tree(path_from(path, words_of(entry, "FileLoc")))
        if notes is not None:
            found += [look for note in notes for look in children(note, "Appearance")]
    return found


def _page_box(area: "etree._Element | None") -> PageBox | None:
    return box(words_of(area, "PhysicalBox"))


def _sound(size: PageBox) -> PageBox:
    if not (0 < size[2] <= _LONGEST_SIDE and 0 < size[3] <= _LONGEST_SIDE):
        raise Unusable(FileFault.TOO_MANY_PIXELS)
    return size
