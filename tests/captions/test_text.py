"""Text that is safe to show."""

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_translator.captions.text import clean, encodable, is_right_to_left


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (" Good morning.", " Good morning."),
        ("one\r\ntwo\tthree", "one  two three"),
        ("\x1b[2J\x1b]0;title\x07gone\x9b1m", "[2J]0;titlegone1m"),
        ("a\u202eb\u2066c", "abc"),
        ("\ufeffsoft\u00adhyphen", "softhyphen"),
        ("👩\u200d🚀 e\u0301 می\u200cشود", "👩\u200d🚀 e\u0301 می\u200cشود"),
        ("\ud83d", "\ufffd"),
        ("a\u2028b", "a b"),
    ],
)
def test_only_what_could_do_harm_is_taken_out(text: str, shown: str) -> None:
    assert clean(text) == shown


@given(st.text())
def test_no_control_character_is_left_and_cleaning_again_changes_nothing(text: str) -> None:
    shown = clean(text)
    assert not {unicodedata.category(mark) for mark in shown} & {"Cc", "Cs", "Zl", "Zp"}
    assert clean(shown) == shown


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("hello", False),
        ("مرحبا", True),
        ("שלום", True),
        ("12: שלום hello", True),
        ("hello שלום", False),
        ("123 ...", False),
        ("", False),
        ("你好", False),
    ],
)
def test_the_first_letter_with_a_direction_decides(text: str, turned: bool) -> None:
    assert is_right_to_left(text) is turned


def test_what_an_encoding_lacks_becomes_a_question_mark() -> None:
    old = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    assert encodable("año → 年", old) == "año ? ?"
    assert encodable("año → 年", io.TextIOWrapper(io.BytesIO(), encoding="utf-8")) == "año → 年"
