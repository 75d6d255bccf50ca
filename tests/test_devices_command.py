import math
import os
import re
import subprocess
import sys

import numpy as np
import pytest

from live_translator.audio.devices import Device
from live_translator.devices_command import level_db, table, verdict
from live_translator.messages import Samples
from tests.audio.sound_server import SoundServer

RNG = np.random.default_rng(5)


def noise(level_db: float) -> Samples:
    return (RNG.standard_normal(16_000) * 10 ** (level_db / 20)).astype(np.float32)


@pytest.mark.parametrize(
    ("samples", "peak_db", "rms_db"),
    [
        ([1.0, -1.0, 1.0, -1.0], 0.0, 0.0),
        ([0.0, -0.1, 0.0, 0.0], -20.0, -26.02),
        ([0.0, 0.0], -math.inf, -math.inf),
        ([], -math.inf, -math.inf),
    ],
)
def test_levels_are_relative_to_the_largest_sample(
    samples: list[float], peak_db: float, rms_db: float
) -> None:
    assert level_db(np.array(samples, np.float32)) == pytest.approx((peak_db, rms_db), abs=0.01)


@pytest.mark.parametrize(
    ("before", "after", "came", "sentence"),
    [
        (np.zeros(100, np.float32), np.zeros(100, np.float32), False, "No sound came in: unmute"),
        (noise(-100), noise(-100), False, "No sound came in"),
        (noise(-50), noise(-50), True, "Sound came in, but not the ping: .* with headphones"),
        (noise(-50), noise(-30), True, "Sound came in, and louder with the ping"),
        (np.zeros(100, np.float32), noise(-30), True, "Sound came in, and louder with the ping"),
    ],
)
def test_the_verdict_is_one_sentence(
    before: Samples, after: Samples, came: bool, sentence: str
) -> None:
    heard, said = verdict(before, after)
    assert heard is came
    assert re.match(sentence, said)


def test_the_table_marks_the_default_and_lines_up() -> None:
    devices = [
        Device(name="mic", label="Headset", channels=1, rate_hz=16_000, number=3),
        Device(name="a longer name", channels=2, rate_hz=44_100, default=True, number=5),
    ]
    assert table(devices).splitlines() == [
        "      CHANNELS      RATE  NAME",
        "   0         1  16000 Hz  mic            Headset",
        "*  1         2  44100 Hz  a longer name",
    ]
    assert table([]) == "  none\n"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "live_translator", "devices", *arguments],
        capture_output=True, text=True, timeout=60, check=False, env=os.environ,
    )  # fmt: skip


@pytest.mark.slow
def test_the_command_lists_inputs_and_outputs(sound_server: SoundServer) -> None:
    listed = run()
    assert (listed.returncode, listed.stderr) == (0, "")
    lines = [line.split() for line in listed.stdout.splitlines()]
    assert ["*", "0", "2", "24000", "Hz", "mic.monitor", "Monitor", "of", "Null", "Output"] in lines
    assert ["*", "1", "2", "24000", "Hz", "spk", "Null", "Output"] in lines


@pytest.mark.slow
def test_the_test_says_whether_sound_came_in(sound_server: SoundServer) -> None:
    heard = run("--test", "--input-device", "system")
    assert heard.returncode == 0, heard.stderr
    assert "louder with the ping" in heard.stdout
    assert "input   spk.monitor" in heard.stdout
    silent = run("--test")
    assert silent.returncode == 1
    assert "No sound came in" in silent.stdout
    assert "-inf dBFS" in silent.stdout
    wrong = run("--test", "--output-device", "nobody")
    assert wrong.returncode == 1
    assert wrong.stderr.startswith("live-translate: no output device is called 'nobody': there is")
    assert len(wrong.stderr.splitlines()) == 1
