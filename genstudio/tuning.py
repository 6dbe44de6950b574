"""Settings of the process, to be made before torch is imported. Standard library only."""

from __future__ import annotations

import ctypes
import os
import sys

MEBI = 2**20
SWITCH_S = 0.0001
_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD = -1, -2, -3  # malloc.h


def tune_window() -> None:
    """What a process with a window needs: the allocator's settings, and threads that give way to one another soon.

    By default a thread may hold the interpreter for 5 ms while the window waits for it.
    """
    tune_malloc()
    sys.setswitchinterval(SWITCH_S)


def tune_malloc() -> bool:
    """Keep glibc from returning training's activations to the kernel after every step.

    Without it a training step pays thousands of page faults (1.1 to 1.35 times slower on two cores).

    Returns:
        True if the allocator took all three settings; False elsewhere than on glibc.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        libc_version = os.confstr("CS_GNU_LIBC_VERSION")
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, ValueError):
        return False
    if not libc_version:
        return False
    settings = ((_M_MMAP_THRESHOLD, 1024 * MEBI), (_M_TRIM_THRESHOLD, 2048 * MEBI - 1), (_M_TOP_PAD, 16 * MEBI))
    return all(bool(mallopt(name, value)) for name, value in settings)
