"""Any handed-in file either opens or is refused with a sentence."""

import io
import os
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from documents.packets.file_limits import MEBIBYTE, Limits
from documents.packets.opening import OpenedPacket, open_packet, open_upload

pytestmark = pytest.mark.slow  # each test opens files in child processes

LIMITS = Limits()
Maker = Callable[..., bytes]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def reasons(packet: OpenedPacket) -> dict[str, str]:
    return {refused.name: refused.reason for refused in packet.refusals}


def names(packet: OpenedPacket) -> list[str]:
    return [file.name for file in packet.files]


def test_every_kind_of_scan_is_taken_for_what_it_is(make_picture: Maker, make_pdf: Maker) -> None:
    from pillow_heif import register_heif_opener

    register_heif_opener()
    packet = open_upload(
        "件",
        [
            ("1.bin", make_picture("JPEG")),
            ("2", make_picture("PNG")),
            ("3.jpg", make_picture("TIFF")),
            ("4.heic", make_picture("HEIF")),
            ("5.pdf", make_pdf(3)),
            ("6", make_picture("WEBP")),
            ("7", make_picture("BMP")),
            ("8", make_picture("GIF")),
        ],
        LIMITS,
    )
    assert [(file.media_type, file.pages) for file in packet.files] == [
        ("image/jpeg", 1),
        ("image/png", 1),
        ("image/tiff", 1),
        ("image/heic", 1),
        ("application/pdf", 3),
        ("image/webp", 1),
        ("image/bmp", 1),
        ("image/gif", 1),
    ]
    assert packet.refusals == ()


@pytest.mark.parametrize("cut", [1, 2])
def test_a_photo_without_its_end_mark_is_taken(make_picture: Maker, cut: int) -> None:
    packet = open_upload("件", [("a.jpg", make_picture()[:-cut])], LIMITS)
    assert [file.pages for file in packet.files] == [1]


@pytest.mark.parametrize("progressive", [False, True], ids=["baseline", "progressive"])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_photo_of_which_the_lower_part_is_missing_is_refused(
    progressive: bool, share: float
) -> None:
    out = io.BytesIO()
    Image.effect_noise((300, 400), 80).save(out, "JPEG", progressive=progressive)
    whole = out.getvalue()
    packet = open_upload("件", [("a.jpg", whole[: int(len(whole) * share)])], LIMITS)
    assert reasons(packet) == {"a.jpg": "文件已损坏或不完整，无法打开"}


def test_what_a_zip_is_its_directory_says(make_picture: Maker, make_zip: Maker) -> None:
    document = make_zip({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})
    late = make_zip({"0" * 2000: b"", "[Content_Types].xml": b"<Types/>"})
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as target:
        target.writestr("说明.docx", document)
        target.writestr("a.jpg", make_picture())
    given = [("a.docx", document), ("b.docx", late), ("c.zip", stored.getvalue())]
    packet = open_upload("件", given, LIMITS)
    assert names(packet) == ["a.jpg"]
    office = "是 Word、Excel 等办公文档，请另存为 PDF 再交"
    assert reasons(packet) == dict.fromkeys(("a.docx", "b.docx", "说明.docx"), office)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"Rar!\x1a\x07\x01\x00....", "RAR 或 7z"),
        (b"7z\xbc\xaf\x27\x1c....", "RAR 或 7z"),
        (b"From: a@example.org\r\nSubject: papers\r\n\r\n", "是一封邮件"),
        (OLE + "__properties_version1.0".encode("utf-16-le"), "是一封邮件"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "有密码"),
        (OLE, "办公文档"),
    ],
    ids=["RAR", "7z", "eml", "msg", "with a password", "old Word"],
)
def test_each_kind_that_is_not_taken_has_the_sentence_that_helps(
    content: bytes, sentence: str
) -> None:
    [(name, reason)] = reasons(open_upload("件", [("a", content)], LIMITS)).items()
    assert name == "a"
    assert sentence in reason


def test_of_a_broken_e_receipt_no_claim_is_made_of_its_picture(
    make_picture: Maker, make_zip: Maker
) -> None:
    receipt = make_zip({"OFD.xml": b"<ofd/>", "Doc_0/Res/image_1.png": make_picture("PNG")})
    packet = open_upload("件", [("票据.ofd", receipt)], LIMITS)
    assert packet.files == ()
    assert "已损坏" in reasons(packet)["票据.ofd"]


def test_a_tiff_has_as_many_pages_as_frames() -> None:
    out = io.BytesIO()
    frames = [Image.new("1", (200, 300), shade) for shade in (0, 1, 0)]
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:], compression="group4")
    packet = open_upload("件", [("传真.tif", out.getvalue())], LIMITS)
    assert [file.pages for file in packet.files] == [3]


