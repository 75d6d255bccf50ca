"""A sound card without a sound card: a PulseAudio server of the tests' own."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NEEDED = ("pulseaudio", "pactl", "paplay", "parec")
RATE_HZ = 24_000


class SoundServer:
    """A server that tests can pull devices out of, and kill; all clients find it by itself."""

    def __init__(self, runtime: Path) -> None:
        self._socket = runtime / "socket"
        # A folder of its own keeps it apart from the server of whoever runs the tests.
        self.environment = {
            "XDG_RUNTIME_DIR": str(runtime),
            "PULSE_RUNTIME_PATH": str(runtime),
            "PULSE_STATE_PATH": str(runtime),
            "PULSE_COOKIE": str(runtime / "cookie"),
            "PULSE_SERVER": f"unix:{self._socket}",
        }

    def start(self) -> str:
        """Start with two null sinks; return why it does not start, or nothing."""
        load = [
            f"--load=module-native-protocol-unix socket={self._socket} auth-anonymous=1",
            f"--load=module-null-sink sink_name=mic rate={RATE_HZ}",
            f"--load=module-null-sink sink_name=spk rate={RATE_HZ}",
        ]
        # If the tests are killed, the server leaves by itself.
        start = ["pulseaudio", "--daemonize=yes", "-n", "--exit-idle-time=900", *load]
        started = subprocess.run(
            start, env=os.environ, capture_output=True, text=True, timeout=30, check=False
        )
        if started.returncode:
            return started.stderr.strip()
        self.control("set-default-source", "mic.monitor")
        self.control("set-default-sink", "spk")
        return ""

    def stop(self) -> None:
        """Kill the server, as an update of it would."""
        subprocess.run(["pulseaudio", "--kill"], timeout=30, check=False)

    def control(self, *command: str) -> str:
        """Run a command of pactl; return what it prints."""
        done = subprocess.run(
            ["pactl", *command], timeout=30, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def plug_in(self, name: str) -> str:
        """Add a null sink, with its monitor; return what `pull_out` takes."""
        return self.control("load-module", "module-null-sink", f"sink_name={name}")

    def pull_out(self, module: str) -> None:
        """Remove what was added."""
        self.control("unload-module", module)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Have the server answer nothing for a while."""
        number = int((self._socket.parent / "pid").read_text())
        os.kill(number, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(number, signal.SIGCONT)

    @contextmanager
    def plugged_in(self, name: str) -> Iterator[str]:
        """Have a null sink for a while."""
        module = self.plug_in(name)
        try:
            yield module
        finally:
            self.pull_out(module)


@pytest.fixture(scope="session")
def sound_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoundServer]:
    """Two null sinks: what plays to `mic` is the microphone, `spk` is the loudspeaker."""
    pytest.importorskip("pyaudio", reason="needs PyAudio: pip install 'live-translate[mic]'")
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}: apt-get install pulseaudio pulseaudio-utils")
    server = SoundServer(tmp_path_factory.mktemp("pulse"))
    with pytest.MonkeyPatch.context() as patch:
        for key, value in server.environment.items():
            patch.setenv(key, value)
        if reason := server.start():
            pytest.skip(f"PulseAudio does not start here: {reason}")
        try:
            yield server
        finally:
            server.stop()
