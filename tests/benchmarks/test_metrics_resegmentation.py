from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.metrics.resegmentation import Resegmenter, mwer_slices, soft_slices

BOTH = pytest.mark.parametrize("cut", [mwer_slices, soft_slices])


def runs(cut: Resegmenter, sentences: Sequence[str], text: str) -> list[str]:
    words = text.split()
    return [" ".join(words[own]) for own in cut(sentences, words)]


@BOTH
@pytest.mark.parametrize(
    ("sentences", "text", "expected"),
    [
        (["a b", "c d"], "a b c d", ["a b", "c d"]),
        (["a b", "c d"], "", ["", ""]),
        (["a b", "", "c d"], "a b c d", ["a b", "", "c d"]),
        (["one two", "three four", "five six"], "one two five six", ["one two", "", "five six"]),
        (["One two", "Three four"], "one TWO three four", ["one TWO", "three four"]),
        (["one two", "three four"], "one two x y three four", ["one two x y", "three four"]),
        ([], "", []),
    ],
)
def test_words_go_to_the_sentence_they_come_from(
    cut: Resegmenter, sentences: list[str], text: str, expected: list[str]
) -> None:
    assert runs(cut, sentences, text) == expected


def test_minimum_edits_ignore_how_alike_words_are_and_soft_cuts_do_not() -> None:
    sentences = ["dogs bark", "people sing"]
    assert runs(mwer_slices, sentences, "dogs bark persons sing") == ["dogs bark", "persons sing"]
    # One word for "bark" and "people": either costs one edit, but its letters are people's.
    assert runs(mwer_slices, sentences, "dogs peoples sing") == ["dogs peoples", "sing"]
    assert runs(soft_slices, sentences, "dogs peoples sing") == ["dogs", "peoples sing"]


def test_a_mark_is_never_paired_with_a_word() -> None:
    assert runs(soft_slices, ["a .", ", b"], ". , b") == [".", ", b"]
    assert runs(soft_slices, ["a", "b"], ". a b") == ["a", "b"]


texts = st.lists(st.sampled_from(["a", "b", "ab", "ba", "c"]), max_size=15)


@BOTH
@given(st.lists(texts.map(" ".join), min_size=1, max_size=6), texts)
def test_the_runs_are_the_words_in_order(
    cut: Resegmenter, sentences: list[str], words: list[str]
) -> None:
    if not any(sentences):
        sentences = [*sentences, "a"]
    slices = cut(sentences, words)
    assert len(slices) == len(sentences)
    assert [word for own in slices for word in words[own]] == words


@given(st.lists(texts.map(" ".join), min_size=1, max_size=6))
def test_a_perfect_output_is_cut_without_an_error_left(sentences: list[str]) -> None:
    sentences = ["a", *sentences]  # an empty first sentence would cost an edit
    words = " ".join(sentences).split()
    assert runs(mwer_slices, sentences, " ".join(words)) == sentences


@BOTH
def test_twenty_minutes_of_speech_are_cut(cut: Resegmenter) -> None:
    # Every seventh word is missing, so that hardly a sentence is whole.
    sentences = [
        " ".join(f"w{number}" for number in range(start, start + 12))
        for start in range(0, 2400, 12)
    ]
    words = [word for number, word in enumerate(" ".join(sentences).split()) if number % 7]
    slices = cut(sentences, words)
    right = sum(
        word in sentence.split()
        for own, sentence in zip(slices, sentences, strict=True)
        for word in words[own]
    )
    assert right >= 0.95 * len(words)
