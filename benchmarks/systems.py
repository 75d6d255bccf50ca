"""What is compared: the program's own modes, and the two usual designs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from benchmarks.recognition import normalise
from live_translator.asr.guards import without_loops
from live_translator.asr.streaming import SampleBuffer
from live_translator.assembly import Run
from live_translator.config import SAMPLE_RATE_HZ
from live_translator.direction import Direction
from live_translator.engines import Engines
from live_translator.interfaces import Clock, Processor, Transcriber
from live_translator.messages import SpeechChunk, Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One program at one setting."""

    name: str
    what: str
    """In a line, for a reader."""
    setting: str = "defaults"
    flags: Mapping[str, Any] = field(default_factory=dict)
    """Configuration over the profile's, by dotted key."""
    run: type[Run] = Run


WINDOW_S = 2.0
OVERLAP_S = 0.5


class WindowRecogniser:
    """Cuts speech into fixed windows and recognises each by itself; the usual web demo.

    Each window is final: nothing is seen twice but the overlap, whose words are dropped
    where the next window says them again. A Processor for the asr thread.
    """

    def __init__(self, transcriber: Transcriber, clock: Clock) -> None:
        self._transcriber = transcriber
        self._clock = clock
        self._buffer = SampleBuffer()
        self._start_s = 0.0
        self._window = 0
        self._last: list[str] = []

    def process(self, batch: Sequence[SpeechChunk]) -> Iterator[Transcript]:
        """Yield the text of each window that is full, or that an utterance's end cuts short."""
        for chunk in batch:
            if not len(self._buffer):
                self._start_s = chunk.start_s
            self._buffer.append(chunk.samples)
            full = len(self._buffer) >= WINDOW_S * SAMPLE_RATE_HZ
            if full or (chunk.final and len(self._buffer)):
                yield self._recognise(chunk)
                self._keep(0.0 if chunk.final else OVERLAP_S)
            if chunk.final:
                self._last = []

    def finish(self) -> Iterator[Transcript]:
        """Nothing waits: an utterance's end has cut the last window."""
        return iter(())

    def close(self) -> None:
        """Nothing to release: the model is shared."""

    def _recognise(self, chunk: SpeechChunk) -> Transcript:
        units = self._transcriber.listen(self._buffer.view()).decode().units
        words = "".join(unit.text for unit in without_loops(units)).split()
        fresh = words[_repeated(self._last, words) :]
        self._last = words
        self._window += 1
        return Transcript(
            utterance=self._window - 1,
            start_s=self._start_s,
            end_s=chunk.end_s,
            captured_at_s=chunk.captured_at_s,
            emitted_at_s=self._clock(),
            final=True,
            direction=chunk.direction,
            committed=" " + " ".join(fresh) if fresh else "",
            speech_end_s=chunk.end_s,
        )

    def _keep(self, seconds: float) -> None:
        kept = min(len(self._buffer), int(seconds * SAMPLE_RATE_HZ))
        self._start_s += (len(self._buffer) - kept) / SAMPLE_RATE_HZ
        self._buffer.cut(len(self._buffer) - kept)


def _repeated(before: Sequence[str], words: Sequence[str]) -> int:
    """Return how many first words the last window ended in."""
    said, heard = ([normalise(word) for word in side] for side in (before, words))
    longest = min(len(said), len(heard))
    return next((k for k in range(longest, 0, -1) if said[-k:] == heard[:k]), 0)


class WindowRun(Run):
    """A run whose recogniser hears fixed windows."""

    def _recognising(self, way: Direction) -> Processor[SpeechChunk, Transcript]:
        return WindowRecogniser(self._engines.transcriber(way), self._clock)


STREAMING = System(
    name="streaming",
    what="live-translate as it comes: commits words while they are spoken",
)
COMPLETE = System(
    name="complete",
    what="live-translate --mode complete: waits for the end of each utterance, beam search; "
    "the usual design",
    flags={"mode": "complete"},
)
WINDOWS = System(
    name="windows",
    what=f"fixed windows of {WINDOW_S:g} s with {OVERLAP_S:g} s overlap, each translated by "
    "itself; the usual web demo",
    setting=f"{WINDOW_S:g} s",
    run=WindowRun,
)
SYSTEMS = {system.name: system for system in (STREAMING, COMPLETE, WINDOWS)}


def varied(system: System, flags: Mapping[str, Any]) -> System:
    """Return a system with settings changed, and named after them."""
    if not flags:
        return system
    setting = ", ".join(f"{key.rpartition('.')[2]} {value}" for key, value in flags.items())
    return replace(system, setting=setting, flags={**system.flags, **flags})


def warm_up(engines: Engines, way: Direction) -> None:
    """Let every engine work once, so that no system pays for the first time."""
    noise = np.random.default_rng(0).normal(0, 0.01, SAMPLE_RATE_HZ).astype(np.float32)
    engines.transcriber(way).listen(noise).decode()
    if translator := engines.translator(way):
        translator.translate("Good morning.")
    if voice := engines.voice(way):
        voice.synthesize("Buenos días.")
