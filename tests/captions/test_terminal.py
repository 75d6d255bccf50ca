"""Captions in a terminal, as a person sees them."""

import gc
import shlex
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from rich.text import Text

from live_translator.captions.terminal import LiveCaptions
from live_translator.captions.utterances import Utterance
from live_translator.errors import OutputError
from live_translator.status import Status
from tests.captions.screen import Screen
from tests.messages import transcript, translation

STATUS = Status(way="en → es", level_dbfs=-30.0, speaking="them", lag_s=2.0)


@contextmanager
def captions_on(screen: Screen, status: Status = STATUS) -> Iterator[LiveCaptions]:
    captions = LiveCaptions(screen.stream, lambda: status)
    captions.start()
    try:
        yield captions
    finally:
        captions.close()
        screen.take()
        assert all(thread.name != "captions" for thread in threading.enumerate())


def test_committed_and_unstable_words_are_told_apart_and_the_translation_stands_below() -> None:
    with Screen() as screen, captions_on(screen) as captions:
        captions.on_transcript(transcript(" Good morning", 1.0, unstable=" to alt"))
        captions.on_translation(replace(translation(0, "Good", "Buenos"), unstable="días"))
        screen.until(lambda: screen.shows("días"))
        assert screen.rows == [
            "     0:00 Good morning to alt",
            "        → Buenos días",
            " en → es   ● speaker   █████░░░░░   lag  2.0 s",
        ]
        assert screen.styles_of("Good morning") == {("default", False, False)}
        assert screen.styles_of("to alt") == {("default", False, True)}
        assert screen.styles_of("Buenos") == {("green", True, False)}
        assert screen.styles_of("días") == {("default", False, True)}


def test_a_doubted_translation_is_marked() -> None:
    with Screen() as screen, captions_on(screen) as captions:
        captions.on_translation(replace(translation(0, "Yes.", "Sí."), uncertain=True))
        screen.until(lambda: screen.shows("→ Sí. (?)"))


def test_ended_utterances_scroll_up_and_closing_leaves_a_clean_screen() -> None:
    with Screen(60, 6) as screen:
        with captions_on(screen) as captions:
            for number, (source, target) in enumerate([("One.", "Uno."), ("Two.", "Dos.")]):
                captions.on_transcript(transcript(f" {source}", 1, utterance=number, final=True))
                captions.on_translation(
                    translation(number, source, target, utterance=number, final=True)
                )
            captions.on_transcript(transcript(" Thr", 9, utterance=2, unstable=" ee"))
            screen.until(lambda: screen.shows("Thr ee"))
            assert not screen.cursor[2]
        assert screen.everything == [
            "     0:00 One.",
            "        → Uno.",
            "     0:00 Two.",
            "        → Dos.",
            "     0:08 Thr",
        ]
        assert screen.cursor == (5, 0, True)
        assert screen.wraps


def test_wide_and_right_to_left_text_take_the_room_that_they_take() -> None:
    japanese = "ある日の暮方の事である。一人の下人が、羅生門の下で雨やみを待っていた。"
    arabic = "في البدء خلق الله السماوات والأرض. وكانت الأرض خربة وخالية."
    with Screen(40, 12) as screen, captions_on(screen) as captions:
        captions.on_transcript(transcript(f" {japanese}", 1.0))
        captions.on_translation(translation(0, japanese, arabic))
        screen.until(lambda: screen.shows("خربة"))
        assert [row[10:] for row in screen.rows[:-1]] == [
            "ある日の暮方の事である。一人",
            "の下人が、羅生門の下で雨やみ",
            "を待っていた。",
            "في البدء خلق الله السماوات",
            "والأرض. وكانت الأرض خربة",
            "وخالية.",
        ]
        assert screen.rows[-1].startswith(" en → es")
        assert b"\xe2\x81\xa7" in screen.received


def test_control_characters_never_reach_the_terminal() -> None:
    with Screen() as screen:
        with captions_on(screen) as captions:
            captions.on_transcript(transcript(" a\x1b[2Jb\x07\rc\x9b5A", 1.0, unstable="\x1bc"))
            captions.on_translation(translation(0, "", "x\x1b]0;title\x07\x08y\nz"))
            screen.until(lambda: screen.shows("x]0;titley z"))
            assert screen.rows[0] == "     0:00 a[2Jb cc" or "a[2Jb c5Ac" in screen.rows[0]
        assert b"\x1b[2J" not in screen.received
        assert b"\x07" not in screen.received
        assert b"\x1b]" not in screen.received


@pytest.mark.parametrize(("columns", "lines"), [(60, 12), (20, 5), (12, 3), (5, 2), (1, 1)])
def test_a_very_long_utterance_shows_its_last_words_and_never_fills_the_terminal(
    columns: int, lines: int
) -> None:
    with Screen(columns, lines) as screen, captions_on(screen) as captions:
        words = [f"w{index}" for index in range(400)]
        for word in words:
            captions.on_transcript(transcript(f" {word}", 1.0))
        captions.on_translation(translation(0, "", "fin"))
        screen.until(lambda: columns < 8 or lines < 4 or screen.shows("w399"))
        screen.take()
        assert screen.history == []
        assert len(screen.rows) <= max(1, lines - 1)


