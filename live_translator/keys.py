"""What single keys mean while a talk runs, and the thread that reads them from the terminal."""

import contextlib
import os
import re
import selectors
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Action: TypeAlias = Literal["pause", "mute", "swap", "speak", "voice", "help", "quit"]

HELP = (
    "space pauses · m mutes · s swaps languages · l speaks another · v changes the voice · q quits"
)
_ACTIONS: dict[str, Action] = {
    " ": "pause",
    "p": "pause",
    "m": "mute",
    "s": "swap",
    "l": "speak",
    "v": "voice",
    "?": "help",
    "h": "help",
    "q": "quit",
}
_QUESTIONS: dict[Action, str] = {"speak": "speak which language: ", "voice": "which voice: "}
_ENTER, _BACKSPACE, _ESCAPE = "\r\n", "\x7f\b", "\x1b"
_SEQUENCE = re.compile(r"\x1b[\[O][0-9;]*[ -/]*[@-~]")
"""What a terminal sends for a key that is no letter (ECMA-48, control sequences)."""
_MAX_ANSWER = 40


@dataclass(frozen=True, slots=True)
class Command:
    """What a person asks for; `text` is the answer to the question that an action asks."""

    action: Action
    text: str = ""


class Keymap:
    """Turns keys into commands; pure. Some ask a question first, answered by a line."""

    def __init__(self) -> None:
        self._asking: Action | None = None
        self._answer = ""

    @property
    def prompt(self) -> str:
        """What stands on the screen while a question is being answered, else nothing."""
        return f"{_QUESTIONS[self._asking]}{self._answer}" if self._asking else ""

    def press(self, key: str) -> Command | None:
        """Return what a key completes, if it does."""
        if self._asking is not None:
            return self._edited(self._asking, key)
        action = _ACTIONS.get(key.lower())
        if action in _QUESTIONS:
            self._asking, self._answer = action, ""
            return None
        return Command(action) if action else None

    def _edited(self, action: Action, key: str) -> Command | None:
        if key in _ENTER:
            self._asking = None
            return Command(action, self._answer.strip()) if self._answer.strip() else None
        if key == _ESCAPE:
            self._asking = None
        elif key in _BACKSPACE:
            self._answer = self._answer[:-1]
        elif key.isprintable() and len(self._answer) < _MAX_ANSWER:
            self._answer += key
        return None


class Keyboard:
    """Reads keys of a terminal as they are pressed, on the thread `keys`, until it is closed.

    `command` is called on that thread with each command, `prompt` with the question's line
    whenever it changes. The terminal is as it was again after `close`.
    """

    def __init__(
        self, fd: int, *, command: Callable[[Command], None], prompt: Callable[[str], None]
    ) -> None:
        import termios  # noqa: PLC0415 - absent on Windows, where there is no keyboard then
        import tty  # noqa: PLC0415

        self._fd = fd
        self._command = command
        self._prompt = prompt
        self._keymap = Keymap()
        self._before = termios.tcgetattr(fd)
        # Keys at once and unseen, those pressed a moment ago too; Ctrl-C is a signal still.
        tty.setcbreak(fd, termios.TCSADRAIN)
        self._wake_fd, self._waker_fd = os.pipe()
        self._thread = threading.Thread(target=self._run, name="keys", daemon=True)
        self._thread.start()

    @staticmethod
    def is_at(fd: int) -> bool:
        """Whether a terminal is there that this program has to itself."""
        try:
            # In the background, changing the terminal would stop the program.
            return os.isatty(fd) and os.tcgetpgrp(fd) == os.getpgrp()
        except (OSError, AttributeError):
            return False

    def close(self) -> None:
        """Read no more and give the terminal back; also from the keys' own thread; idempotent."""
        if self._waker_fd < 0:
            return
        os.close(self._waker_fd)
        self._waker_fd = -1
        if threading.current_thread() is not self._thread:
            self._thread.join()
        import termios  # noqa: PLC0415 - as above

        # A terminal that has gone cannot be restored, and need not be.
        with contextlib.suppress(termios.error):
            termios.tcsetattr(self._fd, termios.TCSADRAIN, self._before)

    def _run(self) -> None:
        try:
            for key in self._keys():
                before = self._keymap.prompt
                command = self._keymap.press(key)
                if self._keymap.prompt != before:
                    self._prompt(self._keymap.prompt)
                if command is not None:
                    self._command(command)
        finally:
            os.close(self._wake_fd)

    def _keys(self) -> Iterator[str]:
        with selectors.DefaultSelector() as selector:
            selector.register(self._fd, selectors.EVENT_READ)
            selector.register(self._wake_fd, selectors.EVENT_READ)
            while True:
                if any(ready.fd == self._wake_fd for ready, _ in selector.select()):
                    return
                try:
                    content = os.read(self._fd, 64)
                except OSError:
                    return  # The terminal has gone.
                if not content:
                    return
                # An arrow is an escape and more, and means no more than that.
                yield from _SEQUENCE.sub(_ESCAPE, content.decode("utf-8", errors="ignore"))
