import logging
from pathlib import Path

import pytest

from live_translator.config import OUTPUT_RATE_HZ, TtsConfig
from live_translator.errors import ModelError, UsageError
from live_translator.languages import language
from live_translator.model_store import ModelStore
from live_translator.tts.voices import make_synthesizer


@pytest.fixture
def empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelStore:
    monkeypatch.setenv("LIVE_TRANSLATE_MODELS", str(tmp_path))
    return ModelStore.default()


@pytest.mark.parametrize(
    ("code", "voice", "fast"),
    [("es", "espeak", False), ("de", "auto", False), ("ja", "auto", False), ("es", "auto", True)],
)
def test_espeak_serves_where_kokoro_cannot_or_need_not(
    empty_store: ModelStore, code: str, voice: str, fast: bool
) -> None:
    made = make_synthesizer(language(code), TtsConfig(voice=voice), empty_store, fast=fast)
    assert made.name == f"espeak {code}"
    assert made.sample_rate_hz == OUTPUT_RATE_HZ


def test_auto_without_kokoro_s_models_falls_back_and_says_so(
    empty_store: ModelStore, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        made = make_synthesizer(language("es"), TtsConfig(), empty_store)
    assert made.name == "espeak es"
    assert "models get kokoro" in caplog.text


def test_a_kokoro_voice_asked_for_by_name_must_be_there(empty_store: ModelStore) -> None:
    with pytest.raises(ModelError, match="models get kokoro"):
        make_synthesizer(language("es"), TtsConfig(voice="em_alex"), empty_store)


@pytest.mark.slow
@pytest.mark.usefixtures("kokoro_files")
@pytest.mark.parametrize(("voice", "name"), [("auto", "kokoro ef_dora"), ("em_alex",) * 2])
def test_kokoro_speaks_where_it_can(voice: str, name: str) -> None:
    made = make_synthesizer(language("es"), TtsConfig(voice=voice), ModelStore.default())
    assert made.name.endswith(name)
    assert made.sample_rate_hz == OUTPUT_RATE_HZ


@pytest.mark.slow
@pytest.mark.usefixtures("kokoro_files")
@pytest.mark.parametrize(("code", "voice"), [("es", "af_heart"), ("de", "ef_dora")])
def test_a_voice_of_another_language_is_refused(code: str, voice: str) -> None:
    with pytest.raises(UsageError, match="voice"):
        make_synthesizer(language(code), TtsConfig(voice=voice), ModelStore.default())
