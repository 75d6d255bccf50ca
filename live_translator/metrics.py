"""The one metrics collector: what every stage did, and when every word came out.

Stages and listeners record from their own threads; `snapshot` may be called any time.
"""

import math
import threading
from array import array
from dataclasses import dataclass, field
from typing import Any

from live_translator import latency
from live_translator.messages import Playback, Transcript, Translation


class StageMeter:
    """How long one stage's steps took; written by its thread, read by any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # 31 chunks a second, for hours: numbers alone, not objects.
        self._steps_s = array("d")
        self._messages = 0
        self._busy_s = 0.0

    def record(self, busy_s: float, messages: int) -> None:
        """Count a step that took `busy_s` and emitted so many messages.

        Only steps that emitted something enter the percentiles: the others merely
        gathered input.
        """
        with self._lock:
            self._busy_s += busy_s
            self._messages += messages
            if messages:
                self._steps_s.append(busy_s)

    def snapshot(self, wall_s: float) -> dict[str, float | int]:
        """Return count, percentiles in milliseconds, and the share of `wall_s` spent busy."""
        with self._lock:
            steps_s = sorted(self._steps_s)
            messages, busy_s = self._messages, self._busy_s
        return {
            "count": messages,
            "p50_ms": _ms(latency.percentile(steps_s, 50)) if steps_s else 0.0,
            "p95_ms": _ms(latency.percentile(steps_s, 95)) if steps_s else 0.0,
            "max_ms": _ms(steps_s[-1]) if steps_s else 0.0,
            "busy_fraction": round(busy_s / wall_s, 4) if wall_s > 0 else 0.0,
        }


@dataclass(slots=True)
class UtteranceTimes:
    """When one utterance was spoken, and when its words were committed and sounded."""

    start_s: float
    speech_end_s: float
    source_end_s: float
    delays_s: list[float] = field(default_factory=list)
    """Source clock at which each target word was committed."""
    elapsed_s: list[float] = field(default_factory=list)
    """The same with computation: when it really was, on the source clock's scale."""
    segment_delays_s: dict[int, float] = field(default_factory=dict)
    spoken: list[tuple[float, float, float]] = field(default_factory=list)
    """Each played piece: delay of its words, start and end of its audio."""


class MetricsCollector:
    """Listens to a run and computes its latencies; satisfies `interfaces.Listener`."""

    def __init__(self, *, realtime: bool) -> None:
        self._realtime = realtime
        self._lock = threading.Lock()
        self._origin_s = 0.0
        self._utterances: dict[int, UtteranceTimes] = {}
        self._source_words = 0
        self._target_words = 0
        self.meters = {name: StageMeter() for name in ("capture", "asr", "mt", "tts")}

    def start(self, origin_s: float) -> None:
        """Set the monotonic time of the source clock's zero."""
        self._origin_s = origin_s

    def on_transcript(self, message: Transcript) -> None:
        """Note where committed speech began and ended."""
        if not message.committed.strip():
            return
        with self._lock:
            self._source_words += len(message.committed.split())
            times = self._utterances.get(message.utterance)
            if times is None:
                times = self._utterances[message.utterance] = UtteranceTimes(
                    message.start_s, message.speech_end_s, message.end_s
                )
            times.speech_end_s = max(times.speech_end_s, message.speech_end_s)
            times.source_end_s = max(times.source_end_s, message.end_s)

    def on_translation(self, message: Translation) -> None:
        """Note the delay of each committed target word."""
        words = len(message.target.split())
        with self._lock:
            times = self._utterances.get(message.utterance)
            if times is None or not words:
                return
            self._target_words += words
            times.delays_s.extend([message.end_s] * words)
            times.elapsed_s.extend([message.emitted_at_s - self._origin_s] * words)
            times.segment_delays_s[message.segment] = message.end_s

    def on_playback(self, message: Playback) -> None:
        """Note when a piece sounds."""
        if message.skipped:
            return
        with self._lock:
            times = self._utterances.get(message.utterance)
            if times is not None:
                delay_s = times.segment_delays_s.get(message.segment, message.audio_start_s)
                times.spoken.append((delay_s, message.audio_start_s, message.audio_end_s))

    def close(self) -> None:
        """Nothing to close."""

    def words(self) -> tuple[int, int]:
        """Return how many source and target words were committed."""
        with self._lock:
            return self._source_words, self._target_words

    def latencies(self) -> dict[str, Any]:
        """Return the run's latencies in seconds; None where nothing was spoken.

        `first_audio_s`: from the onset of the first word to the first audio.
        `laal_s`, `laal_ca_s`: Length-Adaptive Average Lagging, mean over utterances,
        computation-unaware and -aware. `atd_s`: Average Token Delay, mean likewise.
        `end_offset_s`: from the end of the last speech to the end of its audio, with
        the median and 95th percentile over utterances beside it.
        """
        with self._lock:
            utterances = list(self._utterances.values())
            translated = [times for times in utterances if times.delays_s]
            spoken = [times for times in utterances if times.spoken]
            offsets_s = sorted(times.spoken[-1][2] - times.speech_end_s for times in spoken)
            laal_s = [
                latency.laal(
                    [delay_s - times.start_s for delay_s in times.delays_s],
                    times.source_end_s - times.start_s,
                )
                for times in translated
            ]
            laal_ca_s = [
                latency.laal(
                    [elapsed_s - times.start_s for elapsed_s in times.elapsed_s],
                    times.source_end_s - times.start_s,
                )
                for times in translated
            ]
            atd_s = [
                latency.atd(
                    times.source_end_s - times.start_s,
                    [
                        (delay - times.start_s, start - times.start_s, end - times.start_s)
                        for delay, start, end in times.spoken
                    ],
                )
                for times in spoken
            ]
        return {
            "first_audio_s": _seconds(
                min(times.spoken[0][1] for times in spoken)
                - min(times.start_s for times in utterances)
                if spoken
                else None
            ),
            "laal_s": _mean(laal_s),
            "laal_ca_s": _mean(laal_ca_s) if self._realtime else None,
            "end_offset_s": _seconds(
                max(times.spoken[-1][2] for times in spoken)
                - max(times.speech_end_s for times in spoken)
                if spoken
                else None
            ),
            "end_offset_p50_s": _seconds(latency.percentile(offsets_s, 50) if spoken else None),
            "end_offset_p95_s": _seconds(latency.percentile(offsets_s, 95) if spoken else None),
            "atd_s": _mean(atd_s),
        }


def _mean(values: list[float]) -> float | None:
    """Return the mean of what is a number: a formula gives none for an empty utterance."""
    known = [value for value in values if not math.isnan(value)]
    return round(sum(known) / len(known), 3) if known else None


def _seconds(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
