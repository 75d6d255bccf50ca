"""Subtitles of the translation on the source's clock: SubRip or WebVTT, valid at any moment."""

import threading
from dataclasses import dataclass
from pathlib import Path

from live_translator.captions.tail_file import TailFile
from live_translator.captions.text import clean
from live_translator.errors import UsageError
from live_translator.messages import Playback, Transcript, Translation

_MAX_CHARACTERS = 84
"""Two lines of 42, the usual limit of broadcasters' style guides."""
_MAX_SECONDS = 7.0
"""The usual longest time a subtitle stays."""
_MIN_SECONDS = 1.0
"""The usual shortest: less cannot be read."""
_SENTENCE_ENDS = (".", "?", "!", "…")


@dataclass(slots=True)
class Cue:
    """One subtitle: when it is shown, in seconds of the source, and what it says."""

    start_s: float
    end_s: float
    text: str


class CueBuilder:
    """Groups committed segments into readable cues that never overlap. Pure."""

    def __init__(self) -> None:
        self._shown_until_s = 0.0

    def add(self, cue: Cue | None, text: str, start_s: float, end_s: float) -> Cue:
        """Return the cue that shows `text`: `cue`, grown in place, or a new one after it."""
        if cue is not None and self._has_room(cue, text, end_s):
            cue.text = f"{cue.text} {text}"
            cue.end_s = max(cue.end_s, end_s)
            return cue
        if cue is not None:
            self._shown_until_s = cue.end_s
        begin_s = max(start_s, self._shown_until_s)
        return Cue(begin_s, max(end_s, begin_s + _MIN_SECONDS), text)

    @staticmethod
    def _has_room(cue: Cue, text: str, end_s: float) -> bool:
        return (
            not cue.text.endswith(_SENTENCE_ENDS)
            and len(cue.text) + 1 + len(text) <= _MAX_CHARACTERS
            and end_s - cue.start_s <= _MAX_SECONDS
        )


class SubtitleWriter:
    """Writes the translation as .srt or .vtt while it comes; a `Listener`."""

    def __init__(self, path: Path) -> None:
        """Create the file; raises UsageError for another suffix, OutputError."""
        suffix = path.suffix.lower()
        if suffix not in (".srt", ".vtt"):
            raise UsageError(f"--subtitles {path}: the name must end in .srt or .vtt")
        self._webvtt = suffix == ".vtt"
        self._file = TailFile(path, "WEBVTT\n\n" if self._webvtt else "")
        self._builder = CueBuilder()
        self._cue: Cue | None = None
        self._number = 0
        self._lock = threading.Lock()

    def on_transcript(self, message: Transcript) -> None:
        """Subtitles show the translation only."""

    def on_translation(self, message: Translation) -> None:
        """Add a segment to the last cue, or begin a new one."""
        text = " ".join(clean(message.shown).split())
        if not text:
            return
        with self._lock:
            cue = self._builder.add(self._cue, text, message.start_s, message.end_s)
            if cue is not self._cue:
                self._file.settle()
                self._number += 1
                self._cue = cue
            self._file.replace(self._format(cue))

    def on_playback(self, message: Playback) -> None:
        """Subtitles follow the source's clock, not the voice's."""

    def close(self) -> None:
        """Close the file; idempotent."""
        with self._lock:
            self._file.close()

    def _format(self, cue: Cue) -> str:
        mark = "." if self._webvtt else ","
        times = f"{_clock(cue.start_s, mark)} --> {_clock(cue.end_s, mark)}"
        # An arrow in the text would read as a cue's times; in WebVTT, < and & begin marks.
        text = cue.text.replace("-->", "→")
        if self._webvtt:
            text = text.replace("&", "&amp;").replace("<", "&lt;")
        return f"{self._number}\n{times}\n{text}\n\n"


def _clock(seconds: float, mark: str) -> str:
    milliseconds = round(seconds * 1000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milliseconds // 1000:02}{mark}{milliseconds % 1000:03}"
