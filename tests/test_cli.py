"""The command line's own work: signals, exit codes, leaving; the rest is end to end."""

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from live_translator import cli
from live_translator.assembly import Wanted
from live_translator.errors import UsageError


class Interruptible:
    """As much of a pipeline as a signal needs."""

    def __init__(self) -> None:
        self._arrived = threading.Semaphore(0)

    def interrupt(self) -> None:
        self._arrived.release()

    def arrived(self, count: int) -> bool:
        return all(self._arrived.acquire(timeout=5) for _ in range(count))


def test_two_signals_at_once_are_two_interrupts() -> None:
    """Also when the main thread sleeps and the system gives both to another thread."""
    before = signal.getsignal(signal.SIGINT)
    pipeline = Interruptible()
    with cli._interrupts_go_to(pipeline):  # type: ignore[arg-type]
        for number in (signal.SIGINT, signal.SIGTERM):
            os.kill(os.getpid(), number)
        assert pipeline.arrived(2)
    assert signal.getsignal(signal.SIGINT) is before
    assert "signals" not in [thread.name for thread in threading.enumerate()]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted(input="a.wav", caption_file=Path("./a.wav")), "--caption-file a.wav is the same"),
        (Wanted(caption_file=Path("a"), transcript=Path("b/../a")), "same file as --caption-file"),
        (Wanted(output=Path("/dev/null"), report=Path("/dev/null")), None),
        (Wanted(input="a.wav", output=Path("a" * 300)), None),
    ],
)
def test_two_things_do_not_go_into_one_file(wanted: Wanted, said: str | None) -> None:
    with pytest.raises(UsageError, match=said) if said else contextlib.nullcontext():
        cli._check_files(wanted, None)


def test_links_that_lead_in_a_circle_are_left_to_who_opens_them(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    cli._check_files(Wanted(input=str(tmp_path / "a"), output=tmp_path / "c"), tmp_path / "b")
    with pytest.raises(UsageError, match="same file"):
        cli._check_files(Wanted(input=str(tmp_path / "a"), output=tmp_path / "a"), None)


@pytest.mark.parametrize(
    "flags",
    [
        ("--output", "a.wav"),
        ("--subtitles", "a.srt"),
        ("--transcript", "a.jsonl"),
        ("--caption-file", "a.txt"),
        ("--log-text",),
    ],
)
def test_private_and_a_record_of_what_is_said_exclude_each_other(
    flags: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["--src", "en", "--tgt", "es", "--private", *flags]) == 2
    assert capsys.readouterr().err == (
        f"live-translate: --private writes nothing down of what is said: leave out {flags[0]}\n"
    )


def test_private_names_all_that_is_to_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    flags = ("--private", "--output", "a.wav", "--transcript", "b", "--report", "r.json")
    assert cli.main(["--src", "en", "--tgt", "es", *flags]) == 2
    assert "leave out --output and --transcript\n" in capsys.readouterr().err


def test_a_glossary_is_not_written_over() -> None:
    with pytest.raises(UsageError, match="same file as --glossary"):
        cli._check_files(Wanted(transcript=Path("terms.tsv")), Path("./terms.tsv"))


LEAVE = """
import atexit, threading
from live_translator import cli
atexit.register(print, "torn down")
cli.main = lambda: {code}
{more}
cli.entry()
"""
STUCK = "threading.Thread(target=threading.Event().wait, daemon=True).start()"


@pytest.mark.parametrize(("more", "said"), [("", "torn down\n"), (STUCK, "")])
def test_a_thread_that_is_stuck_does_not_live_to_see_the_interpreter_torn_down(
    more: str, said: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LEAVE.format(code=7, more=more)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (7, said, "")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--src", "en", "--tgt", "en"], 2),
        (["--src", "en", "--tgt", "es", "--pace", "fast"], 2),
        (["--src", "en", "--tgt", "es", "--input", "nowhere.wav", "--output", "nowhere.wav"], 2),
        (["--src", "en", "--tgt", "es", "--glossary", "n.tsv", "--transcript", "n.tsv"], 2),
        (["text", "--src", "en", "--tgt", "es", "--glossary", "nowhere.tsv"], 2),
        (["--src", "en", "--tgt", "es", "--input", "-x.wav"], 2),
        (["--src", "en", "--tgt", "es", "--input", "a.wav", "b\n.wav"], 2),
        (["--src", "en"], 2),
        (["models", "get", "--force", "--nonsense"], 2),
        (["devices", "--test", "\x1b[31m"], 2),
        (["doctor", "--bundle"], 2),
    ],
)
def test_misuse_is_told_in_one_sentence_and_exit_code_2(
    arguments: list[str], code: int, capfd: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == code
    said = capfd.readouterr().err.splitlines()
    assert len(said) == 1
    assert said[0].startswith(("live-translate: ", "error: "))


STREAMS = """
import os, sys
from live_translator import cli
def main():
    fds = [stream.fileno() for stream in (sys.stdin, sys.stdout, sys.stderr)]
    assert fds == [0, 1, 2], fds
    assert not (sys.stdin.isatty() or sys.stdout.isatty())
    return 7
cli.main = main
cli.entry()
"""


@pytest.mark.parametrize("closed", ["", "<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed_are_opened_at_their_own_numbers(closed: str) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" -c "$1" {closed}', sys.executable, STREAMS],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert (done.returncode, done.stdout, done.stderr) == (7, "", "")


def test_what_nobody_foresaw_is_a_sentence_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> int:
        raise TypeError("a\nb\x1b[31m")

    monkeypatch.setattr(cli, "_command", fail)
    assert cli.main(["--src", "en"]) == 1
    said = capsys.readouterr().err
    assert said.startswith(
        r"live-translate: this should not have happened (TypeError: a\nb\x1b[31m)"
    )
    assert said[:-1].isprintable()


def test_what_is_logged_is_one_line_and_steers_nothing() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "heard %s", ("a\nb\x1b[31m",), None)
    said = cli._LineFormatter("live-translate: %(message)s").format(record)
    assert said == r"live-translate: heard a\nb\x1b[31m"


def test_an_interrupt_that_a_library_swallowed_at_the_start_is_not_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cli, "_interrupts", [])
    with contextlib.suppress(KeyboardInterrupt):
        cli._remember_interrupt(signal.SIGINT, None)
    with pytest.raises(KeyboardInterrupt), cli._interrupts_go_to(None):  # type: ignore[arg-type]
        pytest.fail("the talk began")
