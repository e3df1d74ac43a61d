"""Files for child processes that lie in memory, so that no page ever is on a disk in clear."""

import os
import tempfile
from typing import BinaryIO


def memory_file() -> BinaryIO:
    """An empty file without a name. Where the system has no files in memory (outside Linux), it is
    a temporary file without a name, which ends with this process."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("page"), "w+b")
    return tempfile.TemporaryFile()
