"""What the real program leaves behind: no file but those it was told to write, no word in a log."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from live_translator.model_store import ModelStore
from live_translator.seal import SEAL
from tests.conftest import SAMPLE
from tests.terminal import on_a_terminal
from tests.test_end_to_end import EN_ES, PROGRAM, excerpt, needs_apertium
from tests.traced import traced

pytestmark = pytest.mark.slow

# The program as `entry` starts it, with an ear for objects that are made from pickles.
WATCHED = """
import sys
sys.addaudithook(lambda event, args: event == "pickle.find_class" and print("UNPICKLED", args))
from live_translator.cli import entry
entry()
"""
LONG_WORD = re.compile(r"[^\W\d_]{5,}")


def words_of(texts: Iterable[str]) -> set[str]:
    """Words that are long enough to be nobody else's."""
    return {word.lower() for text in texts for word in LONG_WORD.findall(text)}


def strangers(written: Iterable[str], store: ModelStore, temporary: Path) -> set[str]:
    """Of the paths, those that are not the program's parts looking around."""
    known = (
        r"/dev/(null|tty)",
        r"/dev/shm/sem\.\S+",  # noqa: S108 - Python tries whether semaphores work
        # Python's tempfile tries whether the folder can be written.
        rf"{re.escape(str(temporary))}/[a-z0-9_]{{8}}",
        rf"{re.escape(str(store.root))}/[^/]+/{re.escape(SEAL)}(\..+)?",
    )
    return {path for path in written if not any(re.fullmatch(each, path) for each in known)}


class Home:
    """An empty home, and a place for temporary files, that should stay as they are."""

    def __init__(self, folder: Path, store: ModelStore) -> None:
        self.temporary = folder / "tmp"
        self._home = folder / "home"
        self.temporary.mkdir()
        self._home.mkdir()
        self.environment = {
            "HOME": str(self._home),
            "TMPDIR": str(self.temporary),
            "XDG_CACHE_HOME": str(self._home / "cache"),
            "LIVE_TRANSLATE_MODELS": str(store.root),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def found(self) -> list[Path]:
        return [*self._home.iterdir(), *self.temporary.iterdir()]


def draft_of(path: Path) -> Path:
    """Return where a file that is replaced as a whole is written."""
    return path.with_name(f".{path.name}.new")


@needs_apertium
def test_a_talk_writes_the_files_it_was_told_to_and_nothing_else(
    tmp_path: Path, store: ModelStore
) -> None:
    home = Home(tmp_path, store)
    flags = ("output", "subtitles", "transcript", "caption-file", "report")
    wanted = {flag: tmp_path / f"{flag}.srt" for flag in flags}
    arguments = [part for flag, path in wanted.items() for part in (f"--{flag}", str(path))]
    talk = ("--input", str(excerpt(tmp_path, 10)), "--pace", "fast", "--log-level", "debug")
    done = traced(
        (sys.executable, "-c", WATCHED, *EN_ES, *talk, *arguments),
        tmp_path / "trace",
        home.environment,
    )
    assert done.code == 0, done.stderr
    drafts = [draft_of(wanted[flag]) for flag in ("caption-file", "report")]
    assert strangers(done.written, store, home.temporary) == {
        *map(str, [*wanted.values(), *drafts])
    }
    assert not any(draft.exists() for draft in drafts)
    assert home.found() == []
    assert done.connections == 0, "it talked to the network"
    assert "UNPICKLED" not in done.stdout

    lines = wanted["transcript"].read_text("utf-8").splitlines()
    said = words_of(json.loads(line)[side] for line in lines for side in ("source", "target"))
    assert len(said) > 8
    assert said & words_of([done.stdout]), "captions are asked for"
    assert not said & words_of([done.stderr]), done.stderr


@needs_apertium
def test_a_private_talk_leaves_no_word_anywhere(tmp_path: Path, store: ModelStore) -> None:
    home = Home(tmp_path, store)
    report = tmp_path / "report.json"
    talk = ("--input", str(excerpt(tmp_path, 10)), "--pace", "fast", "--no-speech", "--private")
    log = ("--log-level", "debug", "--report", str(report))
    done = traced((*PROGRAM, *EN_ES, *talk, *log), tmp_path / "trace", home.environment)
    assert done.code == 0, done.stderr
    assert strangers(done.written, store, home.temporary) == {str(report), str(draft_of(report))}
    assert not draft_of(report).exists()
    assert home.found() == []
    assert done.connections == 0
    assert "no captions: standard output is no terminal" in done.stderr
    transcript = (SAMPLE.parent / "manifest.tsv").read_text("utf-8").splitlines()[1]
    said = words_of([transcript]) - words_of(["streaming complete english spanish source words"])
    assert json.loads(report.read_text("utf-8"))["words"]["source"] > 10
    for text in (done.stdout, done.stderr, report.read_text("utf-8")):
        assert not said & words_of([text]), text


@needs_apertium
def test_a_private_talk_has_its_captions_on_the_terminal(tmp_path: Path, store: ModelStore) -> None:
    home = Home(tmp_path, store)
    talk = ("--input", str(excerpt(tmp_path, 8)), "--pace", "fast", "--no-speech", "--private")
    environment = {**os.environ, **home.environment, "TERM": "xterm-256color"}
    with on_a_terminal((*PROGRAM, *EN_ES, *talk), environment) as terminal:
        assert terminal.exit_code(200) == 0
    assert "peor" in terminal.shown
    assert home.found() == []


@needs_apertium
@pytest.mark.parametrize(
    ("signals", "code"), [([signal.SIGKILL], -9), ([signal.SIGINT, signal.SIGTERM], 130)]
)
def test_a_program_that_is_killed_leaves_nothing_behind(
    tmp_path: Path, store: ModelStore, signals: Sequence[signal.Signals], code: int
) -> None:
    home = Home(tmp_path, store)
    talk = ("--input", str(SAMPLE), "--output", str(tmp_path / "o.wav"))
    with subprocess.Popen(
        [*PROGRAM, *EN_ES, *talk],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **home.environment},
    ) as program:
        assert program.stdout is not None
        program.stdout.readline()  # the first caption: all models are loaded and were used
        for number in signals:
            program.send_signal(number)
        program.communicate(timeout=60)
    assert program.returncode == code
    assert home.found() == []
