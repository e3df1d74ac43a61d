"""Where papers lie by the settings: folders of this machine, or a bucket that all share."""

from documents.blobs import Blobs
from documents.blobs.folder import FolderBlobs
from documents.sealing import KeyRing
from documents.spool import Spool
from documents.store import Store
from settings import Settings
from workflows.engine import broker_notes

STORE, SPOOL = "store", "spool"


def store_of(settings: Settings, keys: KeyRing) -> Store:
    """The store of scans and of all that is made; broken ones are counted in the broker."""

    def note(sha256: str) -> None:
        broker_notes.count(settings.redis_url, broker_notes.BROKEN, sha256)

    return Store(blobs_of(settings, STORE), keys, note)


def spool_of(settings: Settings, keys: KeyRing) -> Spool:
    """Where uploads wait, and originals are kept for a while."""
    return Spool(blobs_of(settings, SPOOL), keys)


def blobs_of(settings: Settings, name: str) -> Blobs:
    """The blobs of this name, STORE or SPOOL."""
    if not settings.bucket:
        return FolderBlobs(settings.data / name)
    # Imported late: an office without a bucket needs no client of one.
    from documents.blobs.bucket import Bucket, BucketBlobs

    return BucketBlobs(
        Bucket(
            settings.bucket,
            f"{settings.bucket_prefix}{name}",
            settings.bucket_endpoint,
            settings.bucket_region,
            settings.bucket_user,
            settings.bucket_secret.get_secret_value(),
        )
    )
