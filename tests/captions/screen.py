"""A pseudo-terminal and what it shows, kept by pyte, a terminal emulator."""

import codecs
import os
import select
import termios
import time
import unicodedata
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self, TextIO

import pyte
import pytest

HISTORY = 20_000


class Emulator(pyte.HistoryScreen):  # type: ignore[misc]
    """Pyte's screen, but for two things in which it is unlike terminals."""

    lines: int

    def draw(self, data: str) -> None:
        """Show text; pyte would drop what comes after a format character, terminals do not."""
        super().draw("".join(mark for mark in data if unicodedata.category(mark) != "Cf"))

    def resize(self, lines: int | None = None, columns: int | None = None) -> None:
        """Change the size; rows that go from the top go into history, the cursor with the text."""
        for _ in range(max(0, self.cursor.y + 1 - (lines or self.lines))):
            self.history.top.append(self.buffer[0])
            for y in range(self.lines - 1):
                self.buffer[y] = self.buffer[y + 1]
            self.buffer.pop(self.lines - 1, None)
            self.cursor.y -= 1
        self.lines = min(self.lines, lines or self.lines)
        super().resize(lines, columns)


class Screen:
    """A pseudo-terminal: `stream` is what a program writes to, the rest what a person sees."""

    def __init__(self, columns: int = 60, lines: int = 12) -> None:
        self._emulator = Emulator(columns, lines, history=HISTORY, ratio=0.5)
        self._parser = pyte.Stream(self._emulator)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._reader, writer = os.openpty()
        self.resize(columns, lines)
        self.stream: TextIO = os.fdopen(writer, "w", encoding="utf-8")
        self.received = b""
        """Everything that was ever written."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stream.close()
        os.close(self._reader)

    def hang_up(self) -> None:
        """Close the terminal's side, as a window that is closed does."""
        os.close(self._reader)

    def resize(self, columns: int, lines: int) -> None:
        termios.tcsetwinsize(self._reader, (lines, columns))
        self._emulator.resize(lines, columns)

    def until(self, condition: Callable[[], object], timeout_s: float = 10.0) -> None:
        """Take what is written until the screen is as it should be."""
        deadline_s = time.monotonic() + timeout_s
        self.take()
        while not condition():
            left_s = deadline_s - time.monotonic()
            if left_s <= 0:
                pytest.fail(f"the terminal shows\n{self}")
            if select.select([self._reader], [], [], left_s)[0]:
                self.take()

    def take(self) -> None:
        """Take all that is already written."""
        while select.select([self._reader], [], [], 0)[0]:
            data = os.read(self._reader, 65536)
            self.received += data
            self._parser.feed(self._decoder.decode(data))

    @property
    def rows(self) -> list[str]:
        """What is on the screen, without the empty rows below."""
        shown = [_text(self._emulator.buffer[y]) for y in range(self._emulator.lines)]
        while shown and not shown[-1]:
            shown.pop()
        return shown

    @property
    def history(self) -> list[str]:
        """What has scrolled out at the top."""
        return [_text(row) for row in self._emulator.history.top]

    def shows(self, text: str) -> bool:
        """Whether a text stands in one row of the screen."""
        return any(text in row for row in self.rows)

    @property
    def everything(self) -> list[str]:
        return [*self.history, *self.rows]

    @property
    def cursor(self) -> tuple[int, int, bool]:
        """Row and column, and whether it can be seen."""
        cursor = self._emulator.cursor
        return cursor.y, cursor.x, not cursor.hidden

    @property
    def wraps(self) -> bool:
        return pyte.modes.DECAWM in self._emulator.mode

    def styles_of(self, text: str) -> set[tuple[str, bool, bool]]:
        """Colour, bold and italics of the characters of a text on the screen."""
        for y, row in enumerate(self.rows):
            if text in row:
                cells = self._emulator.buffer[y]
                start = len(row[: row.index(text)])
                return {
                    (cells[x].fg, cells[x].bold, cells[x].italics)
                    for x in range(start, start + len(text))
                    if cells[x].data.strip()
                }
        pytest.fail(f"no {text!r} in\n{self}")

    def __str__(self) -> str:
        return "\n".join(["-- history", *self.history[-20:], "-- screen", *self.rows, "--"])


def _text(row: Mapping[int, Any]) -> str:
    return "".join(row[x].data for x in range(max(row, default=-1) + 1)).rstrip()
