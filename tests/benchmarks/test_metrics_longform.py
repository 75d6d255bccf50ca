import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.metrics import longform
from benchmarks.metrics.longform import Sentence
from live_translator import latency

TALK = [
    Sentence(text="one two", start_s=1.0, end_s=3.0),
    Sentence(text="three four", start_s=4.0, end_s=6.0),
]
WORDS = ["one", "two", "three", "four"]


@pytest.mark.parametrize(
    ("times", "until", "expected"),
    [
        ([1.0, 2.0], None, 0.75),  # steps of 1.5 s: (1 + 0.5) / 2
        ([1.0, 1.0, 2.0], None, 1 / 3),  # over-generation, steps of 1 s: (1 + 0 + 0) / 3
        # Steps of 0.75 s. The third word is too late, unless the recording goes on.
        ([1.0, 2.0, 3.0, 4.0], None, 1.125),  # (1 + 1.25) / 2
        ([1.0, 2.0, 3.0, 4.0], 4.5, 1.375),  # (1 + 1.25 + 1.5 + 1.75) / 4
        ([3.0], None, math.nan),
        ([3.0], 4.0, 3.0),
        ([], None, math.nan),
    ],
)
def test_yaal_counts_the_words_before_the_end(
    times: list[float], until: float | None, expected: float
) -> None:
    assert longform.yaal(times, 3.0, 2, until_s=until) == pytest.approx(expected, nan_ok=True)


@given(st.lists(st.floats(0, 9.9), min_size=1, max_size=30).map(sorted), st.integers(1, 30))
def test_yaal_is_laal_while_all_words_come_during_the_source(
    times: list[float], words: int
) -> None:
    assert longform.yaal(times, 10.0, words) == pytest.approx(latency.laal(times, 10.0, words))


def test_the_stream_metrics_are_means_over_sentences() -> None:
    # Each word comes 1 s after its ideal moment, but for the last, 4 s: the recording is
    # over by then, so that LAAL counts it and YAAL does not.
    times = [2.0, 3.0, 5.0, 9.0]
    assert longform.stream_laal(WORDS, times, TALK) == pytest.approx((1.0 + 2.5) / 2)
    assert longform.long_laal(WORDS, times, TALK) == pytest.approx((1.0 + 2.5) / 2)
    assert longform.long_yaal(WORDS, times, TALK) == pytest.approx(1.0)
    assert longform.long_yaal(WORDS, times, TALK, recording_end_s=10.0) == pytest.approx(1.75)


def test_a_sentence_without_words_has_no_latency_and_is_left_out_of_the_mean() -> None:
    slices = [slice(0, 2), slice(2, 2)]
    by_sentence = longform.laal_by_sentence([2.0, 3.0], slices, TALK)
    assert by_sentence[0] == pytest.approx(1.0)
    assert math.isnan(by_sentence[1])
    assert math.isnan(longform.yaal_by_sentence([2.0, 3.0], slices, TALK)[1])
    assert longform.stream_laal(WORDS[:2], [2.0, 3.0], TALK) == pytest.approx(1.0)


@pytest.mark.parametrize("talk", [TALK, []])
def test_nothing_said_has_no_latency(talk: list[Sentence]) -> None:
    for metric in (longform.stream_laal, longform.long_laal, longform.long_yaal):
        assert math.isnan(metric([], [], talk))


def test_every_word_needs_a_time() -> None:
    for metric in (longform.stream_laal, longform.long_laal, longform.long_yaal):
        with pytest.raises(ValueError, match="4 words need as many times, not 3"):
            metric(WORDS, [1.0, 2.0, 3.0], TALK)
