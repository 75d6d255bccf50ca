"""The C library's memory, told to give back what the models' threads let go."""

import ctypes

_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8
_ARENAS = 2
"""One for each of the cores that the program asks for. By default glibc has eight for each."""
_MAPPED_BYTES = 1 << 20
"""Buffers from this size on are the system's again once freed. By default the limit rises to
32 MB with use, and buffers of changing size, one for each window's length, leave holes."""


def keep_flat() -> None:
    """Bound what freed buffers cost, before the first thread that allocates is started.

    Without it a talk of ten minutes grew by 0.3 GB, all of it holes in thirteen arenas
    (benchmarks/RESULTS.md). Does nothing where the C library is not glibc. Called by the
    main thread; `man 3 mallopt` has the options.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    mallopt(_M_ARENA_MAX, _ARENAS)
    mallopt(_M_MMAP_THRESHOLD, _MAPPED_BYTES)
