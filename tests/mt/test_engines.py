"""Which engine is taken for a pair of languages."""

from pathlib import Path

import pytest

from live_translator.config import MtConfig
from live_translator.errors import ModelError, UsageError
from live_translator.languages import Language, language
from live_translator.model_store import ModelStore
from live_translator.mt import engines as mt_engines
from live_translator.mt.apertium import ApertiumTranslator
from live_translator.mt.engines import COMPACT_FOLDER, choose, without_model

EN, ES, FR, DE, SW = (language(code) for code in ("en", "es", "fr", "de", "sw"))

needs_apertium = pytest.mark.skipif(
    not ApertiumTranslator.available(EN, ES),
    reason="needs Apertium: apt-get install apertium apertium-eng-spa",
)


@pytest.fixture
def empty(tmp_path: Path) -> ModelStore:
    """The program's manifest, and nothing on disk."""
    return ModelStore(ModelStore.default().manifest, tmp_path)


def engines(*names: str) -> MtConfig:
    return MtConfig(engines=names)


@needs_apertium
@pytest.mark.parametrize("names", [("apertium",), ("nllb-200-distilled-600m", "apertium")])
def test_the_first_engine_that_is_there_is_taken(empty: ModelStore, names: tuple[str, ...]) -> None:
    engine = choose(EN, ES, engines(*names), empty, complete=False)
    assert engine is not None
    assert engine.name == ApertiumTranslator.name
    engine.close()


def test_the_recogniser_translates_into_english(empty: ModelStore) -> None:
    config = engines("apertium", "whisper-translate")
    assert choose(DE, EN, config, empty, complete=False) is None


@pytest.mark.parametrize("name", ["nllb-200-distilled-600m", "opus-mt-en-es", "opus-mt", "argos"])
def test_a_model_that_is_not_there_names_the_command(empty: ModelStore, name: str) -> None:
    with pytest.raises(ModelError, match="live-translate models get"):
        choose(EN, ES, engines(name), empty, complete=False)


@pytest.mark.parametrize(
    "names",
    [("compact", "apertium", "whisper-translate"), ("opus-mt-en-es",), ("opus-mt",), ("argos",)],
)
def test_a_pair_that_no_engine_serves_names_the_profile_that_does(
    empty: ModelStore, names: tuple[str, ...]
) -> None:
    with pytest.raises(UsageError, match=r"setup_models\.py --profile balanced"):
        choose(FR, SW, engines(*names), empty, complete=False)


def test_a_pair_whose_model_is_not_there_names_the_command_where_nothing_else_serves(
    empty: ModelStore,
) -> None:
    with pytest.raises(ModelError, match="live-translate models get opus-mt-fr-de"):
        choose(FR, DE, MtConfig(), empty, complete=False)


def test_by_default_small_models_come_before_what_does_without_one() -> None:
    assert MtConfig().engines[:1] == ("opus-mt",)
    assert MtConfig().engines[-3:] == ("compact", "apertium", "whisper-translate")


@pytest.mark.parametrize(
    ("source", "target", "says"),
    [
        (EN, ES, "the built-in translator is used instead"),
        (FR, EN, "the recogniser's own translation is used instead"),
        (FR, DE, "nothing else on this machine translates French to German"),
    ],
)
def test_what_is_instead_of_a_model_is_said(
    empty: ModelStore, source: Language, target: Language, says: str
) -> None:
    assert without_model(source, target, empty) == says


def test_a_pair_without_an_opus_model_falls_to_the_next_engine(empty: ModelStore) -> None:
    config = engines("opus-mt", "whisper-translate")
    assert choose(SW, EN, config, empty, complete=False) is None


def test_an_engine_that_nobody_knows_is_a_usage_error(empty: ModelStore) -> None:
    with pytest.raises(UsageError, match=r"mt\.engines"):
        choose(EN, ES, engines("babelfish"), empty, complete=False)


@needs_apertium
def test_a_damaged_engine_is_not_passed_over_in_silence(
    empty: ModelStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (tmp_path / COMPACT_FOLDER).mkdir()
    monkeypatch.setattr(mt_engines, "data_path", lambda _: tmp_path)
    engine = choose(EN, ES, engines("compact", "apertium"), empty, complete=False)
    assert engine is not None
    assert engine.name == ApertiumTranslator.name
    engine.close()
    assert "apertium translates instead of a better one" in caplog.text
