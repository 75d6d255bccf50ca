"""The microphone, or any other input device, as a source."""

import contextlib
import logging
from collections.abc import Iterator

from live_translator.audio.captures import Capture, CaptureBlocks, Event, Gone, Opened
from live_translator.audio.connection import Connection
from live_translator.audio.devices import Device
from live_translator.audio.portaudio import BUFFER_S, CONTINUE, DeviceStream
from live_translator.channel import Channel, ChannelClosedError
from live_translator.config import SAMPLE_RATE_HZ
from live_translator.interfaces import Clock
from live_translator.messages import AudioBlock

log = logging.getLogger(__name__)

_INPUT_OVERFLOW = 2
"""PortAudio's paInputOverflow: samples were lost before the callback."""


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
        self._captures: Channel[Event] = Channel(
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
            blocks = CaptureBlocks()
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
        self._tell(Opened(stream.sample_rate_hz, stream.channels))

    def _on_lost(self) -> None:
        self._tell(Gone(self._clock()))

    def _tell(self, event: Event) -> None:
        """Put into the buffer, waiting for room: without a device nothing comes that could not."""
        with contextlib.suppress(ChannelClosedError):  # then nobody listens any more
            self._captures.put(event)

    def _on_input(
        self, content: bytes | None, frames: int, _times: object, status: int
    ) -> tuple[None, int]:
        self._overflows += bool(status & _INPUT_OVERFLOW)
        capture = Capture(content or b"", self._clock(), self._pending_lost_frames)
        if self._captures.offer(capture):
            self._pending_lost_frames = 0
        elif not self._closed:
            self._pending_lost_frames += frames
            self.dropped_s += frames / self._device_hz
        return None, CONTINUE
