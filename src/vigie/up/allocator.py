"""What the C library's allocator does with freed memory in a process that takes pictures: it keeps some for the next.

Left alone it gives every larger piece back to the system at once, so that each body is laid in pages that must be made
and cleared anew: a fiftieth of all work under load.
"""

import ctypes
import platform

LARGE_BYTES_MIN = 4 * 1024 * 1024
"""From this size on a piece is the system's own again once it is freed."""

KEPT_BYTES_MAX = 16 * 1024 * 1024
"""So many freed bytes may stay at the end of each thread's heap."""

_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3


def keep_freed() -> bool:
    """Set both limits for this process; whether its C library has them (glibc's `mallopt(3)`)."""
    if platform.libc_ver()[0] != "glibc":
        return False
    mallopt = ctypes.CDLL(None).mallopt
    return bool(mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES_MIN) and mallopt(_M_TRIM_THRESHOLD, KEPT_BYTES_MAX))
