"""Sentence ends in text that grows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_translator.mt.sentences import clauses, ends_clause, split


@pytest.mark.parametrize(
    ("text", "complete", "rest"),
    [
        ("", [], ""),
        ("and so", [], "and so"),
        ("It is. And", ["It is."], "And"),
        ("It is.", ["It is."], ""),
        ('He said "no." Then', ['He said "no."'], "Then"),
        ("Mr. Smith came. He", ["Mr. Smith came."], "He"),
        ("It costs 3.50 now", [], "It costs 3.50 now"),
        ("It costs 3.", [], "It costs 3."),
        ("J. Smith", [], "J. Smith"),
        ("Who, I? Yes!", ["Who, I?", "Yes!"], ""),
        ("Wait... what", ["Wait..."], "what"),
        ("你好。我", ["你好。"], "我"),
    ],
)
def test_a_sentence_ends_where_it_ends(text: str, complete: list[str], rest: str) -> None:
    parts = split(text, max_words=40)
    assert (list(parts.complete), parts.rest) == (complete, rest)


def test_at_the_end_everything_is_complete() -> None:
    assert split("It is. And so", max_words=40, ended=True).complete == ("It is.", "And so")
    assert split("It costs 3.", max_words=40, ended=True).complete == ("It costs 3.",)


@pytest.mark.parametrize(
    ("text", "complete"),
    [("a b c, d e f g", ["a b c, d e f"]), ("a b c d, e f g", ["a b c d,"])],
)
def test_a_sentence_that_is_too_long_is_cut_at_a_late_clause(
    text: str, complete: list[str]
) -> None:
    assert list(split(text, max_words=6).complete) == complete


@pytest.mark.parametrize(
    ("said_words", "complete"),
    [(0, "a b c d,"), (4, "a b c d,"), (5, "a b c d, e f"), (6, "a b c d, e f")],
)
def test_a_sentence_is_not_cut_within_what_was_said(said_words: int, complete: str) -> None:
    parts = split("a b c d, e f g", max_words=6, said_words=said_words)
    assert parts.complete == (complete,)


@pytest.mark.parametrize(
    ("word", "ends"),
    [
        ("rain,", True),
        ('rain,"', True),
        ("—", True),
        ("雨、", True),
        ("rain.", False),
        ("a,b", False),
    ],
)
def test_a_clause_ends_in_its_mark(word: str, ends: bool) -> None:
    assert ends_clause(word) is ends


@given(st.text("ab. ,?3", max_size=60), st.integers(1, 8), st.booleans())
def test_no_word_is_lost_or_moved(text: str, max_words: int, ended: bool) -> None:
    parts = split(text, max_words=max_words, ended=ended)
    letters = "".join([*parts.complete, parts.rest])
    assert letters.replace(" ", "") == text.replace(" ", "")
    assert len(parts.rest.split()) <= max_words
    assert not (ended and parts.rest)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("",)),
        ("One clause.", ("One clause.",)),
        ("If it rains tomorrow, we stay here.", ("If it rains tomorrow,", "we stay here.")),
        ("No, I said so, you know.", ("No, I said so, you know.",)),
        ("One, two, three, four, five.", ("One, two, three, four, five.",)),
        (
            "He came at last; then, alas, he went away.",
            ("He came at last;", "then, alas, he went away."),
        ),
        ("We waited for a long time, see.", ("We waited for a long time, see.",)),
    ],
)
def test_a_clause_of_few_words_stays_with_its_neighbour(
    text: str, expected: tuple[str, ...]
) -> None:
    assert clauses(text) == expected
