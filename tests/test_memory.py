"""That memory of native libraries goes back to the system."""

import ctypes
from collections.abc import Callable
from pathlib import Path

import pytest

from live_translator import memory
from tests.messages import transcript

PIECE_BYTES = 100_000


def resident_mb() -> float:
    fields = Path("/proc/self/statm").read_text("utf-8").split()
    return int(fields[1]) * 4096 / 1e6


def litter(megabytes: int) -> Callable[[], None]:
    """Free so much, in pieces between which something small stays; return what frees that."""
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    libc.malloc.argtypes = [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    large, small = [], []
    for _ in range(megabytes * 1_000_000 // PIECE_BYTES):
        large.append(libc.malloc(PIECE_BYTES))
        ctypes.memset(large[-1], 1, PIECE_BYTES)
        small.append(libc.malloc(1360))
    for pointer in large:
        libc.free(pointer)

    def tidy() -> None:
        for pointer in small:
            libc.free(pointer)

    return tidy


@pytest.fixture
def holes() -> Callable[[], None]:
    if not hasattr(ctypes.CDLL(None), "malloc_trim"):
        pytest.skip("this C library gives nothing back when asked")
    return litter(40)


def test_what_was_freed_between_what_stays_goes_back(holes: Callable[[], None]) -> None:
    before_mb = resident_mb()
    memory.give_back()
    assert resident_mb() < before_mb - 30
    holes()


def test_it_is_given_back_once_a_minute_at_the_end_of_an_utterance(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    swept: list[float] = []
    now_s = 0.0
    monkeypatch.setattr(memory, "give_back", lambda: swept.append(now_s))
    sweeper = memory.Sweeper(lambda: now_s)
    for now_s, final in ((59.0, True), (61.0, False), (62.0, True), (100.0, True), (122.0, True)):
        sweeper.on_transcript(transcript("word", now_s, final=final))
    assert swept == [62.0, 122.0]
