import signal
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from live_translator.audio.sinks import NullSink, WavSink
from live_translator.errors import OutputError
from live_translator.interfaces import AudioSink
from live_translator.messages import Samples
from tests.audio.sounds import read_wav, sweep
from tests.limits import largest_file


def ones(count: int) -> Samples:
    return np.ones(count, np.float32)


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
