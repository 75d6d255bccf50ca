"""How late speech or text begins and ends, and whether it falls behind, in seconds.

All times are on the source clock. Delays make a result computation-unaware, the times at
which things really appeared or sounded computation-aware.
"""

import math
from collections.abc import Sequence


def start_offset(starts_s: Sequence[float], source_start_s: float = 0.0) -> float:
    """Return how long after the source's first word the first output came; `nan` of none.

    SimulEval's StartOffset (Ma et al. 2020, https://arxiv.org/abs/2007.16193).
    """
    return starts_s[0] - source_start_s if starts_s else math.nan


def end_offset(ends_s: Sequence[float], source_end_s: float) -> float:
    """Return how long after the source's end the last output had ended; `nan` of none.

    For text an output ends when it appears, for speech when it has sounded. Negative where
    the output ends first. SimulEval's EndOffset, as `start_offset`.
    """
    return ends_s[-1] - source_end_s if ends_s else math.nan


def drift(source_ends_s: Sequence[float], end_offsets_s: Sequence[float]) -> float:
    """Return by how many seconds per minute of source the output falls further behind.

    The slope of the least-squares line through each sentence's end offset over the time at
    which its source ended: `60 * sum((t - mean t) * (e - mean e)) / sum((t - mean t)^2)`.
    Near 0 where the delay is steady, negative where the output catches up. Sentences
    without output (`nan`) are left out; `nan` unless two moments remain. Raises ValueError
    unless there is one offset per moment.
    """
    points = [
        (time_s, offset_s)
        for time_s, offset_s in zip(source_ends_s, end_offsets_s, strict=True)
        if not math.isnan(offset_s)
    ]
    if not points:
        return math.nan
    time_mean_s = sum(time_s for time_s, _ in points) / len(points)
    offset_mean_s = sum(offset_s for _, offset_s in points) / len(points)
    spread = sum((time_s - time_mean_s) ** 2 for time_s, _ in points)
    shared = sum((time_s - time_mean_s) * (offset_s - offset_mean_s) for time_s, offset_s in points)
    return 60 * shared / spread if spread else math.nan
