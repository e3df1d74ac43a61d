"""Something that listens on a socket and answers as clamd does."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

MALWARE = b"made-up malware"
"""What it finds, wherever it stands in a file."""
FOUND = "Test.MadeUp.UNOFFICIAL"


@contextmanager
def clamd(folder: Path, most_bytes: int = 50_000_000) -> Iterator[str]:
    """The path of its socket. It scans no more than so many bytes, as StreamMaxLength says."""
    path = folder / "clamd"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        thread = threading.Thread(target=_serve, args=(server, most_bytes))
        thread.start()
        yield str(path)
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def _serve(server: socket.socket, most_bytes: int) -> None:
    with suppress(OSError):
        while True:
            connection = server.accept()[0]
            with connection, connection.makefile("rb") as source:
                command = b"".join(iter(lambda: source.read(1), b"\0"))
                assert command in (b"zPING", b"zINSTREAM")
                said = "PONG" if command == b"zPING" else _scanned(source, most_bytes)
                connection.sendall(said.encode() + b"\0")


def _scanned(source: BinaryIO, most_bytes: int) -> str:
    content = b""
    while size := struct.unpack("!L", source.read(4))[0]:
        content += source.read(size)
        if len(content) > most_bytes:
            return "INSTREAM size limit exceeded. ERROR"
    return f"stream: {FOUND} FOUND" if MALWARE in content else "stream: OK"