def test_a_folder_a_zip_and_a_single_file_of_the_same_scan_are_the_same_packet(
    tmp_path: Path, make_picture: Maker, make_zip: Maker
) -> None:
    scan = make_picture()
    (tmp_path / "申请" / "内层").mkdir(parents=True)
    (tmp_path / "申请" / "内层" / "a.jpg").write_bytes(scan)
    (tmp_path / "b.jpg").write_bytes(scan)
    (tmp_path / "c.zip").write_bytes(make_zip({"x/y.jpg": scan}))
    packets = [open_packet(tmp_path / name, LIMITS) for name in ("申请", "b.jpg", "c.zip")]
    assert [names(packet) for packet in packets] == [["内层/a.jpg"], ["b.jpg"], ["x/y.jpg"]]
    assert len({packet.digest for packet in packets}) == 1
    assert packets[0].name == "申请"


def test_another_scan_or_one_more_copy_is_another_packet(make_picture: Maker) -> None:
    one, two = make_picture(seed=1), make_picture(seed=2)
    packets = [
        open_upload("件", [("a.jpg", one)], LIMITS),
        open_upload("件", [("a.jpg", two)], LIMITS),
        open_upload("件", [("a.jpg", one), ("b.jpg", one)], LIMITS),
        open_upload("件", [("a.jpg", one), ("b.jpg", two)], LIMITS),
    ]
    assert len({packet.digest for packet in packets}) == 4


def test_pages_come_in_the_order_a_person_numbered_them(make_picture: Maker) -> None:
    files = [(f"{number}.jpg", make_picture(seed=number)) for number in (10, 2, 1)]
    assert names(open_upload("件", files, LIMITS)) == ["1.jpg", "2.jpg", "10.jpg"]


def test_what_systems_leave_behind_is_not_mentioned(
    tmp_path: Path, make_picture: Maker, make_zip: Maker
) -> None:
    files = {"a.jpg": make_picture(), "Thumbs.db": b"x", ".DS_Store": b"x", "__MACOSX/._a": b"x"}
    for name, data in files.items():
        (tmp_path / "件" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "件" / name).write_bytes(data)
    for packet in (
        open_packet(tmp_path / "件", LIMITS),
        open_upload("件", [("a.zip", make_zip(files))], LIMITS),
    ):
        assert names(packet) == ["a.jpg"]
        assert packet.refusals == ()


def test_gbk_names_in_a_zip_are_read(make_picture: Maker) -> None:
    # Chinese Windows writes GBK bytes without the flag that says UTF-8.
    marker, meant = b"NAME-TO-BE-PUT.jpg", "出院记录一二三.jpg".encode("gbk")
    meant = meant.rjust(len(marker), b"_")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        target.writestr(marker.decode(), make_picture())
    packet = open_upload("件", [("a.zip", out.getvalue().replace(marker, meant))], LIMITS)
    assert names(packet)[0].endswith("出院记录一二三.jpg")


def test_names_with_control_and_direction_marks_are_cleaned(make_picture: Maker) -> None:
    bad = "出院\x1b[2J\r\n记录\u202egpj.\x00jpg"
    assert names(open_upload("件", [(bad, make_picture())], LIMITS)) == ["出院[2J记录gpj.jpg"]


def test_two_files_of_one_name_stay_two(make_picture: Maker) -> None:
    files = [("a\x01.jpg", make_picture(seed=1)), ("a\x02.jpg", make_picture(seed=2))]
    assert names(open_upload("件", files, LIMITS)) == ["a.jpg", "a (2).jpg"]


