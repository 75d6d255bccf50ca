"""Contractions that were typed without their apostrophe."""

import pytest

from live_translator.mt.typed import with_apostrophes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We arent ready.", "We aren't ready."),
        ("im sure he cant", "I'm sure he can't"),
        ("Dont touch it, youll break it", "Don't touch it, you'll break it"),
        ("Its well known that we were ill.", "Its well known that we were ill."),
        ("We can't wait.", "We can't wait."),
        ("The cantata of Wontner", "The cantata of Wontner"),
    ],
)
def test_an_apostrophe_is_given_back_where_the_word_is_nothing_else(
    text: str, expected: str
) -> None:
    assert with_apostrophes(text, "en") == expected


def test_other_languages_are_left_as_they_are() -> None:
    assert with_apostrophes("no cant dont", "es") == "no cant dont"
