"""Where utterances begin and end, decided from one speech probability per frame."""

import math
from dataclasses import dataclass

from live_translator.config import CaptureConfig

SOFT_LIMIT = 0.75
"""Share of the maximum length from which on ever shorter pauses end the utterance."""

SHORT_PAUSE_S = 0.15
"""A pause between words rather than the closure of a plosive (under 0.1 s)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """The latest `frames` frames, the present one included, belong to the utterance."""

    frames: int
    starts: bool = False
    """They open a new utterance."""
    ends: bool = False
    """The present frame is its last one."""


class Endpointer:
    """A state machine from probabilities to utterances: no audio, clock or thread.

    Voice is switched by hysteresis: on from `speech_threshold`, off below
    `silence_threshold`. An utterance starts once voice has lasted `min_speech_s`, and
    reaches back over it and `pre_roll_s` more. It ends when voice has been off for
    `min_silence_s`; past three quarters of `max_utterance_s` less and less is enough, at
    the maximum a pause of 0.15 s; and at the maximum in any case. So a long utterance is
    cut at the best pause that it offers rather than at the first. No frame is taken
    twice; frames are taken in order; no utterance is longer than the maximum.
    """

    def __init__(self, config: CaptureConfig, frame_s: float) -> None:
        self._config = config
        self._min_speech = max(1, _frames(config.min_speech_s, frame_s))
        self._min_silence = max(1, _frames(config.min_silence_s, frame_s))
        self._pre_roll = _frames(config.pre_roll_s, frame_s)
        self._short_pause = min(self._min_silence, _frames(SHORT_PAUSE_S, frame_s))
        self._max = max(1, math.floor(config.max_utterance_s / frame_s + 1e-9))
        self._soft_limit = math.ceil(SOFT_LIMIT * self._max)
        self._voiced = False
        self._run = 0
        self._untaken = 0
        self._taken = 0

    @property
    def lookback_frames(self) -> int:
        """The most frames that one Take can hold: what the caller must keep."""
        return min(self._min_speech + self._pre_roll, self._max)

    @property
    def in_utterance(self) -> bool:
        """Whether an utterance has started and not ended."""
        return self._taken > 0

    def step(self, probability: float) -> Take | None:
        """Account for the next frame; None when it does not, or not yet, belong."""
        threshold = (
            self._config.silence_threshold if self._voiced else self._config.speech_threshold
        )
        voiced = probability >= threshold
        self._run = self._run + 1 if voiced == self._voiced else 1
        self._voiced = voiced
        self._untaken += 1
        starts = not self.in_utterance
        if starts and not (voiced and self._run >= self._min_speech):
            return None
        frames = min(self._run + self._pre_roll, self._untaken, self._max) if starts else 1
        self._untaken = 0
        self._taken += frames
        ends = self._is_over()
        if ends:
            self.reset()
        return Take(frames=frames, starts=starts, ends=ends)

    def reset(self) -> None:
        """End the utterance, if one runs; nothing before the next frame can be taken."""
        self._taken = 0
        self._untaken = 0
        # Voice going on after a cut has to prove itself anew, or the last few
        # frames of a word would be an utterance of their own.
        self._run = 0

    def _is_over(self) -> bool:
        pause = 0 if self._voiced else self._run
        return self._taken >= self._max or pause >= self._enough_pause()

    def _enough_pause(self) -> float:
        """Return the frames of pause that end the utterance, now that it is so long."""
        past = max(0, self._taken - self._soft_limit) / max(1, self._max - self._soft_limit)
        return self._min_silence - past * (self._min_silence - self._short_pause)


def _frames(seconds: float, frame_s: float) -> int:
    """Return how many frames last at least `seconds`, forgiving rounding errors."""
    return math.ceil(seconds / frame_s - 1e-9)
