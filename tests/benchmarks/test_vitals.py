import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from benchmarks import vitals
from benchmarks.vitals import Reading


def readings(values_mb: list[float]) -> list[Reading]:
    return [
        Reading(at_s=10.0 * index, resident_mb=value, threads=4, handles=9)
        for index, value in enumerate(values_mb)
    ]


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs Linux's /proc")
def test_a_process_is_read_as_the_system_sees_it() -> None:
    before = vitals.read("self", 0.0)
    held = threading.Event()
    thread = threading.Thread(target=held.wait)
    thread.start()
    ballast = bytearray(os.urandom(1)) * 50_000_000
    with Path(os.devnull).open():
        after = vitals.read(os.getpid(), 1.0)
    held.set()
    thread.join()
    assert (after.threads - before.threads, after.handles - before.handles) == (1, 1)
    assert after.resident_mb - before.resident_mb == pytest.approx(len(ballast) / 2**20, rel=0.2)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs Linux's /proc")
def test_processor_time_is_that_of_a_process_and_its_children() -> None:
    burn = "n = 0\nwhile time.process_time() < 0.3: n += 1\n"
    child = f"import time\n{burn}print(flush=True)\ninput()"
    parent = (
        f"import subprocess, sys, time\n{burn}subprocess.run([sys.executable, '-c', {child!r}])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        used_s = vitals.cpu_s(process.pid)
        process.communicate(b"\n")
    assert 0.58 <= used_s < 2.0
    with pytest.raises(OSError, match="No such"):
        vitals.cpu_s(process.pid)


@pytest.mark.parametrize(
    ("values_mb", "warm_up_s", "expected"),
    [
        ([100.0] * 8, 0.0, 0.0),
        ([100.0, 100.0, 105.0, 105.0, 106.0, 106.0, 110.0, 110.0], 0.0, 0.10),
        ([1.0, 50.0, *[100.0] * 8], 20.0, 0.0),
        ([100.0, 100.0, 100.0, 999.0, 100.0, 100.0, 100.0, 100.0, 100.0, 100.0, 999.0, 100.0],
         0.0, 0.0),
        ([100.0], 0.0, 0.0),
    ],
)  # fmt: skip
def test_growth_is_that_of_the_medians_after_the_warm_up(
    values_mb: list[float], warm_up_s: float, expected: float
) -> None:
    found = vitals.growth(readings(values_mb), lambda r: r.resident_mb, warm_up_s=warm_up_s)
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("points", "expected"),
    [([(0.0, 1.0), (1800.0, 2.0), (3600.0, 3.0)], 2.0), ([(0.0, 1.0)], 0.0), ([], 0.0)],
)
def test_a_slope_is_by_the_hour(points: list[tuple[float, float]], expected: float) -> None:
    assert vitals.slope_per_hour(points) == pytest.approx(expected)


def test_the_table_has_a_row_for_each_span_of_time() -> None:
    lags_s = [(30.0, 2.0), (31.0, 3.0), (32.0, 4.0)]
    rows = vitals.table(readings([100.0 + n for n in range(120)]), lags_s).splitlines()
    assert len(rows) == 2 + 12
    assert rows[2] == "| 0-2 | 109 MB | 4 | 9 | 3 | 3.0 s | 4.0 s |"
    assert rows[-1].startswith("| 18-20 | 219 MB | 4 | 9 | 0 | | |")
