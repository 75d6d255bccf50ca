"""How much to hurry, when speech is later than it should be. Pure policies."""

from dataclasses import dataclass
from typing import Protocol

from live_translator.config import TtsConfig

_EASE_S = 1.0
"""So long before it is late the voice begins to hurry, so that its pace changes gradually."""


class CatchUp(Protocol):
    """Decides how a piece of speech is hurried; nothing is ever skipped.

    An end offset is the time from the end of the source words to the end of their
    translation's audio.
    """

    def pause_s(self, wanted_s: float, end_offset_s: float) -> float:
        """Return the breath to draw before a piece that without it ends that late."""

    def voice_speed(self, end_offset_s: float) -> float:
        """Return the voice's speed for a piece that at its normal speed would end that late."""

    def stretch(self, start_offset_s: float, duration_s: float) -> float:
        """Return how many times faster to play a piece that starts that late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByEndOffset:
    """Hurries a piece of speech so that it ends `end_offset_s` after the source it says.

    What a listener minds least comes first: a breath is left out; then the voice itself
    speaks faster, which also saves synthesis; what is still missing is done to the
    waveform. Nothing is hurried more than it needs.
    """

    end_offset_s: float
    max_voice_speed: float
    max_stretch: float

    def pause_s(self, wanted_s: float, end_offset_s: float) -> float:
        """Return the breath that fits before a piece that without it ends that late."""
        return min(wanted_s, max(0.0, self.end_offset_s - end_offset_s))

    def voice_speed(self, end_offset_s: float) -> float:
        """Return the voice's speed for a piece that at its normal speed would end that late."""
        late_s = end_offset_s - self.end_offset_s + _EASE_S
        return 1.0 + (self.max_voice_speed - 1.0) * min(1.0, max(0.0, late_s / _EASE_S))

    def stretch(self, start_offset_s: float, duration_s: float) -> float:
        """Return how many times faster to play a piece that starts that late."""
        room_s = self.end_offset_s - start_offset_s
        if duration_s >= room_s * self.max_stretch:
            return self.max_stretch
        return max(1.0, duration_s / room_s)


class Unhurried:
    """Speaks at the voice's own pace, with every breath, however late it gets."""

    def pause_s(self, wanted_s: float, end_offset_s: float) -> float:  # noqa: ARG002
        """Return the whole breath."""
        return wanted_s

    def voice_speed(self, end_offset_s: float) -> float:  # noqa: ARG002
        """Return 1."""
        return 1.0

    def stretch(self, start_offset_s: float, duration_s: float) -> float:  # noqa: ARG002
        """Return 1."""
        return 1.0


def make_catch_up(config: TtsConfig, *, streaming: bool) -> CatchUp:
    """Return the configured policy; without `streaming` it may be as late as complete mode is."""
    if config.catch_up == "none":
        return Unhurried()
    return ByEndOffset(
        end_offset_s=config.end_offset_s if streaming else config.complete_end_offset_s,
        max_voice_speed=config.max_voice_speed,
        max_stretch=config.max_stretch,
    )
