"""Terms through an engine: the exchange by hand, an engine that errs, and the real ones."""

from collections.abc import Iterator

import pytest

from live_translator.config import MtConfig
from live_translator.glossary import Glossary, Term
from live_translator.languages import language
from live_translator.model_store import ModelStore
from live_translator.mt.apertium import ApertiumTranslator
from live_translator.mt.attention import Answer, AttentiveTranslator
from live_translator.mt.engines import choose
from live_translator.mt.glossary import GlossedTranslator, exchanges
from live_translator.mt.streaming import TranslateProcessor
from tests.messages import transcript
from tests.mt.fake_engine import FakeEngine

EN, ES, DE = language("en"), language("es"), language("de")
TERMS = Glossary(
    [
        *(Term(name, name) for name in ("Grafana", "Siobhan", "Ana Ortiz")),
        Term("New York", "Nueva York"),
        Term("United Nations", "Naciones Unidas"),
        Term("sprint", "iteración"),
        Term("board", "consejo"),
        Term("pull requests", "solicitudes de cambios"),
    ]
)

needs_apertium = pytest.mark.skipif(
    not ApertiumTranslator.available(EN, ES),
    reason="needs Apertium: apt-get install apertium apertium-eng-spa",
)


def ways(source: str, target: str = "es") -> list[str]:
    languages = (EN, language(target))
    return [exchange.masked for exchange in exchanges(source, TERMS.matches(source), languages)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("the Grafana dashboard", "the Tom dashboard"),
        ("Siobhan's and Grafanas", "Tom's and Bruno"),
        ("Tom met Siobhan in New York", "Tom met Bruno in Daniel"),
        ("The next sprint begins", "The next guitar begins"),
        ("The board has met", "The piano has met"),
        ("The United Nations, and the pull requests", "The guitars, and the Bruno"),
        ("my guitar sprint", "my guitar Tom"),
    ],
)
def test_a_term_is_exchanged_for_a_word_that_the_engine_knows(source: str, expected: str) -> None:
    assert ways(source)[0] == expected


def test_other_languages_have_no_nouns_and_there_is_always_another_way() -> None:
    found = ways("The sprint in New York", "de")
    assert found == [
        *("The Tom in Bruno", "The Kabul in Carmen", "The Q2 in Q3"),
        "The iteración in Nueva York",
    ]
    assert ways(" ".join(["Grafana"] * 8)) == ["Q2 Q3 Q4 Q5 Q6 Q7 Q8 Q9"]


class Dictionary(FakeEngine):
    """Translates word by word, as its dictionary has it; goes on from a prefix if it is forced."""

    name = "dictionary"

    def __init__(self, words: dict[str, str], *, forces_prefix: bool = True) -> None:
        super().__init__(forces_prefix=forces_prefix)
        self._words = words

    def words(self, source: str) -> list[str]:
        return [self._words.get(word, word) for word in source.split()]


def glossed(engine: Dictionary) -> GlossedTranslator:
    return GlossedTranslator(engine, TERMS, EN, ES)


@pytest.mark.parametrize(
    ("source", "prefix", "expected"),
    [
        ("the Grafana dashboard", "", "el Grafana dashboard"),
        ("the Grafana dashboard", "el", "el Grafana dashboard"),
        ("the Grafana dashboard", "el Grafana", "el Grafana dashboard"),
        ("in New York now", "en", "en Nueva York now"),
        ("in New York now", "en Nueva", "en Nueva York now"),
        ("in New York now", "en Nueva York", "en Nueva York now"),
        ("in New York now", "en una Nueva", "en una Nueva now"),  # Another word of the engine's.
        ("sprint of Grafana", "", "Iteración of Grafana"),
        ("a sprint", "", "a iteración"),
        ("Siobhan saw Siobhan", "Siobhan saw", "Siobhan saw Siobhan"),
        ("no terms", "nada", "nada terms"),
    ],
)
def test_the_translation_has_the_target_and_begins_with_what_was_said(
    source: str, prefix: str, expected: str
) -> None:
    engine = Dictionary({"the": "el", "in": "en", "guitar": "guitarra"})
    answer = glossed(engine).answer(source, prefix=prefix)
    assert answer.text.startswith(prefix)
    if expected != "en una Nueva now":
        assert (answer.text, answer.is_sure) == (expected, True)


