"""What of the machine, the models and the disk is found well, doubtful or broken."""

import dataclasses
from collections.abc import Iterable
from pathlib import Path

import pytest

from live_translator import config as settings
from live_translator.config import Config
from live_translator.doctor import checks
from live_translator.doctor.checks import Check, Level
from live_translator.errors import OutputError
from live_translator.model_store import ModelStore
from tests.standin_hub import serving, unused_address
from tests.test_model_store import CONFIG, WEIGHTS, store_of

OK, WARNING, FAILURE = Level.OK, Level.WARNING, Level.FAILURE

linux = pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs Linux's /proc")


def levels(found: Iterable[Check]) -> list[Level]:
    return [check.level for check in found]


@pytest.mark.parametrize(
    ("cores", "features", "architecture", "level", "part"),
    [
        (2, ("avx2",), "x86_64", OK, "2 cores with avx2"),
        (8, (), "arm64", OK, "8 cores"),
        (4, (), "x86_64", OK, "4 cores"),
        (1, ("avx2",), "x86_64", WARNING, "1 core with avx2: stages wait"),
        (4, ("avx512f",), "x86_64", WARNING, "use --profile embedded --voice espeak"),
        (4, ("asimd",), "aarch64", OK, "asimd"),
    ],
)
def test_a_processor_is_judged_by_cores_and_features(
    cores: int, features: tuple[str, ...], architecture: str, level: Level, part: str
) -> None:
    check = checks.processor(cores, features, architecture)
    assert check.level is level
    assert part in check.says


@pytest.mark.parametrize(
    ("content", "features"),
    [
        ("processor : 0\nflags\t\t: fpu avx avx2 avx512f\n", ("avx2", "avx512f")),
        ("Features\t: fp asimd i8mm\n", ("asimd", "i8mm")),
        ("nothing of the kind", ()),
        (None, ()),
    ],
)
def test_features_are_read_where_the_system_tells_them(
    tmp_path: Path, content: str | None, features: tuple[str, ...]
) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    if content is not None:
        cpuinfo.write_text(content)
    assert checks.cpu_features(cpuinfo) == features


def test_little_memory_and_a_busy_machine_are_warnings() -> None:
    assert checks.memory(16 * 10**9).level is OK
    assert checks.memory(10**9).level is WARNING
    assert list(checks.busy(0.9, 2)) == []
    assert levels(checks.busy(1.1, 2)) == [WARNING]


def test_a_package_that_cannot_be_loaded_is_a_failure_that_names_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checks, "PACKAGES", {"numpy": "numpy", "gone": "no_such_module"})
    broken, loaded = checks.packages()
    assert broken.level is FAILURE
    assert "gone cannot be loaded" in broken.says
    assert "`pip install --upgrade gone`" in broken.says
    assert loaded.level is OK
    assert loaded.says.startswith("numpy ")
    assert checks.versions()["gone"] == "missing"


@pytest.fixture
def tiny(tmp_path: Path) -> Config:
    """A talk that needs the tiny model, and Kokoro not at all."""
    own = tmp_path / "own.toml"
    own.write_text('[asr]\nmodel = "tiny"\n[tts]\nvoice = "espeak"\n', encoding="utf-8")
    return settings.load("embedded", own, {"source": "en", "target": "es"})


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    """A store with the tiny model in it, and no way to the network."""
    with serving() as hub:
        hub.add_lfs("org/tiny", "abc", "model.bin", WEIGHTS)
        hub.add_small("org/tiny", "abc", "config.json", CONFIG)
        store_of(tmp_path, hub.url).get("tiny")
    return store_of(tmp_path, unused_address())


def models(config: Config, store: ModelStore, *, checksums: bool = True) -> list[Check]:
    return [
        check
        for check in checks.models(config, store, checksums=checksums)
        if check.name == "models"
    ]


def test_models_that_are_intact_are_well_and_other_profiles_are_named(
    tiny: Config, store: ModelStore
) -> None:
    found = models(tiny, store)
    assert levels(found) == [OK, OK, OK]
    assert "tiny, 5 kB: every file has its checksum" in found[0].says
    assert "profile balanced is not on disk" in found[1].says
    assert checks.is_ready(tiny, store)


