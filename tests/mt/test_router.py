"""Who says a sentence: the decision as a table, and the whole with the real models."""

from collections.abc import Iterator

import pytest

from live_translator.config import MtConfig, data_path
from live_translator.languages import language
from live_translator.mt.apertium import ApertiumTranslator
from live_translator.mt.compact import CompactTranslator
from live_translator.mt.engines import COMPACT_FOLDER
from live_translator.mt.router import CLAUSES, NETWORK, RULES, Candidate, RoutedTranslator, choose

EN, ES = language("en"), language("es")

needs_apertium = pytest.mark.skipif(
    not ApertiumTranslator.available(EN, ES),
    reason="needs Apertium: apt-get install apertium apertium-eng-spa",
)


def candidate(way: str, confidence: float, *faults: str) -> Candidate:
    return Candidate(way=way, text=way, confidence=confidence, faults=faults)


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        ([candidate(NETWORK, -0.5), candidate(RULES, -1)], NETWORK),
        ([candidate(NETWORK, -1.5), candidate(RULES, -1)], RULES),
        ([candidate(NETWORK, -0.5, "names"), candidate(RULES, -1)], RULES),
        ([candidate(NETWORK, -2), candidate(CLAUSES, -0.9), candidate(RULES, -1)], CLAUSES),
        ([candidate(NETWORK, -2), candidate(CLAUSES, -3), candidate(RULES, -1)], RULES),
        ([candidate(NETWORK, -0.5, "numbers"), candidate(RULES, -1, "numbers")], RULES),
        ([candidate(NETWORK, -2), candidate(RULES, -1, "numbers")], NETWORK),
        ([candidate(NETWORK, -2, "names", "loop"), candidate(RULES, -1, "numbers")], RULES),
    ],
)
def test_the_first_sound_way_is_taken_else_the_one_with_fewest_faults(
    candidates: list[Candidate], expected: str
) -> None:
    assert choose(candidates, -1.0).way == expected


@pytest.fixture(scope="module")
def engine() -> Iterator[RoutedTranslator]:
    folder = data_path("models") / COMPACT_FOLDER
    engine = RoutedTranslator(CompactTranslator(folder, EN, ES, threads=1, beam_size=1), MtConfig())
    yield engine
    engine.close()


@needs_apertium
def test_an_everyday_sentence_is_the_network_s(engine: RoutedTranslator) -> None:
    engine.ways.clear()
    assert engine.translate("How are you?").startswith("¿")
    assert engine.ways == {NETWORK: 1}


@needs_apertium
@pytest.mark.parametrize("prefix", ["", "El gato", "El perro y el gato se"])
def test_a_translation_begins_with_what_was_said_whoever_goes_on(
    engine: RoutedTranslator, prefix: str
) -> None:
    for source in (
        "The cat sat on the mat.",
        "Zorblax, the flibber of Quimby, zandled 4 grompuses.",
        "The cat, which 12 of us saw, and the dog, which nobody saw, sat on the mat.",
    ):
        assert engine.translate(source, prefix=prefix).startswith(prefix)
        assert engine.answer(source, prefix=prefix, with_attention=True).text.startswith(prefix)
