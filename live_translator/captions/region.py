"""The last rows of a terminal, redrawn in place, while everything above them scrolls."""

import math
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
_REFLOWLESS = ("linux", "rxvt", "screen", "vt")
"""Values of TERM, up to a dash, of terminals that cut rows off when they become narrower."""


class Region:
    """Rows at the bottom of a terminal's text; one thread draws.

    A frame is one write, and its rows are written over the last frame's, so that nothing
    flickers. No row reaches the last column, where terminals differ.
    """

    def __init__(
        self, stream: TextIO, *, size: Callable[[], tuple[int, int]], reflows: bool
    ) -> None:
        """Draw nothing yet; `size` gives columns and rows, `reflows` as `reflows()` says."""
        from rich.console import Console  # noqa: PLC0415 - heavy: the captions' modules only

        self._stream = stream
        self._size = size
        self._reflows = reflows
        self._console = Console(file=stream, force_terminal=True, legacy_windows=False)
        self._drawn: list[tuple[str, int]] = []
        """What stands there: each row as it was written, and its width in cells."""
        self._drawn_size = (0, 0)
        self._started = False

    def size(self) -> tuple[int, int]:
        """Return how many cells a row may have, and how many rows there may be."""
        columns, lines = self._size()
        return max(1, columns - 1), max(1, lines - 1)

    def draw(self, above: Sequence["Text"], rows: Sequence["Text"]) -> None:
        """Print rows above, where they stay, of any length; draw the region anew below them.

        Nothing is written where nothing changed. Raises OSError where the terminal is gone.
        """
        size = self._size()
        drawn = [(self._codes(row), row.cell_len) for row in rows]
        if not above and drawn == self._drawn and size == self._drawn_size:
            return
        first = "" if self._started else _HIDE_CURSOR
        history = "".join(f"{self._codes(row)}\r\n" for row in above)
        erased = _ERASE_BELOW if above else ""
        region = f"{_ERASE_REST_OF_ROW}\r\n".join(row for row, _ in drawn)
        top = self._to_top(size)
        self._started, self._drawn, self._drawn_size = True, drawn, size
        self._write(f"{first}{top}{erased}{history}{_WRAP_OFF}{region}{_ERASE_BELOW}{_WRAP_ON}")

    def close(self, above: Sequence["Text"] = ()) -> None:
        """Print the last rows, erase the region and give the cursor back."""
        if self._started:
            self.draw(above, ())
            self._started = False
            self._write(_SHOW_CURSOR)

    def _to_top(self, size: tuple[int, int]) -> str:
        """Return what moves the cursor from the end of the region to its beginning."""
        columns, lines = size
        rows = len(self._drawn)
        if self._reflows:
            # Narrower now, it has broken rows in two; wider, it has not joined ours.
            rows = sum(max(1, math.ceil(cells / columns)) for _, cells in self._drawn)
        up = min(rows, lines) - 1
        return f"\r\x1b[{up}A" if up > 0 else "\r"

    def _codes(self, text: "Text") -> str:
        """Return a row with its colours as the terminal wants them."""
        with self._console.capture() as capture:
            self._console.print(text, soft_wrap=True, end="")
        return capture.get()

    def _write(self, text: str) -> None:
        self._stream.write(encodable(text, self._stream))
        self._stream.flush()


def reflows(environment: Mapping[str, str]) -> bool:
    """Whether the terminal breaks rows that have become too long, as most now do."""
    if "TMUX" in environment:
        return True
    kind = environment.get("TERM", "").partition("-")[0]
    return "XTERM_VERSION" not in environment and not kind.startswith(_REFLOWLESS)


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