def test_a_missing_model_is_a_failure_that_names_the_command(tmp_path: Path, tiny: Config) -> None:
    empty = store_of(tmp_path, unused_address())
    first, *_ = models(tiny, empty)
    assert first.level is FAILURE
    assert "tiny (5 kB) is missing" in first.says
    assert "`live-translate models get tiny`" in first.says
    assert not checks.is_ready(tiny, empty)


def test_missing_voices_are_a_warning_for_espeak_takes_their_place(tmp_path: Path) -> None:
    empty = ModelStore(ModelStore.default().manifest, tmp_path)
    first, *voices = models(settings.load("embedded"), empty)[:3]
    assert first.level is FAILURE
    assert levels(voices) == [WARNING, WARNING]
    assert "eSpeak NG" in voices[0].says


def test_other_bytes_of_the_same_size_are_found_by_checksum_alone(
    tmp_path: Path, tiny: Config, store: ModelStore
) -> None:
    (tmp_path / "models" / "tiny" / "model.bin").write_bytes(WEIGHTS[::-1])
    assert models(tiny, store, checksums=False)[0].level is OK
    damaged = models(tiny, store)[0]
    assert damaged.level is FAILURE
    assert "`live-translate models get --force tiny`" in damaged.says


def test_a_file_that_was_cut_short_is_found_without_reading_it(
    tmp_path: Path, tiny: Config, store: ModelStore
) -> None:
    (tmp_path / "models" / "tiny" / "model.bin").write_bytes(WEIGHTS[:9])
    damaged, *others = models(tiny, store, checksums=False)
    assert damaged.level is FAILURE
    assert "damaged" in damaged.says
    assert levels(others) == [OK, OK], "it is told once"
    assert checks.state(store, "tiny") == "damaged"


def test_what_is_damaged_and_not_of_this_talk_is_a_warning(
    tmp_path: Path, tiny: Config, store: ModelStore
) -> None:
    (tmp_path / "models" / "tiny" / "model.bin").write_bytes(WEIGHTS[::-1])
    other = dataclasses.replace(tiny, asr=dataclasses.replace(tiny.asr, model="other"))
    damaged, missing, *_ = models(other, store)
    assert damaged.level is WARNING
    assert missing.level is FAILURE


def test_a_pair_that_the_profile_cannot_translate_is_a_failure(tmp_path: Path) -> None:
    config = settings.load("embedded", None, {"source": "es", "target": "ja"})
    found = list(checks.models(config, ModelStore.default(), checksums=False))
    (check,) = [check for check in found if check.name == "translator"]
    assert check.level is FAILURE
    assert "--profile balanced" in check.says


def test_a_disk_without_room_for_what_lacks_is_a_failure(tmp_path: Path, tiny: Config) -> None:
    full = store_of(tmp_path, unused_address(), free=1000)
    models_disk, outputs = checks.disk(tiny, full, tmp_path)
    assert models_disk.level is FAILURE
    assert "free some" in models_disk.says
    assert outputs.level is OK


def test_a_full_disk_does_not_matter_where_all_models_are(
    tmp_path: Path, tiny: Config, store: ModelStore
) -> None:
    full = store_of(tmp_path, unused_address(), free=0)
    assert next(checks.disk(tiny, full, tmp_path)).level is OK


@linux
def test_a_folder_that_cannot_be_written_is_told_with_the_variable_that_names_another(
    tmp_path: Path, tiny: Config
) -> None:
    """/proc takes no files, not even root's."""
    manifest = store_of(tmp_path, unused_address()).manifest
    read_only = ModelStore(manifest, Path("/proc/models"), free_bytes=lambda _folder: 10**12)
    models_disk, outputs = checks.disk(tiny, read_only, Path("/proc"))
    assert models_disk.level is FAILURE
    assert "LIVE_TRANSLATE_MODELS" in models_disk.says
    assert outputs.level is WARNING
    assert "cannot write to /proc" in outputs.says


@linux
def test_a_probe_of_a_folder_leaves_nothing_behind(tmp_path: Path) -> None:
    checks.require_writable(tmp_path)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OutputError, match="use a folder that is yours"):
        checks.require_writable(Path("/proc"))
