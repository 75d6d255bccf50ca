"""A thousand sentences with numbers through the real engine: no value may be lost."""

import contextlib
from fractions import Fraction
from itertools import pairwise

import pytest

from live_translator.config import Config
from live_translator.languages import language
from live_translator.model_store import ModelStore
from live_translator.mt.addresses import digits_of
from live_translator.mt.apertium import ApertiumTranslator
from live_translator.mt.engines import choose
from live_translator.mt.quantities import Quantity, lost, quantities
from tests.mt.generated import COUNT, TEMPLATES, Kept, Sentence, sentences

OTHER = {"en": "es", "es": "en"}


def is_in(kept: Kept, text: str, found: tuple[Quantity, ...]) -> bool:
    """Whether a text has what must survive: the value with its unit, or the same letters."""
    if not kept.values:
        return kept.text in (digits_of(text) if kept.text.isdigit() else text)
    units = {"": None, "GBP": ("GBP", "lb")}.get(kept.unit, (kept.unit,))
    return any(
        not kept.values.isdisjoint(quantity.values) and (units is None or quantity.unit in units)
        for quantity in found
    )


def missing(sentence: Sentence, text: str, code: str) -> list[Kept]:
    found = quantities(text, code)
    return [kept for kept in sentence.kept if not is_in(kept, text, found)]


@pytest.mark.parametrize("code", ["en", "es"])
def test_five_hundred_sentences_come_from_sixty_templates_or_more(code: str) -> None:
    made = sentences(code)
    assert len(made) == COUNT
    assert len(set(TEMPLATES[code])) >= 60
    assert {sentence.template for sentence in made} == set(TEMPLATES[code])
    for one, following in pairwise(made):
        assert one.template != following.template


def test_the_same_seed_makes_the_same_sentences() -> None:
    assert sentences("en", 3) == sentences("en", 3)
    assert sentences("en", 3) != sentences("en", 4)


@pytest.mark.parametrize("code", ["en", "es"])
def test_what_must_survive_is_read_in_the_sentence_itself(code: str) -> None:
    wrong = [
        (sentence.text, kept)
        for seed in (1, 2, 7)
        for sentence in sentences(code, seed)
        for kept in missing(sentence, sentence.text, code)
    ]
    assert wrong == []


def test_a_value_with_another_unit_is_missing() -> None:
    kept = Kept(frozenset({Fraction(5)}), "USD")
    sentence = Sentence("It costs $5.", (kept,), "")
    assert missing(sentence, "Cuesta 5 dólares.", "es") == []
    assert missing(sentence, "Cuesta 5 euros.", "es") == [kept]
    assert missing(sentence, "Cuesta 6 dólares.", "es") == [kept]


@pytest.mark.skipif(
    not ApertiumTranslator.available(language("en"), language("es")),
    reason="needs Apertium: apt-get install apertium apertium-eng-spa",
)
@pytest.mark.parametrize("code", ["en", "es"])
def test_no_value_is_lost_in_translation(code: str) -> None:
    translator = choose(
        language(code), language(OTHER[code]), Config().mt, ModelStore.default(), complete=True
    )
    assert translator is not None
    wrong = []
    with contextlib.closing(translator):
        for sentence in sentences(code):
            target = translator.translate(sentence.text)
            faults = lost(sentence.text, target, code, OTHER[code])
            if faults or missing(sentence, target, OTHER[code]):
                wrong.append((sentence.text, target, faults))
    assert wrong == []
