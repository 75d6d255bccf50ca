"""A run put together from real parts, with a recogniser that nobody asks."""

import io
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from live_translator.assembly import Run, Wanted
from live_translator.config import load
from live_translator.engines import Engines
from live_translator.errors import OutputError
from live_translator.metrics import MetricsCollector
from live_translator.model_store import ModelStore
from live_translator.status import Status
from tests.audio.sounds import sweep, write_wav

ENGINES = Engines(load("embedded"), ModelStore.default(), speech=True)
"""No utterance comes to them, so nothing is loaded."""


@pytest.fixture
def recording(tmp_path: Path) -> Iterator[Path]:
    yield write_wav(tmp_path / "tone.wav", sweep(16_000, 1.0) * np.float32(0.2), 16_000)
    assert {"captions", "caption-file"}.isdisjoint(t.name for t in threading.enumerate())


def test_a_run_says_how_it_is_going_before_and_after(recording: Path) -> None:
    config = load("embedded", flags={"pace": "fast"})
    wanted = Wanted(input=str(recording), speech=False, captions=False)
    with Run(config, wanted, ENGINES) as run:
        queues = {"speech": 0, "transcripts": 0, "translations": 0}
        assert run.status() == Status(way="en → es", queues=queues)
        run.pipeline.run()
        status = run.status()
    # A sine of amplitude 0.1 has a mean square of -23 dBFS.
    assert status.level_dbfs == pytest.approx(-23.0, abs=0.5)
    assert (status.speaking, status.behind_s, status.lag_s) == (None, 0.0, None)


def test_what_waits_to_be_said_is_counted_against_the_clock(
    recording: Path, tmp_path: Path
) -> None:
    now_s = 50.0
    wanted = Wanted(input=str(recording), output=tmp_path / "out.wav", captions=False)
    with Run(load("embedded"), wanted, ENGINES, clock=lambda: now_s) as run:
        run.timeline.start()
        run._sink.play(sweep(24_000, 3.0), not_before_s=0.5)
        now_s += 1.0
        status = run.status()
        assert (status.speaking, status.behind_s) == ("us", 2.5)
        now_s += 2.5
        assert run.status().speaking is None
        run._sink.close(drain=False)


def test_captions_in_a_pipe_are_lines_and_nothing_else_runs(
    recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    wanted = Wanted(input=str(recording), speech=False)
    with Run(load("embedded", flags={"pace": "fast"}), wanted, ENGINES):
        assert all(thread.name != "captions" for thread in threading.enumerate())


def test_what_cannot_be_closed_leaves_nothing_else_open(
    recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    closed = threading.Event()
    listener = MetricsCollector(realtime=False)
    monkeypatch.setattr(listener, "close", closed.set)
    wanted = Wanted(
        input=str(recording), speech=False, captions=False, caption_file=folder / "captions.txt"
    )
    config = load("embedded", flags={"pace": "fast"})
    with (
        pytest.raises(OutputError, match="create it first"),
        Run(config, wanted, ENGINES, listeners=[listener]),
    ):
        (folder / "captions.txt").unlink()
        folder.rmdir()
    assert closed.is_set()
