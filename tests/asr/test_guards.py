"""What nobody said: loops, echoes, text out of silence."""

import pytest

from live_translator.asr.agreement import Hypothesis, Unit
from live_translator.asr.guards import (
    is_lost,
    is_silence,
    without_echo,
    without_loops,
    without_unheard,
)


def units(text: str) -> tuple[Unit, ...]:
    """Words of a third of a second each."""
    return tuple(
        Unit(f" {word}", (1,), number / 3, (number + 1) / 3)
        for number, word in enumerate(text.split())
    )


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


def timed(text: str) -> tuple[Unit, ...]:
    """Words of a second each, but those that begin with a star, which last no time."""
    found: list[Unit] = []
    now_s = 0.0
    for word in text.split():
        end_s = now_s + (not word.startswith("*"))
        found.append(Unit(f" {word.removeprefix('*')}", (1,), now_s, end_s))
        now_s = end_s
    return tuple(found)


@pytest.mark.parametrize(
    ("before", "text", "kept"),
    [
        ("", "one *one", "one"),
        ("", "one *one *one two", "one two"),
        ("", "no no", "no no"),
        ("", "Three . *Three . *Three .", "Three ."),
        ("one one one", "one one", ""),
        ("one", "*one *one from", "from"),
        ("we said", "said we", "said we"),
        ("we know that this", "we know that this is", "is"),
    ],
)
def test_a_loop_may_have_begun_before_or_leave_no_time(before: str, text: str, kept: str) -> None:
    assert words(without_loops(timed(text), timed(before))) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("we can *do *it now", "we can do it now"),
        ("I *did *not *say *that And so", "I And so"),
        ("I did *not *say", "I did"),
        ("I did *not", "I did not"),
        ("*I *did *not *say", ""),
    ],
)
def test_words_without_time_were_not_heard(text: str, kept: str) -> None:
    assert words(without_unheard(timed(text))) == kept


@pytest.mark.parametrize(
    ("before", "text", "lost"),
    [
        ("we heard", "one two three four", False),
        ("we heard", "*one *two *three *four five", True),
        ("we heard", "one *two *three *four *five", False),
        ("one", "*one *one *one *one", True),
        ("one", "*one *one *one", False),
        ("", "and so we went to the " + "big house and we went to the small house and " * 5, True),
        ("", "", False),
    ],
)
def test_a_decoder_is_lost_that_says_much_before_what_it_hears(
    before: str, text: str, lost: bool
) -> None:
    assert is_lost(timed(text), timed(before)) is lost


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
