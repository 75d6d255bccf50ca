"""The memory of native libraries, told to give back what the models let go."""

import ctypes
import os
from collections.abc import Callable

from live_translator.interfaces import Clock
from live_translator.messages import Playback, Transcript, Translation

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

_SWEPT_S = 60.0
"""Between two sweeps of some ten milliseconds."""


def keep_flat() -> None:
    """Bound what models keep, before CTranslate2 is loaded and the first thread is started.

    Without it a talk of ten minutes grew by 0.3 GB, holes in thirteen arenas of the C library
    and oneDNN's code (benchmarks/RESULTS.md). Called by the main thread; `man 3 mallopt` has
    the options of glibc, where that is the C library, and oneDNN's guide its own ("Primitive
    Cache", https://uxlfoundation.github.io/oneDNN/dev_guide_primitive_cache.html).
    """
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", _PRIMITIVES)
    if mallopt := _of_glibc("mallopt"):
        mallopt(_M_ARENA_MAX, _ARENAS)
        mallopt(_M_MMAP_THRESHOLD, _MAPPED_BYTES)


def give_back() -> None:
    """Give the system what was freed and lies between what is in use, where glibc can.

    By itself it gives back the end of an arena alone, and a voice that is kept or a word that
    is noted may lie there. Takes some ten milliseconds; any thread.
    """
    if trim := _of_glibc("malloc_trim"):
        trim(ctypes.c_size_t(0))


def _of_glibc(name: str) -> Callable[..., int] | None:
    """Return a function that only glibc has, None under another C library."""
    try:
        function: Callable[..., int] = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return None
    return function


class Sweeper:
    """Gives memory back once a minute, when an utterance has ended; a `Listener`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._swept_s = clock()

    def on_transcript(self, message: Transcript) -> None:
        """Sweep if it is time; on the ASR thread, which has nothing to do now."""
        now_s = self._clock()
        if message.final and now_s - self._swept_s >= _SWEPT_S:
            self._swept_s = now_s
            give_back()

    def on_translation(self, message: Translation) -> None:
        """Nothing to do."""

    def on_playback(self, message: Playback) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to close."""
