"""Files that must end in a clear sentence when somebody drops them in, made for the tests."""

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from samples.pdf import Pdf, jpeg

PASSWORD = b"huzhu"
PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
DAY = (2026, 1, 1, 0, 0, 0)
# Names that try to leave the folder, to forge a line of a log, or to look like something else.
ODD_NAMES = (
    "../../outside.jpg",
    "/etc/outside.jpg",
    "..\\..\\outside.jpg",
    "C:\\outside.jpg",
    "line\nbreak.jpg",
    "tab\tescape\x1b[31m.jpg",
    "gpj.\u202eexe.jpg",
    "\x00nul.jpg",
    "字" * 80 + ".jpg",
)


def plain_jpeg() -> bytes:
    """A sound picture with nothing to read on it."""
    return jpeg(Image.new("RGB", (600, 800), (250, 250, 250)), 60)


def noise_jpeg() -> bytes:
    """A picture that cannot be read."""
    grain = np.random.default_rng(7).integers(0, 256, (700, 500, 3), dtype=np.uint8)
    return jpeg(Image.fromarray(grain), 30)


def truncated_jpeg() -> bytes:
    whole = noise_jpeg()
    return whole[: len(whole) // 3]


def disguised_program() -> bytes:
    """A Windows program with the file name of a picture."""
    return b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + bytes(400) + b"PE\x00\x00L\x01"


def nothing() -> bytes:
    return b""


def bomb_png(side: int = 30_000) -> bytes:
    """About a hundred kilobytes that unpack to side x side pixels."""
    row = bytes(side // 8 + 1)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def many_frames_tiff(count: int = 501) -> bytes:
    out, frame = BytesIO(), Image.new("1", (8, 8), 1)
    rest = [frame] * (count - 1)
    frame.save(out, "TIFF", save_all=True, append_images=rest, compression="group4")
    return out.getvalue()


def many_pages_pdf(count: int = 501) -> bytes:
    return _blank_pdf(count, (595, 842))


def huge_page_pdf() -> bytes:
    """Half a kilobyte that needs gigabytes of memory when drawn at 300 dots an inch."""
    return _blank_pdf(1, (14_400, 14_400))


def garbage_pdf() -> bytes:
    return b"%PDF-1.7\n" + bytes(range(256)) * 4 + b"\n%%EOF\n"


def no_pages_pdf() -> bytes:
    return _blank_pdf(0, (595, 842))


def password_pdf() -> bytes:
    """A page that opens with PASSWORD only: the standard handler with RC4 and 40 bits."""
    pdf, name = Pdf(), hashlib.md5(b"sample").digest()  # noqa: S324 (the format asks for MD5)
    owner = _rc4(_md5(_padded(b"owner"))[:5], _padded(PASSWORD))
    rights = -4
    key = _md5(_padded(PASSWORD) + owner + struct.pack("<i", rights) + name)[:5]
    content = pdf.stream(b"", _rc4(_md5(key + b"\x01\x00\x00\x00\x00")[:10], b"0 0 9 9 re f"))
    lock = (owner.hex().encode(), _rc4(key, PAD).hex().encode(), rights)
    root = pdf.book([(content, b"", (595, 842))])
    label = name.hex().encode()
    number = pdf.add(b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P %d >>" % lock)
    pdf.trailer = b"/Encrypt %d 0 R /ID [<%s> <%s>]" % (number, label, label)
    return pdf.written(root)


def empty_zip() -> bytes:
    return _zip({})


def zip_bomb(unpacked: int = 1 << 30) -> bytes:
    """A megabyte that unpacks to a gigabyte, and whose directory says so."""
    packer, block = zlib.compressobj(9, zlib.DEFLATED, -15), bytes(1 << 20)
    # A full flush resets the compressor, so the same block gives the same bytes again.
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    data = packed * (unpacked >> 20) + zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    check = 0
    for _ in range(unpacked >> 20):
        check = zlib.crc32(block, check)
    name = b"01.jpg"
    entry = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, check, len(data), unpacked, len(name), 0)
    local = b"PK\x03\x04" + entry + name + data
    central = b"PK\x01\x02\x14\x00" + entry + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    ends = struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + b"PK\x05\x06" + ends


def lying_zip(unpacked: int = 64 << 20) -> bytes:
    """A zip bomb whose directory says that it holds a thousand bytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo("01.jpg", DAY)
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, bytes(unpacked))
    return out.getvalue().replace(struct.pack("<I", unpacked), struct.pack("<I", 1000))


def many_entries_zip(count: int = 5_000) -> bytes:
    return _zip({f"{number}.jpg": b"" for number in range(count)})


def odd_names_zip() -> bytes:
    return _zip(dict.fromkeys(ODD_NAMES, plain_jpeg()))


def nested_zip(depth: int = 4) -> bytes:
    inner = _zip({"01.jpg": plain_jpeg()})
    for level in range(depth):
        inner = _zip({f"level{level}.zip": inner})
    return inner


def link_zip() -> bytes:
    """A member that says it is a symbolic link to a file of the system."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo("01.jpg", DAY)
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def locked_zip() -> bytes:
    """A ZIP whose member is marked as encrypted."""
    whole = bytearray(_zip({"01.jpg": plain_jpeg()}))
    whole[6] |= 1
    whole[whole.index(b"PK\x01\x02") + 8] |= 1
    return bytes(whole)


def damaged_zip() -> bytes:
    """A ZIP in which a byte of the picture was changed after its checksum was taken."""
    whole = bytearray(_zip({"01.jpg": plain_jpeg()}))
    whole[60] ^= 0xFF
    return bytes(whole)


BAD_FILES: dict[str, Callable[[], bytes]] = {
    "noise.jpg": noise_jpeg,
    "truncated.jpg": truncated_jpeg,
    "program.jpg": disguised_program,
    "nothing.jpg": nothing,
    "nothing.pdf": nothing,
    "bomb.png": bomb_png,
    "many_frames.tif": many_frames_tiff,
    "many_pages.pdf": many_pages_pdf,
    "huge_page.pdf": huge_page_pdf,
    "garbage.pdf": garbage_pdf,
    "no_pages.pdf": no_pages_pdf,
    "password.pdf": password_pdf,
    "empty.zip": empty_zip,
    "bomb.zip": zip_bomb,
    "lying.zip": lying_zip,
    "many_entries.zip": many_entries_zip,
    "odd_names.zip": odd_names_zip,
    "nested.zip": nested_zip,
    "link.zip": link_zip,
    "locked.zip": locked_zip,
    "damaged.zip": damaged_zip,
}


def write_odd_names(folder: Path) -> None:
    """Valid pictures whose names a file system accepts but which must not reach a log."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ODD_NAMES:
        if "/" not in name and "\x00" not in name:
            (folder / name).write_bytes(plain_jpeg())


def _zip(files: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo("01.jpg", DAY)
            # Set afterwards, because the library would correct the name.
            entry.filename = name
            archive.writestr(entry, data)
    return out.getvalue()


def _blank_pdf(count: int, size: tuple[int, int]) -> bytes:
    pdf = Pdf()
    content = pdf.stream(b"", b"")
    return pdf.written(pdf.book([(content, b"", size)] * count))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _padded(password: bytes) -> bytes:
    return (password + PAD)[:32]


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data).digest()  # noqa: S324 (the format asks for MD5)


def _rc4(key: bytes, data: bytes) -> bytes:
    box, at = list(range(256)), 0
    for place in range(256):
        at = (at + box[place] + key[place % len(key)]) % 256
        box[place], box[at] = box[at], box[place]
    out, one, two = bytearray(), 0, 0
    for letter in data:
        one = (one + 1) % 256
        two = (two + box[one]) % 256
        box[one], box[two] = box[two], box[one]
        out.append(letter ^ box[(box[one] + box[two]) % 256])
    return bytes(out)
