"""Memory that heavy work leaves behind, given back to the system.

It frees nothing that is in use.
"""

import ctypes
import sys

_M_MMAP_THRESHOLD = -3
_LARGE_BYTES = 128 * 1024
_LIBC: ctypes.CDLL | None = ctypes.CDLL(None) if sys.platform == "linux" else None


def keep_little() -> None:
    """Have this process give large pieces back as soon as they are free: for one that works a little, then rests.

    glibc takes pieces from 128 KiB on from the system and gives them back, until it has seen a larger one freed: then
    it keeps pieces up to that size, at most 32 MiB, for the thread that freed them. Without effect where the C library
    knows no such call. Source: mallopt(3), M_MMAP_THRESHOLD.
    """
    if _LIBC is not None and hasattr(_LIBC, "mallopt"):
        _LIBC.mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)


def give_back() -> None:
    """Let the system have what this process freed, of all its threads; for the end of something large and rare.

    Without effect where the C library knows no such call. Source: malloc_trim(3).
    """
    if _LIBC is not None and hasattr(_LIBC, "malloc_trim"):
        _LIBC.malloc_trim(0)
