"""Rewrites zip packages, so that the same members always give the same bytes."""

import io
import zipfile


def repacked(package: bytes) -> bytes:
    """The same members, uncompressed and with a fixed time: the same bytes on every machine."""
    plain = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(plain, "w") as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.create_system = 0  # otherwise it names the operating system
            target.writestr(member, source.read(name))
    return plain.getvalue()
