"""AlignAtt: what one hypothesis says far enough behind the end of the audio is safe."""

import math

import pytest

from live_translator.asr.agreement import Margins, Unit
from live_translator.asr.alignatt import AlignAtt, SureOrAgreed

MARGINS = Margins(sure_s=0.5, doubtful_s=2.0, sure_probability=0.5, mark_s=1.5)
ALONE = Margins(sure_s=1.0, doubtful_s=math.inf, sure_probability=0.9, mark_s=math.inf)


def units(text: str, *probabilities: float) -> tuple[Unit, ...]:
    """Words of a second each, one after the other; a mark by itself is a word."""
    words = text.split()
    return tuple(
        Unit(f" {word}", (number,), float(number), number + 1.0, probability)
        for number, (word, probability) in enumerate(
            zip(words, probabilities or (1.0,) * len(words), strict=True)
        )
    )


@pytest.mark.parametrize(
    ("hypothesis", "audio_s", "committed"),
    [
        (units(""), 9.0, 0),
        (units("and so my"), 2.5, 2),
        (units("and so my"), 2.4, 1),
        (units("and so my", 1.0, 0.4, 1.0), 3.9, 1),
        (units("and so my", 1.0, 0.4, 1.0), 4.0, 3),
        (units("country ."), 2.4, 1),
        (units("country ."), 2.5, 2),
        (units("country . Ask"), 9.0, 3),
    ],
)
def test_one_hypothesis_is_enough_behind_the_margin(
    hypothesis: tuple[Unit, ...], audio_s: float, committed: int
) -> None:
    assert AlignAtt(MARGINS).step(hypothesis, audio_s) == committed


@pytest.mark.parametrize(
    ("before", "now", "audio_s", "committed"),
    [
        pytest.param("", units("and so my"), 3.0, 2, id="sure words need no second hypothesis"),
        pytest.param("and so", units("and so my"), 2.5, 2, id="agreed ones need less audio"),
        pytest.param("", units("and so", 0.8, 0.8), 99.0, 0, id="unsure ones wait for agreement"),
        pytest.param("and so", units("and so", 0.8, 0.8), 3.0, 2, id="and are committed with it"),
        pytest.param("and saw", units("and so", 0.8, 0.8), 9.0, 1, id="up to where it ends"),
        pytest.param("and", units("and so my", 0.8, 1.0, 1.0), 4.0, 3, id="sure behind agreed"),
        pytest.param("and so", units("and so", 0.3, 1.0), 2.9, 0, id="none overtakes another"),
        pytest.param("country .", units("country ."), 2.4, 1, id="a mark waits"),
        pytest.param("country", units("country ."), 9.0, 1, id="until it is said twice"),
    ],
)
def test_a_word_is_safe_if_it_is_sure_or_was_said_before(
    before: str, now: tuple[Unit, ...], audio_s: float, committed: int
) -> None:
    policy = SureOrAgreed(ALONE, MARGINS)
    assert policy.step(units(before), 0.0) == 0
    assert policy.step(now, audio_s) == committed


def test_what_was_committed_is_not_compared_again() -> None:
    policy = SureOrAgreed(ALONE, MARGINS)
    assert policy.step(units("and so my", 1.0, 0.8, 0.8), 9.0) == 1
    assert policy.step(units("so my", 0.8, 0.8), 9.0) == 2


def test_after_a_reset_nothing_is_agreed_with() -> None:
    policy = SureOrAgreed(ALONE, MARGINS)
    unsure = units("and so", 0.8, 0.8)
    policy.step(unsure, 9.0)
    policy.reset()
    assert policy.step(unsure, 9.0) == 0
