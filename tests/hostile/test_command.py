"""The program as its user meets it, given hostile files: its output, exit code and patience."""

import json
import os
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from benchmarks.recognition import load
from tests.captions.cues import read_srt
from tests.conftest import SAMPLE
from tests.hostile.media import HEADER_BYTES, floats, wav, write, zipped
from tests.terminal import on_a_terminal

PROGRAM = (sys.executable, "-m", "live_translator")
EN_ES = ("--src", "en", "--tgt", "es", "--profile", "embedded")
FAST = (*EN_ES, "--pace", "fast", "--no-speech")
NAME = "a\nb \x1b[31m" + os.fsdecode(b"\xe9")

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("store")]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        capture_output=True,
        text=True,
        errors="surrogateescape",
        timeout=250,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def silence(folder: Path, seconds: int) -> Path:
    """Return a WAV with holes for sound: it takes no room on the disk."""
    path = write(folder, wav(b"", data_bytes=2 * 16_000 * seconds))
    os.truncate(path, HEADER_BYTES + 2 * 16_000 * seconds)
    return path


@pytest.mark.parametrize(
    "content",
    [wav()[:30], wav(rate_hz=1 << 30), zipped(wav()), wav()],
    ids=["cut", "1 GHz", "ZIP", "no speech"],
)
def test_a_file_of_no_use_ends_in_one_sentence_whatever_its_name(
    content: bytes, tmp_path: Path
) -> None:
    done = run(*FAST, "--input", write(tmp_path, content, f"{NAME}.wav"))
    assert done.returncode == 1
    assert done.stderr.endswith("\n")
    assert done.stderr[:-1].isprintable()
    assert done.stderr.startswith("live-translate: ")
    assert "should not have happened" not in done.stderr


def test_speech_is_understood_at_384_khz_among_what_is_no_number_and_wrong_lengths(
    tmp_path: Path,
) -> None:
    speech = np.repeat(load(SAMPLE)[: 9 * 16_000], 24)
    speech[::100_000] = np.nan
    speech[50_000::100_000] = -np.inf
    content = bytearray(floats(speech, 384_000))
    content[4:8] = content[40:44] = b"\xff\xff\xff\xff"
    path = write(tmp_path, bytes(content), f"{NAME}.wav")
    files = {flag: tmp_path / f"{NAME}.{flag}" for flag in ("srt", "jsonl", "json")}
    flags = ("--subtitles", files["srt"], "--transcript", files["jsonl"], "--report", files["json"])
    terms = write(tmp_path, b"Paris\n", f"{NAME}.tsv")
    done = run(*FAST, "--input", path, "--glossary", terms, *flags)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    entries = [json.loads(line) for line in files["jsonl"].read_text("utf-8").splitlines()]
    assert "best of times" in " ".join(entry["source"] for entry in entries)
    assert read_srt(files["srt"].read_bytes())
    report = json.loads(files["json"].read_text("utf-8"))
    assert report["source_seconds"] == pytest.approx(9.0, abs=0.05)
    assert report["config"]["glossary"] == str(terms)


def test_ten_hours_of_silence_can_be_left_at_any_time(tmp_path: Path) -> None:
    path, speech = silence(tmp_path, 36_000), tmp_path / "out.wav"
    command = [*PROGRAM, *EN_ES, "--pace", "fast", "--input", str(path), "--output", str(speech)]
    with on_a_terminal(command, os.environ | {"TERM": "xterm"}) as terminal:
        terminal.read_until("silence", 200)
        terminal.type("\x03")
        # 130 where a busy machine did not finish within the time of grace.
        assert terminal.exit_code(60) in (0, 130)
    with wave.open(str(speech)) as file:
        assert file.getnframes() == 0


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_program_without_standard_streams_has_empty_ones(closed: str) -> None:
    text = "text --src en --tgt es --profile embedded"
    done = subprocess.run(
        ["/bin/sh", "-c", f"exec {sys.executable} -m live_translator {text} {closed}"],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
        input="",
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
