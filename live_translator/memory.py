"""The memory of native libraries, told to give back what the models let go."""

import ctypes
import os

_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8
_ARENAS = 2
"""One for each of the cores that the program asks for. By default glibc has eight for each."""
_MAPPED_BYTES = 1 << 20
"""Buffers from this size on are the system's again once freed. By default the limit rises to
32 MB with use, and buffers of changing size, one for each window's length, leave holes."""
_PRIMITIVES = "16"
"""What oneDNN keeps of the code that it writes for each shape; by default 1024. Every length of
a window is a shape: 225 windows took 160 MB, and with 16 none, in the same time."""


def keep_flat() -> None:
    """Bound what models keep, before CTranslate2 is loaded and the first thread is started.

    Without it a talk of ten minutes grew by 0.3 GB, holes in thirteen arenas of the C library
    and oneDNN's code (benchmarks/RESULTS.md). Called by the main thread; `man 3 mallopt` has
    the options of glibc, where that is the C library, and oneDNN's guide its own ("Primitive
    Cache", https://uxlfoundation.github.io/oneDNN/dev_guide_primitive_cache.html).
    """
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", _PRIMITIVES)
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    mallopt(_M_ARENA_MAX, _ARENAS)
    mallopt(_M_MMAP_THRESHOLD, _MAPPED_BYTES)
