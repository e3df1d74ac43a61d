"""Prepares the environment of one process: addresses and secrets, given or private."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from documents.cipher_suites import SuiteName
from servers import embedded, secrets
from settings import Settings, settings


@contextmanager
def prepared() -> Iterator[Settings]:
    """Settings with everything filled in; the same values are in the environment for children."""
    given = Settings()
    os.environ.update(secrets.ensure(given.data, SuiteName(given.cipher_suite)))
    with embedded.running(given.data, given.database_url, given.redis_url) as addresses:
        os.environ["DATABASE_URL"] = addresses.database_url
        os.environ["REDIS_URL"] = addresses.redis_url
        settings.cache_clear()
        yield settings()
