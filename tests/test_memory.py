"""That memory of native libraries goes back to the system."""

import ctypes
import subprocess
import sys

import pytest

from live_translator import memory
from tests.messages import transcript

LITTER = """
import ctypes
from pathlib import Path
from live_translator import memory

PIECE_BYTES = 100_000
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
memory.keep_flat()

def resident_mb():
    return int(Path("/proc/self/statm").read_text("utf-8").split()[1]) * 4096 / 1e6

pieces = []
for _ in range(400):
    pieces.append(libc.malloc(PIECE_BYTES))
    ctypes.memset(pieces[-1], 1, PIECE_BYTES)
    libc.malloc(1360)  # What stays keeps a hole open.
for piece in pieces:
    libc.free(piece)
freed_mb = resident_mb()
memory.give_back()
print(freed_mb - resident_mb())
"""
"""In a process of its own: what others freed before would be taken first."""


@pytest.mark.skipif(
    not hasattr(ctypes.CDLL(None), "malloc_trim"),
    reason="this C library gives nothing back when asked",
)
def test_what_was_freed_between_what_stays_goes_back() -> None:
    command = [sys.executable, "-c", LITTER]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert float(done.stdout) > 30


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
