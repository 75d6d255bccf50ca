import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_translator import latency

# SimulEval 1.1.4's scorers gave the SimulEval columns below: on these delays, source
# lengths and reference lengths, in milliseconds, computation-unaware.
LAGGING: list[tuple[list[float], float, int | None, float, float, float, float]] = [
    # delays, source, reference words, AL, LAAL, DAL, AP
    ([1.0, 2.0, 3.0], 3.0, None, 1.0, 1.0, 1.0, 2 / 3),  # wait-1: one word behind
    ([1.0, 2.0, 3.0], 3.0, 3, 1.0, 1.0, 1.0, 2 / 3),
    ([1.0, 2.0, 3.0], 3.0, 6, 1.5, 1.5, 1.0, 1 / 3),
    # LAAL: (1 - 0 + 1 - 0.6 + 2 - 1.2 + 3 - 1.8) / 4
    ([1.0, 1.0, 2.0, 3.0, 3.0], 3.0, 4, 0.625, 0.85, 1.08, 10 / 12),
    ([1.0, 1.0, 2.0, 3.0, 3.0], 3.0, None, 0.85, 0.85, 1.08, 10 / 15),
    ([4.0, 5.0], 3.0, None, 4.0, 4.0, 4.0, 1.5),  # all after the source's end
    ([0.5, 1.2, 1.2, 2.7, 3.6], 3.0, 5, 0.64, 0.64, 0.76, 9.2 / 15),
]


@pytest.mark.parametrize("case", LAGGING)
def test_lagging_metrics_match_simuleval(
    case: tuple[list[float], float, int | None, float, float, float, float],
) -> None:
    delays, source, words, al, laal, dal, ap = case
    assert latency.al(delays, source, words) == pytest.approx(al)
    assert latency.laal(delays, source, words) == pytest.approx(laal)
    assert latency.dal(delays, source) == pytest.approx(dal)
    assert latency.ap(delays, source, words) == pytest.approx(ap)


def test_over_generation_lowers_al_but_not_laal() -> None:
    delays = [1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 3.0]
    assert latency.al(delays, 3.0, 3) < 0 < latency.laal(delays, 3.0, 3)


def played(delays: Sequence[float], lengths: Sequence[float]) -> list[latency.Target]:
    """Lay speech out as SimulEval does: when due, and not before the previous has ended."""
    targets: list[latency.Target] = []
    end = 0.0
    for delay, length in zip(delays, lengths, strict=True):
        start = max(delay, end)
        end = start + length
        targets.append((delay, start, end))
    return targets


# SimulEval 1.1.4's ATDScorer for speech output, on these delays and durations.
ATD = [
    # By hand: source tokens end at 0.3 0.6 0.9 1.0, target tokens at 1.3 1.6 1.9: 1 s each.
    ([1.0], [0.9], 1.0),
    # By hand: 1 s three times; the second chunk's end at 2.3 2.6 2.9, paired with the source
    # tokens 4 5 6, which end at 1.0 1.3 1.6: 1.3 s three times.
    ([1.0, 2.0], [0.9, 0.9], 1.15),
    ([1.0, 2.0], [1.5, 0.4], 8.5 / 7),
    ([1.0, 1.0, 2.0], [0.5, 0.6, 0.3], 1.04),
    ([0.6, 2.0, 2.6], [2.4, 0.7, 1.0], 1.70666666666),
    ([3.0], [6.0], 3.825),
    ([1.5, 3.1, 4.0], [0.1, 3.0, 0.65], 2.7321428571428573),
]


@pytest.mark.parametrize(("delays", "lengths", "expected"), ATD)
def test_average_token_delay_matches_simuleval(
    delays: list[float], lengths: list[float], expected: float
) -> None:
    source = delays[-1]
    assert latency.atd(source, played(delays, lengths)) == pytest.approx(expected)


def test_average_token_delay_grows_by_what_playback_is_late() -> None:
    targets = played([1.0, 2.0], [0.9, 0.9])
    late = [(delay, start + 0.25, end + 0.25) for delay, start, end in targets]
    assert latency.atd(2.0, late) == pytest.approx(1.15 + 0.25)


def test_average_token_delay_counts_a_pause_inside_a_chunk() -> None:
    # Two halves of one chunk, 0.5 s apart: of three tokens the second is the one that is
    # split by the pause; it and the third end 0.5 s later.
    whole = latency.atd(1.0, [(1.0, 1.0, 1.9)])
    split = latency.atd(1.0, [(1.0, 1.0, 1.45), (1.0, 1.95, 2.4)])
    assert split == pytest.approx(whole + 0.5 * 2 / 3)


def test_average_token_delay_holds_delays_to_the_source() -> None:
    assert latency.atd(2.0, [(5.0, 5.0, 5.9)]) == latency.atd(2.0, [(2.0, 5.0, 5.9)])


def test_nothing_said_has_no_latency() -> None:
    assert all(
        math.isnan(value)
        for value in (
            latency.al([], 3.0),
            latency.laal([], 3.0, 4),
            latency.dal([], 3.0),
            latency.ap([], 3.0),
            latency.atd(3.0, []),
            latency.atd(3.0, [(1.0, 2.0, 2.0)]),
            latency.laal([1.0], 0.0),
            latency.percentile([], 50),
        )
    )


@given(
    st.lists(st.floats(0, 60), min_size=1, max_size=30).map(sorted),
    st.floats(0.1, 60),
    st.integers(1, 60),
)
def test_laal_is_never_below_al(delays: list[float], source: float, words: int) -> None:
    assert latency.laal(delays, source, words) >= latency.al(delays, source, words) - 1e-9


@given(
    st.lists(st.tuples(st.floats(0, 20), st.floats(0, 3)), max_size=20).map(sorted),
)
def test_average_token_delay_is_never_negative(pieces: list[tuple[float, float]]) -> None:
    targets = played([delay for delay, _ in pieces], [length for _, length in pieces])
    score = latency.atd(20.0, targets)
    assert math.isnan(score) or score >= -0.01


@pytest.mark.parametrize(
    ("values", "q", "expected"),
    [
        ([15, 20, 35, 40, 50], 30, 20),
        ([15, 20, 35, 40, 50], 50, 35),
        ([50, 40, 35, 20, 15], 100, 50),
        ([15, 20, 35, 40, 50], 0, 15),
        ([7], 95, 7),
        (range(1, 101), 95, 95),
    ],
)
def test_percentiles_are_values_that_were_seen(
    values: Sequence[float], q: float, expected: float
) -> None:
    assert latency.percentile(values, q) == expected


@pytest.mark.parametrize("q", [-1, 101])
def test_a_percentile_outside_the_scale_is_refused(q: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        latency.percentile([1.0], q)
