"""Captions in the terminal: what is certain, what may change, and how the talk is going."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, TextIO

from live_translator.captions.printed import printed_lines_go_to
from live_translator.captions.region import Region, size_of
from live_translator.captions.rows import Layout
from live_translator.captions.status_line import status_line
from live_translator.captions.ticker import Ticker
from live_translator.captions.utterances import Utterance, UtteranceBook
from live_translator.errors import OutputError
from live_translator.messages import Playback, Transcript, Translation
from live_translator.status import Status

if TYPE_CHECKING:
    from rich.text import Text

_REFRESH_S = 0.125
"""Eight times a second: a level meter that is slower looks stuck."""
_MOST_ROWS = 12
"""Of growing captions: an utterance of 20 s is about 60 words, 5 rows in each language."""


class LiveCaptions:
    """Growing captions over a line of status; ended ones scroll up and stay. A `Listener`.

    Messages are only noted; one thread, "captions", draws soon after each and eight times a
    second, so that no stage waits for a terminal. From `start` to `close` that thread alone
    writes to the terminal: what the program prints or logs there appears above the captions.
    """

    def __init__(self, stream: TextIO, status: Callable[[], Status]) -> None:
        """Prepare; nothing runs before `start`. `status` is called on the drawing thread."""
        self._status = status
        self._region = Region(stream, size=lambda: size_of(stream))
        self._layout = Layout()
        self._book = UtteranceBook()
        self._printed: list[str] = []
        self._lock = threading.Lock()
        self._ticker = Ticker("captions", self._draw, self._finish, period_s=_REFRESH_S)
        self._redirected = ExitStack()

    def start(self) -> None:
        """Take the terminal's last rows."""
        self._redirected.enter_context(printed_lines_go_to(self._say))
        self._ticker.start()

    def on_transcript(self, message: Transcript) -> None:
        """Show committed and unstable words."""
        self._ticker.check()
        with self._lock:
            self._book.hear(message)
        self._ticker.wake()

    def on_translation(self, message: Translation) -> None:
        """Show the translation under its source."""
        self._ticker.check()
        with self._lock:
            self._book.translate(message)
        self._ticker.wake()

    def on_playback(self, message: Playback) -> None:
        """The status says what sounds."""

    def close(self) -> None:
        """Leave the last captions on the screen and give it back; idempotent.

        Raises OutputError where they could not be shown.
        """
        self._redirected.close()
        self._ticker.close()

    def _say(self, line: str) -> None:
        with self._lock:
            self._printed.append(line)
        self._ticker.wake()

    def _draw(self) -> None:
        with self._lock:
            ended = self._book.take_ended()
            growing = self._book.growing()
        width, height = self._region.size()
        rows = self._layout.growing(growing, width, min(_MOST_ROWS, height - 1))
        with _terminal_errors():
            self._region.draw(
                self._above(ended, width), [*rows, status_line(self._status(), width)]
            )

    def _finish(self) -> None:
        with self._lock:
            ended = self._book.take_all()
        width, _ = self._region.size()
        with _terminal_errors():
            self._region.close(self._above(ended, width))

    def _above(self, ended: Sequence[Utterance], width: int) -> list["Text"]:
        """Return what goes into the scrollback: what was printed, and what has ended."""
        with self._lock:
            printed, self._printed = self._printed, []
        rows = [row for line in printed for row in self._layout.printed(line, width)]
        for utterance in ended:
            rows += self._layout.ended(utterance, width)
        return rows


@contextmanager
def _terminal_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"cannot show captions in this terminal ({error.strerror}): "
            "use --no-captions, or send standard output to a file"
        ) from error
