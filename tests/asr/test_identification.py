"""Which language is spoken: the vote by tables, the stage with an identifier that is told."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pytest

from live_translator.asr.identification import IdentifyProcessor, LanguageVote
from live_translator.config import SAMPLE_RATE_HZ, IdentificationConfig
from live_translator.direction import Direction
from live_translator.languages import LANGUAGES
from live_translator.messages import Samples, SpeechChunk, Transcript
from live_translator.steering import Steering

CONFIG = IdentificationConfig(
    earliest_s=1.0, again_s=0.5, sure_share=0.9, latest_s=3.0, stay_odds=10.0
)
EN, ES, FR = LANGUAGES["en"], LANGUAGES["es"], LANGUAGES["fr"]


@pytest.mark.parametrize(
    ("before", "probabilities", "heard_s", "ended", "decision"),
    [
        pytest.param(None, {"en": 0.95, "es": 0.01}, 1.0, False, "en", id="sure"),
        pytest.param(None, {"en": 0.95, "es": 0.01}, 0.9, False, None, id="too early"),
        pytest.param(None, {"en": 0.6, "es": 0.3}, 2.0, False, None, id="unsure"),
        pytest.param(None, {"en": 0.6, "es": 0.3}, 3.0, False, "en", id="the latest"),
        pytest.param(None, {"en": 0.3, "es": 0.6}, 0.4, True, "es", id="the utterance is over"),
        pytest.param(None, {"en": 0.05, "fr": 0.9}, 1.0, False, "en", id="others do not count"),
        pytest.param("es", {"en": 0.6, "es": 0.3}, 3.0, False, "es", id="a speaker stays"),
        pytest.param("es", {"en": 0.999, "es": 0.001}, 1.0, False, "en", id="unless it is clear"),
        pytest.param(None, {}, 3.0, False, "en", id="nothing is known at all"),
    ],
)
def test_a_language_is_taken_as_soon_as_it_is_sure(
    before: str | None,
    probabilities: dict[str, float],
    heard_s: float,
    ended: bool,
    decision: str | None,
) -> None:
    vote = LanguageVote(CONFIG, ["en", "es"], before)
    assert vote.step(probabilities, heard_s, ended=ended) == decision


class Told:
    """Knows the language by the first sample, surer with each second."""

    def __init__(self) -> None:
        self.asked_s: list[float] = []

    def languages(self, samples: Samples) -> Mapping[str, float]:
        seconds = len(samples) / SAMPLE_RATE_HZ
        self.asked_s.append(seconds)
        share = min(0.99, 0.5 + seconds / 4)
        spoken, other = ("en", "es") if samples[0] > 0 else ("es", "en")
        return {spoken: share, other: 1 - share}


class Recogniser:
    """Passes on how much it was given of which utterance, and in which direction."""

    def process(self, batch: Sequence[SpeechChunk]) -> Iterator[Transcript]:
        for chunk in batch:
            yield Transcript(
                utterance=chunk.utterance,
                start_s=chunk.start_s,
                end_s=chunk.end_s,
                captured_at_s=0.0,
                emitted_at_s=0.0,
                final=chunk.final,
                direction=chunk.direction,
                committed="",
            )

    def finish(self) -> Iterator[Transcript]:
        yield from ()

    def close(self) -> None:
        pass


def utterance(number: int, value: float, seconds: float) -> list[SpeechChunk]:
    """Return chunks of a quarter of a second, the last one final."""
    count = round(seconds * 4)
    return [
        SpeechChunk(
            utterance=number,
            start_s=index / 4,
            end_s=(index + 1) / 4,
            captured_at_s=0.0,
            emitted_at_s=0.0,
            final=index == count - 1,
            samples=np.full(SAMPLE_RATE_HZ // 4, value, np.float32),
        )
        for index in range(count)
    ]


def test_a_conversation_goes_both_ways_by_what_is_spoken() -> None:
    there = Direction(EN, ES)
    told = Told()
    stage = IdentifyProcessor(Recogniser(), told, CONFIG, Steering(there, there.reversed()))
    out = [
        list(stage.process([chunk]))
        for number, value in enumerate([0.5, -0.5, 0.5])
        for chunk in utterance(number, value, 3.0)
    ]
    directions = {message.utterance: message.direction for step in out for message in step}
    assert directions == {0: there, 1: there.reversed(), 2: there}
    # Nothing came before it was sure, then all that had waited, then all at once.
    assert [len(step) for step in out[:12]] == [0, 0, 0, 0, 0, 0, 0, 8, 1, 1, 1, 1]
    assert told.asked_s[:3] == [1.0, 1.5, 2.0]


def test_a_word_shorter_than_it_takes_to_be_sure_is_recognised_all_the_same() -> None:
    there = Direction(EN, ES)
    stage = IdentifyProcessor(Recogniser(), Told(), CONFIG, Steering(there, there.reversed()))
    (message,) = stage.process(utterance(0, -0.5, 0.25))
    assert message.final
    assert message.direction == there.reversed()


def test_what_waits_for_its_language_is_recognised_when_the_talk_ends() -> None:
    there = Direction(EN, ES)
    stage = IdentifyProcessor(Recogniser(), Told(), CONFIG, Steering(there, there.reversed()))
    assert not list(stage.process(utterance(0, -0.5, 2.0)[:3]))
    assert [message.direction for message in stage.finish()] == 3 * [there.reversed()]


def test_a_talk_with_one_direction_is_not_listened_to_twice() -> None:
    told = Told()
    there = Direction(EN, FR)
    stage = IdentifyProcessor(Recogniser(), told, CONFIG, Steering(there))
    chunks = utterance(0, 0.5, 1.0)
    known = [message for chunk in chunks for message in stage.process([chunk])]
    assert len(known) == len(chunks)
