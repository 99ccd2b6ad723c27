"""Where byte strings are kept: a folder by default, S3, Google or Azure storage by address.

It does not encrypt: what must not be read by whoever owns the storage is sealed before it comes here.
"""

from collections.abc import Iterator
from functools import lru_cache

import obstore
from obstore.store import LocalStore, ObjectStore, from_url

from vigie.foundation.errors import NotFound, Unavailable
from vigie.foundation.settings import Settings


class BlobMissing(NotFound):
    """The blob that a row names is not in the store."""

    code = "blob_missing"


class Blobs:
    """A blob store. Keys are paths with `/`; a key is written once."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def put(self, key: str, data: bytes) -> None:
        """Store `data`; whole or not at all. Raises Unavailable when the store refuses, for example a full disk."""
        try:
            obstore.put(self._store, key, data)
        except Exception as error:  # obstore's errors share no base but Exception; none is swallowed
            raise Unavailable(
                "The blob store took nothing.", hint="Is the disk full, or the store away?"
            ) from error

    def get(self, key: str) -> bytes:
        """The bytes under `key`; raises BlobMissing."""
        try:
            return bytes(obstore.get(self._store, key).bytes())
        except FileNotFoundError as error:
            raise BlobMissing(
                "The stored bytes are missing.", hint="Restore the blob store from its backup."
            ) from error

    def all_keys(self) -> Iterator[str]:
        """Every key, in no order, as they are asked for. Raises Unavailable."""
        try:
            for some in obstore.list(self._store):
                yield from (one["path"] for one in some)
        except Exception as error:  # obstore's errors share no base but Exception; none is swallowed
            raise Unavailable("The blob store does not say what it holds.", hint="Is it away?") from error

    def delete(self, key: str) -> None:
        """Remove the bytes under `key`; nothing happens when there are none. Raises Unavailable when it is refused."""
        try:
            obstore.delete(self._store, key)
        except FileNotFoundError:
            return
        except Exception as error:  # obstore's errors share no base but Exception; none is swallowed
            raise Unavailable(
                "The blob store let nothing go.", hint="Is the store away, or may Vigie not delete there?"
            ) from error


@lru_cache(maxsize=4)
def open_blobs(settings: Settings) -> Blobs:
    """The blob store of these settings."""
    if settings.blobs_url:
        return Blobs(from_url(settings.blobs_url))
    folder = settings.data / "blobs"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Blobs(LocalStore(prefix=folder))
