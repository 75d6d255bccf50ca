"""What happens to a microphone, and the blocks on the source clock that come of it."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from live_translator.audio.framer import Framer
from live_translator.audio.resample import Resampler
from live_translator.audio.samples import tamed
from live_translator.audio.sources import BLOCK_SAMPLES
from live_translator.config import SAMPLE_RATE_HZ
from live_translator.messages import AudioBlock, Samples

_SLIP_S = 1.0
"""Sound that is later than this, and stays so, was preceded by some that is lost: nobody was
told how much. More than a sound card's clock strays in an hour or two."""
_SETTLED_S = 2.0
"""How long it must stay so: what a sound server kept for us comes all at once."""


@dataclass(frozen=True, slots=True)
class Capture:
    """What one callback of the microphone brought."""

    content: bytes
    arrived_at_s: float
    lost_frames: int
    """How many frames, at the device's rate, were lost just before."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What is captured from here on comes in this form."""

    sample_rate_hz: int
    channels: int


@dataclass(frozen=True, slots=True)
class Gone:
    """The device has gone; what it may still bring until it is opened again is not heard."""

    noticed_at_s: float


Event: TypeAlias = Capture | Opened | Gone


class CaptureBlocks:
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
        self._open = True
        self._late_since_s: float | None = None
        self._least_late_s = 0.0

    def after(self, event: Event) -> list[AudioBlock]:
        """Return the blocks that an event completes."""
        match event:
            case Opened():
                self._open = True
                self._resampler = Resampler(event.sample_rate_hz, event.channels, SAMPLE_RATE_HZ)
                return []
            case Gone():
                self._open = False
                return self._after_gone(event)
            case Capture():
                return self._after_capture(event) if self._open else []

    def rest(self) -> list[AudioBlock]:
        """Return what fills no whole block; what comes after does not join on."""
        blocks = [self._block(samples) for samples in self._framer.push(self._resampler.flush())]
        if len(samples := self._framer.rest()):
            blocks.append(self._block(samples))
        return blocks

    def _after_gone(self, event: Gone) -> list[AudioBlock]:
        blocks = self.rest()
        if self.origin_s is None or self._away:
            return blocks
        self._away = True
        silence_s = BLOCK_SAMPLES / SAMPLE_RATE_HZ
        # Some gap there must be, to end the utterance.
        lost_s = max(1 / SAMPLE_RATE_HZ, event.noticed_at_s - self._until_s - silence_s)
        self._skip(lost_s)
        self._until_s += lost_s + silence_s
        return [*blocks, self._block(np.zeros(BLOCK_SAMPLES, np.float32))]

    def _after_capture(self, event: Capture) -> list[AudioBlock]:
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
        late_s = began_s - self.origin_s - self._position / SAMPLE_RATE_HZ
        if slipped_s := self._slipped_s(late_s, began_s):
            blocks += self.rest()
            self._skip(slipped_s)
        self._until_s = event.arrived_at_s
        samples = tamed(self._resampler.push(captured))
        blocks.extend(self._block(each) for each in self._framer.push(samples))
        return blocks

    def _slipped_s(self, late_s: float, began_s: float) -> float:
        """Return how much was lost unseen: this process was stopped, or the machine asleep."""
        if late_s < _SLIP_S:
            self._late_since_s = None
            return 0.0
        if self._late_since_s is None:
            self._late_since_s, self._least_late_s = began_s, late_s
        self._least_late_s = min(self._least_late_s, late_s)
        if began_s - self._late_since_s < _SETTLED_S:
            return 0.0
        self._late_since_s = None
        return self._least_late_s

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
