"""How soon the program listens."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

LISTENING_S = 4.0
"""From the start of the process, with models on disk."""


def cpu_s(process_id: int) -> float:
    """Processor time of a process so far, in all its threads (proc(5))."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    user, system = fields[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@pytest.mark.slow
@pytest.mark.usefixtures("sound_server", "store")
def test_with_models_on_disk_it_listens_after_less_than_four_seconds_of_computing() -> None:
    """What it computes is what it would take on an idle machine with one core."""
    if not Path("/proc/self/stat").exists():
        pytest.skip("needs Linux's /proc")
    process = subprocess.Popen(
        [sys.executable, "-m", "live_translator", "--src", "en", "--tgt", "es"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("listening")
        assert cpu_s(process.pid) < LISTENING_S
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait(timeout=10)
    assert process.returncode == 0, errors
