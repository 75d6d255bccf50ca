import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.metrics import offsets


def test_offsets_are_counted_from_the_source() -> None:
    assert offsets.start_offset([3.5, 9.0], source_start_s=1.25) == 2.25
    assert offsets.end_offset([3.5, 9.0], source_end_s=10.0) == -1.0


def test_nothing_said_has_no_offset() -> None:
    assert math.isnan(offsets.start_offset([]))
    assert math.isnan(offsets.end_offset([], 3.0))


@pytest.mark.parametrize(
    ("source_ends", "ends", "expected"),
    [
        ([0.0, 60.0, 120.0], [2.0, 2.0, 2.0], 0.0),  # steady
        ([0.0, 60.0, 120.0], [2.0, 3.0, 4.0], 1.0),
        ([0.0, 30.0], [5.0, 2.0], -6.0),  # catches up
        # By hand: (-60 * -1 + 0 * 2 + 60 * -1) / 7200
        ([0.0, 60.0, 120.0], [2.0, 5.0, 2.0], 0.0),
        ([0.0, 60.0, 120.0], [2.0, math.nan, 4.0], 1.0),  # a sentence left out
        ([10.0, 10.0], [1.0, 2.0], math.nan),
        ([10.0], [1.0], math.nan),
        ([10.0, 70.0], [math.nan, 2.0], math.nan),
        ([], [], math.nan),
    ],
)
def test_drift_is_the_slope_in_seconds_per_minute(
    source_ends: list[float], ends: list[float], expected: float
) -> None:
    assert offsets.drift(source_ends, ends) == pytest.approx(expected, nan_ok=True)


@given(
    st.lists(st.integers(0, 3600), min_size=2, max_size=30, unique=True),
    st.floats(-30, 30),
    st.floats(-10, 10),
)
def test_drift_finds_a_line(times: list[int], slope: float, first_s: float) -> None:
    ends = [first_s + slope * time / 60 for time in times]
    assert offsets.drift(times, ends) == pytest.approx(slope, abs=1e-6)


def test_every_moment_needs_an_offset() -> None:
    with pytest.raises(ValueError, match="shorter"):
        offsets.drift([1.0, 2.0], [1.0])
