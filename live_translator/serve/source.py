"""A client's sound as the source of a run."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from live_translator.audio.resample import Resampler
from live_translator.channel import Channel
from live_translator.config import SAMPLE_RATE_HZ, ServeConfig
from live_translator.errors import ClientError
from live_translator.interfaces import Clock
from live_translator.messages import AudioBlock, Samples
from live_translator.serve.bucket import Bucket
from live_translator.serve.codes import Code
from live_translator.serve.decoding import decoded
from live_translator.serve.protocol import PCM

_WARN_BELOW, _CALM_ABOVE = 1 / 3, 2 / 3
"""Shares of what may come at once: where a client is warned, and may be warned again."""


@dataclass(frozen=True, slots=True)
class _Arrival:
    data: bytes
    gap_s: float
    at_s: float


class SocketSource:
    """Takes messages with sound from the event loop, gives blocks to the capture thread.

    Live, its clock goes with the client's samples; a gap is what a client says it left out,
    or a time without any message longer than `stall_s`. Sound that comes too fast for too
    long raises ClientError in `blocks`, as does what cannot be decoded and what is too long.
    """

    name = "the client"

    def __init__(
        self,
        *,
        form: str,
        sample_rate_hz: int,
        config: ServeConfig,
        clock: Clock,
        live: bool,
        slow_down: Callable[[float], None] = lambda _: None,
        room: Callable[[], None] = lambda: None,
    ) -> None:
        """Begin empty; the capture thread calls `slow_down` with how many seconds may still
        come at once, and `room` when there is room again.
        """
        self.dropped_s = 0.0
        self.origin_s: float | None = None
        self._form = form
        self._rate_hz = sample_rate_hz
        self._config = config
        self._clock = clock
        self._live = live
        self._slow_down = slow_down
        self._room = room
        self._arrivals: Channel[_Arrival] = Channel("arrivals", config.waiting_frames, clock)
        self._pace = Bucket(per_s=config.max_speed, burst=config.ahead_s)
        self._warned = False
        self._next_s = 0.0
        """Source clock, where the next block begins."""
        self._last_at_s: float | None = None

    def open(self) -> None:
        """Nothing to open."""

    def offer(self, data: bytes, gap_s: float = 0.0) -> bool:
        """Take a message with sound; False where there is no room. Never waits."""
        return self._arrivals.offer(_Arrival(data, gap_s, self._clock()))

    @property
    def has_room(self) -> bool:
        """Whether `offer` would take a message now; for who alone offers any."""
        return len(self._arrivals) < self._config.waiting_frames

    def resumed(self) -> None:
        """The time without a connection is no gap: the client sends what it recorded."""
        self._last_at_s = None

    def close(self) -> None:
        """End `blocks` after what has arrived, from any thread."""
        self._arrivals.close()

    def blocks(self) -> Iterator[AudioBlock]:
        """Yield blocks as they arrive; the capture thread iterates."""
        try:
            yield from self._samples() if self._form == PCM else self._decoded()
        finally:
            self._arrivals.abort()  # Nobody listens any more.
            self._room()

    def _samples(self) -> Iterator[AudioBlock]:
        resampler = Resampler(self._rate_hz, 1, SAMPLE_RATE_HZ)
        for arrival in self._received():
            pcm = np.frombuffer(arrival.data, "<i2")
            duration_s = len(pcm) / self._rate_hz
            gap_s = self._gap_s(arrival, duration_s)
            if gap_s:
                yield from self._block(resampler.flush(), arrival.at_s)
            samples = resampler.push(pcm * np.float32(1 / 32768))
            yield from self._block(samples, arrival.at_s, gap_s)
        yield from self._block(resampler.flush(), self._clock())

    def _decoded(self) -> Iterator[AudioBlock]:
        arrivals = self._received()
        rest = b""
        at_s = 0.0

        def read(size: int) -> bytes:
            nonlocal rest, at_s
            while not rest:
                arrival = next(arrivals, None)
                if arrival is None:
                    return b""
                rest, at_s = arrival.data, arrival.at_s
            data, rest = rest[:size], rest[size:]
            return data

        for samples in decoded(read, self._form):
            yield from self._block(samples, at_s)

    def _received(self) -> Iterator[_Arrival]:
        for batch in self._arrivals.batches():
            self._room()
            yield from batch

    def _gap_s(self, arrival: _Arrival, duration_s: float) -> float:
        """Return what is missing before an arrival: as told, or as the time says."""
        last_at_s, self._last_at_s = self._last_at_s, arrival.at_s
        if arrival.gap_s or not self._live or last_at_s is None:
            return arrival.gap_s
        silent_s = arrival.at_s - last_at_s - duration_s
        return silent_s if silent_s > self._config.stall_s else 0.0

    def _block(self, samples: Samples, at_s: float, gap_s: float = 0.0) -> Iterator[AudioBlock]:
        duration_s = len(samples) / SAMPLE_RATE_HZ
        self._next_s += gap_s
        self._check(duration_s, at_s)
        if self.origin_s is None:
            self.origin_s = at_s - duration_s
        if len(samples) or gap_s:
            block = AudioBlock(
                samples=samples, start_s=self._next_s, captured_at_s=at_s, gap_s=gap_s
            )
            self._next_s += duration_s
            yield block

    def _check(self, duration_s: float, at_s: float) -> None:
        config = self._config
        limit_s = config.max_talk_s if self._live else config.max_recording_s
        if self._next_s + duration_s > limit_s:
            raise ClientError(Code.TOO_LONG, f"longer than {limit_s:g} s: begin a new one")
        if not self._live:
            return
        if not self._pace.take(duration_s, at_s):
            raise ClientError(
                Code.TOO_FAST,
                f"sound came more than {config.max_speed:g} times as fast as it is spoken, and "
                f"more than {config.ahead_s:g} s ahead: send it as it is recorded, or a complete "
                "recording to /ws/translate",
            )
        if self._pace.left < _WARN_BELOW * config.ahead_s and not self._warned:
            self._warned = True
            self._slow_down(self._pace.left)
        elif self._pace.left > _CALM_ABOVE * config.ahead_s:
            self._warned = False
