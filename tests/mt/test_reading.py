"""Which sentences read the same, and which only look so."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live_translator.mt.reading import (
    asks,
    has_end_mark,
    is_typed_plainly,
    key,
    may_be,
    without_accents,
    words,
)

WORDS = st.lists(st.text("abgimnostyzáéíóúüñß19", min_size=1, max_size=6), min_size=1, max_size=6)
MARKS = st.sampled_from(["", ",", ".", "!", "?", "...", "…", ";", '"', "”", ")", " -"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I can't, he won't and she shan't.", "i can not he will not and she shall not"),
        ("I'm sure they're late.", "i am sure they are late"),
        ("We've told you they'll come.", "we have told you they will come"),
        ("It doesn\u2019t matter; let\u2019s go!", "it does not matter let us go"),
        ("That's it. Who's there?", "that is it who is there"),
        ("Tom's brother said it's five o'clock.", "tom's brother said it is five o'clock"),
        ("OK, y'all gotta go.", "okay you all got to go"),
        ("¿Cómo estás, Ana?", "cómo estás ana"),
        ("3,50 or 7:30", "3 50 or 7 30"),
        ("?! … —", ""),
        ("", ""),
    ],
)
def test_words_are_folded_and_written_out(text: str, expected: str) -> None:
    assert " ".join(words(text)) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HOW ARE YOU?", "how are you"),
        ("I'm gonna go.", "I am going to go."),
        ("I cannot swim.", "I can't swim!"),
        ("What's that?", "What is that?"),
        ("¿Cómo estás?", "Como estas"),
        ("Don't go, Tom.", "Don\u2019t go Tom..."),
    ],
)
def test_two_ways_to_write_a_sentence_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I can swim.", "I can't swim."),
        ("Tom's here.", "Toms here."),
        ("We're here.", "We were here."),
        ("I have 3 cats.", "I have 13 cats."),
        ("Go on.", "On go."),
    ],
)
def test_other_sentences_have_another_key(one: str, other: str) -> None:
    assert key(one) != key(other)


@settings(deadline=None)
@given(WORDS, st.lists(MARKS, min_size=6, max_size=6))
def test_a_key_ignores_case_and_marks(spoken: list[str], marks: list[str]) -> None:
    plain = key(" ".join(spoken))
    marked = " ".join(word + mark for word, mark in zip(spoken, marks, strict=False))
    assert key(marked) == plain
    assert key(f"¿{marked.upper()}?") == plain
    assert key(f"  {without_accents(marked)} ") == plain
    assert key(unicodedata.normalize("NFD", marked)) == plain


@pytest.mark.parametrize(
    ("text", "said", "expected"),
    [
        ("Si.", "Sí.", True),  # Typed without accents.
        ("Sí.", "Si.", False),
        ("Hablo inglés.", "Habló inglés.", False),
        ("HABLÓ INGLÉS", "Habló inglés.", True),
        ("It costs $5.", "It costs $5!", True),
        ("It costs £5.", "It costs $5.", False),
        ("It costs 5.", "It costs $5.", False),
        ("It rose by 5%.", "It rose by 5.", False),
        ("It is -5.", "It is 5.", False),
        ("It is -5.", "It is \u22125.", True),
        ("Call 555-1234.", "Call 555 1234.", True),  # A hyphen is not said.
        ("I know C#.", "I know C.", False),
        ("R&B", "r & b", True),
    ],
)
def test_signs_always_count_and_accents_where_there_are_any(
    text: str, said: str, expected: bool
) -> None:
    assert key(text) == key(said)
    assert may_be(text, said) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Como estas", True), ("¿Qué?", False), ("Manana", True), ("Mañana", False), ("", True)],
)
def test_a_text_with_any_accent_is_not_typed_plainly(text: str, expected: bool) -> None:
    assert is_typed_plainly(text) is expected
    assert is_typed_plainly(unicodedata.normalize("NFD", text)) is expected


@pytest.mark.parametrize(
    ("text", "is_question", "is_ended"),
    [
        ("How are you?", True, True),
        ("How are you", False, False),
        ('"Are you?" he said.', True, True),
        ("(¡Hola!)", False, True),
        ("He said: \u201cWait\u2026\u201d ", False, True),
        ("Well,", False, False),
        ("", False, False),
    ],
)
def test_marks_tell_whether_a_sentence_asks_and_has_ended(
    text: str, is_question: bool, is_ended: bool
) -> None:
    assert asks(text) is is_question
    assert has_end_mark(text) is is_ended
