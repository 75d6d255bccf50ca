"""How long after the speaker the translation comes: the lag a person sees while it runs."""

import threading
from collections import deque

from live_translator.messages import Playback, Transcript, Translation
from live_translator.timeline import Timeline

_UNSPOKEN_SEGMENTS = 256
"""More than ever wait to be spoken; older ones were left out and never will be."""


class LagMeter:
    """The ear-voice span of the newest segment, interpreters' own measure; a `Listener`.

    ear-voice span = onset of the translation - onset of the source words that it covers
    (Treisman 1965, "The effects of redundancy and familiarity on translating and repeating
    back a foreign and a native language"). The onset of a translation is when it sounds or,
    where nothing is `spoken`, when it is shown. Seconds on the source clock.
    """

    def __init__(self, timeline: Timeline, *, spoken: bool) -> None:
        self.lag_s: float | None = None
        """The last one measured; None before the first. May be read from any thread."""
        self._timeline = timeline
        self._spoken = spoken
        self._lock = threading.Lock()
        self._onsets_s: deque[tuple[int, float]] = deque(maxlen=_UNSPOKEN_SEGMENTS)
        """Segment, and where its source begins, for those that have not sounded."""

    def on_transcript(self, message: Transcript) -> None:
        """Only what is translated counts."""

    def on_translation(self, message: Translation) -> None:
        """Measure it, or remember where its source begins until it sounds."""
        if not message.target:
            return
        if self._spoken:
            with self._lock:
                self._onsets_s.append((message.segment, message.start_s))
            return
        shown_s = message.end_s
        if self._timeline.realtime:
            shown_s = self._timeline.since_start(message.emitted_at_s)
        self.lag_s = shown_s - message.start_s

    def on_playback(self, message: Playback) -> None:
        """Measure a segment when its first word sounds."""
        with self._lock:
            # Audio comes in the order of the segments: those before were not spoken.
            while self._onsets_s and self._onsets_s[0][0] <= message.segment:
                segment, onset_s = self._onsets_s.popleft()
                if segment == message.segment and not message.skipped:
                    self.lag_s = message.audio_start_s - onset_s

    def close(self) -> None:
        """Nothing to close."""
