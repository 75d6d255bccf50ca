"""Subtitles that a strict reader takes after every single message."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from live_translator.captions.subtitles import SubtitleWriter
from tests.captions.cues import ReadCue, read_srt, read_vtt
from tests.conftest import SAMPLE
from tests.messages import playback, transcript, translation

Reader = Callable[[bytes], list[ReadCue]]
READERS: dict[str, Reader] = {".srt": read_srt, ".vtt": read_vtt}

talks = st.lists(
    st.tuples(st.text(max_size=50), st.floats(0, 5), st.floats(0, 8), st.booleans()), max_size=20
)


@pytest.mark.parametrize("suffix", READERS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(talks)
def test_the_file_is_valid_after_every_message_whatever_is_said(
    tmp_path: Path, suffix: str, talk: list[tuple[str, float, float, bool]]
) -> None:
    path = tmp_path / f"talk{suffix}"
    read = READERS[suffix]
    writer = SubtitleWriter(path)
    assert read(path.read_bytes()) == []
    end_s, shown = 0.0, ""
    for number, (text, gap_s, length_s, final) in enumerate(talk):
        start_s = end_s + gap_s
        end_s = start_s + length_s
        writer.on_transcript(transcript(f" {text}", end_s))
        writer.on_translation(
            translation(number, text, text, start_s=start_s, end_s=end_s, final=final)
        )
        writer.on_playback(playback(number, end_s, end_s + 1))
        cues = read(path.read_bytes())
        now_shown = "".join("".join(cue.text.split()) for cue in cues)
        assert now_shown.startswith(shown)
        shown = now_shown
    writer.close()
    assert "".join("".join(cue.text.split()) for cue in read(path.read_bytes())) == shown


@pytest.mark.parametrize("suffix", READERS)
def test_marks_of_the_format_in_a_text_are_text(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"talk{suffix}"
    writer = SubtitleWriter(path)
    writer.on_translation(
        translation(0, "", "a <i> & b --> c\x00\x1b d\r\n\r\n2\u2028e", end_s=2.0)
    )
    writer.on_translation(translation(1, "", "\x00 \n", end_s=3.0))
    writer.close()
    (cue,) = READERS[suffix](path.read_bytes())
    assert cue.text == "a <i> & b → c d 2 e"


@pytest.mark.slow
@pytest.mark.parametrize("suffix", READERS)
def test_killing_the_program_at_any_moment_leaves_valid_subtitles(
    tmp_path: Path, suffix: str
) -> None:
    path, caption_file = tmp_path / f"talk{suffix}", tmp_path / "captions.txt"
    command = [
        *(sys.executable, "-m", "live_translator", "--src", "en", "--tgt", "es"),
        *("--profile", "embedded", "--input", str(SAMPLE), "--no-speech"),
        *("--subtitles", str(path), "--caption-file", str(caption_file)),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        for _ in range(4):
            assert process.stdout.readline()
            cues = READERS[suffix](path.read_bytes())
            assert cues
            assert caption_file.read_text("utf-8").endswith("\n")
        os.kill(process.pid, signal.SIGKILL)
    finally:
        process.kill()
        _, errors = process.communicate(timeout=20)
    assert process.returncode == -signal.SIGKILL, errors
    assert READERS[suffix](path.read_bytes())
    lines = caption_file.read_text("utf-8").splitlines()
    assert 1 <= len(lines) <= 2
    assert all(len(line) <= 42 for line in lines)
