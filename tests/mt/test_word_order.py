"""How long word order makes a pair wait."""

from itertools import product

import pytest

from live_translator.languages import LANGUAGES, language
from live_translator.mt.word_order import wait_words


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        ("en", "es", 0),
        ("es", "en", 0),
        ("en", "zh", 0),
        ("en", "ar", 0),
        ("ja", "ko", 0),
        ("de", "nl", 0),
        ("en", "de", 2),
        ("de", "en", 2),
        ("de", "tr", 3),
        ("en", "ja", 4),
        ("hi", "en", 4),
    ],
)
def test_a_pair_waits_by_where_the_verb_stands(source: str, target: str, words: int) -> None:
    assert wait_words(language(source), language(target)) == words


def test_the_wait_is_the_same_both_ways() -> None:
    for source, target in product(LANGUAGES.values(), repeat=2):
        assert wait_words(source, target) == wait_words(target, source)