def bad_files(
    make_picture: Maker, make_pdf: Maker, make_zip: Maker
) -> dict[str, tuple[bytes, str]]:
    """Each bad file with a part of the sentence it gets."""
    jpeg, png = make_picture(size=(900, 900)), make_picture("PNG", (900, 900))
    return {
        "空.pdf": (b"", "空的"),
        "半张.jpg": (jpeg[: len(jpeg) // 2], "损坏"),
        "半张.png": (png[: len(png) // 2], "损坏"),
        "半张.tif": (make_picture("TIFF")[:3000], "损坏"),
        "只有头.heic": (b"\x00\x00\x00\x18ftypheic" + bytes(40), "损坏"),
        "胡写.pdf": (b"%PDF-1.7\n" + b"rubbish " * 100, "损坏"),
        "没有页.pdf": (make_pdf(0), "一页也没有"),
        "五百页.pdf": (make_pdf(500), "超过 200 页"),
        "伪装.jpg": (b"MZ\x90\x00" + bytes(2000), "不是可以读取的文件"),
        "网页.pdf": (b"<html>%PDF</html>", "不是可以读取的文件"),
        "表格.xlsx": (make_zip({"[Content_Types].xml": b"<x/>"}), "另存为 PDF"),
        "旧表格.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "另存为 PDF"),
        "像素炸弹.png": (pixel_bomb(), "万像素"),
        "空压缩包.zip": (make_zip({}), "没有文件"),
        "断压缩包.zip": (make_zip({"a.jpg": jpeg})[:-40], "损坏"),
    }


def pixel_bomb() -> bytes:
    """A PNG of a few hundred kilobytes that says it has 3.6 thousand million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    body = zlib.compress(bytes(10 * MEBIBYTE))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


def test_each_bad_file_gets_its_sentence_and_the_good_one_is_kept(
    make_picture: Maker, make_pdf: Maker, make_zip: Maker
) -> None:
    bad = bad_files(make_picture, make_pdf, make_zip)
    files = [(name, data) for name, (data, _reason) in bad.items()]
    packet = open_upload("件", [*files, ("好.jpg", make_picture())], LIMITS)
    assert names(packet) == ["好.jpg"]
    found = reasons(packet)
    assert found.keys() == bad.keys()
    wrong = {name: found[name] for name, (_data, words) in bad.items() if words not in found[name]}
    assert wrong == {}


def test_the_same_bad_files_in_a_zip_are_refused_one_by_one(
    make_picture: Maker, make_pdf: Maker, make_zip: Maker
) -> None:
    bad = bad_files(make_picture, make_pdf, make_zip)
    files = {name: data for name, (data, _reason) in bad.items()}
    packet = open_upload("件", [("a.zip", make_zip({**files, "好.jpg": make_picture()}))], LIMITS)
    assert names(packet) == ["好.jpg"]
    assert reasons(packet).keys() == bad.keys()
    assert "还有压缩包" in reasons(packet)["断压缩包.zip"]


def test_a_pdf_with_a_password_is_refused_as_such(locked_pdf: bytes) -> None:
    packet = open_upload("件", [("密.pdf", locked_pdf)], LIMITS)
    assert "密码" in reasons(packet)["密.pdf"]


def test_an_encrypted_zip_is_refused_as_such(make_picture: Maker, make_zip: Maker) -> None:
    plain = bytearray(make_zip({"a.jpg": make_picture()}))
    # Setting the flag in the local header and the directory is all that "encrypted" says.
    for mark, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        plain[plain.index(mark) + flag] |= 1
    packet = open_upload("件", [("密.zip", bytes(plain))], LIMITS)
    assert "密码" in reasons(packet)["a.jpg"]


@pytest.mark.parametrize("name", ["../../etc/a.jpg", "/etc/a.jpg", "..\\a.jpg", "C:\\a.jpg"])
def test_a_zip_name_that_leads_outside_is_refused(
    name: str, make_picture: Maker, make_zip: Maker
) -> None:
    files = {name: make_picture(seed=1), "b.jpg": make_picture()}
    packet = open_upload("件", [("a.zip", make_zip(files))], LIMITS)
    assert names(packet) == ["b.jpg"]
    assert [refused.reason for refused in packet.refusals] == ["压缩包里的文件名指向压缩包之外"]
    assert ".." not in packet.refusals[0].name


def test_a_link_inside_a_zip_is_refused(make_zip: Maker) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        link = zipfile.ZipInfo("a.jpg")
        link.external_attr = 0o120777 << 16
        target.writestr(link, "/etc/passwd")
    packet = open_upload("件", [("a.zip", out.getvalue())], LIMITS)
    assert "不是文件本身" in reasons(packet)["a.jpg"]


def test_links_and_pipes_in_a_folder_are_not_followed(tmp_path: Path, make_picture: Maker) -> None:
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(make_picture())
    folder = tmp_path / "件"
    folder.mkdir()
    (folder / "a.jpg").symlink_to(secret)
    (folder / "b").symlink_to(tmp_path)
    os.mkfifo(folder / "c.jpg")
    packet = open_packet(folder, LIMITS)
    assert packet.files == ()
    assert set(reasons(packet).values()) == {"是快捷方式或特殊文件，不是文件本身"}
    (tmp_path / "link.jpg").symlink_to(secret)
    assert open_packet(tmp_path / "link.jpg", LIMITS).files == ()


def test_a_file_that_is_gone_or_locked_is_said_to_be(tmp_path: Path) -> None:
    assert "无法读取" in reasons(open_packet(tmp_path / "没有.pdf", LIMITS))["没有.pdf"]


def test_a_file_of_one_gigabyte_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "大.pdf"
    with path.open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(1024 * MEBIBYTE)
    read_before = _bytes_read()
    assert "超过 50 MB" in reasons(open_packet(path, LIMITS))["大.pdf"]
    assert _bytes_read() - read_before < MEBIBYTE


def _bytes_read() -> int:
    io_counts = Path("/proc/self/io")
    if not io_counts.exists():
        pytest.skip("only Linux counts what a process reads")
    return int(io_counts.read_text().split()[1])


def test_a_bound_is_inclusive(make_picture: Maker) -> None:
    scan = make_picture()
    exact = replace(LIMITS, max_bytes_file=len(scan))
    assert open_upload("件", [("a.jpg", scan)], exact).files
    over = open_upload("件", [("a.jpg", scan + b"\0")], exact)
    assert over.files == ()


def test_too_many_files_refuse_the_packet(tmp_path: Path, make_picture: Maker) -> None:
    few = replace(LIMITS, max_files=3)
    files = [(f"{number}.jpg", make_picture(seed=number)) for number in range(4)]
    for name, data in files:
        (tmp_path / name).write_bytes(data)
    for packet in (open_upload("件", files, few), open_packet(tmp_path, few)):
        assert packet.files == ()
        assert [refused.reason for refused in packet.refusals] == ["一份申请超过 3 个文件"]
    assert len(open_upload("件", files[:3], few).files) == 3


def test_too_many_pages_together_refuse_the_packet(make_pdf: Maker) -> None:
    few = replace(LIMITS, max_pages=5)
    packet = open_upload("件", [("a.pdf", make_pdf(3)), ("b.pdf", make_pdf(3))], few)
    assert packet.files == ()
    assert reasons(packet) == {"件": "一份申请的文件合计超过 5 页"}


def test_too_many_bytes_together_refuse_the_packet(tmp_path: Path, make_picture: Maker) -> None:
    scans = [(f"{n}.jpg", make_picture(seed=n)) for n in range(3)]
    for name, data in scans:
        (tmp_path / name).write_bytes(data)
    small = replace(LIMITS, max_bytes_packet=sum(len(data) for _name, data in scans) - 1)
    for packet in (open_upload("件", scans, small), open_packet(tmp_path, small)):
        assert packet.files == ()
        assert "合计超过" in packet.refusals[0].reason


def test_a_zip_bomb_is_refused_while_it_grows(make_zip: Maker) -> None:
    bomb = make_zip({f"{number}.jpg": bytes(45 * MEBIBYTE) for number in range(6)})
    assert len(bomb) < MEBIBYTE
    packet = open_upload("件", [("bomb.zip", bomb)], LIMITS)
    assert packet.files == ()
    assert packet.refusals


def test_a_zip_that_lies_about_its_sizes_is_refused(make_zip: Maker) -> None:
    small = replace(LIMITS, max_bytes_file=MEBIBYTE)
    lie = bytearray(make_zip({"a.jpg": bytes(30 * MEBIBYTE)}))
    at = lie.index(b"PK\x01\x02") + 24
    lie[at : at + 4] = struct.pack("<I", 1000)
    packet = open_upload("件", [("lie.zip", bytes(lie))], small)
    assert packet.files == ()
    assert packet.refusals


def test_a_zip_of_ten_thousand_names_is_refused_quickly() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for number in range(10_000):
            target.writestr(f"{number}.jpg", b"")
    packet = open_upload("件", [("many.zip", out.getvalue())], LIMITS)
    assert reasons(packet) == {"many.zip": "一份申请超过 100 个文件"}


def test_an_empty_folder_is_said_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    assert reasons(open_packet(tmp_path / "空", LIMITS)) == {"空": "里面没有文件"}


def test_a_file_that_keeps_its_reader_busy_is_given_up(make_pdf: Maker) -> None:
    busy = make_pdf(200, body="0 0 1 1 re f\n" * 200_000)
    packet = open_upload("件", [("busy.pdf", busy)], replace(LIMITS, seconds=1))
    assert reasons(packet) == {"busy.pdf": "文件在 1 秒内无法打开，可能已损坏"}


def test_looking_into_files_leaves_no_process_and_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_picture: Maker
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    open_upload("件", [("a.jpg", make_picture()), ("b.jpg", make_picture()[:400])], LIMITS)
    assert list(tmp_path.iterdir()) == []
    children = subprocess.run(
        ["ps", "--no-headers", "--ppid", str(os.getpid()), "-o", "args"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "documents.packets.child_program" not in children.stdout
