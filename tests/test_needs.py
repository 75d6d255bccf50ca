"""Which models a talk needs that are not on disk."""

from pathlib import Path

import pytest

from live_translator import config as settings
from live_translator.errors import UsageError
from live_translator.model_store import ModelStore
from live_translator.needs import models_of

NLLB = "nllb-200-distilled-600m"
KOKORO = ("kokoro", "kokoro-voices")
OPUS = "opus-mt-en-es"


@pytest.fixture
def empty(tmp_path: Path) -> ModelStore:
    """The program's manifest, and nothing on disk."""
    return ModelStore(ModelStore.default().manifest, tmp_path)


@pytest.mark.parametrize(
    ("profile", "flags", "speech", "lacks"),
    [
        ("embedded", {}, True, (("whisper-base",), (*KOKORO, OPUS))),
        ("embedded", {}, False, (("whisper-base",), (OPUS,))),
        ("embedded", {"tts.voice": "espeak"}, True, (("whisper-base",), (OPUS,))),
        ("embedded", {"tts.voice": "em_alex"}, True, (("whisper-base", *KOKORO), (OPUS,))),
        (
            "embedded",
            {"source": "fr", "target": "en"},
            False,
            (("whisper-base",), ("opus-mt-fr-en",)),
        ),
        ("embedded", {"target": "de"}, False, (("whisper-base", "opus-mt-en-de"), ())),
        ("embedded", {"source": "auto"}, False, (("whisper-base",), ())),
        ("balanced", {}, True, (("whisper-small", NLLB), KOKORO)),
        ("balanced", {"target": "de"}, True, (("whisper-small", NLLB), ())),
    ],
)
def test_what_lacks_follows_from_profile_pair_and_voice(
    empty: ModelStore,
    profile: str,
    flags: dict[str, str],
    speech: bool,
    lacks: tuple[tuple[str, ...], tuple[str, ...]],
) -> None:
    config = settings.load(profile, None, {"source": "en", "target": "es", **flags})
    missing = models_of(config, empty, speech=speech).lacking(empty)
    assert (missing.needed, missing.wanted) == lacks
    assert missing.names == (*missing.needed, *missing.wanted)


@pytest.mark.parametrize(
    ("engines", "needed"),
    [
        ("opus-mt", ["opus-mt-en-es"]),
        ("argos", ["argos-en-es"]),
        (NLLB, [NLLB]),
        (f"opus-mt-en-fr {NLLB}", [NLLB]),
        (f"{NLLB} compact", []),
        ("compact opus-mt", []),
        ("opus-mt-en-fr", []),
    ],
)
def test_a_translator_is_needed_only_where_none_is_there_and_one_would_serve(
    empty: ModelStore, tmp_path: Path, engines: str, needed: list[str]
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(f"[mt]\nengines = {engines.split()}\n", encoding="utf-8")
    config = settings.load("embedded", own, {"source": "en", "target": "es"})
    missing = models_of(config, empty, speech=False).lacking(empty)
    assert list(missing.needed) == ["whisper-base", *needed]


def test_a_translator_is_wanted_only_before_the_one_that_serves(
    empty: ModelStore, tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    for engines, wanted in ((["opus-mt", "compact"], (OPUS,)), (["compact", "opus-mt"], ())):
        own.write_text(f"[mt]\nengines = {engines}\n", encoding="utf-8")
        config = settings.load("embedded", own, {"source": "en", "target": "es"})
        assert models_of(config, empty, speech=False).wanted == wanted


def test_a_model_that_the_manifest_does_not_have_is_misuse(
    empty: ModelStore, tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[asr]\nmodel = "whisper-huge"\n', encoding="utf-8")
    needs = models_of(settings.load("embedded", own), empty, speech=False)
    with pytest.raises(UsageError, match="whisper-huge"):
        needs.lacking(empty)
