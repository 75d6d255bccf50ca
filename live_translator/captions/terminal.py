"""Captions in the terminal: what is certain, what may change, and the translation under it."""

import threading
from typing import TYPE_CHECKING, TextIO

from live_translator.messages import Playback, Transcript, Translation

if TYPE_CHECKING:
    from rich.text import Text


class PlainCaptions:
    """One line for each committed segment, for pipes and logs; a `Listener`."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def on_transcript(self, message: Transcript) -> None:
        """Only committed segments are shown."""

    def on_translation(self, message: Translation) -> None:
        """Print source and target of a segment, with its place on the source clock."""
        if not message.source and not message.target:
            return
        with self._lock:
            self._stream.write(
                f"[{message.end_s:7.2f} s] {message.source.strip()} → {message.caption}\n"
            )
            self._stream.flush()

    def on_playback(self, message: Playback) -> None:
        """Nothing is shown of the voice."""

    def close(self) -> None:
        """Nothing to close."""


class LiveCaptions:
    """Two lines that change in place, finished utterances scrolling up; a `Listener`.

    Source: committed words bright, the unstable tail dim. Below it the translation.
    """

    def __init__(self, stream: TextIO) -> None:
        from rich.console import Console  # noqa: PLC0415 - heavy: its adapter only
        from rich.live import Live  # noqa: PLC0415

        self._lock = threading.Lock()
        self._source = ""
        self._unstable = ""
        self._target = ""
        self._utterance = 0
        self._live = Live(
            console=Console(file=stream), auto_refresh=False, transient=True, screen=False
        )
        self._live.start()

    def on_transcript(self, message: Transcript) -> None:
        """Show committed and unstable words."""
        with self._lock:
            self._begin(message.utterance)
            self._source += message.committed
            self._unstable = message.unstable
            self._show()

    def on_translation(self, message: Translation) -> None:
        """Show the translation under its source."""
        with self._lock:
            if message.utterance == self._utterance:
                self._target = f"{self._target} {message.caption}".strip()
                self._show()
            elif message.target:
                # The speaker has gone on: the rest of the last one's translation.
                self._live.console.print(self._line("   ", message.caption, "", "green"))

    def on_playback(self, message: Playback) -> None:
        """Nothing is shown of the voice."""

    def close(self) -> None:
        """Leave the last captions on the screen; idempotent."""
        with self._lock:
            self._scroll()
            self._live.stop()

    def _begin(self, utterance: int) -> None:
        if utterance != self._utterance:
            self._scroll()
            self._utterance = utterance

    def _scroll(self) -> None:
        for line in self._lines():
            self._live.console.print(line)
        self._source = self._unstable = self._target = ""
        self._live.update("", refresh=True)

    def _show(self) -> None:
        from rich.console import Group  # noqa: PLC0415 - loaded with the class

        self._live.update(Group(*self._lines()), refresh=True)

    def _lines(self) -> list["Text"]:
        lines = []
        if self._source or self._unstable:
            lines.append(self._line(" » ", self._source.strip(), self._unstable, "bold"))
        if self._target:
            lines.append(self._line("   ", self._target, "", "green"))
        return lines

    @staticmethod
    def _line(mark: str, text: str, unstable: str, style: str) -> "Text":
        from rich.text import Text  # noqa: PLC0415 - loaded with the class

        return Text.assemble((mark, "cyan"), (text, style), (unstable, "dim"))
