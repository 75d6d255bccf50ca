"""A program on a pseudo-terminal, as a person has it in front of them."""

import fcntl
import os
import pty
import select
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager


class Terminal:
    """The person's side: what was shown so far, and a keyboard."""

    def __init__(self, descriptor: int, process: "subprocess.Popen[bytes]") -> None:
        self.process = process
        self.shown = ""
        self._descriptor = descriptor

    def type(self, keys: str) -> None:
        os.write(self._descriptor, keys.encode())

    def read_until(self, text: str, timeout_s: float) -> None:
        """Read until a text is shown; fails if the program ends before that."""
        deadline_s = time.monotonic() + timeout_s
        while text not in self.shown:
            assert self._read(deadline_s - time.monotonic()), self.shown

    def exit_code(self, timeout_s: float) -> int:
        """Read what is left, and return how the program ended."""
        deadline_s = time.monotonic() + timeout_s
        while self._read(deadline_s - time.monotonic()):
            pass
        return self.process.wait(max(1.0, deadline_s - time.monotonic()))

    def _read(self, timeout_s: float) -> bool:
        """Read what comes; return whether there may be more."""
        if not select.select([self._descriptor], [], [], max(0.0, timeout_s))[0]:
            return False
        try:
            content = os.read(self._descriptor, 65_536)
        except OSError:  # Linux: the program has closed its side
            return False
        self.shown += content.decode(errors="replace")
        return bool(content)


@contextmanager
def on_a_terminal(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[Terminal]:
    """Run a command with a terminal of its own for input, output and errors."""
    descriptor, programs_side = pty.openpty()
    process = subprocess.Popen(
        command,
        stdin=programs_side,
        stdout=programs_side,
        stderr=programs_side,
        env=dict(environment),
        start_new_session=True,
        # Keys are heard, and Ctrl-C is a signal, where the terminal is the session's own.
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - one call
    )
    os.close(programs_side)
    try:
        yield Terminal(descriptor, process)
    finally:
        process.kill()
        process.wait(timeout=10)
        os.close(descriptor)
