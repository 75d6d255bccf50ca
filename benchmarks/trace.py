"""What a run leaves behind for scoring: every word, when it was known and when it sounded."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from live_translator.messages import Playback, Transcript, Translation
from live_translator.timeline import Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceWord:
    """A recognised word; where it lies in its commit is taken as even."""

    text: str
    start_s: float
    end_s: float
    delay_s: float
    """Source clock, what had been heard when it was committed."""
    committed_at_s: float
    """Source clock, when that really was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetWord:
    """A committed word of the translation."""

    text: str
    delay_s: float
    elapsed_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenWord:
    """A word as it sounded; where it lies in its piece is by its letters."""

    text: str
    start_s: float
    end_s: float


@dataclass(slots=True)
class Trace:
    """Everything that came out of one run, in order."""

    source: list[SourceWord] = field(default_factory=list)
    target: list[TargetWord] = field(default_factory=list)
    spoken: list[SpokenWord] = field(default_factory=list)
    segments: list[Translation] = field(default_factory=list)
    segment_elapsed_s: list[float] = field(default_factory=list)
    audio: dict[int, tuple[float, float]] = field(default_factory=dict)
    """By segment: when its speech begins and ends."""
    captions: dict[int, list[str]] = field(default_factory=dict)
    """By utterance: every version of its source text that was shown."""
    depths: list[tuple[float, int, int, int]] = field(default_factory=list)
    """Source clock, then how many messages waited in each channel."""


class Recorder:
    """Listens to a run and writes its trace; satisfies `interfaces.Listener`."""

    def __init__(self) -> None:
        self.trace = Trace()
        self.timeline: Timeline | None = None
        self.depths: Callable[[], dict[str, int]] | None = None
        self._committed: dict[int, str] = {}
        self._lock = threading.Lock()

    def on_transcript(self, message: Transcript) -> None:
        """Note committed source words and what a caption shows."""
        with self._lock:
            known = self._committed.get(message.utterance, "") + message.committed
            self._committed[message.utterance] = known
            shown = self.trace.captions.setdefault(message.utterance, [])
            shown.append(known + message.unstable)
            words = message.committed.split()
            elapsed_s = self._moment(message.emitted_at_s)
            self._note_depths()
            if not words:
                return
            end_s = max(message.start_s, message.speech_end_s)
            step_s = (end_s - message.start_s) / len(words)
            self.trace.source.extend(
                SourceWord(
                    text=word,
                    start_s=message.start_s + index * step_s,
                    end_s=message.start_s + (index + 1) * step_s,
                    delay_s=message.end_s,
                    committed_at_s=elapsed_s,
                )
                for index, word in enumerate(words)
            )

    def on_translation(self, message: Translation) -> None:
        """Note a segment and its words."""
        with self._lock:
            elapsed_s = self._moment(message.emitted_at_s)
            self.trace.segments.append(message)
            self.trace.segment_elapsed_s.append(elapsed_s)
            self.trace.target.extend(
                TargetWord(text=word, delay_s=message.end_s, elapsed_s=elapsed_s)
                for word in message.target.split()
            )
            self._note_depths()

    def on_playback(self, message: Playback) -> None:
        """Note when a piece of a segment sounds."""
        with self._lock:
            begin_s, _ = self.trace.audio.get(message.segment, (message.audio_start_s, 0.0))
            self.trace.audio[message.segment] = (begin_s, message.audio_end_s)
            words = message.text.split()
            letters = sum(map(len, words))
            length_s = message.audio_end_s - message.audio_start_s
            said = 0
            for word in words:
                start_s = message.audio_start_s + length_s * said / letters
                said += len(word)
                self.trace.spoken.append(
                    SpokenWord(
                        text=word,
                        start_s=start_s,
                        end_s=message.audio_start_s + length_s * said / letters,
                    )
                )
            self._note_depths()

    def close(self) -> None:
        """Nothing to close."""

    def _moment(self, monotonic_s: float) -> float:
        return self.timeline.since_start(monotonic_s) if self.timeline else 0.0

    def _note_depths(self) -> None:
        if self.timeline is not None and self.depths is not None:
            depths = self.depths()
            self.trace.depths.append(
                (
                    self.timeline.now_s(),
                    depths["speech"],
                    depths["transcripts"],
                    depths["translations"],
                )
            )
