"""The packets in the repository are what their truth files say."""

import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageOps

from samples.catalogue import packets
from samples.hospitals import hospital
from samples.make import HERE
from samples.packet import SamplePacket
from samples.truth import truth
from samples.unit import COVER_END, COVER_START, sample_unit

Truths = dict[str, dict[str, Any]]
PACKETS = HERE / "packets"
NAMES = [packet.name for packet in packets()]
# All but the paper that comes with an objection, which is for the claim of another packet.
CLAIMS = [packet.name for packet in packets() if packet.expected.outcome != "objection"]
# What these come to does not follow from one stay alone; the line's own test walks them.
MORE_THAN_A_STAY = {
    "18-heart-attack",
    "19-burn",
    "20-transfer",
    "21-childbirth",
    "22-drunk-driving",
    "23-two-plans",
    "24-two-hospitals-first",
    "25-two-hospitals-second",
}


def pages_in(packet: Path) -> list[tuple[str, int]]:
    """File and number of every page there is."""
    if packet.is_dir():
        return [(path.name, 1) for path in sorted(packet.iterdir())]
    if packet.suffix == ".zip":
        with zipfile.ZipFile(packet) as archive:
            return [(name, 1) for name in archive.namelist()]
    if packet.suffix == ".pdf":
        count = len(pypdfium2.PdfDocument(packet))
    else:
        with Image.open(packet) as picture:
            count = getattr(picture, "n_frames", 1)
    return [(packet.name, number) for number in range(1, count + 1)]


def test_there_is_a_packet_for_each_entry_of_the_catalogue_and_no_other() -> None:
    assert sorted(path.name for path in PACKETS.iterdir()) == sorted(
        packet.file_name for packet in packets()
    )


def test_the_packets_are_under_six_megabytes_together() -> None:
    files = [path for path in PACKETS.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 6_000_000


@pytest.mark.parametrize("name", NAMES)
def test_the_truth_lists_the_pages_that_are_there(name: str, truths: Truths) -> None:
    said = truths[name]
    listed = [(page["file"], page["page"]) for page in said["pages"]]
    assert listed == pages_in(PACKETS / said["packet"])


@pytest.mark.parametrize("packet", packets(), ids=lambda packet: packet.name)
def test_the_truth_is_what_the_catalogue_says_today(packet: Any, truths: Truths) -> None:
    assert truths[packet.name] == truth(packet)


@pytest.mark.parametrize("name", CLAIMS)
def test_the_patient_is_on_the_roster_unless_the_packet_is_about_that(
    name: str, truths: Truths
) -> None:
    said = truths[name]
    fields = said["fields"]
    known = (fields["member_name"], fields["id_number"])
    cards = {(one.name, one.id_number): one.card_number for one in sample_unit().members}
    assert (known in cards) == (said["expected"]["reason"] != "NOT_A_MEMBER")
    # After a death the card on the form is the heir's.
    is_own = said["expected"]["reason"] != "PAYEE_NOT_MEMBER"
    assert (cards.get(known, fields["bank_card_number"]) == fields["bank_card_number"]) == is_own


@pytest.mark.parametrize("name", sorted(set(CLAIMS) - MORE_THAN_A_STAY))
def test_the_expected_outcome_follows_from_the_stay(name: str, truths: Truths) -> None:
    fields, expected = truths[name]["fields"], truths[name]["expected"]
    where = hospital(fields["hospital_name"])
    admitted = date.fromisoformat(fields["admitted_on"])
    days = (date.fromisoformat(fields["discharged_on"]) - admitted).days
    assert days == fields["days_in_hospital"]
    covered = COVER_START <= admitted <= COVER_END
    assert (expected["reason"] == "NOT_COVERED_ON_EVENT") == (not covered)
    assert (expected["reason"] == "HOSPITAL_UNKNOWN") == (where.level < 2)
    assert (expected["reason"] == "STAY_TOO_SHORT") == (days < 2)
    if expected["outcome"] == "pay":
        owed = max(days * (50 if where.is_local else 40), 100)
        assert expected["amount"] == f"{owed}.00"


def test_no_two_packets_are_about_the_same_stay_but_the_duplicate(truths: Truths) -> None:
    told = [truths[name]["fields"] for name in CLAIMS]
    stays = [(fields["id_number"], fields["admitted_on"]) for fields in told]
    assert len(stays) - len(set(stays)) == 1


def test_the_duplicate_has_the_very_bytes_of_its_original() -> None:
    assert (PACKETS / "12-again.pdf").read_bytes() == (PACKETS / "03-one-pdf.pdf").read_bytes()


def test_the_electronic_settlement_sheet_gives_its_text_without_any_reading(
    truths: Truths,
) -> None:
    fields = truths["05-elsewhere"]["fields"]
    page = pypdfium2.PdfDocument(PACKETS / "05-elsewhere" / "06.pdf")[0]
    text = page.get_textpage().get_text_range()
    for name in ("member_name", "id_number", "medical_expense_total"):
        assert fields[name] in text
    assert min(page.render(scale=1).to_pil().convert("L").getextrema()) < 100


def test_a_tagged_photo_stands_upright_once_its_tag_is_followed() -> None:
    with Image.open(PACKETS / "07-phone-photos" / "02.jpg") as photo:
        assert photo.height > photo.width
        upright = ImageOps.exif_transpose(photo)
        assert upright.width > upright.height


def test_every_picture_opens_in_full() -> None:
    for path in PACKETS.rglob("*.jpg"):
        with Image.open(BytesIO(path.read_bytes())) as picture:
            picture.load()


def test_the_readme_says_where_each_packet_ends() -> None:
    told = (HERE / "README.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in told if line.startswith("| `") and line.count("|") == 6] == [
        row(packet) for packet in packets()
    ]


def row(packet: SamplePacket) -> str:
    """What the README says of this packet in its table."""
    by_itself = f"{packet.expected.outcome} {packet.expected.reason}".strip()
    cells = (packet.note, by_itself, packet.expected.answer, packet.expected.ends)
    return f"| `{packet.name}` | " + " | ".join(cells) + " |"
