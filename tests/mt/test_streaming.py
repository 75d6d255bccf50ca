"""The translating stage, with an engine that translates word by word."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_translator.config import MtConfig
from live_translator.errors import SegmentError
from live_translator.languages import language
from live_translator.messages import Transcript, Translation
from live_translator.mt.attention import ALONE, Answer, Context
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
    config = MtConfig(policy="holdback", holdback_words=holdback, deadline="none")
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


def test_a_sentence_that_cannot_be_translated_is_told_without_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    spoken([transcript(" a bad secret.", 1.0, final=True)], stage(Shouter()))
    assert [record.getMessage() for record in caplog.records] == [
        "not translated: 3 words (not this one)"
    ]


def test_a_sentence_that_cannot_be_translated_is_skipped_and_counted() -> None:
    made = stage(Shouter())
    segments = spoken(
        [transcript(" bad one. Good", 1.0), transcript(" two.", 2.0, final=True)], made
    )
    assert " ".join(segment.target for segment in segments).split() == ["GOOD", "TWO."]
    assert " ".join(segment.source for segment in segments) == "bad one. Good two."
    assert [segment.shown for segment in segments] == ["[bad one.]", "GOOD TWO."]
    assert [segment.skipped for segment in segments] == ["the translator failed", ""]
    assert made.skipped == 1


def test_after_a_sentence_that_failed_the_next_is_translated() -> None:
    made = stage(Shouter())
    (first,) = spoken([transcript(" one bad", 1.0), transcript(" two", 2.0, final=True)], made)
    assert (first.skipped, first.target) == ("the translator failed", "")
    segments = spoken([transcript(" three", 3.0, utterance=1, final=True)], made)
    assert [(segment.skipped, segment.target) for segment in segments] == [("", "THREE")]


def test_the_policy_is_that_of_the_engine_that_translates_the_sentence() -> None:
    class Turncoat(Shouter):
        """Forces no prefix any more, as where another engine has taken over."""

        def translate(self, source: str, *, prefix: str = "") -> str:
            self.forces_prefix = False
            return super().translate(source)

    engine = Turncoat(forces_prefix=True)
    made = TranslateProcessor(engine, MtConfig(holdback_words=0), lambda: 0.0, coalesce=False)
    talk = [transcript(" one.", 1.0), transcript(" two", 2.0), transcript(" three", 3.0),
            transcript(" four.", 4.0, final=True)]  # fmt: skip
    words = [segment.target for segment in spoken(talk, made)]
    assert words == ["ONE.", "TWO", "THREE FOUR."], "what two drafts share, not what one says"


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


def lateness(deadline: str, *, policy: str = "holdback", pair: str = "es") -> list[str]:
    """What has been said after each second of a sentence of a word a second."""
    config = MtConfig(policy=policy, holdback_words=9, deadline=deadline, deadline_s=3.0)
    languages = language("en"), language(pair)
    made = TranslateProcessor(Shouter(), config, lambda: 0.0, coalesce=False, pair=languages)
    words = ["when", "it", "rains,", "we", "stay", "", "", ""]
    talk = [transcript(f" {word}" * bool(word), 1.0 + n) for n, word in enumerate(words)]
    return [" ".join(s.target for s in made.process([message])) for message in talk]


def test_what_is_held_back_too_long_is_said_even_if_no_word_follows() -> None:
    assert lateness("none") == [""] * 8
    assert lateness("time") == ["", "", "", "WHEN", "IT", "RAINS,", "WE", "STAY"]


def test_a_clause_that_has_ended_is_said() -> None:
    assert lateness("clause") == ["", "", "WHEN IT RAINS,", "", "", "", "WE", "STAY"]


def test_another_word_order_is_waited_for_but_not_past_the_deadline() -> None:
    usual = ["", "WHEN", "IT", "RAINS,", "WE", "", "", ""]
    assert lateness("none", policy="agreement") == usual
    assert lateness("none", policy="agreement", pair="ja") == ["", "", "", "", "WHEN", "", "", ""]
    waiting = lateness("time", policy="agreement", pair="ja")
    assert waiting == ["", "", "", "WHEN", "IT", "RAINS,", "WE", "STAY"]


def test_a_run_on_sentence_is_translated_in_bounded_parts() -> None:
    words = [f"w{number}" for number in range(80)]
    talk = [transcript(f" {word}", 1.0 + n, final=n == 79) for n, word in enumerate(words)]
    engine = Shouter()
    segments = spoken(talk, TranslateProcessor(engine, MtConfig(), lambda: 0.0))
    assert max(len(text.split()) for text in engine.asked) == 40
    assert " ".join(segment.target for segment in segments).lower().split() == words
    held = [
        int(segment.end_s) - len(" ".join(s.target for s in segments[: n + 1]).split())
        for n, segment in enumerate(segments)
    ]
    assert max(held) <= MtConfig().holdback_words


POLICIES = st.builds(
    MtConfig,
    policy=st.sampled_from(["holdback", "agreement", "agreed-holdback", "attention"]),
    holdback_words=st.integers(0, 3),
    deadline=st.sampled_from(["none", "time", "clause"]),
    deadline_s=st.floats(0.5, 5),
    max_sentence_words=st.integers(8, 12),
)
TALKS = st.lists(
    st.tuples(st.lists(st.sampled_from(["a", "bo", "c,", "d.", "e"]), max_size=4), st.floats(0, 3)),
    max_size=15,
)


def said(talk: list[tuple[list[str], float]]) -> list[Transcript]:
    """A talk as messages, the last of which ends it."""
    messages, now_s = [], 0.0
    for words, seconds in talk:
        start_s, now_s = now_s, now_s + seconds
        text = "".join(f" {word}" for word in words)
        messages.append(transcript(text, now_s, start_s=start_s))
    return [*messages, transcript("", now_s, final=True)]


@given(POLICIES, TALKS, st.integers(1, 4), st.booleans(), st.sampled_from(["es", "de", "ja"]))
def test_under_every_policy_each_word_is_said_once_and_in_order(
    config: MtConfig,
    talk: list[tuple[list[str], float]],
    batch: int,
    forces_prefix: bool,
    target: str,
) -> None:
    engine = Shouter(forces_prefix=forces_prefix)
    pair = language("en"), language(target)
    made = TranslateProcessor(engine, config, lambda: 0.0, pair=pair)
    messages = said(talk)
    segments = [
        segment
        for begin in range(0, len(messages), batch)
        for segment in made.process(messages[begin : begin + batch])
    ]
    words = [word for heard, _ in talk for word in heard]
    assert " ".join(segment.target for segment in segments).lower().split() == words
    assert " ".join(segment.source for segment in segments).split() == words
    assert [segment.final for segment in segments].count(True) == 1
    assert all(before.end_s <= after.end_s for before, after in pairwise(segments))


class Attentive(Shouter):
    """Tells what its words look at, and notes when it was asked to."""

    def __init__(self) -> None:
        super().__init__(forces_prefix=True)
        self.was_attentive: list[bool] = []

    def answer(
        self,
        source: str,
        *,
        prefix: str = "",
        with_attention: bool = False,
        context: Context = ALONE,
    ) -> Answer:
        self.was_attentive.append(with_attention)
        return Answer(self.translate(source, prefix=prefix))


def test_what_words_look_at_is_asked_only_while_the_sentence_grows() -> None:
    engine = Attentive()
    config = MtConfig(policy="attention", deadline="none")
    spoken(TALK, TranslateProcessor(engine, config, lambda: 0.0, coalesce=False))
    # A full stop and the last word end one each.
    assert engine.was_attentive == [True, True, False, True, False]


class Waverer(Shouter):
    """Goes on from the prefix in other words each time that it is asked."""

    def __init__(self) -> None:
        super().__init__(forces_prefix=True)
        self.prefixes: list[str] = []

    def translate(self, source: str, *, prefix: str = "") -> str:
        self.prefixes.append(prefix)
        new = [f"{word}{len(self.prefixes)}" for word in source.split()[len(prefix.split()) :]]
        return " ".join([*prefix.split(), *new])


@given(POLICIES, TALKS)
def test_what_was_said_stands_whatever_the_engine_thinks_later(
    config: MtConfig, talk: list[tuple[list[str], float]]
) -> None:
    engine = Waverer()
    made = TranslateProcessor(engine, config, lambda: 0.0, coalesce=False)
    out: list[str] = []
    for message in said(talk):
        out += " ".join(segment.target for segment in made.process([message])).split()
    # Each prefix is a run of what has been said: nothing is taken back or said in other words.
    assert all(f" {prefix} " in f" {' '.join(out)} " for prefix in engine.prefixes if prefix)
    assert len(out) == sum(len(words) for words, _ in talk)
