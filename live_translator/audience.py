"""All who watch a run: told in turn, and let go where they cannot go on."""

import logging
import threading
from collections.abc import Callable, Sequence

from live_translator.errors import LiveTranslateError
from live_translator.interfaces import Listener
from live_translator.messages import Playback, Transcript, Translation

notice = logging.getLogger("live_translator.notice")


class Audience:
    """Passes each message on to every listener; itself a `Listener` that never fails.

    A disk that is full for the subtitles is no reason to stop speaking: who fails is told of
    at once, hears nothing more, and the first reason is kept for the end of the run.
    """

    def __init__(self, listeners: Sequence[Listener]) -> None:
        self._listeners = tuple(listeners)
        self._lock = threading.Lock()
        self.failure: LiveTranslateError | None = None
        """Why the first that was let go could not go on."""

    def on_transcript(self, message: Transcript) -> None:
        """Pass it on; on the ASR thread."""
        self._tell(lambda listener: listener.on_transcript(message))

    def on_translation(self, message: Translation) -> None:
        """Pass it on; on the MT thread."""
        self._tell(lambda listener: listener.on_translation(message))

    def on_playback(self, message: Playback) -> None:
        """Pass it on; on the TTS thread."""
        self._tell(lambda listener: listener.on_playback(message))

    def close(self) -> None:
        """Nothing to close: whoever made the listeners closes them."""

    def _tell(self, tell: Callable[[Listener], None]) -> None:
        for listener in self._listeners:
            try:
                tell(listener)
            except LiveTranslateError as error:
                self._let_go(listener, error)

    def _let_go(self, listener: Listener, error: LiveTranslateError) -> None:
        with self._lock:
            if listener not in self._listeners:
                return  # Another thread met the same end.
            self._listeners = tuple(other for other in self._listeners if other is not listener)
            self.failure = self.failure or error
        notice.warning("%s; the talk goes on without it", error)
