"""Everything that crosses a channel: immutable, timestamped, self-describing.

Two clocks appear and are never mixed. The *source clock* counts seconds of source
audio from its first sample (`start_s`, `end_s`): it says what a message depends on,
the field's "delay". The *monotonic clock* says when something happened in this process
(`captured_at_s`, `emitted_at_s`): with it comes the field's "elapsed".
"""

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from live_translator.direction import Direction

Samples: TypeAlias = NDArray[np.float32]
"""Mono audio, shape (n,), float32 in [-1, 1]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioBlock:
    """What a source delivers: consecutive samples at the recogniser's rate."""

    samples: Samples
    start_s: float
    """Source clock, of the first sample."""
    captured_at_s: float
    """Monotonic clock, of the last sample's arrival."""
    gap_s: float = 0.0
    """Seconds of audio lost just before this block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """The header that every message between stages carries."""

    utterance: int
    """Counts utterances from 0; never decreases along a channel."""
    start_s: float
    """Source clock, where the material begins."""
    end_s: float
    """Source clock, the last source audio that this message depends on: its delay."""
    captured_at_s: float
    """Monotonic clock, when the audio up to `end_s` had been captured."""
    emitted_at_s: float
    """Monotonic clock, when the stage emitted it."""
    final: bool = False
    """The last message of its utterance."""
    direction: Direction | None = None
    """From which language into which; None before the speaker's language is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechChunk(Message):
    """Capture to ASR: a piece of an utterance; the final one may be empty."""

    samples: Samples


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript(Message):
    """ASR to MT: the words committed since the last one, and the tail that may change."""

    committed: str
    """New text only, appended verbatim (it brings its own space). Never taken back."""
    unstable: str = ""
    """What the recogniser believes comes next, verbatim too. For captions; never spoken."""
    speech_end_s: float = 0.0
    """Source clock, where the last committed word ended."""
    translated: str = ""
    """New target text, verbatim, where the recogniser translates (Whisper's translate task)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation(Message):
    """MT to TTS: a committed segment, source beside target."""

    segment: int
    """Counts segments from 0 over the whole run."""
    source: str
    """The source words newly covered; may be empty when only target was added."""
    target: str
    """New target words only. Never taken back."""
    unstable: str = ""
    """The translation's unstable tail. For captions; never spoken."""
    uncertain: bool = False
    """Whether the engine doubts its translation; captions say so."""
    skipped: str = ""
    """Why the source has no translation, where it should have one."""

    @property
    def shown(self) -> str:
        """The new words to read: the target's or, where it is missing, the source's, marked."""
        if self.skipped and self.source and not self.target:
            return f"[{self.source.strip()}]"
        return self.target.strip()

    @property
    def caption(self) -> str:
        """The same with a mark where they are doubted."""
        return f"{self.shown} (?)" if self.target and self.uncertain else self.shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Playback:
    """What was played, or left out: a run of one segment's words on the source's timeline."""

    segment: int
    utterance: int
    text: str
    audio_start_s: float
    """Source clock, when its first sample sounds."""
    audio_end_s: float
    """Source clock, when its last sample has sounded."""
    speech_end_s: float = field(default=0.0)
    """Source clock, the end of the source material that it translates."""
    skipped: str = ""
    """Why the words were not spoken; they then have a place on the timeline, and no length."""
