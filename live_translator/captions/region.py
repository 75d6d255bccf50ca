"""The last rows of a terminal, redrawn in place, while everything above them scrolls."""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

from live_translator.captions.text import encodable

if TYPE_CHECKING:
    from rich.text import Text

_HIDE_CURSOR, _SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"
_WRAP_OFF, _WRAP_ON = "\x1b[?7l", "\x1b[?7h"
"""DECAWM: a row that the terminal finds wider than we do is clipped and not broken in two."""
_ERASE_REST_OF_ROW, _ERASE_BELOW = "\x1b[K", "\x1b[J"


class Region:
    """Rows at the bottom of a terminal's text; one thread draws.

    A frame is one write, and its rows are written over the last frame's, so that nothing
    flickers. Between frames the cursor, hidden, waits at the beginning of the region:
    terminals keep it with the text that it stands at when their size changes, so the next
    frame begins in the right place, however they break or cut the rows below. (Only tmux,
    where the rest of its screen is still empty, moves that text out and leaves it there.)
    """

    def __init__(self, stream: TextIO, *, size: Callable[[], tuple[int, int]]) -> None:
        """Draw nothing yet; `size` gives the terminal's columns and lines."""
        from rich.console import Console  # noqa: PLC0415 - heavy: the captions' modules only

        self._stream = stream
        self._size = size
        self._console = Console(file=stream, force_terminal=True, legacy_windows=False)
        self._drawn: tuple[tuple[int, int], list[str]] | None = None
        """How large the terminal was, and what was drawn; None before the first frame."""

    def size(self) -> tuple[int, int]:
        """Return how many cells a row may have, and how many rows there may be.

        The last column stays free: some terminals would go on to the next row.
        """
        columns, lines = self._size()
        return max(1, columns - 1), max(1, lines - 1)

    def draw(self, above: Sequence["Text"], rows: Sequence["Text"]) -> None:
        """Print rows above the region, where they stay, and draw its own rows anew.

        Nothing is written where nothing changed. Raises OSError where the terminal is gone.
        """
        size, region = self._size(), [self._codes(row) for row in rows]
        if not above and (size, region) == self._drawn:
            return
        first, before = "", ""
        if self._drawn is None:
            first = _HIDE_CURSOR
        elif self._drawn[0] != size:
            # Only an empty row forgets that it was once the rest of the row before it.
            before = _ERASE_REST_OF_ROW
        self._drawn = (size, region)
        end = f"{_ERASE_REST_OF_ROW}\r\n{before}"
        written = before + end.join([*map(self._codes, above), *(region or [""])])
        up = f"\x1b[{len(region) - 1}A" if len(region) > 1 else ""
        self._write(f"{first}{_WRAP_OFF}\r{written}{_ERASE_BELOW}{_WRAP_ON}\r{up}")

    def close(self, above: Sequence["Text"] = ()) -> None:
        """Print the last rows, erase the region and give the cursor back."""
        if self._drawn is not None:
            self.draw(above, ())
            self._drawn = None
            self._write(_SHOW_CURSOR)

    def _codes(self, text: "Text") -> str:
        """Return a row with its colours as the terminal wants them."""
        with self._console.capture() as capture:
            self._console.print(text, soft_wrap=True, end="")
        return capture.get()

    def _write(self, text: str) -> None:
        self._stream.write(encodable(text, self._stream))
        self._stream.flush()


def is_suitable(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether a stream is a terminal that can move its cursor."""
    return stream.isatty() and environment.get("TERM", "dumb") not in ("dumb", "unknown", "")


def size_of(stream: TextIO) -> tuple[int, int]:
    """Return columns and lines of a terminal; 80 by 24 where it does not say."""
    try:
        columns, lines = os.get_terminal_size(stream.fileno())
    except OSError:
        columns = lines = 0
    return columns or 80, lines or 24
