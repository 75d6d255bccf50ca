"""Probabilities are written as text: '#' speech, '.' silence, '-' between the thresholds."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_translator.audio.endpointing import Endpointer
from live_translator.config import CaptureConfig

FRAME_S = 0.1
PROBABILITY = {"#": 0.9, ".": 0.05, "-": 0.42}


def config(**changes: float) -> CaptureConfig:
    values = {
        "speech_threshold": 0.5,
        "silence_threshold": 0.35,
        "min_speech_s": 0.2,
        "min_silence_s": 0.5,
        "pre_roll_s": 0.3,
        "max_utterance_s": 4.0,
    }
    return CaptureConfig(**{**values, **changes})


def utterances(
    probabilities: list[float], settings: CaptureConfig, frame_s: float = FRAME_S
) -> list[tuple[int, int, bool]]:
    """Return (first frame, frame after the last, ended) of each utterance, checking order."""
    endpointer = Endpointer(settings, frame_s)
    found: list[tuple[int, int, bool]] = []
    for frame, probability in enumerate(probabilities):
        running = endpointer.in_utterance
        take = endpointer.step(probability)
        if take is None:
            assert not running
            continue
        assert 1 <= take.frames <= max(1, endpointer.lookback_frames)
        assert take.starts is not running
        assert endpointer.in_utterance is not take.ends
        if take.starts:
            begin = frame + 1 - take.frames
            assert begin >= (found[-1][1] if found else 0), "a frame was taken twice"
            found.append((begin, frame + 1, take.ends))
        else:
            assert take.frames == 1
            begin, end, ended = found[-1]
            assert (end, ended) == (frame, False), "a frame was skipped"
            found[-1] = (begin, frame + 1, take.ends)
    return found


@pytest.mark.parametrize(
    ("case", "frames", "expected"),
    [
        ("silence is nothing", "." * 30, []),
        ("a click is nothing", ".....#....", []),
        ("two clicks are nothing", "..#.#.#...", []),
        ("speech reaches back by the pre-roll", ".....####......", [(2, 14, True)]),
        ("a pre-roll ends where the source begins", ".####......", [(0, 10, True)]),
        ("a pause shorter than the minimum is bridged", "...###....###.....", [(0, 18, True)]),
        ("hysteresis carries weak speech", "...##--------.....", [(0, 18, True)]),
        ("weak sound alone starts nothing", "-" * 20, []),
        ("weak sound does not end a pause", "...###.----.", [(0, 11, True)]),
        ("the end of the source leaves it open", "...####..", [(0, 9, False)]),
        ("a pause parts two", "###.....#####.....", [(0, 8, True), (8, 18, True)]),
        ("the hard cut loses nothing", "#" * 60, [(0, 40, True), (40, 60, False)]),
        (
            "past three quarters a shorter pause is enough",
            "#" * 31 + "...." + "#" * 10,
            [(0, 35, True), (35, 45, False)],
        ),
        (
            "but not yet a very short one",
            "#" * 31 + ".." + "#" * 3 + "...." + "#" * 10,
            [(0, 39, True), (39, 50, False)],
        ),
        (
            "near the end a very short one is",
            "#" * 36 + "..." + "#" * 10,
            [(0, 39, True), (39, 49, False)],
        ),
        (
            "before three quarters it is not",
            "#" * 20 + "...." + "#" * 30,
            [(0, 40, True), (40, 54, False)],
        ),
        ("a tail shorter than speech is dropped", "#" * 41 + "." * 10, [(0, 40, True)]),
    ],
)  # fmt: skip
def test_utterances_begin_and_end_where_they_should(
    case: str, frames: str, expected: list[tuple[int, int, bool]]
) -> None:
    assert utterances([PROBABILITY[frame] for frame in frames], config()) == expected, case


def test_durations_are_rounded_up_to_whole_frames() -> None:
    endpointer = Endpointer(config(min_speech_s=0.1, pre_roll_s=0.3), 0.032)
    assert endpointer.lookback_frames == 4 + 10
    takes = [endpointer.step(0.9) for _ in range(4)]
    assert [take is None for take in takes] == [True, True, True, False]


def test_after_a_reset_nothing_earlier_is_taken() -> None:
    endpointer = Endpointer(config(), FRAME_S)
    for _ in range(5):
        endpointer.step(0.9)
    endpointer.reset()
    assert not endpointer.in_utterance
    takes = [endpointer.step(0.9) for _ in range(2)]
    assert takes[0] is None
    assert takes[1] is not None
    assert takes[1].frames == 2


probabilities = st.lists(
    st.tuples(st.floats(0, 1), st.integers(1, 30)).map(lambda run: [run[0]] * run[1]), max_size=40
).map(lambda runs: [probability for run in runs for probability in run])


@given(
    probabilities,
    st.builds(
        config,
        min_speech_s=st.floats(0, 2),
        min_silence_s=st.floats(0.1, 5),
        pre_roll_s=st.floats(0, 2),
        max_utterance_s=st.floats(4, 28),
    ),
    st.sampled_from([0.01, 0.032, 0.1, 0.5]),
)
def test_whatever_comes_utterances_are_ordered_bounded_and_hold_speech(
    sequence: list[float], settings: CaptureConfig, frame_s: float
) -> None:
    # The order, and that no frame is taken twice or skipped, is checked on the way.
    found = utterances(sequence, settings, frame_s)
    longest = math.floor(settings.max_utterance_s / frame_s + 1e-9)
    for begin, end, _ in found:
        assert end - begin <= longest
        assert max(sequence[begin:end]) >= settings.silence_threshold
    covered = sum(end - begin for begin, end, _ in found)
    assert covered <= len(sequence)


@given(st.integers(1, 200))
def test_unbroken_speech_is_kept_whole_but_for_a_tail_below_the_minimum(length: int) -> None:
    found = utterances([0.9] * length, config())
    assert sum(end - begin for begin, end, _ in found) >= length - 1
