"""A room that a microphone and a loudspeaker share: what is played there is heard again."""

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from live_translator.audio.echo import (
    FUTURE_SAMPLES,
    HISTORY_SAMPLES,
    EchoGuard,
    EchoRemover,
    Gate,
)
from live_translator.audio.resample import Resampler
from live_translator.audio.samples import tamed
from live_translator.audio.spectra import FRAME_SAMPLES
from live_translator.audio.wrapped import WrappedSource
from live_translator.config import OUTPUT_RATE_HZ, SAMPLE_RATE_HZ, EchoConfig
from live_translator.interfaces import AudioSink, AudioSource
from live_translator.messages import AudioBlock, Samples

_JOIN_S = 0.2
"""What is queued behind waiting speech follows it to the sample, whatever a sink says of its
time, which was seen to be wrong by 0.15 s; further off, the loudspeaker had run dry."""
_KEPT_S = 120.0
"""Bounds what is kept of speech that no microphone asks for; a sink buffers 30 s."""
_OFFSET_S = 0.02
"""The two clocks' offset is followed in steps, since each one is a lag to be found anew."""
_OFFSET_BLOCKS = 312
"""Blocks over which the least late one is taken to be on time: 10 s."""


class PlayedSpeech:
    """What was played, at 16 kHz, by the source clock; written and read on two threads."""

    def __init__(self, sample_rate_hz: int = OUTPUT_RATE_HZ) -> None:
        self._rate_hz = sample_rate_hz
        self._resampler = Resampler(sample_rate_hz, 1, SAMPLE_RATE_HZ)
        self._lock = threading.Lock()
        self._pieces: deque[tuple[int, Samples]] = deque()
        """Each with the source clock's sample that it begins at, in order."""
        self._until = 0
        """Where the last piece ends, as far as it has come out of the resampler."""
        self._end_s = 0.0

    def add(self, samples: Samples, start_s: float, *, asked_s: float) -> None:
        """Take what was queued to sound from `start_s` on, though not before `asked_s`."""
        with self._lock:
            joins = asked_s <= self._end_s and abs(start_s - self._end_s) < _JOIN_S
            if not joins:
                self._append(self._resampler.flush())
                self._until = round(start_s * SAMPLE_RATE_HZ)
                self._end_s = start_s
            self._end_s += len(samples) / self._rate_hz
            # What is no number would make nonsense of all that is learnt.
            self._append(self._resampler.push(tamed(samples)))
            while self._pieces[0][0] < self._until - _KEPT_S * SAMPLE_RATE_HZ:
                self._pieces.popleft()

    def window(self, begin: int, count: int) -> Samples:
        """Return `count` samples from one of the source clock on; forget what was before."""
        window = np.zeros(count, np.float32)
        with self._lock:
            while self._pieces and self._end_of(self._pieces[0]) <= begin:
                self._pieces.popleft()
            for at, samples in self._pieces:
                first, last = max(begin, at), min(begin + count, at + len(samples))
                if first < last:
                    window[first - begin : last - begin] = samples[first - at : last - at]
        return window

    def clear(self) -> None:
        """Forget all of it: what was queued will not sound."""
        with self._lock:
            self._resampler.flush()
            self._pieces.clear()
            self._end_s = 0.0

    def _append(self, samples: Samples) -> None:
        self._pieces.append((self._until, samples))
        self._until += len(samples)

    @staticmethod
    def _end_of(piece: tuple[int, Samples]) -> int:
        return piece[0] + len(piece[1])


class NotedSink:
    """A sink that notes what it plays, and when; used as the sink is."""

    def __init__(self, sink: AudioSink, played: PlayedSpeech) -> None:
        self._sink = sink
        self._played = played

    def play(self, samples: Samples, *, not_before_s: float) -> tuple[float, float]:
        """Play and note; see AudioSink."""
        start_s, end_s = self._sink.play(samples, not_before_s=not_before_s)
        self._played.add(samples, start_s, asked_s=not_before_s)
        return start_s, end_s

    def queued_until_s(self) -> float:
        """See AudioSink."""
        return self._sink.queued_until_s()

    def hush(self) -> None:
        """See AudioSink."""
        self._sink.hush()
        self._played.clear()

    def close(self, *, drain: bool) -> None:
        """See AudioSink."""
        self._sink.close(drain=drain)


class EchoFreeSource(WrappedSource[AudioSource]):
    """A source without what was played: each block is cleaned as the capture thread takes it."""

    def __init__(self, source: AudioSource, played: PlayedSpeech, remover: EchoRemover) -> None:
        super().__init__(source)
        self._played = played
        self._remover = remover
        self._clocks = _ClockOffset()

    def blocks(self) -> Iterator[AudioBlock]:
        """Yield the source's blocks, cleaned; as long and as soon as they come."""
        for block in self._source.blocks():
            yield replace(block, samples=self._cleaned(block))

    def _cleaned(self, block: AudioBlock) -> Samples:
        end_s = block.start_s + len(block.samples) / SAMPLE_RATE_HZ
        origin_s = self._source.origin_s
        if origin_s is not None:
            self._clocks.push(block.captured_at_s - origin_s - end_s)
        begin = round((block.start_s + self._clocks.offset_s) * SAMPLE_RATE_HZ)
        cleaned = [
            self._frame(block.samples[at : at + FRAME_SAMPLES], begin + at)
            for at in range(0, len(block.samples), FRAME_SAMPLES)
        ]
        return np.concatenate(cleaned) if cleaned else block.samples

    def _frame(self, heard: Samples, begin: int) -> Samples:
        played = self._played.window(begin - HISTORY_SAMPLES, HISTORY_SAMPLES + FUTURE_SAMPLES)
        return self._remover.clean(heard, played)


class _ClockOffset:
    """How far a sound card's samples fall behind the clock that speech is timed by.

    Cards drift by up to 100 ppm, 0.36 s an hour. A block comes late, never early: the
    least late one of a while is taken to be on time.
    """

    def __init__(self) -> None:
        self.offset_s = 0.0
        self._least_s = np.inf
        self._blocks = 0

    def push(self, late_s: float) -> None:
        """Account for when a block came, against the end of its samples."""
        self._least_s = min(self._least_s, late_s)
        self._blocks += 1
        early = self._least_s < self.offset_s - _OFFSET_S
        if early or self._blocks == _OFFSET_BLOCKS:
            if abs(self._least_s - self.offset_s) > _OFFSET_S:
                self.offset_s = float(self._least_s)
            self._least_s, self._blocks = np.inf, 0


def share_room(
    source: AudioSource, sink: AudioSink, config: EchoConfig
) -> tuple[AudioSource, AudioSink]:
    """Return the two so that the source does not hear the sink, by the policy."""
    if config.policy == "off":
        return source, sink
    played = PlayedSpeech()
    guard = config.policy == "guard"
    remover: EchoRemover = EchoGuard(config) if guard else Gate(config.gate_reach_s)
    return EchoFreeSource(source, played, remover), NotedSink(sink, played)
