"""The server as a process of its own, and how it is doing."""

import contextlib
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx

from benchmarks import vitals

_NO_LIMITS = {
    "max_sessions": 1000,
    "max_busy": 10.0,
    "max_core_busy": 10.0,
    "session_busy": 0.01,
    "connections": 1000,
    "requests_per_s": 10_000.0,
    "requests_burst": 10_000.0,
}
"""Of the server: whoever comes is taken."""
_START_S = 120.0
_READ_S = 1.0


class Server:
    """`live-translate serve` as a process, on a free port."""

    def __init__(self, folder: Path, *, source: str, target: str, profile: str) -> None:
        """Start it and wait until its models are loaded; raises OSError where that fails."""
        limits = folder / "serve.toml"
        lines = [f"{name} = {value}" for name, value in _NO_LIMITS.items()]
        limits.write_text("[serve]\n" + "\n".join(lines) + "\n", "utf-8")
        self._log = (folder / "server.log").open("w", encoding="utf-8")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "live_translator", "serve", "--port", "0"),
                *("--src", source, "--tgt", target, "--profile", profile),
                *("--config", str(limits)),
            ],
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env={key: value for key, value in os.environ.items() if key != "LIVE_TRANSLATE_TOKEN"},
        )
        said = self.process.stdout.readline() if self.process.stdout else ""
        found = re.search(r"http://(\S+);", said)
        if found is None:
            self.close()
            raise OSError(f"the server does not start: {Path(self._log.name).read_text('utf-8')}")
        self.address = found[1]
        until_s = time.monotonic() + _START_S
        while not self._is_ready():
            if time.monotonic() > until_s or self.process.poll() is not None:
                self.close()
                raise OSError("the server did not become ready")
            threading.Event().wait(0.2)

    @property
    def url(self) -> str:
        """Where a talk is held."""
        return f"ws://{self.address}/ws/stream"

    def metrics(self) -> dict[str, float]:
        """Return what it counts, by name and labels."""
        text = httpx.get(f"http://{self.address}/metrics", timeout=10.0).text
        lines = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in lines}

    def rest(self) -> None:
        """Wait until no talk goes on."""
        while self.metrics()["live_translate_talks"] > 0:
            threading.Event().wait(0.2)

    def close(self) -> None:
        """Stop it."""
        self.process.terminate()
        try:
            self.process.wait(30.0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        self._log.close()

    def _is_ready(self) -> bool:
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"http://{self.address}/health", timeout=5.0).status_code == 200
        return False


class Watch(threading.Thread):
    """Reads a process as it goes."""

    def __init__(self, process: int) -> None:
        super().__init__(name="watch", daemon=True)
        self.readings: list[vitals.Reading] = []
        self._process = process
        self._ended = threading.Event()

    def run(self) -> None:
        """Read until `stop`."""
        while True:
            self.readings.append(vitals.read(self._process, time.monotonic()))
            if self._ended.wait(_READ_S):
                return

    def stop(self) -> None:
        """Read no more."""
        self._ended.set()
        self.join()
