"""A run's messages as a client is told them."""

from collections.abc import Callable
from typing import TypeAlias

from live_translator.assembly import Run
from live_translator.messages import Message, Playback, Transcript, Translation
from live_translator.serve.protocol import (
    Latency,
    ServerMessage,
    Source,
    SourcePartial,
    Spoken,
    Target,
    TargetPartial,
)
from live_translator.timeline import Timeline

Put: TypeAlias = Callable[[Callable[[int], ServerMessage], str], None]
"""Takes what makes a message for its number, and the slot that it outdates."""
Show: TypeAlias = Callable[[str, ServerMessage], None]

SOURCE, TARGET, LATENCY = "source", "target", "latency"
"""The slots of what is only worth its newest state."""


class Words:
    """A `Listener` that tells what is said; on the stages' threads, and never waits."""

    def __init__(self, put: Put, show: Show) -> None:
        """Tell through `put` and `show`; whoever makes it sets `timeline` before a run begins."""
        self.timeline: Timeline
        self._put = put
        self._show = show

    def on_transcript(self, message: Transcript) -> None:
        """Tell what was recognised."""
        if not (message.committed.strip() or message.final):
            partial = SourcePartial(
                utterance=message.utterance, unstable=message.unstable, end_s=_s(message.end_s)
            )
            self._show(SOURCE, partial)
            return
        direction = message.direction
        emitted_s = self._emitted_s(message)
        self._put(
            lambda seq: Source(
                seq=seq,
                utterance=message.utterance,
                text=message.committed,
                unstable=message.unstable,
                language=direction.source.code if direction else "",
                start_s=_s(message.start_s),
                end_s=_s(message.end_s),
                speech_end_s=_s(message.speech_end_s),
                emitted_s=emitted_s,
                final=message.final,
            ),
            SOURCE,
        )

    def on_translation(self, message: Translation) -> None:
        """Tell what was translated."""
        if not (message.target.strip() or message.source.strip() or message.final):
            partial = TargetPartial(
                utterance=message.utterance, unstable=message.unstable, end_s=_s(message.end_s)
            )
            self._show(TARGET, partial)
            return
        direction = message.direction
        emitted_s = self._emitted_s(message)
        self._put(
            lambda seq: Target(
                seq=seq,
                utterance=message.utterance,
                segment=message.segment,
                text=message.target,
                source=message.source,
                unstable=message.unstable,
                language=direction.target.code if direction else "",
                uncertain=message.uncertain,
                skipped=message.skipped,
                start_s=_s(message.start_s),
                end_s=_s(message.end_s),
                emitted_s=emitted_s,
                final=message.final,
            ),
            TARGET,
        )

    def on_playback(self, message: Playback) -> None:
        """Tell when words sound."""
        self._put(
            lambda seq: Spoken(
                seq=seq,
                utterance=message.utterance,
                segment=message.segment,
                text=message.text,
                start_s=_s(message.audio_start_s),
                end_s=_s(message.audio_end_s),
                skipped=message.skipped,
            ),
            "",
        )

    def close(self) -> None:
        """Nothing to close."""

    def _emitted_s(self, message: Message) -> float:
        if self.timeline.realtime:
            return _s(self.timeline.since_start(message.emitted_at_s))
        return _s(message.end_s)


class Events(Words):
    """Tells how late it is, too."""

    def __init__(self, put: Put, show: Show, lag: Callable[[float], None]) -> None:
        """Tell as `Words` does; `lag` takes how late each piece of speech is."""
        super().__init__(put, show)
        self._lag = lag

    def attend(self, run: Run) -> None:
        """Say whose words they are, before they come."""
        self._run = run
        self.timeline = run.timeline

    def on_translation(self, message: Translation) -> None:
        """Tell what was translated, and how late."""
        super().on_translation(message)
        self._tell_latency()

    def on_playback(self, message: Playback) -> None:
        """Tell when words sound, and how late."""
        super().on_playback(message)
        self._tell_latency()

    def _tell_latency(self) -> None:
        status = self._run.status()
        if status.lag_s is not None:
            self._lag(status.lag_s)
        latency = Latency(
            lag_s=None if status.lag_s is None else _s(status.lag_s),
            behind_s=_s(status.behind_s),
            waiting=dict(status.queues),
        )
        self._show(LATENCY, latency)


def _s(seconds: float) -> float:
    return round(seconds, 3)
