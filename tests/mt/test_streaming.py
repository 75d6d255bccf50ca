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
        (".", "BIG."),
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


def test_a_sentence_that_is_cut_for_its_length_repeats_nothing() -> None:
    words = ["a", "b", "c", "d", "e,", "f", "g", "h", "i", "j", "k", "l", "m", "n"]
    talk = [transcript(f" {word}", 1.0 + i, final=word == "n") for i, word in enumerate(words)]
    config = MtConfig(policy="holdback", holdback_words=1, max_sentence_words=8)
    segments = spoken(talk, TranslateProcessor(Shouter(), config, lambda: 0.0))
    assert " ".join(segment.source for segment in segments).split() == words
    assert " ".join(segment.target for segment in segments).lower().split() == words


def test_words_are_not_forgotten_when_the_last_that_waits_brings_none() -> None:
    made = stage(Shouter(), coalesce=True)
    segments = list(made.process([transcript(" the house is", 1.0), transcript("", 2.0)]))
    assert [segment.target for segment in segments] == ["THE HOUSE"]
    assert list(made.process([transcript("", 3.0)])) == []


@pytest.mark.parametrize("streaming", [True, False])
def test_a_segment_starts_where_its_own_words_start(streaming: bool) -> None:
    talk = [
        transcript(" One two. Three four", 4.0, start_s=0.0),
        transcript(".", 5.0),
        transcript(" Five six.", 9.0, start_s=7.0, final=True),
    ]
    made = stage(Shouter(), streaming=streaming, holdback=9)
    segments = [segment for segment in spoken(talk, made) if segment.source]
    assert [(segment.source, segment.start_s) for segment in segments] == [
        ("One two.", 0.0),
        ("Three four.", 2.0),
        ("Five six.", 7.0),
    ]


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


def test_a_sentence_that_fails_at_every_length_is_one_sentence() -> None:
    made = stage(Shouter())
    talk = [transcript(" bad", 1.0), transcript(" one", 2.0), transcript(" here.", 3.0, final=True)]
    assert [segment.source for segment in spoken(talk, made)] == ["bad one here."]
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
