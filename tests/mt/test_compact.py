"""The compact model that ships with the program, with Apertium beside it and without."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from live_translator.config import data_path
from live_translator.errors import ModelError, SegmentError
from live_translator.fetch import sha256_of
from live_translator.languages import language
from live_translator.mt.apertium import ApertiumTranslator
from live_translator.mt.compact import CHECKSUMS, CompactTranslator, require_intact
from live_translator.mt.engines import COMPACT_FOLDER

EN, ES, FR = language("en"), language("es"), language("fr")
FOLDER = data_path("models") / COMPACT_FOLDER


def load(source: str, target: str) -> CompactTranslator:
    return CompactTranslator(FOLDER, language(source), language(target), threads=1, beam_size=1)


@pytest.fixture(params=["with Apertium", "alone"])
def engine(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CompactTranslator]:
    if request.param == "alone":
        monkeypatch.setattr(ApertiumTranslator, "available", lambda *_: False)
    elif not ApertiumTranslator.available(EN, ES):
        pytest.skip("needs Apertium: apt-get install apertium apertium-eng-spa")
    translator = load("en", "es")
    yield translator
    translator.close()


def test_the_model_that_ships_is_what_its_checksums_say() -> None:
    require_intact(FOLDER)
    listed = [line.split()[1] for line in (FOLDER / CHECKSUMS).read_text().splitlines()]
    there = sorted(path.name for path in FOLDER.iterdir() if path.name != CHECKSUMS)
    assert listed == there, f"run `sha256sum {' '.join(there)} > {CHECKSUMS}` in {FOLDER}"


@pytest.mark.parametrize("spoilt", ["model.bin", "config.json", CHECKSUMS])
@pytest.mark.parametrize("content", [None, b"", b"other"])
def test_a_model_that_is_not_what_it_was_is_not_loaded(
    tmp_path: Path, spoilt: str, content: bytes | None
) -> None:
    for name in ("model.bin", "config.json"):
        (tmp_path / name).write_text(name)
    sums = [f"{sha256_of(path)}  {path.name}\n" for path in sorted(tmp_path.iterdir())]
    (tmp_path / CHECKSUMS).write_text("".join(sums))
    require_intact(tmp_path)
    if content is None:
        (tmp_path / spoilt).unlink()
    else:
        (tmp_path / spoilt).write_bytes(content)
    with pytest.raises(ModelError, match="is damaged: it comes with the program"):
        require_intact(tmp_path)


def test_what_people_say_is_translated(engine: CompactTranslator) -> None:
    assert engine.translate("How are you?") in ("¿Cómo estás?", "¿Cómo está?", "¿Cómo están?")
    assert engine.translate("I am tired.") == "Estoy cansado."


def test_a_translation_begins_with_what_was_said(engine: CompactTranslator) -> None:
    whole = engine.translate("The house is very big.")
    words = whole.split()
    for count in range(len(words) + 1):
        prefix = " ".join(words[:count])
        assert engine.translate("The house is very big.", prefix=prefix) == whole
    assert engine.translate("The house is very big.", prefix="El edificio").startswith(
        "El edificio "
    )


def test_it_says_what_each_word_was_made_from_and_how_sure_it_is(
    engine: CompactTranslator,
) -> None:
    answer = engine.answer("The house is very big.", with_attention=True)
    assert answer.words is not None
    assert len(answer.words) == len(answer.text.split())
    assert all(0 <= word < 5 for word in answer.words)
    assert answer.confidence < 0
    nonsense = engine.answer("Grompus flibber zandle quimby vorplex.")
    assert nonsense.confidence < answer.confidence


def test_a_letter_that_was_never_seen_survives(engine: CompactTranslator) -> None:
    assert engine.translate("") == ""
    assert "3" in engine.translate("Room 3 \u65e5\u672c")


def test_a_text_that_is_too_long_is_refused_and_the_next_is_not(
    engine: CompactTranslator,
) -> None:
    with pytest.raises(SegmentError, match="max_sentence_words"):
        engine.translate("word " * 600)
    assert engine.translate("I am tired.") == "Estoy cansado."


@pytest.mark.parametrize("text", ["x" * 450, "\ufffdw" * 120 + " " + "}" * 120])
def test_a_translation_that_runs_away_ends_within_the_models_places(
    engine: CompactTranslator, text: str
) -> None:
    assert len(engine.translate(text)) < 5000


def test_without_an_answer_of_apertium_the_network_goes_on_alone(
    engine: CompactTranslator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> str:
        raise SegmentError("Apertium ends when it is given this sentence")

    monkeypatch.setattr(ApertiumTranslator, "translate", fail)
    assert engine.hint("I am tired.") == ""
    assert engine.translate("I am tired.") == "Estoy cansado."


def test_a_text_is_translated_beside_what_people_made_of_its_like(
    engine: CompactTranslator,
) -> None:
    near = engine.remembered("Where have you been hiding?")
    assert near is not None
    assert near.source.startswith("Where have you been")
    assert near.target.startswith("¿")
    source = "I saw a ghost on TV."
    beside, alone = engine.answer(source), engine.answer(source, from_memory=False)
    assert beside.confidence != alone.confidence
    assert engine.answer(source) == beside


def test_it_knows_one_pair_in_both_directions() -> None:
    assert CompactTranslator.knows(EN, ES)
    assert CompactTranslator.knows(ES, EN)
    assert not CompactTranslator.knows(EN, FR)
    assert not CompactTranslator.knows(EN, EN)
    engine = load("es", "en")
    assert engine.translate("¿Cómo estás?") == "How are you?"
    engine.close()


def test_a_folder_without_the_model_names_the_fix(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="install that again"):
        CompactTranslator(tmp_path, EN, ES, threads=1, beam_size=1)