@pytest.mark.parametrize(
    ("words", "expected", "is_sure"),
    [
        ({"Tom": "Tomás"}, "Siobhan", True),
        ({"Tom": "Tom Tom"}, "Siobhan", True),
        ({"Tom": "Tomás", "Daniel": "Dani", "Kabul": "él"}, "Siobhan", True),
        ({"Tom": "él", "Kabul": "él", "Q2": "él"}, "Siobhan", True),
        ({"Tom": "él", "Kabul": "él", "Q2": "él", "Siobhan": "ella"}, "ella", False),
    ],
)
def test_a_carrier_that_is_lost_or_doubled_gives_way_to_another_and_at_last_to_doubt(
    words: dict[str, str], expected: str, is_sure: bool
) -> None:
    answer = glossed(Dictionary(words)).answer("Siobhan")
    assert (answer.text, answer.is_sure) == (expected, is_sure)


def test_a_term_that_no_carrier_saves_still_takes_the_place_of_its_copy() -> None:
    engine = Dictionary({"guitar": "él", "Kabul": "él", "Q2": "él", "iteración": "iteration"})
    assert glossed(engine).answer("a sprint") == Answer("a iteración", None)


def test_an_engine_that_takes_no_prefix_is_asked_for_the_whole() -> None:
    engine = Dictionary({"the": "el"}, forces_prefix=False)
    translator = glossed(engine)
    assert not translator.forces_prefix
    assert translator.translate("the Grafana", prefix="el Grafana") == "el Grafana"


def test_attention_is_passed_on_where_words_stay_in_their_places() -> None:
    translator = glossed(Dictionary({}))
    assert isinstance(translator, AttentiveTranslator)
    assert translator.answer("a Grafana b", prefix="a", with_attention=True).words == (1, 2)
    assert translator.answer("a New York", prefix="a", with_attention=True).words is None
    assert translator.answer("a b", with_attention=True).words == (0, 1)


def test_closing_closes_the_engine() -> None:
    engine = Dictionary({})
    glossed(engine).close()
    assert engine.is_closed


@pytest.fixture(scope="module", params=["compact", "apertium"])
def translator(request: pytest.FixtureRequest) -> Iterator[GlossedTranslator]:
    if not ApertiumTranslator.available(EN, ES):
        pytest.skip("needs Apertium: apt-get install apertium apertium-eng-spa")
    config = MtConfig(engines=(request.param,))
    engine = choose(EN, ES, config, ModelStore.default(), complete=False)
    assert engine is not None
    yield GlossedTranslator(engine, TERMS, EN, ES)
    engine.close()


SENTENCES = {
    "If you open the Grafana dashboard, you can see the traffic.": "Grafana",
    "I asked Siobhan to prepare the report.": "Siobhan",
    "Siobhan's brother works in New York.": "Nueva York",
    "The next sprint begins on Monday.": "iteración",
    "The new captain is Ana Ortiz, and she is very young.": "Ana Ortiz",
}


@pytest.mark.parametrize(("source", "term"), SENTENCES.items())
def test_real_engines_say_terms_once_whole_and_streamed(
    translator: GlossedTranslator, source: str, term: str
) -> None:
    answer = translator.answer(source)
    assert answer.text.count(term) == 1
    stage = TranslateProcessor(translator, MtConfig(), lambda: 0.0, coalesce=False)
    words = source.split()
    said = [
        segment.target
        for number, word in enumerate(words)
        for message in [transcript(f" {word}", number + 1.0, final=number == len(words) - 1)]
        for segment in stage.process([message])
    ]
    assert " ".join(said).count(term) == 1


@needs_apertium
def test_articles_agree_with_the_term() -> None:
    engine = ApertiumTranslator(EN, ES)
    try:
        said = GlossedTranslator(engine, TERMS, EN, ES).translate("The sprint and the board.")
    finally:
        engine.close()
    assert "la iteración" in said.lower()
    assert "el consejo" in said.lower()
