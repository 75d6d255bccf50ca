"""What nobody said: loops, echoes, text out of silence."""

import pytest

from live_translator.asr.agreement import Hypothesis, Unit
from live_translator.asr.guards import is_silence, without_echo, without_loops


def units(text: str) -> tuple[Unit, ...]:
    return tuple(Unit(f" {word}", (1,), 0.0, 0.0) for word in text.split())


def words(kept: tuple[Unit, ...]) -> str:
    return "".join(unit.text for unit in kept).strip()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("no no no", "no no no"),
        ("no no no no no", "no"),
        ("a b a b", "a b a b"),
        ("x a b a b a b a", "x a b"),
        ("x a b a b a b c", "x a b c"),
        ("country . country . country . country .", "country ."),
        ("it was the best it was the worst it was the age",) * 2,
        ("thank you . thank you . thank you .", "thank you ."),
        (
            "we are not ready . we are not ready for it",
            "we are not ready . we are not ready for it",
        ),
        (
            "it does not look like this . it does not look like this . so",
            "it does not look like this . so",
        ),
    ],
)
def test_a_loop_is_said_once_and_what_follows_it_is_kept(text: str, kept: str) -> None:
    assert words(without_loops(units(text))) == kept


def test_a_loop_of_two_sentences_is_found() -> None:
    cycle = "today the greatest risk of global catastrophe . does not look like this . "
    assert words(without_loops(units(cycle * 4 + "today the"))) == cycle.strip()


@pytest.mark.parametrize(
    ("before", "text", "kept"),
    [
        ("", "a b", "a b"),
        ("we were going", "we were going home", "home"),
        ("I hope you enjoyed the demo.", "Enjoyed the demo . Thanks", "Thanks"),
        ("that", "that is", "that is"),
        ("one two", "two three", "two three"),
        ("one two", "one two", ""),
    ],
)
def test_the_last_words_said_again_are_an_echo(before: str, text: str, kept: str) -> None:
    assert words(without_echo(before.split(), units(text), least_words=2)) == kept


def test_few_words_said_again_may_be_meant() -> None:
    again = units("try again . fail")
    assert without_echo(["try", "again"], again, least_words=4) == again


@pytest.mark.parametrize(
    ("no_speech", "logprob", "silent"),
    [(0.9, -1.5, True), (0.9, -0.3, False), (0.2, -1.5, False), (0.2, -0.3, False)],
)
def test_text_is_imagined_only_if_it_is_doubtful_too(
    no_speech: float, logprob: float, silent: bool
) -> None:
    hypothesis = Hypothesis(
        units=units("thank you"), mean_logprob=logprob, no_speech_probability=no_speech
    )
    assert is_silence(hypothesis, no_speech_threshold=0.6, min_logprob=-1.0) is silent
