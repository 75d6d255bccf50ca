"""Languages by any of their usual names."""

import pytest

from live_translator.errors import UsageError
from live_translator.languages import LANGUAGES, language


@pytest.mark.parametrize("name", ["es", "spa", "spa_Latn", "spa-Latn", "Spanish", " ES "])
def test_a_language_is_known_by_all_its_names(name: str) -> None:
    assert language(name) is LANGUAGES["es"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("eng", "en"), ("ben", "bn"), ("ben_Beng", "bn"), ("en-US", "en"), ("pt-BR", "pt"),
        ("es-419", "es"), ("zh-Hant-TW", "zh"), ("zho_Hant", "zh"), ("cmn-Hans-CN", "zh"),
        ("nb-NO", "no"), ("ara", "ar"), ("arz_Arab", None), ("sl-rozaj-biske", None),
        ("en-", None), ("en US", None), ("", None), ("e", None), ("de-CH-1996", "de"),
    ],
)  # fmt: skip
def test_a_tag_is_known_by_its_language(name: str, code: str | None) -> None:
    if code is None:
        with pytest.raises(UsageError):
            language(name)
    else:
        assert language(name).code == code


def test_an_unknown_language_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"unknown language 'xx': choose one of .*en, es"):
        language("xx")


def test_no_two_languages_share_a_code() -> None:
    for attribute in ("code", "iso3", "flores", "name"):
        names = [getattr(entry, attribute) for entry in LANGUAGES.values()]
        assert len(set(names)) == len(names)
