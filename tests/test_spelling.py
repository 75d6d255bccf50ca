"""What counts as the same word, and as another form of it."""

import pytest

from live_translator.spelling import bare, likeness


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


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("casa", "casa", 1.0),
        ("london", "londres", 0.6),
        ("casa", "casas", 0.6),
        ("germany", "alemania", 0.0),
        ("en", "el", 0.0),
        ("con", "contemporary", 0.0),
        ("", "", 1.0),
    ],
)
def test_a_word_is_like_another_that_begins_as_it_does(
    one: str, other: str, expected: float
) -> None:
    assert likeness(one, other) == likeness(other, one) == expected
