"""Roll-up captions: the newest few lines of a text that only grows."""

from collections import deque

from live_translator.captions.text import clean


class RollUp:
    """The newest lines of a growing text, and when they have been up long enough. Pure.

    As in live television (CEA-608's roll-up): words are added at the end of the last line
    and never move within it; a full line moves up and the oldest goes. A new utterance
    begins a new line, so that the last one's end stays readable over it.
    """

    def __init__(self, *, columns: int, lines: int, clear_after_s: float) -> None:
        """`columns` in cells of a terminal: a wide character takes two."""
        self._columns = columns
        self._clear_after_s = clear_after_s
        self._lines: deque[str] = deque(maxlen=lines)
        self._utterance: int | None = None
        self._grown_at_s = 0.0

    @property
    def text(self) -> str:
        """The lines, each with its end; one empty line where there is nothing to show."""
        return "".join(f"{line}\n" for line in self._lines) or "\n"

    def add(self, text: str, utterance: int, now_s: float) -> bool:
        """Add words; return whether the lines have changed."""
        words = clean(text).split()
        if not words:
            return False
        self._grown_at_s = now_s
        if utterance != self._utterance or not self._lines:
            self._utterance = utterance
            self._lines.append("")
        for word in words:
            self._append(word)
        return True

    def expire(self, now_s: float) -> bool:
        """Take everything away if nothing was added for long; return whether that was so."""
        if not self._lines or now_s - self._grown_at_s < self._clear_after_s:
            return False
        self.clear()
        return True

    def clear(self) -> None:
        """Take everything away."""
        self._lines.clear()

    def _append(self, word: str) -> None:
        from rich.cells import cell_len, chop_cells  # noqa: PLC0415 - the captions' modules only

        longer = f"{self._lines[-1]} {word}".lstrip()
        if cell_len(longer) <= self._columns:
            self._lines[-1] = longer
            return
        # A word that is longer than a line, or a text without spaces, is cut.
        for piece in chop_cells(word, self._columns):
            if self._lines[-1]:
                self._lines.append(piece)
            else:
                self._lines[-1] = piece
