"""Emoji and smileys around a sentence."""

import time

import pytest

from live_translator.mt.symbols import parted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I love you \u2764\ufe0f", ("", "I love you", " \u2764\ufe0f")),
        ("\U0001f389\U0001f389 Great!", ("\U0001f389\U0001f389 ", "Great!", "")),
        ("I am happy :)", ("", "I am happy", " :)")),
        ("no \U0001f641 :(", ("", "no", " \U0001f641 :(")),
        ("\U0001f600", ("", "\U0001f600", "")),
        ("At 7:30 (or 8)", ("", "At 7:30 (or 8)", "")),
        ("Hello.", ("", "Hello.", "")),
        ("", ("", "", "")),
    ],
)
def test_symbols_at_the_ends_are_taken_off(text: str, expected: tuple[str, str, str]) -> None:
    assert parted(text) == expected


def test_a_text_of_many_symbols_takes_time_that_grows_with_it() -> None:
    began_s = time.process_time()
    parted("\u2764 " * 20_000 + "x" + " :)" * 20_000)
    assert time.process_time() - began_s < 2.0
