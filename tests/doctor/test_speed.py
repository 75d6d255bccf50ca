"""Which loads a machine can hold in real time, and what helps where it cannot."""

import pytest

from live_translator import config as settings
from live_translator.doctor.speed import Outcome, Speeds, advice, judge


def speeds(
    *,
    recogniser: float = 0.4,
    sentence_s: float = 0.02,
    voice: float = 0.5,
    heard_s: float = 10.0,
) -> Speeds:
    return Speeds(
        load_s=2.0,
        detector=0.05,
        recogniser=recogniser,
        heard_s=heard_s,
        sentence_s=sentence_s,
        voice=voice,
    )


@pytest.mark.parametrize(
    ("measured", "cores", "outcome"),
    [
        (speeds(), 2, Outcome.HOLDS),
        (speeds(), 1, Outcome.FAILS),  # a whole core: more than three quarters of it
        (speeds(voice=0.99), 2, Outcome.HOLDS),  # 1.49 of 1.5
        (speeds(voice=1.01), 2, Outcome.FAILS),
        (speeds(recogniser=0.89), 64, Outcome.HOLDS),
        (speeds(recogniser=0.91), 64, Outcome.FAILS),  # one thread cannot use the other cores
        (speeds(voice=1.7), 64, Outcome.HOLDS),  # two threads
        (speeds(sentence_s=0.4), 64, Outcome.FAILS),  # once each 0.4 s
        (speeds(heard_s=1.0), 2, Outcome.UNKNOWN),
        (speeds(heard_s=1.0, recogniser=2.0), 2, Outcome.FAILS),  # it only gets worse
    ],
)
def test_the_rule(measured: Speeds, cores: int, outcome: Outcome) -> None:
    verdict = judge(measured, settings.load("embedded"), cores)
    assert verdict.outcome is outcome
    assert verdict.total == pytest.approx(
        measured.detector + measured.recogniser + measured.sentence_s / 0.4 + measured.voice
    )
    assert f"of {cores} cores (the rule: at most {0.75 * cores:.2f}" in str(verdict)


@pytest.mark.parametrize(
    ("measured", "lighter", "part"),
    [
        (speeds(recogniser=3.0), ["embedded", "balanced"], "--profile balanced"),
        (speeds(voice=2.0), [], "--voice espeak"),
        (speeds(recogniser=3.0), [], "--no-speech"),
    ],
)
def test_the_advice_is_the_least_loss_that_helps(
    measured: Speeds, lighter: list[str], part: str
) -> None:
    assert part in advice(judge(measured, settings.load("embedded"), 2), lighter)