@pytest.mark.slow
def test_a_thousand_utterances_scroll_by_and_are_forgotten() -> None:
    with Screen(60, 10) as screen, captions_on(screen) as captions:

        def say(number: int) -> None:
            text = f"utterance number {number} of very many"
            captions.on_transcript(transcript(f" {text}", 1.0, utterance=number))
            captions.on_transcript(transcript("", 1.0, utterance=number, final=True))
            captions.on_translation(
                translation(number, text, text.title(), utterance=number, final=True)
            )
            screen.until(lambda: screen.shows(f"Number {number} Of"))
            assert len(screen.rows) <= 10

        for number in range(1000):
            say(number)
        assert sum("utterance number" in row for row in screen.everything) == 1000
        assert len(screen.everything) == 2001
        kept = [thing for thing in gc.get_objects() if isinstance(thing, Utterance | Text)]
        assert len(kept) < 20


def test_resizing_while_it_runs_keeps_every_row_once() -> None:
    with Screen(70, 12) as screen, captions_on(screen) as captions:
        captions.on_transcript(transcript(" Before.", 1.0, final=True))
        captions.on_translation(translation(0, "Before.", "Antes.", final=True))
        captions.on_transcript(
            transcript(" These are several words in a row.", 2.0, utterance=1, unstable=" more")
        )
        screen.until(lambda: screen.shows("more") and screen.shows("Antes."))
        for columns, lines in ((30, 12), (70, 12), (30, 9), (90, 12), (40, 10)):
            screen.resize(columns, lines)
            captions.on_transcript(
                transcript(f" {columns}x{lines}", 2.0, utterance=1, unstable=" more")
            )
            screen.until(lambda at=f"{columns}x{lines}": screen.shows(at))  # type: ignore[misc]
            shown = "\n".join(screen.everything)
            assert shown.count("Before.") == 1
            assert shown.count("Antes.") == 1
            assert shown.count("several") == 1
            assert shown.count("en → es") == 1


def test_what_the_program_prints_appears_above_the_captions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Screen() as screen:
        monkeypatch.setattr(sys, "stderr", screen.stream)
        with captions_on(screen) as captions:
            captions.on_transcript(transcript(" Good", 1.0))
            screen.until(lambda: screen.shows("Good"))
            print("a warning\x1b[2J", file=sys.stderr)
            screen.until(lambda: screen.shows("warning"))
            assert screen.rows[:2] == ["a warning[2J", "     0:00 Good"]
        assert sys.stderr is screen.stream


def test_the_status_is_fresh_although_nobody_speaks() -> None:
    levels = iter(range(-60, 1))
    with Screen() as screen:
        captions = LiveCaptions(
            screen.stream, lambda: replace(STATUS, level_dbfs=float(next(levels, 0)))
        )
        began_s = time.monotonic()
        captions.start()
        screen.until(lambda: screen.shows("███"))
        captions.close()
        assert time.monotonic() - began_s < 8
        screen.take()
        assert screen.rows == []


def test_a_terminal_that_has_gone_is_told_once_and_names_the_fix() -> None:
    screen = Screen()
    captions = LiveCaptions(screen.stream, lambda: STATUS)
    captions.start()
    screen.until(lambda: screen.shows("en → es"))
    screen.hang_up()
    with pytest.raises(OutputError, match="--no-captions"):
        while True:
            captions.on_transcript(transcript(" word", 1.0))
            threading.Event().wait(0.01)
    captions.close()


TALK = """
import sys
from live_translator.captions.terminal import LiveCaptions
from live_translator.status import Status
from tests.messages import transcript, translation

for number in range(30):
    print("line", number)
captions = LiveCaptions(sys.stdout, lambda: Status(way="en → es"))
captions.start()
captions.on_transcript(transcript(" Before, when all was wide.", 1.0, final=True))
captions.on_translation(translation(0, "x", "Antes, cuando todo era ancho.", final=True))
words = " These are several words in a row, and there are more of them to come."
for number in range(1, 8):
    captions.on_transcript(transcript(words, 2.0, utterance=1, unstable=f" turn{number}"))
    words = " again"
    sys.stdin.readline()
captions.close()
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux, a terminal that reflows")
def test_a_terminal_that_reflows_keeps_every_row_once(tmp_path: Path) -> None:
    def tmux(*arguments: str) -> str:
        command = ["tmux", "-L", tmp_path.name, "-f", "/dev/null", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def wait_until_once(*wanted: str) -> None:
        """Wait until each text stands there exactly once, history included."""
        deadline_s = time.monotonic() + 20
        while True:
            text = tmux("capture-pane", "-p", "-J", "-S", "-100")
            if all(text.count(part) == 1 for part in wanted):
                return
            assert time.monotonic() < deadline_s, f"{wanted} in\n{text}"
            threading.Event().wait(0.05)

    root = str(Path(__file__).parents[2])
    program = shlex.join([sys.executable, "-c", TALK])
    # Without echo, or each Enter below would move the cursor.
    shell = f"stty -echo; env PYTHONPATH={shlex.quote(root)} PYTHONUTF8=1 {program}; cat"
    tmux("-u", "new-session", "-d", "-x", "80", "-y", "20", "-c", root, shell)
    try:
        tmux("set-option", "-g", "window-size", "manual")
        for number, columns in enumerate((80, 50, 30, 66, 24, 80), start=1):
            wait_until_once(f"turn{number}")
            tmux("resize-window", "-x", str(columns), "-y", "20")
            tmux("send-keys", "Enter")
            wait_until_once(
                f"turn{number + 1}", "line 29", "Before,", "Antes,", "several", "en → es"
            )
    finally:
        tmux("kill-server")
