"""The parts of small OFD files, written by hand so that a test knows every object."""

from samples.ofd import SPACE

PAGE = "Doc_0/Pages/Page_0/Content.xml"
TEXT = (
    '<ofd:TextObject Boundary="10 10 100 20" Size="4"><ofd:TextCode X="0" Y="5">'
    "Hospital record 2026</ofd:TextCode></ofd:TextObject>"
)


def parts_of(objects: str, area: str = "0 0 210 297", more: str = "") -> dict[str, bytes]:
    """The parts of a small OFD with these objects on its page."""
    document = (
        f"<ofd:Document {SPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>{area}"
        "</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>Res.xml</ofd:PublicRes></ofd:CommonData>"
        '<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>'
        "</ofd:Document>"
    )
    layer = f"<ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content>"
    return {
        "OFD.xml": (
            f"<ofd:OFD {SPACE}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
            "</ofd:DocBody></ofd:OFD>"
        ).encode(),
        "Doc_0/Document.xml": document.encode(),
        "Doc_0/Res.xml": f"<ofd:Res {SPACE}>{more}</ofd:Res>".encode(),
        PAGE: f"<ofd:Page {SPACE}>{layer}</ofd:Page>".encode(),
    }
