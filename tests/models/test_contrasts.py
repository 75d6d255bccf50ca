"""Training pairs that are put together from parts agree in both languages."""

import re

import pytest

from live_translator.mt.agreement import disagreements
from live_translator.mt.polarity import is_kept, is_question_kept
from models.train.contrasts import TEMPLATES, pairs

PAIRS = pairs(2000, seed=1)


def test_so_many_pairs_come_as_are_asked_for_and_none_twice() -> None:
    assert len(PAIRS) == len(set(PAIRS)) == 2000


def test_there_are_many_templates() -> None:
    assert len(set(TEMPLATES)) == len(TEMPLATES) >= 120


def test_the_same_seed_gives_the_same_pairs_and_another_seed_others() -> None:
    assert pairs(50, seed=3) == pairs(50, seed=3)
    assert pairs(50, seed=3) != pairs(50, seed=4)


def test_nobody_contradicts_the_other_language() -> None:
    wrong = [
        (english, spanish)
        for english, spanish in PAIRS
        if disagreements(english, spanish, "en", "es")
        or disagreements(spanish, english, "es", "en")
    ]
    assert wrong == []


def test_every_denial_and_question_is_in_both_languages() -> None:
    wrong = [
        (english, spanish)
        for english, spanish in PAIRS
        if not is_kept(english, spanish, "en", "es")
        or not is_kept(spanish, english, "es", "en")
        or not is_question_kept(english, spanish)
    ]
    assert wrong == []


def test_every_sentence_is_written_as_people_write() -> None:
    for text in (text for pair in PAIRS for text in pair):
        assert re.fullmatch(r"[¿]?[^\W\d_].*[.?]", text), text
        assert re.search(r"[{}|]|  |\b(a|de) el\b|¿ | [.?,]", text) is None, text
        for sentence in re.split(r"(?<=[.?]) ", text):
            assert sentence.lstrip("¿")[0].isupper(), text


@pytest.mark.parametrize("word", ["enfermero", "enfermera", "doctor", "doctora", "ingeniera"])
def test_every_trade_is_of_women_and_of_men(word: str) -> None:
    many = pairs(6000, seed=2)
    assert any(re.search(rf"\b{word}\b", spanish) for _, spanish in many)


def test_more_than_the_parts_can_say_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "models.train.contrasts.TEMPLATES", [("I sleep.", "Duermo.", ()), ("Go.", "Ve.", ())]
    )
    with pytest.raises(ValueError, match="fewer than 3 pairs"):
        pairs(3, seed=1)
