import resource
import signal
import subprocess
import sys
import threading
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from live_translator.audio.sinks import NullSink, SpeakerSink, WavSink
from live_translator.errors import DeviceError, OutputError
from live_translator.interfaces import AudioSink
from live_translator.messages import Samples
from live_translator.timeline import Timeline
from tests.audio.sound_server import RATE_HZ
from tests.audio.sounds import place_of, read_wav, sweep


def ones(count: int) -> Samples:
    return np.ones(count, np.float32)


@contextmanager
def largest_file(size_bytes: int) -> Iterator[None]:
    """Let no file grow beyond a size: to a writer the same as a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


SCHEDULE = [
    # (samples, not before, start, end) at 1,000 Hz
    (100, 0.0, 0.0, 0.1),
    (100, 0.05, 0.1, 0.2),
    (50, 1.5, 1.5, 1.55),
    (0, 0.0, 1.55, 1.55),
    (50, -1.0, 1.55, 1.6),
    (10, 4.2, 4.2, 4.21),
]


def test_a_file_and_nowhere_keep_the_same_schedule(tmp_path: Path) -> None:
    sinks: list[AudioSink] = [WavSink(tmp_path / "out.wav", 1000), NullSink(1000)]
    for sink in sinks:
        for count, not_before_s, start_s, end_s in SCHEDULE:
            assert sink.play(ones(count), not_before_s=not_before_s) == (start_s, end_s)
            assert sink.queued_until_s() == end_s
        sink.close(drain=True)


def test_what_is_played_into_a_closed_file_is_thrown_away(tmp_path: Path) -> None:
    sink = WavSink(tmp_path / "out.wav", 1000)
    sink.play(ones(10), not_before_s=0.0)
    sink.close(drain=False)
    assert sink.play(ones(10), not_before_s=0.5) == (0.5, 0.51)
    assert len(read_wav(tmp_path / "out.wav")) == 10


def test_in_the_file_a_samples_place_is_its_time(tmp_path: Path) -> None:
    sink = WavSink(tmp_path / "out.wav", 1000)
    for count, not_before_s, _, _ in SCHEDULE:
        sink.play(ones(count), not_before_s=not_before_s)
    sink.close(drain=False)
    expected = np.zeros(4210, np.float32)
    for _, _, start_s, end_s in SCHEDULE:
        expected[round(start_s * 1000) : round(end_s * 1000)] = 1
    assert np.array_equal(read_wav(sink.path), expected)


def test_the_file_is_valid_before_during_and_after(tmp_path: Path) -> None:
    sink = WavSink(tmp_path / "out.wav")
    assert len(read_wav(sink.path)) == 0
    for played in range(1, 4):
        sink.play(ones(240), not_before_s=0.0)
        assert len(read_wav(sink.path)) == played * 240
    sink.close(drain=True)
    sink.close(drain=True)
    with wave.open(str(sink.path), "rb") as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (24_000, 1, 2)
    assert sink.path.stat().st_size == 44 + 2 * 720


def test_samples_survive_the_file_and_bad_ones_are_tamed(tmp_path: Path) -> None:
    sink = WavSink(tmp_path / "out.wav")
    sound = sweep(24_000, 0.1)
    sink.play(sound, not_before_s=0.0)
    sink.play(np.array([2.0, -2.0, np.nan, np.inf, -np.inf], np.float32), not_before_s=0.0)
    sink.close(drain=True)
    written = read_wav(sink.path)
    assert np.abs(written[:-5] - sound).max() <= 0.5 / 32767 + 1e-6
    assert written[-5:].tolist() == [1.0, -1.0, 0.0, 0.0, 0.0]


def test_a_killed_program_leaves_a_valid_file(tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    program = (
        "import sys, signal, numpy as np\n"
        "from pathlib import Path\n"
        "from live_translator.audio.sinks import WavSink\n"
        f"sink = WavSink(Path({str(path)!r}))\n"
        "sink.play(np.ones(2400, np.float32), not_before_s=1.0)\n"
        "print('played', flush=True)\n"
        "signal.pause()\n"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=root
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "played\n"
        process.send_signal(signal.SIGKILL)
    assert len(read_wav(path)) == 24_000 + 2400


def test_a_missing_folder_is_named_with_the_command_that_makes_it(tmp_path: Path) -> None:
    path = tmp_path / "no such folder" / "out.wav"
    with pytest.raises(OutputError, match=r"create it with mkdir -p '.*no such folder'$"):
        WavSink(path)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="it is a folder"):
        WavSink(tmp_path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_full_from_the_start_is_said_so() -> None:
    with pytest.raises(OutputError, match=r"cannot write /dev/full .*free space"):
        WavSink(Path("/dev/full"))


def test_a_disk_that_fills_up_leaves_what_was_written_valid(tmp_path: Path) -> None:
    sink = WavSink(tmp_path / "out.wav")
    with largest_file(100_000):
        sink.play(ones(24_000), not_before_s=0.0)
        with pytest.raises(OutputError, match=r"free space .* the file is valid up to here"):
            sink.play(ones(48_000), not_before_s=0.0)
        sink.close(drain=True)
    assert read_wav(sink.path).tolist() == [1.0] * 24_000


def test_four_gigabytes_are_refused_before_they_are_written(tmp_path: Path) -> None:
    sink = WavSink(tmp_path / "out.wav")
    sink.play(ones(10), not_before_s=0.0)
    with pytest.raises(OutputError, match="4 GB"):
        sink.play(ones(10), not_before_s=25 * 3600.0)
    sink.close(drain=True)
    assert len(read_wav(sink.path)) == 10


class Recorder:
    """Records the loudspeaker's monitor with parec, from construction to `stop`."""

    def __init__(self, seconds_at_most: float = 20.0) -> None:
        self._process = subprocess.Popen(
            ["parec", "--device=spk.monitor", "--format=s16le", "--channels=1",
             f"--rate={RATE_HZ}", "--raw", "--latency-msec=20"],
            stdout=subprocess.PIPE,
        )  # fmt: skip
        self._heard = bytearray()
        self._running = threading.Event()
        self._limit_bytes = int(seconds_at_most * RATE_HZ) * 2
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self._running.wait(10), "parec records nothing"

    def stop(self) -> Samples:
        self._process.terminate()
        self._process.wait(10)
        self._reader.join(10)
        whole = self._heard[: len(self._heard) // 2 * 2]
        return np.frombuffer(bytes(whole), "<i2").astype(np.float32) * np.float32(1 / 32767)

    def _read(self) -> None:
        assert self._process.stdout is not None
        while content := self._process.stdout.read1(4096):  # type: ignore[attr-defined]
            self._running.set()
            if len(self._heard) < self._limit_bytes:
                self._heard += content


@pytest.mark.slow
def test_the_loudspeaker_plays_what_it_is_given(sound_server: None) -> None:
    timeline = Timeline(time.monotonic, realtime=True)
    recorder = Recorder()
    sink = SpeakerSink(timeline=timeline, sample_rate_hz=RATE_HZ, buffer_s=30.0)
    timeline.start()
    first, second = sweep(RATE_HZ, 0.8), sweep(RATE_HZ, 0.5)[::-1].copy()
    start_s, end_s = sink.play(first, not_before_s=0.5)
    again_s, until_s = sink.play(second, not_before_s=0.0)
    assert start_s >= 0.5
    assert end_s == pytest.approx(start_s + 0.8)
    assert again_s == pytest.approx(end_s, abs=0.15)
    assert sink.queued_until_s() == until_s
    sink.close(drain=True)
    # All has sounded when close returns, but not much later than it was due.
    assert until_s - 0.1 <= timeline.now_s() <= until_s + 1.5
    heard = recorder.stop()
    at, alike = place_of(first, heard)
    assert alike > 0.98
    then, alike = place_of(second, heard)
    assert alike > 0.98
    assert then - at == pytest.approx(len(first), abs=2)


@pytest.mark.slow
def test_closing_without_draining_is_immediate_and_wakes_a_waiting_play(
    sound_server: None,
) -> None:
    timeline = Timeline(time.monotonic, realtime=True)
    sink = SpeakerSink(timeline=timeline, sample_rate_hz=RATE_HZ, buffer_s=1.0)
    sink.play(np.zeros(RATE_HZ * 20, np.float32), not_before_s=0.0)
    player = threading.Thread(
        target=sink.play, args=(sweep(RATE_HZ, 0.1),), kwargs={"not_before_s": 0.0}, daemon=True
    )
    player.start()
    player.join(0.2)
    assert player.is_alive(), "more than the buffer waits, so play has to wait"
    began_s = time.monotonic()
    sink.close(drain=False)
    player.join(5)
    assert not player.is_alive()
    assert time.monotonic() - began_s < 2.0
    sink.close(drain=True)


@pytest.mark.slow
def test_after_a_pause_speech_starts_at_once(sound_server: None) -> None:
    timeline = Timeline(time.monotonic, realtime=True)
    sink = SpeakerSink(timeline=timeline, sample_rate_hz=RATE_HZ, buffer_s=30.0)
    timeline.start()
    _, end_s = sink.play(sweep(RATE_HZ, 0.2), not_before_s=0.0)
    threading.Event().wait(end_s + 0.3 - timeline.now_s())
    now_s = timeline.now_s()
    start_s, _ = sink.play(sweep(RATE_HZ, 0.2), not_before_s=0.0)
    assert now_s <= start_s < now_s + 0.5
    sink.close(drain=True)


@pytest.mark.slow
def test_a_device_that_is_not_there_is_named(sound_server: None) -> None:
    timeline = Timeline(time.monotonic, realtime=True)
    with pytest.raises(DeviceError, match="no loudspeaker was found"):
        SpeakerSink(timeline=timeline, buffer_s=1.0, device=999)
