"""How a long run is doing: memory, threads, handles and lag, read as it goes."""

import os
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_SPANS = 12
"""Rows of the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the system says of a program at a moment."""

    at_s: float
    """Since the run began."""
    resident_mb: float
    threads: int
    handles: int


def read(process: int | str, at_s: float) -> Reading:
    """Return what Linux says of a process, by its number or 'self'."""
    folder = Path(f"/proc/{process}")
    lines = (folder / "status").read_text("utf-8").splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    return Reading(
        at_s=at_s,
        resident_mb=int(fields["VmRSS"].split()[0]) / 1024,
        threads=int(fields["Threads"]),
        handles=len(list((folder / "fd").iterdir())),
    )


def cpu_s(process: int) -> float:
    """Return the processor time of a process and of all that it has started.

    Raises OSError where there is no such process.
    """
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    own_s = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")  # proc(5): utime to cstime
    children: list[int] = []
    for thread in Path(f"/proc/{process}/task").iterdir():
        children += map(int, (thread / "children").read_text("utf-8").split())
    return own_s + sum(map(cpu_s, children))


def table(readings: Sequence[Reading], lags_s: Sequence[tuple[float, float]]) -> str:
    """Return rows of memory, threads, handles and lag; lags are (when, how much)."""
    span_s = readings[-1].at_s / _SPANS + 1e-6
    rows = [
        "| minutes | memory, most | threads | handles | segments | lag, median | lag, p95 |",
        "|---|---|---|---|---|---|---|",
    ]
    for index in range(_SPANS):
        begin_s, end_s = index * span_s, (index + 1) * span_s
        own = [reading for reading in readings if begin_s <= reading.at_s < end_s]
        late_s = sorted(lag_s for at_s, lag_s in lags_s if begin_s <= at_s < end_s)
        if not own:
            continue
        lag = "| | |"
        if late_s:
            p95_s = late_s[round(0.95 * (len(late_s) - 1))]
            lag = f"| {statistics.median(late_s):.1f} s | {p95_s:.1f} s |"
        rows.append(
            f"| {begin_s / 60:.0f}-{end_s / 60:.0f} | {max(r.resident_mb for r in own):.0f} MB "
            f"| {max(r.threads for r in own)} | {max(r.handles for r in own)} | {len(late_s)} {lag}"
        )
    return "\n".join(rows) + "\n"


def growth(
    readings: Sequence[Reading], of: Callable[[Reading], float], *, warm_up_s: float
) -> float:
    """Return the growth, as a share, from the first to the last quarter after the warm-up.

    By medians, so that a single reading decides nothing; 0 where there are too few.
    """
    values = [of(reading) for reading in readings if reading.at_s >= warm_up_s]
    quarter = len(values) // 4
    if not quarter:
        return 0.0
    return statistics.median(values[-quarter:]) / statistics.median(values[:quarter]) - 1.0


def slope_per_hour(points: Sequence[tuple[float, float]]) -> float:
    """Return the least-squares slope of (seconds, value), by the hour; 0 where there is none."""
    if len({at_s for at_s, _ in points}) < 2:
        return 0.0
    return 3600.0 * statistics.linear_regression(*zip(*points, strict=True)).slope
