"""The loudspeaker, or any other output device, as a sink."""

import logging
import threading
import time
from typing import Protocol

import numpy as np

from live_translator.audio.connection import Connection
from live_translator.audio.devices import Device
from live_translator.audio.playback import PlaybackBuffer
from live_translator.audio.portaudio import CONTINUE, DeviceStream
from live_translator.audio.resample import Resampler
from live_translator.audio.samples import tamed
from live_translator.config import OUTPUT_RATE_HZ
from live_translator.messages import Samples

log = logging.getLogger(__name__)

_PATIENCE_S = 5.0
"""How long the end of a talk waits for a loudspeaker that is away."""


class Timeline(Protocol):
    """Says what time it is on the source clock."""

    def now_s(self) -> float:
        """Return seconds since the source's first sample."""


class SpeakerSink:
    """Plays on an output device through a bounded buffer; silence where speech is late.

    `device` is what `devices.choose` takes. When the device goes away, about the last
    `away_s` of speech wait for its return, and nobody waits to queue more: captions go on,
    and what was lost is said. `play` is for one thread, `close` for any: without `drain`
    it also wakes a `play` that waits, and what is played afterwards is thrown away. Opens
    the device at once; raises DeviceError where there is none.
    """

    def __init__(
        self,
        *,
        timeline: Timeline,
        sample_rate_hz: int = OUTPUT_RATE_HZ,
        buffer_s: float,
        away_s: float,
        device: str | None = None,
    ) -> None:
        self.sample_rate_hz = sample_rate_hz
        self._timeline = timeline
        self._buffer_s = buffer_s
        self._away_s = away_s
        self._until_s = 0.0
        # Between what is queued and the device's coming and going.
        self._queueing = threading.Lock()
        self._away = False
        self._device_hz = sample_rate_hz
        self._resampler = Resampler(sample_rate_hz, 1, sample_rate_hz)
        self._buffer = PlaybackBuffer(1)
        self._connection = Connection(
            output=True,
            wanted=device,
            wanted_hz=sample_rate_hz,
            callback=self._on_output,
            opened=self._on_opened,
            lost=self._on_lost,
            meanwhile=f"connect it again; the last {away_s:.0f} s of speech wait for it",
            clock=time.monotonic,
        )
        self._connection.start()

    @property
    def device(self) -> Device:
        """What it plays on."""
        return self._connection.device

    def play(self, samples: Samples, *, not_before_s: float) -> tuple[float, float]:
        """Queue; wait while more than `buffer_s` waits; return the expected start and end.

        While the device is away they are as if it came back at once.
        """
        self._buffer.wait_for_room()
        with self._queueing:
            free_s = self._free_s()
            silence_s = max(0.0, not_before_s - free_s)
            start_s = free_s + silence_s
            if not self._away:
                start_s = max(start_s, self._until_s)
            silence = np.zeros(round(silence_s * self.sample_rate_hz), np.float32)
            self._buffer.put(self._resampler.push(silence))
            self._buffer.put(self._resampler.push(tamed(samples)))
            self._until_s = start_s + len(samples) / self.sample_rate_hz
            return start_s, self._until_s

    def queued_until_s(self) -> float:
        """Return when everything queued will have sounded; the present if it has."""
        with self._queueing:
            return self._free_s() if self._away else max(self._until_s, self._timeline.now_s())

    def hush(self) -> None:
        """Let what is queued not sound any more; from any thread."""
        with self._queueing:
            self._buffer.clear()
            self._until_s = 0.0

    def close(self, *, drain: bool) -> None:
        """Finish: with `drain` once all has sounded, else at once; may be called again."""
        if drain:
            self._drain()
        self._buffer.discard()
        self._connection.close()

    def _drain(self) -> None:
        with self._queueing:
            self._buffer.put(self._resampler.flush())
        if self._buffer.wait_until_empty(_PATIENCE_S):
            # What was taken last has still to reach the loudspeaker.
            latency = round(self._stream.output_latency_s * self._device_hz)
            self._buffer.put(np.zeros(latency, np.float32))
            self._buffer.wait_until_empty(_PATIENCE_S)
            return
        waiting_s = self._buffer.waiting_samples / self._device_hz
        log.warning(
            "the loudspeaker did not come back: the last %.1f s of speech were not heard", waiting_s
        )

    def _free_s(self) -> float:
        """Return when a sample queued now would sound."""
        waiting_s = self._buffer.waiting_samples / self._device_hz
        return self._timeline.now_s() + waiting_s + self._stream.output_latency_s

    def _on_opened(self, stream: DeviceStream) -> None:
        """Queue for this stream from now on; nothing calls back meanwhile."""
        with self._queueing:
            self._stream = stream
            before_hz, self._device_hz = self._device_hz, stream.sample_rate_hz
            if before_hz != self._device_hz:
                self._buffer.put(self._resampler.flush())
                self._resampler = Resampler(self.sample_rate_hz, 1, self._device_hz)

            def convert(piece: Samples) -> Samples:
                resampler = Resampler(before_hz, 1, self._device_hz)
                return np.concatenate([resampler.push(piece), resampler.flush()])

            capacity = max(1, round(self._buffer_s * self._device_hz))
            lost_s = self._buffer.back(capacity, convert) / before_hz
            self._away = False
            # What was expected has not happened.
            self._until_s = 0.0
        if lost_s:
            log.warning(
                "%.1f s of speech were lost while the loudspeaker was away: "
                "they stand in captions and transcript alone",
                lost_s,
            )

    def _on_lost(self) -> None:
        with self._queueing:
            self._away = True
            self._buffer.away(round(self._away_s * self._device_hz))

    def _on_output(
        self, _data: bytes | None, frames: int, _times: object, _status: int
    ) -> tuple[bytes, int]:
        channels = self._stream.channels
        samples = self._buffer.take(frames)
        return (samples if channels == 1 else samples.repeat(channels)).tobytes(), CONTINUE
