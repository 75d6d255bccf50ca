from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_translator.tts.catchup import CatchUp


@pytest.mark.parametrize(
    ("backlog_s", "speed"),
    [
        (-3.0, 1.0),
        (0.0, 1.0),
        (1.5, 1.0),
        (2.25, 1.0 + 0.25 * 0.15625),  # a quarter of the way: 3/16 - 2/64
        (3.0, 1.125),  # half of it
        (4.5, 1.25),
        (600.0, 1.25),
    ],
)
def test_speed_rises_with_the_backlog(backlog_s: float, speed: float) -> None:
    assert CatchUp(1.25, 1.5, 3.0).speed(backlog_s) == pytest.approx(speed)


@given(st.floats(-10, 100), st.floats(0, 10), st.floats(1.0, 1.3), st.floats(0, 30))
def test_more_backlog_is_never_slower(
    backlog_s: float, more_s: float, max_speed: float, after_s: float
) -> None:
    catch_up = CatchUp(max_speed, after_s)
    slower, faster = catch_up.speed(backlog_s), catch_up.speed(backlog_s + more_s)
    assert 1.0 <= slower <= faster + 1e-12
    assert faster <= max_speed + 1e-12


def test_speed_never_jumps() -> None:
    catch_up = CatchUp(1.25, 1.5)
    speeds = [catch_up.speed(step / 100) for step in range(600)]
    assert max(b - a for a, b in pairwise(speeds)) < 0.002
