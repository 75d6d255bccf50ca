import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.metrics.erasure import erased_words, normalised_erasure


@pytest.mark.parametrize(
    ("history", "erased", "normalised"),
    [
        (["a", "a b", "a b c"], 0, 0.0),  # only ever grows
        (["a x", "a b", "a b c"], 1, 1 / 3),
        (["x b c", "a b c"], 3, 1.0),  # all after the change is read anew
        (["a b", "a", "a b"], 1, 0.5),
        (["a  b", " a b "], 0, 0.0),  # space is no change
        (["a b c"], 0, 0.0),
        (["a b", ""], 2, math.nan),
        ([], 0, math.nan),
    ],
)
def test_erasure_counts_the_words_taken_back(
    history: list[str], erased: int, normalised: float
) -> None:
    assert erased_words(history) == erased
    assert normalised_erasure([history]) == pytest.approx(normalised, nan_ok=True)


def test_erasure_is_per_word_of_all_texts() -> None:
    histories = [["x", "a b c"], ["a b", "a c"], [], ["d"]]
    assert normalised_erasure(histories) == pytest.approx((1 + 1) / (3 + 2 + 1))
    assert math.isnan(normalised_erasure([]))


@given(st.lists(st.sampled_from("abc"), max_size=20))
def test_text_that_only_grows_is_never_erased(words: list[str]) -> None:
    assert erased_words([" ".join(words[:end]) for end in range(len(words) + 1)]) == 0
