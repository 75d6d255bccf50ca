"""Languages by any of their usual names."""

import pytest

from live_translator.errors import UsageError
from live_translator.languages import LANGUAGES, language


@pytest.mark.parametrize("name", ["es", "spa", "spa_Latn", "spa-Latn", "Spanish", " ES "])
def test_a_language_is_known_by_all_its_names(name: str) -> None:
    assert language(name) is LANGUAGES["es"]


def test_an_unknown_language_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"unknown language 'xx': choose one of .*en, es"):
        language("xx")


def test_no_two_languages_share_a_code() -> None:
    for attribute in ("code", "iso3", "flores", "name"):
        names = [getattr(entry, attribute) for entry in LANGUAGES.values()]
        assert len(set(names)) == len(names)
