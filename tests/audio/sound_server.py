"""A sound card without a sound card: a PulseAudio server of the tests' own."""

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

NEEDED = ("pulseaudio", "pactl", "paplay", "parec")
RATE_HZ = 24_000


@pytest.fixture(scope="session")
def sound_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Two null sinks: what plays to `mic` is the microphone, `spk` is the loudspeaker."""
    pytest.importorskip("pyaudio", reason="needs PyAudio: pip install 'live-translate[mic]'")
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}: apt-get install pulseaudio pulseaudio-utils")
    # A folder of its own keeps it apart from the server of whoever runs the tests.
    runtime = tmp_path_factory.mktemp("pulse")
    socket = runtime / "socket"
    own = {
        "XDG_RUNTIME_DIR": str(runtime),
        "PULSE_RUNTIME_PATH": str(runtime),
        "PULSE_STATE_PATH": str(runtime),
        "PULSE_COOKIE": str(runtime / "cookie"),
        "PULSE_SERVER": f"unix:{socket}",
    }
    with pytest.MonkeyPatch.context() as patch:
        for key, value in own.items():
            patch.setenv(key, value)
        load = [
            f"--load=module-native-protocol-unix socket={socket} auth-anonymous=1",
            f"--load=module-null-sink sink_name=mic rate={RATE_HZ}",
            f"--load=module-null-sink sink_name=spk rate={RATE_HZ}",
        ]
        # If the tests are killed, the server leaves by itself.
        start = ["pulseaudio", "--daemonize=yes", "-n", "--exit-idle-time=300", *load]
        started = subprocess.run(
            start, env=os.environ, capture_output=True, text=True, timeout=30, check=False
        )
        if started.returncode:
            pytest.skip(f"PulseAudio does not start here: {started.stderr.strip()}")
        try:
            for command in (["set-default-source", "mic.monitor"], ["set-default-sink", "spk"]):
                subprocess.run(["pactl", *command], timeout=30, check=True)
            yield
        finally:
            subprocess.run(["pulseaudio", "--kill"], timeout=30, check=False)
