"""What counts as the same word."""

import pytest

from live_translator.spelling import bare


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (" Hello,", "hello"),
        ("¿Qué?", "qué"),
        ("o'clock", "oclock"),
        ("well-kept", "wellkept"),
        ("3.5", "35"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("…", ""),
        ("", ""),
    ],
)
def test_a_word_is_its_letters_and_digits_in_folded_case(word: str, expected: str) -> None:
    assert bare(word) == expected
