"""The translating stage, with an engine that translates word by word."""

from collections.abc import Sequence

import pytest

from live_translator.config import MtConfig
from live_translator.errors import SegmentError
from live_translator.messages import Transcript, Translation
from live_translator.mt.streaming import TranslateProcessor
from tests.messages import transcript


class Shouter:
    """Translates a word into capitals; cannot translate what holds 'bad'."""

    name = "shouter"

    def __init__(self, *, forces_prefix: bool = False) -> None:
        self.forces_prefix = forces_prefix
        self.asked: list[str] = []
        self.closed = 0

    def translate(self, source: str, *, prefix: str = "") -> str:
        self.asked.append(source)
        if "bad" in source:
            raise SegmentError("not this one")
        return source.upper()

    def close(self) -> None:
        self.closed += 1


def stage(
    engine: Shouter | None, *, streaming: bool = True, coalesce: bool = False, holdback: int = 1
) -> TranslateProcessor:
    config = MtConfig(policy="holdback", holdback_words=holdback)
    return TranslateProcessor(engine, config, lambda: 0.0, streaming=streaming, coalesce=coalesce)


def spoken(messages: Sequence[Transcript], made: TranslateProcessor) -> list[Translation]:
    return [segment for message in messages for segment in made.process([message])]


TALK = (
    transcript(" the house", 1.0),
    transcript(" is big", 2.0),
    transcript(". And", 3.0),
    transcript(" red.", 4.0, final=True),
)


@pytest.mark.parametrize("forces_prefix", [True, False])
def test_words_come_out_early_and_once(forces_prefix: bool) -> None:
    segments = spoken(TALK, stage(Shouter(forces_prefix=forces_prefix)))
    assert [(segment.source, segment.target) for segment in segments] == [
        ("the house", "THE"),
        ("is big", "HOUSE IS"),
        ("", "BIG."),
        ("And red.", "AND RED."),
    ]
    assert [segment.final for segment in segments] == [False, False, False, True]
    assert [segment.segment for segment in segments] == [0, 1, 2, 3]
    assert all(segment.start_s <= segment.end_s for segment in segments)


def test_what_waits_is_translated_once() -> None:
    engine = Shouter()
    made = stage(engine, coalesce=True)
    segments = list(made.process(TALK[:2]))
    assert engine.asked == ["the house is big"]
    assert [segment.target for segment in segments] == ["THE HOUSE IS"]


def test_complete_mode_waits_for_the_end() -> None:
    made = stage(Shouter(), streaming=False)
    segments = spoken(TALK, made)
    assert [segment.target for segment in segments] == ["THE HOUSE IS BIG.", "AND RED."]
    assert [segment.final for segment in segments] == [False, True]


def test_a_sentence_that_cannot_be_translated_is_skipped_and_counted() -> None:
    made = stage(Shouter())
    segments = spoken(
        [transcript(" bad one. Good", 1.0), transcript(" two.", 2.0, final=True)], made
    )
    assert " ".join(segment.target for segment in segments).split() == ["GOOD", "TWO."]
    assert " ".join(segment.source for segment in segments) == "bad one. Good two."
    assert made.skipped == 1


def test_an_utterance_without_words_still_ends() -> None:
    segments = spoken([transcript("", 1.0, final=True)], stage(Shouter()))
    assert [(segment.target, segment.final) for segment in segments] == [("", True)]


def test_an_utterance_that_ends_in_the_next_message_still_ends() -> None:
    talk = [transcript(" Yes.", 1.0), transcript("", 2.0, final=True)]
    segments = spoken(talk, stage(Shouter()))
    assert [(segment.target, segment.final) for segment in segments] == [
        ("YES.", False),
        ("", True),
    ]


def test_what_the_recogniser_translated_passes_through() -> None:
    talk = [
        transcript(" la casa", 1.0, translated=" the"),
        transcript(" es", 2.0),
        transcript(" grande", 3.0, translated=" house is big", final=True),
    ]
    segments = spoken(talk, stage(None))
    assert [(segment.source, segment.target) for segment in segments] == [
        ("la casa", "the"),
        ("es grande", "house is big"),
    ]
    assert segments[-1].final


def test_the_engine_stays_open_for_whoever_loaded_it() -> None:
    engine = Shouter()
    made = stage(engine)
    assert list(made.finish()) == []
    made.close()
    assert engine.closed == 0
