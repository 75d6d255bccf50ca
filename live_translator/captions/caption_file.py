"""A small text file with the newest captions, for a program that shows it over a picture."""

import threading
from pathlib import Path

from live_translator.captions.roll_up import RollUp
from live_translator.captions.ticker import Ticker
from live_translator.captions.whole_file import WholeFile
from live_translator.config import CaptionsConfig
from live_translator.errors import OutputError
from live_translator.interfaces import Clock
from live_translator.messages import Playback, Transcript, Translation

_CHECK_S = 0.25
"""How often it is asked whether the captions have been up long enough."""


class CaptionFile:
    """Keeps the newest lines of the translation in a file; a `Listener`.

    Made for "read from file" of streaming programs (OBS), which look at the file once a
    second: it is replaced as a whole, so that a reader finds the old lines or the new ones.
    After some seconds without words it holds one empty line: an empty file might be taken
    for one that could not be read. One thread, "caption-file", sees to that.
    """

    def __init__(self, path: Path, config: CaptionsConfig, clock: Clock) -> None:
        """Create the file, replacing what was there; raises OutputError."""
        if path.exists() and not path.is_file():
            raise OutputError(
                f"cannot write {path}: it is no ordinary file, and would be replaced; "
                "choose another name"
            )
        self._file = WholeFile(path)
        self._clock = clock
        self._lines = RollUp(
            columns=config.file_columns,
            lines=config.file_lines,
            clear_after_s=config.clear_after_s,
        )
        self._lock = threading.Lock()
        self._file.replace(self._lines.text)
        self._ticker = Ticker("caption-file", self._expire, self._clear, period_s=_CHECK_S)
        self._ticker.start()

    def on_transcript(self, message: Transcript) -> None:
        """The file shows the translation only."""

    def on_translation(self, message: Translation) -> None:
        """Add a segment's words; raises OutputError."""
        self._ticker.check()
        with self._lock:
            if self._lines.add(message.shown, message.utterance, self._clock()):
                self._file.replace(self._lines.text)

    def on_playback(self, message: Playback) -> None:
        """Captions come when they are known, before the voice."""

    def close(self) -> None:
        """Take the captions away and keep the file; idempotent; raises OutputError."""
        self._ticker.close()

    def _expire(self) -> None:
        with self._lock:
            if self._lines.expire(self._clock()):
                self._file.replace(self._lines.text)

    def _clear(self) -> None:
        with self._lock:
            self._lines.clear()
            self._file.replace(self._lines.text)
