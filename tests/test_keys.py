"""Keys: what they mean by tables, and a real pseudo-terminal that is left as it was."""

import os
import pty
import queue
import termios
import threading
from collections.abc import Iterator

import pytest

from live_translator.keys import Command, Keyboard, Keymap


@pytest.mark.parametrize(
    ("keys", "commands"),
    [
        (" ", [Command("pause")]),
        ("mM", [Command("mute"), Command("mute")]),
        ("s", [Command("swap")]),
        ("lfr\r", [Command("speak", "fr")]),
        ("lfx\x7fr\n", [Command("speak", "fr")]),
        ("vem_alex\r", [Command("voice", "em_alex")]),
        ("l\x1bs", [Command("swap")]),
        ("l\rs", [Command("swap")]),
        ("l \x1b", []),
        ("z\t\x00", []),
        ("?q", [Command("help"), Command("quit")]),
    ],
)
def test_keys_are_commands_and_some_ask_first(keys: str, commands: list[Command]) -> None:
    keymap = Keymap()
    found = [command for key in keys if (command := keymap.press(key))]
    assert found == commands
    assert keymap.prompt == ""


def test_the_question_shows_the_answer_as_it_is_typed() -> None:
    keymap = Keymap()
    for key in "lf\x01" + 100 * "r":
        keymap.press(key)
    assert keymap.prompt == "speak which language: f" + 39 * "r"


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """Both ends of a pseudo-terminal: the person's and the program's."""
    person, program = pty.openpty()
    yield person, program
    os.close(program)
    os.close(person)


def test_a_key_is_heard_as_it_is_pressed_and_the_terminal_is_left_as_it_was(
    terminal: tuple[int, int],
) -> None:
    person, program = terminal
    before = termios.tcgetattr(program)
    heard: queue.SimpleQueue[Command | str] = queue.SimpleQueue()
    keyboard = Keyboard(program, command=heard.put, prompt=heard.put)
    os.write(person, b"m")
    assert heard.get(timeout=5) == Command("mute")
    os.write(person, b"l")
    assert heard.get(timeout=5) == "speak which language: "
    # An arrow is not an escape and two letters.
    os.write(person, b"\x1b[A")
    assert heard.get(timeout=5) == ""
    keyboard.close()
    keyboard.close()
    assert termios.tcgetattr(program) == before
    assert not any(thread.name == "keys" for thread in threading.enumerate())


def test_a_command_may_close_the_keyboard_itself(terminal: tuple[int, int]) -> None:
    person, program = terminal
    closed = threading.Event()

    def quit_at(command: Command) -> None:
        keyboard.close()
        closed.set()

    keyboard = Keyboard(program, command=quit_at, prompt=lambda _: None)
    os.write(person, b"q")
    assert closed.wait(5)


def test_a_terminal_that_goes_away_ends_the_keyboard() -> None:
    person, program = pty.openpty()
    keyboard = Keyboard(program, command=lambda _: None, prompt=lambda _: None)
    os.close(person)
    keyboard.close()
    os.close(program)


def test_a_pipe_is_no_keyboard() -> None:
    reader, writer = os.pipe()
    assert not Keyboard.is_at(reader)
    os.close(reader)
    os.close(writer)
