"""One packet from a clerk's upload to the bank's file, through the address that people use."""

from pathlib import Path

from settings import ROOT
from tests.compose.browser import AtProxy, wait_until

PACKET = ROOT / "samples" / "packets" / "01-clean-stay"
BATCHES = "//a[starts-with(@href, '/batches/')]/@href"
FREEZE = "组成批次"
PROPOSED = "//tr[.//input[@type='checkbox' and (@name='item' or @name='named')]]"


def hand_in(clerk: AtProxy) -> str:
    """Upload the packet; the number of the claim that it became."""
    clerk.press("/packets", "上传", files=sorted(PACKET.iterdir()))
    wait_until("the packet is a claim", lambda: bool(_claims(clerk)))
    return _claims(clerk)[0]


def approve(supervisor: AtProxy, number: str) -> None:
    """Wait until the claim is proposed, and approve it."""
    row = f"{PROPOSED}[.//a[normalize-space()='{number}']]"
    wait_until("the claim is proposed", lambda: bool(supervisor.see("/approvals").xpath(row)))
    [ticked] = supervisor.see("/approvals").xpath(f"{row}//input[@type='checkbox']")
    supervisor.press("/approvals", "批准所选", **{ticked.get("name"): [ticked.get("value")]})


def pay(cashier: AtProxy, other: AtProxy, folder: Path) -> Path:
    """Put what is approved into a batch, have another release it, and save the bank's file."""

    def is_frozen() -> bool:
        page = cashier.see("/batches")
        if not page.xpath(BATCHES) and page.xpath(f"//button[normalize-space()='{FREEZE}']"):
            cashier.press("/batches", FREEZE)
        return bool(cashier.see("/batches").xpath(BATCHES))

    wait_until("the payment is in a batch", is_frozen)
    [batch] = set(cashier.see("/batches").xpath(BATCHES))
    other.press(batch, "放行")
    file = folder / "bank-file"
    file.write_bytes(other.press(batch, "下载").content)
    return file


def _claims(clerk: AtProxy) -> list[str]:
    found: list[str] = clerk.see("/packets").xpath(
        "//section[@id='packets']//a[starts-with(@href, '/claims/')]/text()"
    )
    return [number for number in found if number.startswith("HZ")] or found[:1]
