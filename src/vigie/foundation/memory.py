"""What a process does with memory that it has freed: keep some for what comes next, or give it back to the system.

It frees nothing that is in use, and has no effect where the C library knows no such call (it is glibc's).
"""

import ctypes
import sys

_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_LIBC: ctypes.CDLL | None = ctypes.CDLL(None) if sys.platform == "linux" else None

_BODY_BYTES_MAX = 4 * 1024 * 1024
_KEPT_BYTES_MAX = 16 * 1024 * 1024
_LARGE_BYTES = 128 * 1024


def keep_some() -> None:
    """Have this process keep up to 16 MiB in each thread's heap: for one that takes a picture after the other.

    Left alone glibc gives the end of a heap back at once, so that each body is laid in pages that must be made and
    cleared anew: a fiftieth of all work under load. Pieces of more than 4 MiB still go back. Source: mallopt(3),
    M_MMAP_THRESHOLD and M_TRIM_THRESHOLD.
    """
    _mallopt(_M_MMAP_THRESHOLD, _BODY_BYTES_MAX)
    _mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES_MAX)


def keep_little() -> None:
    """Have this process give large pieces back as soon as they are free: for one that works a little, then rests.

    glibc takes pieces from 128 KiB on from the system and gives them back, until it has seen a larger one freed: then
    it keeps pieces up to that size, at most 32 MiB, for the thread that freed them. Source: mallopt(3),
    M_MMAP_THRESHOLD.
    """
    _mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)


def give_back() -> None:
    """Let the system have what this process freed, of all its threads; for the end of something large and rare.

    Source: malloc_trim(3).
    """
    if _LIBC is not None and hasattr(_LIBC, "malloc_trim"):
        _LIBC.malloc_trim(0)


def _mallopt(parameter: int, value: int) -> None:
    if _LIBC is not None and hasattr(_LIBC, "mallopt"):
        _LIBC.mallopt(parameter, value)
