"""Capture that follows the steering, on a detector for which every sound is speech."""

import numpy as np

from live_translator.audio.capture import CaptureProcessor
from live_translator.audio.steered import SteeredCapture
from live_translator.config import SAMPLE_RATE_HZ, CaptureConfig
from live_translator.direction import Direction
from live_translator.languages import LANGUAGES
from live_translator.messages import AudioBlock, Samples, SpeechChunk
from live_translator.steering import Steering

THERE = Direction(LANGUAGES["en"], LANGUAGES["es"])


class AnySound:
    frame_samples = 512

    def probability(self, frame: Samples) -> float:
        return float(frame.any())


class Talk:
    """A voice that goes on and on, and what comes of it."""

    def __init__(self, *directions: Direction) -> None:
        self.steering = Steering(*directions)
        capture = CaptureProcessor(AnySound(), CaptureConfig(), lambda: 0.0)
        self._stage = SteeredCapture(capture, self.steering)
        self._second = 0
        self.chunks: list[SpeechChunk] = []

    def goes_on(self, seconds: int) -> None:
        for _ in range(seconds):
            block = AudioBlock(
                samples=np.ones(SAMPLE_RATE_HZ, np.float32),
                start_s=float(self._second),
                captured_at_s=float(self._second + 1),
            )
            self.chunks += self._stage.process([block])
            self._second += 1

    def ends(self) -> None:
        self.chunks += self._stage.finish()

    def spans(self) -> list[tuple[float, float, Direction | None]]:
        """Return start, end and direction of each utterance."""
        numbers = sorted({chunk.utterance for chunk in self.chunks})
        groups = [[c for c in self.chunks if c.utterance == number] for number in numbers]
        assert all([c.final for c in group] == [False] * (len(group) - 1) + [True]
                   for group in groups)  # fmt: skip
        return [(group[0].start_s, group[-1].end_s, group[0].direction) for group in groups]


def seconds(talk: Talk) -> list[tuple[float, float, Direction | None]]:
    return [(round(start), round(end), direction) for start, end, direction in talk.spans()]


def test_a_turn_ends_the_utterance_and_the_next_goes_the_new_way() -> None:
    talk = Talk(THERE)
    talk.goes_on(3)
    talk.steering.turn(THERE.reversed())
    talk.goes_on(2)
    talk.ends()
    assert seconds(talk) == [(0, 3, THERE), (3, 5, THERE.reversed())]


def test_no_sound_is_lost_at_a_turn() -> None:
    talk = Talk(THERE)
    talk.goes_on(3)
    talk.steering.turn(THERE.reversed())
    talk.goes_on(2)
    talk.ends()
    assert sum(len(chunk.samples) for chunk in talk.chunks) == 5 * SAMPLE_RATE_HZ


def test_nothing_is_heard_in_a_pause_and_time_goes_on() -> None:
    talk = Talk(THERE)
    talk.goes_on(2)
    talk.steering.pause(paused=True)
    talk.goes_on(4)
    talk.steering.pause(paused=False)
    talk.goes_on(3)
    talk.ends()
    assert seconds(talk) == [(0, 2, THERE), (6, 9, THERE)]


def test_an_utterance_that_may_go_both_ways_has_no_direction_yet() -> None:
    talk = Talk(THERE, THERE.reversed())
    talk.goes_on(2)
    talk.ends()
    assert seconds(talk) == [(0, 2, None)]
