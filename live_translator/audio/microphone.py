"""The microphone, or any other input device, as a source."""

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from live_translator.audio.connection import Connection
from live_translator.audio.devices import Device
from live_translator.audio.framer import Framer
from live_translator.audio.portaudio import BUFFER_S, CONTINUE, DeviceStream
from live_translator.audio.resample import Resampler
from live_translator.audio.samples import tamed
from live_translator.audio.sources import BLOCK_SAMPLES
from live_translator.channel import Channel, ChannelClosedError
from live_translator.config import SAMPLE_RATE_HZ
from live_translator.interfaces import Clock
from live_translator.messages import AudioBlock, Samples

log = logging.getLogger(__name__)

_INPUT_OVERFLOW = 2
"""PortAudio's paInputOverflow: samples were lost before the callback."""


@dataclass(frozen=True, slots=True)
class _Capture:
    """What one callback of the microphone brought."""

    content: bytes
    arrived_at_s: float
    lost_frames: int
    """How many frames, at the device's rate, were lost just before."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """What is captured from here on comes in this form."""

    sample_rate_hz: int
    channels: int


@dataclass(frozen=True, slots=True)
class _Gone:
    """The device has gone; nothing is captured until it is opened again."""

    noticed_at_s: float


_Event: TypeAlias = _Capture | _Opened | _Gone


class _Blocks:
    """From what happens to a microphone to blocks on the source clock; no thread, no clock."""

    def __init__(self) -> None:
        self.origin_s: float | None = None
        """Monotonic clock, when the first sample was heard; None before it came."""
        self._resampler = Resampler(SAMPLE_RATE_HZ, 1, SAMPLE_RATE_HZ)
        self._framer = Framer(BLOCK_SAMPLES)
        self._position = 0
        """Source clock, of the next sample to be delivered."""
        self._gap = 0
        self._until_s = 0.0
        """Monotonic clock, up to which all was delivered or counted as lost."""
        self._away = False

    def after(self, event: _Event) -> list[AudioBlock]:
        """Return the blocks that an event completes."""
        match event:
            case _Opened():
                self._resampler = Resampler(event.sample_rate_hz, event.channels, SAMPLE_RATE_HZ)
                return []
            case _Gone():
                return self._after_gone(event)
            case _Capture():
                return self._after_capture(event)

    def rest(self) -> list[AudioBlock]:
        """Return what fills no whole block; what comes after does not join on."""
        blocks = [self._block(samples) for samples in self._framer.push(self._resampler.flush())]
        if len(samples := self._framer.rest()):
            blocks.append(self._block(samples))
        return blocks

    def _after_gone(self, event: _Gone) -> list[AudioBlock]:
        blocks = self.rest()
        if self.origin_s is None:
            return blocks
        self._away = True
        silence_s = BLOCK_SAMPLES / SAMPLE_RATE_HZ
        # Some gap there must be, to end the utterance.
        lost_s = max(1 / SAMPLE_RATE_HZ, event.noticed_at_s - self._until_s - silence_s)
        self._skip(lost_s)
        self._until_s += lost_s + silence_s
        return [*blocks, self._block(np.zeros(BLOCK_SAMPLES, np.float32))]

    def _after_capture(self, event: _Capture) -> list[AudioBlock]:
        captured = np.frombuffer(event.content, np.float32)
        began_s = event.arrived_at_s - (
            len(captured) / self._resampler.channels / self._resampler.in_hz
        )
        blocks = []
        if self.origin_s is None:
            self.origin_s = began_s
        if self._away:
            self._away = False
            self._skip(began_s - self._until_s)
        elif event.lost_frames:
            blocks = self.rest()
            self._skip(event.lost_frames / self._resampler.in_hz)
        self._until_s = event.arrived_at_s
        samples = tamed(self._resampler.push(captured))
        blocks.extend(self._block(each) for each in self._framer.push(samples))
        return blocks

    def _skip(self, lost_s: float) -> None:
        lost = max(0, round(lost_s * SAMPLE_RATE_HZ))
        self._gap += lost
        self._position += lost

    def _block(self, samples: Samples) -> AudioBlock:
        block = AudioBlock(
            samples=samples,
            start_s=self._position / SAMPLE_RATE_HZ,
            captured_at_s=self._until_s,
            gap_s=self._gap / SAMPLE_RATE_HZ,
        )
        self._position += len(samples)
        self._gap = 0
        return block


class MicrophoneSource:
    """An input device, through PortAudio: 16 kHz mono, or the device's rate resampled.

    `device` is what `devices.choose` takes. The callback never waits: it offers to a
    buffer of `buffer_s`, and what does not fit is counted in `dropped_s` and marked as a
    gap. When the device goes away, a block of silence comes at once, marked with the gap
    so far, so that what was said is not held back; then nothing until it is back, and
    another gap. Only at the start is it an error, DeviceError, that there is none.
    """

    name = "the microphone"

    def __init__(self, *, clock: Clock, buffer_s: float, device: str | None = None) -> None:
        self.origin_s: float | None = None
        """Monotonic clock, when the first sample was heard; None before it came."""
        self.dropped_s = 0.0
        """Seconds that found the buffer full."""
        self._clock = clock
        self._wanted = device
        self._captures: Channel[_Event] = Channel(
            "microphone", max(2, int(buffer_s / BUFFER_S)), clock
        )
        self._connection: Connection | None = None
        self._closed = False
        # Written by the callback alone, or while there is none.
        self._device_hz = SAMPLE_RATE_HZ
        self._pending_lost_frames = 0
        self._overflows = 0

    @property
    def device(self) -> Device:
        """What it listens to, once it is open."""
        return self._ready().device

    def open(self) -> None:
        """Open the device, at most once, without listening yet; call before threads start."""
        self._ready()

    def blocks(self) -> Iterator[AudioBlock]:
        """Yield blocks of `BLOCK_SAMPLES`; before a gap and at the end a shorter one."""
        connection = self._ready()
        try:
            connection.start()
            blocks = _Blocks()
            for event in (event for batch in self._captures.batches() for event in batch):
                made = blocks.after(event)
                self.origin_s = blocks.origin_s
                yield from made
            yield from blocks.rest()
        finally:
            self.close()
            connection.close()
        if self._overflows:
            log.warning(
                "the sound card lost audio %d times before the program saw it: "
                "close programs that keep the processor busy",
                self._overflows,
            )

    def close(self) -> None:
        """Listen no more; what was captured is still delivered."""
        self._closed = True
        self._captures.close()

    def _ready(self) -> Connection:
        if self._connection is None:
            self._connection = Connection(
                output=False,
                wanted=self._wanted,
                wanted_hz=SAMPLE_RATE_HZ,
                callback=self._on_input,
                opened=self._on_opened,
                lost=self._on_lost,
                meanwhile="connect it again to go on, or end with Ctrl-C",
                clock=self._clock,
            )
        return self._connection

    def _on_opened(self, stream: DeviceStream) -> None:
        self._device_hz = stream.sample_rate_hz
        self._pending_lost_frames = 0
        self._tell(_Opened(stream.sample_rate_hz, stream.channels))

    def _on_lost(self) -> None:
        self._tell(_Gone(self._clock()))

    def _tell(self, event: _Event) -> None:
        """Put into the buffer, waiting for room: without a device nothing comes that could not."""
        with contextlib.suppress(ChannelClosedError):  # then nobody listens any more
            self._captures.put(event)

    def _on_input(
        self, content: bytes | None, frames: int, _times: object, status: int
    ) -> tuple[None, int]:
        self._overflows += bool(status & _INPUT_OVERFLOW)
        capture = _Capture(content or b"", self._clock(), self._pending_lost_frames)
        if self._captures.offer(capture):
            self._pending_lost_frames = 0
        elif not self._closed:
            self._pending_lost_frames += frames
            self.dropped_s += frames / self._device_hz
        return None, CONTINUE
