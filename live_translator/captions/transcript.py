"""The transcript: one JSON object a line for each committed segment, valid at any moment."""

import json
import threading
from collections import deque
from pathlib import Path
from typing import Any

from live_translator.captions.tail_file import TailFile, encoded
from live_translator.messages import Playback, Transcript, Translation
from live_translator.prefix import after_prefix
from live_translator.timeline import Timeline

_ESCAPES = {code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), 0x2028, 0x2029)}
"""What JSON lets through though a terminal obeys it, or some readers end a line there."""


class TranscriptWriter:
    """Writes segments as they are committed and adds when they sounded; a `Listener`.

    A segment is on disk as soon as it is committed. Once it has been spoken, its line is
    written anew with the audio's times; lines before it are settled.
    """

    def __init__(self, path: Path, timeline: Timeline, *, spoken: bool = True) -> None:
        """Create the file; without speech no times of audio are waited for.

        Raises OutputError.
        """
        self._file = TailFile(path)
        self._timeline = timeline
        self._spoken = spoken
        self._lock = threading.Lock()
        self._pending: deque[dict[str, Any]] = deque()
        """Segments, oldest first, that may still gain times."""
        self._untranslated: dict[str, Any] | None = None
        """What was recognised but is not yet part of a segment."""

    def on_transcript(self, message: Transcript) -> None:
        """Remember what was recognised until a segment covers it."""
        if not message.committed:
            return
        with self._lock:
            if self._untranslated is None:
                self._untranslated = {
                    "utterance": message.utterance,
                    "source": "",
                    "target": "",
                    "start_s": round(message.start_s, 3),
                }
            self._untranslated["source"] += message.committed
            self._untranslated["end_s"] = round(message.end_s, 3)
            self._untranslated["committed_at_s"] = self._moment(message.emitted_at_s)

    def on_translation(self, message: Translation) -> None:
        """Write a segment."""
        with self._lock:
            self._cover(message.source)
            if not message.source and not message.target:
                return
            self._pending.append(
                {
                    "segment": message.segment,
                    "utterance": message.utterance,
                    "source": message.source.strip(),
                    "target": message.target.strip(),
                    "start_s": round(message.start_s, 3),
                    "end_s": round(message.end_s, 3),
                    "committed_at_s": self._moment(message.emitted_at_s),
                    **({"direction": str(message.direction)} if message.direction else {}),
                    **({"uncertain": True} if message.uncertain else {}),
                    **({"skipped": message.skipped} if message.skipped else {}),
                }
            )
            self._write()
            if not self._spoken:
                self._pending.clear()
                self._file.settle()

    def on_playback(self, message: Playback) -> None:
        """Add when a segment's audio begins and ends."""
        with self._lock:
            for entry in self._pending:
                if entry["segment"] != message.segment:
                    continue
                if message.skipped:
                    entry["unspoken"] = message.skipped
                else:
                    entry.setdefault("audio_start_s", round(message.audio_start_s, 3))
                    entry["audio_end_s"] = round(message.audio_end_s, 3)
            while self._pending and self._pending[0]["segment"] < message.segment:
                # Audio comes in the order of the segments: this one gains nothing more.
                line = _line(self._pending.popleft())
                self._file.settle(len(encoded(line)))
            self._write()

    def close(self) -> None:
        """Write what was recognised and never translated, and close; idempotent."""
        with self._lock:
            if self._untranslated is not None:
                self._untranslated["source"] = self._untranslated["source"].strip()
                self._pending.append(self._untranslated)
                self._untranslated = None
                self._write()
            self._file.close()

    def _cover(self, source: str) -> None:
        """Take the words of a segment off what is still untranslated."""
        if self._untranslated is None:
            return
        left = after_prefix(self._untranslated["source"], source)
        if left.strip():
            self._untranslated["source"] = left
        else:
            self._untranslated = None

    def _write(self) -> None:
        # Settling uses the length that a line has on disk, so lines are written before
        # they are settled and never change afterwards.
        self._file.replace("".join(_line(entry) for entry in self._pending))

    def _moment(self, monotonic_s: float) -> float:
        return round(self._timeline.since_start(monotonic_s), 3)


def _line(entry: dict[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False).translate(_ESCAPES) + "\n"
