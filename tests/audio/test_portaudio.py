import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, timeout=60, cwd=ROOT, check=False,
    )  # fmt: skip


def test_without_pyaudio_the_error_names_both_commands() -> None:
    found = run(
        "import sys; sys.modules['pyaudio'] = None\n"
        "from live_translator.audio.portaudio import load\n"
        "from live_translator.errors import DeviceError\n"
        "try: load()\n"
        "except DeviceError as error: print(error)\n"
    )
    assert "apt-get install portaudio19-dev" in found.stdout
    assert "pip install 'live-translate[mic]'" in found.stdout
    assert found.stderr == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("open_device", "message"),
    [
        (
            "from live_translator.audio.microphone import MicrophoneSource as M\n"
            "def opened(): M(clock=lambda: 0.0, buffer_s=1.0).open()\n",
            "no microphone was found: .* use --input FILE instead",
        ),
        (
            "from live_translator.audio.speaker import SpeakerSink as S\n"
            "from live_translator.timeline import Timeline as T\n"
            "def opened(): S(timeline=T(lambda: 0.0, realtime=True), buffer_s=1.0, away_s=1.0)\n",
            "no loudspeaker was found: .* use --output FILE.wav instead",
        ),
    ],
)
def test_without_a_sound_card_the_error_is_one_sentence_and_stderr_is_quiet(
    open_device: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyaudio", reason="needs PyAudio: pip install 'live-translate[mic]'")
    if Path("/proc/asound/cards").exists() and Path("/dev/snd").exists():
        pytest.skip("this machine has a sound card")
    monkeypatch.setenv("PULSE_SERVER", "unix:/nonexistent")
    found = run(
        open_device + "import os\n"
        "from live_translator.errors import DeviceError\n"
        "try: opened()\n"
        "except DeviceError as error: print(error)\n"
        "os.write(2, b'our own')\n"
    )
    assert re.search(message, found.stdout), found
    assert found.stderr == "our own"
