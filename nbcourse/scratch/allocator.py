"""How the C library hands out memory: large arrays are kept for reuse, not given back.

Training makes and drops arrays of the same sizes at every step. glibc, the C library of
most Linux systems, asks the kernel anew for each large block and returns it when it is
freed; the kernel then fills every page with zeros at its first use (a page fault). Two
settings keep freed blocks in the process instead, so that it stays as large as it once
had to be. They are made when `nbcourse.scratch` is imported and hold for the whole
process; on other systems nothing is done. The environment variable
``NBCOURSE_MALLOC=off``, set before the import, leaves everything as it was.
"""

import os

__all__ = ["tune", "tuned"]

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # glibc's numbers for them, in malloc.h
NEVER = 2**31 - 1  # bytes that may lie unused before they go back: the largest int
HUGE, LARGE = 2**30, 2**25  # bytes; older versions of glibc accept no more than LARGE


def tune(libc):
    """Let ``libc``, a ctypes library, keep freed memory; return whether it does.

    Only glibc is touched. Both settings are needed: blocks above the first threshold go
    back to the kernel when they are freed (`munmap`), and what lies free at the heap's
    end goes back when it is larger than the second (`sbrk`).
    """
    if not hasattr(libc, "gnu_get_libc_version"):
        return False
    reused = any(libc.mallopt(M_MMAP_THRESHOLD, size) == 1 for size in (HUGE, LARGE))
    return reused and libc.mallopt(M_TRIM_THRESHOLD, NEVER) == 1


def _tune_this_process():
    """Tune the C library that this process runs on, unless the environment says no."""
    if os.name != "posix" or os.environ.get("NBCOURSE_MALLOC") == "off":
        return False
    from ctypes import CDLL  # imported only where it is needed

    return tune(CDLL(None))


tuned = _tune_this_process()  # whether freed memory is kept; once, as imports are
