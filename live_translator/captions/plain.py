"""Captions where there is no terminal: one line for each committed segment."""

import threading
from typing import TextIO

from live_translator.captions.text import clean, encodable
from live_translator.messages import Playback, Transcript, Translation


class PlainCaptions:
    """One line for each committed segment, for pipes and logs; a `Listener`."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def on_transcript(self, message: Transcript) -> None:
        """Only committed segments are shown."""

    def on_translation(self, message: Translation) -> None:
        """Print source and target of a segment, with its place on the source clock."""
        source, target = clean(message.source).strip(), clean(message.caption)
        if not source and not target:
            return
        line = f"[{message.end_s:7.2f} s] {source} → {target}\n"
        with self._lock:
            self._stream.write(encodable(line, self._stream))
            self._stream.flush()

    def on_playback(self, message: Playback) -> None:
        """Nothing is shown of the voice."""

    def close(self) -> None:
        """Nothing to close."""
