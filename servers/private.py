"""Prepares the environment of one process: addresses and secrets, given or private."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from documents.cipher_suites import SuiteName
from language import _
from rules.errors import Refused
from servers import embedded, secrets
from settings import Settings, settings

UNFINISHED = "restore.part"
"""The folder below the data folder that is there as long as a backup is being brought back."""


@contextmanager
def prepared() -> Iterator[Settings]:
    """Settings with everything filled in; the same values are in the environment for children."""
    given = Settings()
    if (given.data / UNFINISHED).exists():
        raise Refused(_("上次恢复没有做完：请再运行一次 huzhu restore"))
    os.environ.update(secrets.ensure(given.data, SuiteName(given.cipher_suite)))
    with embedded.running(given.data, given.database_url, given.redis_url) as addresses:
        os.environ["DATABASE_URL"] = addresses.database_url
        os.environ["REDIS_URL"] = addresses.redis_url
        # Those who work for people and the bell have no need of the owner's address.
        for name in ("HUZHU_OWNER_DATABASE_URL", "HUZHU_REPORT_DATABASE_URL"):
            os.environ.pop(name, None)
        settings.cache_clear()
        owner = given.owner_database_url or addresses.owner_url
        report = given.report_database_url or addresses.report_url
        yield settings().model_copy(
            update={"owner_database_url": owner, "report_database_url": report}
        )
