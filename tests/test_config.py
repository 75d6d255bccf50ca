"""Configuration: layers, bounds, and errors that name the key and what is allowed."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from live_translator.config import PROFILES, Config, load
from live_translator.errors import ConfigError


def knobs(cls: type, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for field in dataclasses.fields(cls):
        if field.metadata:
            yield prefix + field.name, field
        else:
            yield from knobs(field.default_factory, f"{field.name}.")  # type: ignore[arg-type]


def written(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_loads(profile: str) -> None:
    assert load(profile).profile == profile


@pytest.mark.parametrize(("name", "field"), list(knobs(Config)))
def test_every_knob_has_a_reason_and_a_default_within_its_bounds(name: str, field: Any) -> None:
    metadata = field.metadata
    assert metadata["why"]
    if metadata["low"] is not None:
        assert metadata["low"] <= field.default <= metadata["high"]
    if metadata["choices"]:
        assert field.default in metadata["choices"]


def test_later_layers_win(tmp_path: Path) -> None:
    own = written(tmp_path, "[asr]\nstride_s = 2\nbeam_size = 3\n")
    config = load("embedded", own, {"asr.stride_s": 0.5, "tts.voice": None})
    assert config.asr.stride_s == 0.5
    assert config.asr.beam_size == 3
    assert config.tts.voice == "auto"
    assert isinstance(load("embedded", own).asr.stride_s, float)


def test_a_config_survives_a_round_trip_through_tables() -> None:
    config = load("balanced")
    assert config.as_dict()["mt"]["engines"] == ("nllb-200-distilled-600m",)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("[asr", "is not valid TOML"),
        ("[asr]\nstrid_s = 1", "unknown key 'asr.strid_s'; allowed here: asr.model"),
        ("[sound]\nx = 1", "unknown key 'sound'"),
        ("asr = 1", "asr must be a table, [asr]"),
        ("[asr]\nstride_s = 'fast'", "asr.stride_s must be a number, not 'fast'"),
        ("[asr]\nstride_s = true", "asr.stride_s must be a number"),
        ("[asr]\nstride_s = 99", "asr.stride_s must be between 0.1 and 10.0, not 99"),
        ("[asr]\nbeam_size = 1.5", "asr.beam_size must be a whole number"),
        ("[asr]\nmodel = 3", "asr.model must be a string"),
        ("[mt]\nengines = 'nllb'", "mt.engines must be a list of strings"),
        ("mode = 'slow'", "mode must be one of streaming, complete, not 'slow'"),
        ("[asr]\ntrim_after_s = 20", "asr.trim_after_s (20.0) must not be above"),
    ],
)
def test_an_error_names_the_key_and_what_is_allowed(tmp_path: Path, text: str, part: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load("embedded", written(tmp_path, text))
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read the configuration"):
        load("embedded", tmp_path / "none.toml")


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes("# año\n".encode("latin-1"))
    with pytest.raises(ConfigError, match="UTF-8"):
        load("embedded", path)


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(ConfigError, match="choose one of embedded, balanced, quality"):
        load("tiny")
