"""What the rest of the program prints while captions hold the terminal's last rows."""

import io
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from typing import TextIO


class LineWriter(io.TextIOBase):
    """A text stream that hands on each complete line; threads may share it as they do stderr."""

    def __init__(self, take: Callable[[str], None], stream: TextIO) -> None:
        """Hand lines to `take`; in all else be like `stream`."""
        self._take = take
        self._stream = stream
        self._rest = ""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream that this one stands for."""
        return self._stream.encoding

    def fileno(self) -> int:
        """Return the descriptor of the stream that this one stands for."""
        return self._stream.fileno()

    def isatty(self) -> bool:
        """Whether the stream that this one stands for is a terminal."""
        return self._stream.isatty()

    def writable(self) -> bool:
        """Say yes."""
        return True

    def write(self, text: str) -> int:
        """Hand on the lines that the text completes; once closed, be the stream itself."""
        if self.closed:
            return self._stream.write(text)
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._take(line)
        return len(text)

    def flush(self) -> None:
        """Do nothing: a line is handed on when it ends."""

    def close(self) -> None:
        """Hand on a last line that has no end."""
        if self._rest:
            self._take(self._rest)
            self._rest = ""
        super().close()


@contextmanager
def printed_lines_go_to(take: Callable[[str], None]) -> Iterator[None]:
    """Have `take` called, on whatever thread, with each line printed or logged to the terminal.

    `sys.stdout`, `sys.stderr` and the root logger's handlers are as before afterwards.
    """
    with ExitStack() as stack:
        for stream, redirect in ((sys.stdout, redirect_stdout), (sys.stderr, redirect_stderr)):
            if not stream.isatty():
                continue
            writer = stack.enter_context(LineWriter(take, stream))
            stack.enter_context(redirect(writer))
            for handler in logging.getLogger().handlers:
                if isinstance(handler, logging.StreamHandler) and handler.stream is stream:
                    handler.setStream(writer)
                    stack.callback(handler.setStream, stream)
        yield
