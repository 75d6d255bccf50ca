import io
import json
import os
import threading
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from live_translator import convert
from live_translator.config import PROFILES, data_path
from live_translator.errors import ModelError, UsageError
from live_translator.fetch import Fetcher, PlainProgress, SilentProgress
from live_translator.model_store import (
    MARKER,
    MISSES,
    Archive,
    Convert,
    HuggingFace,
    Manifest,
    ModelStore,
    Npm,
    PyPi,
)
from tests.marian_models import publish
from tests.standin_hub import Hub, serving, sha256, unused_address
from tests.test_fetch import tarball, tiny_package

WEIGHTS = bytes(range(256)) * 20
CONFIG = b'{"a": 1}'


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serving() as hub:
        hub.add_lfs("org/tiny", "abc", "model.bin", WEIGHTS)
        hub.add_small("org/tiny", "abc", "config.json", CONFIG)
        yield hub


MANIFEST = f"""
[profiles]
embedded = ["tiny"]
balanced = ["tiny", "other"]
quality = ["tiny", "other"]

[models.tiny]
kind = "asr"
description = "a tiny model"
licence = "MIT"
files = [
  {{ name = "model.bin", size = {len(WEIGHTS)}, sha256 = "{sha256(WEIGHTS)}" }},
  {{ name = "config.json", size = {len(CONFIG)} }},
]
[[models.tiny.sources]]
type = "huggingface"
repo = "org/gone"
revision = "abc"
[[models.tiny.sources]]
type = "huggingface"
repo = "org/tiny"
revision = "abc"

[models.other]
kind = "mt"
description = "another one"
licence = "MIT"
files = [{{ name = "other.bin", size = 5 }}]
[[models.other.sources]]
type = "url"
[models.other.sources.urls]
"other.bin" = "HUB/other"
"""


class Lines(PlainProgress):
    """Keeps what it was told."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def note(self, line: str) -> None:
        self.lines.append(line)


def no_wait(_seconds: float) -> None:
    pass


def manifest_of(tmp_path: Path, text: str, hub_url: str = "") -> Manifest:
    path = tmp_path / "manifest.toml"
    path.write_text(text.replace("HUB", hub_url))
    return Manifest.load(path)


def store_of(tmp_path: Path, url: str, text: str = MANIFEST, free: int = 10**12) -> ModelStore:
    return ModelStore(
        manifest_of(tmp_path, text, url),
        tmp_path / "models",
        fetcher=Fetcher(endpoint=url, wait=no_wait),
        free_bytes=lambda _folder: free,
    )


def test_a_missing_model_names_the_command_that_gets_it(tmp_path: Path) -> None:
    store = store_of(tmp_path, unused_address())
    with pytest.raises(
        ModelError, match="model tiny is missing: run `live-translate models get tiny`"
    ):
        store.path("tiny")
    assert not store.has("tiny")
    with pytest.raises(UsageError, match="unknown model 'x': choose one of tiny, other"):
        store.path("x")
    with pytest.raises(UsageError, match="unknown profile 'x'"):
        store.has_profile("x")


def test_a_model_is_fetched_from_the_first_source_that_has_it(hub: Hub, tmp_path: Path) -> None:
    store = store_of(tmp_path, hub.url)
    lines = Lines()
    folder = store.get("tiny", lines)
    assert folder == store.path("tiny") == tmp_path / "models" / "tiny"
    assert (folder / "model.bin").read_bytes() == WEIGHTS
    assert sorted(path.name for path in folder.iterdir()) == [MARKER, "config.json", "model.bin"]
    assert any("tiny not from Hugging Face org/gone" in line for line in lines.lines)
    assert "tiny is ready, from Hugging Face org/tiny" in lines.lines
    assert json.loads((folder / MARKER).read_text())["source"] == "Hugging Face org/tiny at abc"
    store.verify("tiny")


def test_a_model_on_disk_never_touches_the_network(hub: Hub, tmp_path: Path) -> None:
    store_of(tmp_path, hub.url).get("tiny")
    hub.asked.clear()
    offline = store_of(tmp_path, unused_address())
    folder = offline.get("tiny")
    assert folder == offline.path("tiny")
    offline.verify("tiny")
    offline.get("tiny", force=True)
    assert store_of(tmp_path, hub.url).get("tiny") == folder
    assert hub.asked == []


def test_without_network_the_error_names_every_source_and_the_fix(tmp_path: Path) -> None:
    store = store_of(tmp_path, unused_address())
    with pytest.raises(ModelError) as caught:
        store.get("tiny")
    sentence = str(caught.value)
    assert "org/gone: 127.0.0.1 cannot be reached" in sentence
    assert "set HF_ENDPOINT to a mirror, then `live-translate models get tiny`" in sentence
    assert "\n" not in sentence
    assert not store.has("tiny")


def test_wrong_weights_are_refused_whatever_the_server_says(hub: Hub, tmp_path: Path) -> None:
    hub.add_lfs("org/tiny", "abc", "model.bin", WEIGHTS[::-1])
    store = store_of(tmp_path, hub.url)
    with pytest.raises(ModelError, match="checksum"):
        store.get("tiny")
    assert not (tmp_path / "models" / "tiny" / "model.bin").exists()


def test_an_interrupted_fetch_keeps_the_files_that_it_has(hub: Hub, tmp_path: Path) -> None:
    config = "/org/tiny/resolve/abc/config.json"
    hub.faults[config] = ["404"]
    store = store_of(tmp_path, hub.url)
    with pytest.raises(ModelError):
        store.get("tiny")
    assert not store.has("tiny"), "without a marker it is not there"
    hub.asked.clear()
    store.get("tiny")
    assert [path for path in hub.paths() if "org/tiny" in path] == [config]


def test_a_changed_size_is_noticed_at_once_and_changed_content_by_verify(
    hub: Hub, tmp_path: Path
) -> None:
    store = store_of(tmp_path, hub.url)
    weights = store.get("tiny") / "model.bin"
    weights.write_bytes(WEIGHTS[::-1])
    assert store.has("tiny")
    damaged = r"model tiny is damaged \(model.bin .*run `live-translate models get --force tiny`"
    with pytest.raises(ModelError, match=damaged):
        store.verify("tiny")
    weights.write_bytes(WEIGHTS[:-1])
    with pytest.raises(ModelError, match=damaged):
        store.path("tiny")
    weights.unlink()
    assert not store.has("tiny")


def test_what_is_loaded_was_compared_with_its_checksums(hub: Hub, tmp_path: Path) -> None:
    store = store_of(tmp_path, hub.url)
    folder = store.get("tiny")
    assert store.checked("tiny") == folder
    times = (folder / "model.bin").stat()
    (folder / "model.bin").write_bytes(WEIGHTS[::-1])
    os.utime(folder / "model.bin", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert store.has("tiny")
    with pytest.raises(ModelError, match=r"model tiny is damaged \(model.bin .*get --force tiny"):
        store.checked("tiny")
    store.get("tiny", force=True)
    assert store.checked("tiny") == folder
    with pytest.raises(ModelError, match="model other is missing"):
        store.checked("other")


def test_a_marker_cannot_vouch_for_other_bytes_than_the_manifest_pins(
    hub: Hub, tmp_path: Path
) -> None:
    store = store_of(tmp_path, hub.url)
    folder = store.get("tiny")
    other = WEIGHTS[::-1]
    (folder / "model.bin").write_bytes(other)
    marker = (folder / MARKER).read_text()
    (folder / MARKER).write_text(marker.replace(sha256(WEIGHTS), sha256(other)))
    for check in (store.verify, store.checked):
        with pytest.raises(ModelError, match="is damaged"):
            check("tiny")


def test_force_fetches_only_what_is_damaged(hub: Hub, tmp_path: Path) -> None:
    store = store_of(tmp_path, hub.url)
    folder = store.get("tiny")
    (folder / "model.bin").write_bytes(WEIGHTS[::-1])
    hub.asked.clear()
    store.get("tiny", force=True)
    store.verify("tiny")
    assert not any(path.endswith("config.json") for path in hub.paths())


def test_an_unpinned_file_is_held_to_what_it_was_at_first(hub: Hub, tmp_path: Path) -> None:
    store = store_of(tmp_path, hub.url)
    folder = store.get("tiny")
    (folder / "config.json").write_bytes(b'{"b": 2}')
    hub.add_small("org/tiny", "abc", "config.json", b'{"c": 3}')
    with pytest.raises(ModelError, match=r"config\.json has checksum"):
        store.get("tiny", force=True)


def test_a_manifest_that_wants_other_content_makes_the_model_missing(
    hub: Hub, tmp_path: Path
) -> None:
    store_of(tmp_path, hub.url).get("tiny")
    reworded = MANIFEST.replace("a tiny model", "a small model").replace("org/gone", "org/lost")
    assert store_of(tmp_path, hub.url, reworded).has("tiny")
    other = MANIFEST.replace(sha256(WEIGHTS), sha256(b"new weights"))
    assert not store_of(tmp_path, hub.url, other).has("tiny")


@pytest.mark.parametrize(
    "marker",
    [
        "",
        "{}",
        "[]",
        '{"digest": 1, "files": {}}',
        '{"digest": "DIGEST", "files": {"a": 1}}',
        '{"digest": "DIGEST", "files": []}',
        '{"digest": "DIGEST", "files": {"a": {"sha256": "0", "size": "x"}}}',
        "\x00",
    ],
)
def test_a_damaged_marker_counts_as_no_marker(hub: Hub, tmp_path: Path, marker: str) -> None:
    store = store_of(tmp_path, hub.url)
    digest = store.manifest.model("tiny").digest
    (store.get("tiny") / MARKER).write_text(marker.replace("DIGEST", digest))
    assert not store.has("tiny")
    store.get("tiny")
    assert store.has("tiny")


def test_too_little_room_is_said_before_anything_is_fetched(hub: Hub, tmp_path: Path) -> None:
    store = store_of(tmp_path, hub.url, free=1_000_000)
    with pytest.raises(ModelError, match=r"needs 64 MB of disk but .* has 1 MB free: free some"):
        store.get("tiny")
    assert hub.asked == []


def test_a_folder_that_cannot_be_written_is_one_sentence(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    with pytest.raises(ModelError, match=r"cannot write model tiny .* set LIVE_TRANSLATE_MODELS"):
        store_of(tmp_path, hub.url).get("tiny")


def test_the_best_profile_is_the_best_whose_models_are_all_there(hub: Hub, tmp_path: Path) -> None:
    hub.add("/other", b"other")
    store = store_of(tmp_path, hub.url)
    assert store.best_profile() == "embedded"
    assert not store.has_profile("embedded")
    store.get("tiny")
    assert (store.has_profile("embedded"), store.has_profile("balanced")) == (True, False)
    assert store.best_profile() == "embedded"
    store.get("other")
    assert store.best_profile() == "quality"


def test_threads_that_fetch_at_once_wait_for_each_other(hub: Hub, tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def fetch_it(store: ModelStore) -> None:
        try:
            store.get("tiny")
        except BaseException as failure:  # noqa: BLE001 - reported below
            failures.append(failure)

    stores = [store_of(tmp_path, hub.url) for _ in range(4)]
    threads = [threading.Thread(target=fetch_it, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert failures == []
    assert hub.paths().count("/org/tiny/resolve/abc/model.bin") == 1
    store_of(tmp_path, hub.url).verify("tiny")


def test_a_program_waits_for_another_one_and_says_so(hub: Hub, tmp_path: Path) -> None:
    held, release = threading.Event(), threading.Event()
    store = store_of(tmp_path, hub.url)
    store.root.mkdir()

    def hold() -> None:  # a lock belongs to the opened file, so a thread is program enough
        with store._locked("tiny", SilentProgress()):
            held.set()
            release.wait(20)

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(20)

    class Releasing(Lines):
        def note(self, line: str) -> None:
            super().note(line)
            release.set()

    lines = Releasing()
    store.get("tiny", lines)
    other.join(20)
    assert lines.lines[0] == "another program is fetching tiny: waiting for it"


def test_what_a_killed_program_left_is_swept_away(hub: Hub, tmp_path: Path) -> None:
    left = tmp_path / "models" / "tiny.work-1"
    left.mkdir(parents=True)
    (left / "half").write_bytes(b"half")
    store_of(tmp_path, hub.url).get("tiny")
    assert not left.exists()


VOICES = {name: np.full((510, 1, 256), index, "<f4") for index, name in enumerate(("a", "b"))}

VOICE_MANIFEST = f"""
[profiles]
embedded = ["voices"]
balanced = ["voices"]
quality = ["voices"]
[models.voices]
kind = "voices"
description = "voices"
licence = "MIT"
files = [{{ name = "voices.npz", size = 1045000 }}]
[[models.voices.sources]]
type = "huggingface"
repo = "org/voices"
revision = "abc"
voices = "voices/{{voice}}.bin"
[[models.voices.sources]]
type = "npm"
package = "PACKAGE"
sha256 = "ARCHIVE"
voices = "package/{{voice}}.bin"
[models.voices.voices]
a = "{sha256(VOICES["a"].tobytes())}"
b = "{sha256(VOICES["b"].tobytes())}"
"""


def test_voices_from_the_hub_become_one_archive(hub: Hub, tmp_path: Path) -> None:
    for name, table in VOICES.items():
        hub.add_lfs("org/voices", "abc", f"voices/{name}.bin", table.tobytes())
    store = store_of(tmp_path, hub.url, VOICE_MANIFEST.replace("ARCHIVE", "0" * 64))
    with np.load(store.get("voices") / "voices.npz") as packed:
        np.testing.assert_array_equal(packed["b"], VOICES["b"])
    assert sorted(path.name for path in store.root.iterdir()) == ["voices", "voices.lock"]


def test_voices_from_an_npm_archive_are_the_same(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = {f"package/{name}.bin": table.tobytes() for name, table in VOICES.items()}
    archive = tarball(tmp_path / "voices-1.tgz", members)
    # npm itself is exercised in test_fetch; here it only has to deliver this archive.
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    npm = bin_folder / "npm"
    npm.write_text(f'#!/bin/sh\nwhile [ "$1" != --pack-destination ]; do shift; done\n'
                   f'/bin/cp {archive} "$2"\n')  # fmt: skip
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(bin_folder))
    pinned = VOICE_MANIFEST.replace("ARCHIVE", sha256(archive.read_bytes()))
    store = store_of(tmp_path, hub.url, pinned)
    with np.load(store.get("voices") / "voices.npz") as packed:
        np.testing.assert_array_equal(packed["a"], VOICES["a"])

    other = store_of(tmp_path, hub.url, VOICE_MANIFEST.replace("ARCHIVE", "0" * 64))
    (store.root / "voices" / MARKER).unlink()
    with pytest.raises(ModelError, match="is not the archive that it was"):
        other.get("voices")


ARCHIVE_MANIFEST = """
[profiles]
[models.packed]
kind = "mt"
description = "packed"
licence = "MIT"
files = [{ name = "model.bin", size = 9 }, { name = "pieces.model", size = 9 }]
[[models.packed.sources]]
type = "archive"
urls = ["HUB/org/old/resolve/abc/packed.zip", "HUB/org/packed/resolve/abc/packed.zip"]
sha256 = "ARCHIVE"
size = 300
[models.packed.sources.members]
"model.bin" = ["en_es/model/model.bin"]
"pieces.model" = ["en_es/pieces.model"]
"""


def test_a_model_is_taken_out_of_an_archive_at_the_first_address_that_has_it(
    hub: Hub, tmp_path: Path
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("en_es/model/model.bin", b"weights")
        archive.writestr("en_es/pieces.model", b"pieces")
        archive.writestr("../outside", b"never unpacked")
    hub.add_lfs("org/packed", "abc", "packed.zip", packed.getvalue())
    manifest = ARCHIVE_MANIFEST.replace("HUB", hub.url)
    wrong = store_of(tmp_path, hub.url, manifest.replace("ARCHIVE", "0" * 64))
    with pytest.raises(ModelError, match="could not be fetched"):
        wrong.get("packed")
    store = store_of(tmp_path, hub.url, manifest.replace("ARCHIVE", sha256(packed.getvalue())))
    folder = store.get("packed")
    assert (folder / "model.bin").read_bytes() == b"weights"
    assert (folder / "pieces.model").read_bytes() == b"pieces"
    assert sorted(path.name for path in store.root.iterdir()) == ["packed", "packed.lock"]


@pytest.mark.slow
def test_a_model_comes_from_python_packages_with_the_real_pip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    tiny_package(shelf)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    text = f"""
[profiles]
[models.parts]
kind = "asr"
description = "in two parts"
licence = "MIT"
files = [{{ name = "model.bin", size = 7, sha256 = "{sha256(b"one two")}" }}]
[[models.parts.sources]]
type = "pypi"
packages = ["tiny-model==1.0"]
members = {{ "model.bin" = ["tiny_model/data/part1", "tiny_model/data/part2"] }}
"""
    store = store_of(tmp_path, unused_address(), text)
    assert (store.get("parts") / "model.bin").read_bytes() == b"one two"
    assert sorted(path.name for path in store.root.iterdir()) == ["parts", "parts.lock"]


CONVERTED = """
[profiles]
[models.mt]
kind = "mt"
description = "converted"
licence = "MIT"
files = [{ name = "model.bin", size = 100 }]
[[models.mt.sources]]
type = "convert"
repo = "org/weights"
revision = "main"
download_bytes = 100
inputs = ["config.json", "source.spm"]
copy = ["source.spm"]
"""


def test_a_conversion_downloads_converts_and_cleans_up(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The converter needs torch: here its place is taken, the way to it is real.
    def converter(weights: Path, target: Path, _: object, *, copy: Sequence[str]) -> list[str]:
        (target / "model.bin").write_bytes((weights / "config.json").read_bytes())
        for name in copy:
            (target / name).write_bytes((weights / name).read_bytes())
        return ["model.bin", *copy]

    stand_in = convert.Converter(require=lambda: None, convert=converter)
    monkeypatch.setitem(convert.CONVERTERS, "transformers", stand_in)
    hub.add_small("org/weights", "main", "config.json", b"{}")
    hub.add_lfs("org/weights", "main", "source.spm", b"pieces")
    store = store_of(tmp_path, hub.url, CONVERTED)
    folder = store.get("mt")
    assert sorted(path.name for path in folder.iterdir()) == [MARKER, "model.bin", "source.spm"]
    assert sorted(path.name for path in store.root.iterdir()) == ["mt", "mt.lock"]
    store.verify("mt")


def test_a_conversion_without_the_extra_names_it_and_downloads_nothing(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(convert, "_installed", lambda _package: False)
    with pytest.raises(ModelError, match="pip install 'live-translate\\[convert\\]'"):
        store_of(tmp_path, hub.url, CONVERTED).get("mt")
    assert hub.asked == []


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda text: "models = ", "cannot be used"),
        (lambda text: "[profiles]", "'models'"),
        (lambda text: text.replace('name = "model.bin"', 'name = "../model.bin"'), "plain file"),
        (lambda text: text.replace('name = "model.bin"', 'name = "/model.bin"'), "plain file"),
        (lambda text: text.replace("models.tiny", 'models."a/b"'), "plain file"),
        (lambda text: text.replace('"huggingface"', '"ftp"'), "'ftp'"),
        (lambda text: text.replace("revision", "version"), "version"),
    ],
)
def test_a_manifest_that_is_none_is_one_sentence(tmp_path: Path, spoil: Any, says: str) -> None:
    with pytest.raises(ModelError, match=says):
        manifest_of(tmp_path, spoil(MANIFEST))


def test_a_missing_manifest_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="install the program again"):
        Manifest.load(tmp_path / "manifest.toml")


class TestTheManifestThatWeShip:
    manifest = Manifest.load(data_path("models") / "manifest.toml")

    def test_every_profile_names_known_models(self) -> None:
        assert tuple(self.manifest.profiles) == PROFILES
        for profile in PROFILES:
            for name in self.manifest.profile(profile):
                assert self.manifest.model(name).sources

    def test_the_embedded_profile_does_without_the_hub(self) -> None:
        for name in self.manifest.profile("embedded"):
            assert isinstance(self.manifest.model(name).sources[0], HuggingFace)
            assert isinstance(self.manifest.model(name).sources[-1], PyPi | Npm)

    def test_every_download_is_pinned_by_content(self) -> None:
        for model in self.manifest.models.values():
            pins = [file.sha256 for file in model.files] + list(model.voices.values())
            assert all(len(pin) == 64 for pin in pins if pin)
            archives = [source for source in model.sources if isinstance(source, Archive)]
            assert all(len(archive.sha256) == 64 for archive in archives)
            assert model.voices or archives or all(pins), model.name

    def test_only_what_the_manifest_says_is_unpinned_is(self) -> None:
        moving = [
            source.repo
            for model in self.manifest.models.values()
            for source in model.sources
            if isinstance(source, HuggingFace | Convert) and len(source.revision) != 40
        ]
        assert moving == ["Helsinki-NLP/opus-mt-es-en", "xybrid-ai/Kokoro-82M-v1.0-ONNX"]

    def test_packages_are_pinned_and_hold_every_file(self) -> None:
        for model in self.manifest.models.values():
            for source in model.sources:
                if isinstance(source, PyPi):
                    assert all("==" in package for package in source.packages)
                if isinstance(source, PyPi | Archive):
                    assert set(source.members) == {file.name for file in model.files}


def test_the_default_store_lies_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIVE_TRANSLATE_MODELS", str(tmp_path / "here"))
    assert ModelStore.default().root == tmp_path / "here"
    monkeypatch.delenv("LIVE_TRANSLATE_MODELS")
    assert ModelStore.default().root.parts[-2:] == ("live-translate", "models")


@pytest.mark.slow
@pytest.mark.skipif(not ModelStore.default().has("kokoro-voices"), reason="needs kokoro-voices")
def test_the_real_voices_are_all_there() -> None:
    store = ModelStore.default()
    store.verify("kokoro-voices")
    with np.load(store.path("kokoro-voices") / "voices-v1.0.npz") as voices:
        assert set(voices.files) == set(store.manifest.model("kokoro-voices").voices)
        assert voices["ef_dora"].shape == (510, 1, 256)


FAMILY = """
[profiles]
[models]
[families.opus-mt.defaults]
repo = "Helsinki-NLP/opus-mt-{source}-{target}"
revision = "main"
[families.opus-mt.model]
kind = "mt"
description = "from {source_name} to {target_name}"
licence = "CC-BY-4.0"
files = [{ name = "model.bin", size = 300000 }]
[[families.opus-mt.model.sources]]
type = "convert"
converter = "marian"
repo = "{repo}"
revision = "{revision}"
download_bytes = 800000
inputs = ["config.json", "source.spm", "target.spm", "vocab.json"]
weights = ["model.safetensors", "pytorch_model.bin"]
copy = ["source.spm", "target.spm"]
[families.opus-mt.pairs]
en = "fr es"
[families.opus-mt.named]
en-pt = { repo = "Helsinki-NLP/opus-mt-en-ROMANCE", revision = "abc" }
"""


def test_a_family_has_a_model_for_each_of_its_pairs_and_for_no_other(tmp_path: Path) -> None:
    manifest = manifest_of(tmp_path, FAMILY)
    model = manifest.model("opus-mt-en-fr")
    assert model.description == "from English to French"
    (source,) = model.sources
    assert str(source) == "conversion of Helsinki-NLP/opus-mt-en-fr"
    (named,) = manifest.model("opus-mt-en-pt").sources
    assert isinstance(named, Convert)
    assert (named.repo, named.revision) == ("Helsinki-NLP/opus-mt-en-ROMANCE", "abc")
    assert manifest.knows("opus-mt-en-es")
    for name in ("opus-mt-en-de", "opus-mt-fr-en", "opus-mt", "opus-mt-"):
        assert not manifest.knows(name)
        with pytest.raises(UsageError, match="or one of opus-mt's pairs"):
            manifest.model(name)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("{source_name}", "{nothing}"),
        lambda text: text.replace('en = "fr es"', 'en = "fr xx"').replace("fr", "xx"),
        lambda text: text.replace('"{repo}"', "3"),
        lambda text: text.replace('"model.bin"', '"../{source}"'),
    ],
)
def test_a_family_that_makes_no_model_is_one_sentence(tmp_path: Path, spoil: Any) -> None:
    manifest = manifest_of(tmp_path, spoil(FAMILY))
    with pytest.raises(ModelError, match="has no usable entry for opus-mt-en-"):
        manifest.model("opus-mt-en-xx" if manifest.knows("opus-mt-en-xx") else "opus-mt-en-es")


@pytest.mark.parametrize(
    "weights", ["model.safetensors", "pytorch_model.bin", "pytorch_model.2020.bin"]
)
def test_opus_weights_of_any_form_are_fetched_converted_and_kept(
    hub: Hub, tmp_path: Path, weights: str
) -> None:
    publish(hub, "Helsinki-NLP/opus-mt-en-es", weights=weights)
    store = store_of(tmp_path, hub.url, FAMILY)
    folder = store.get("opus-mt-en-es")
    kept = {path.name for path in folder.iterdir()}
    assert kept >= {"model.bin", "config.json", "source.spm", "target.spm", MARKER}
    assert sorted(path.name for path in store.root.iterdir()) == [
        "opus-mt-en-es",
        "opus-mt-en-es.lock",
    ]
    assert store.family_members() == ["opus-mt-en-es"]
    store.verify("opus-mt-en-es")
    (folder / "model.bin").write_bytes(b"x" * (folder / "model.bin").stat().st_size)
    with pytest.raises(ModelError, match="is damaged"):
        store.checked("opus-mt-en-es")


def test_weights_that_would_run_code_are_refused_in_one_sentence_and_thrown_away(
    hub: Hub, tmp_path: Path
) -> None:
    publish(hub, "Helsinki-NLP/opus-mt-en-es")
    evil = b"cos\nsystem\n(S'touch evil'\ntR."
    hub.add_lfs("Helsinki-NLP/opus-mt-en-es", "main", "pytorch_model.bin", evil)
    store = store_of(tmp_path, hub.url, FAMILY)
    with pytest.raises(ModelError, match=r"asks for os\.system, which is no tensor") as refusal:
        store.get("opus-mt-en-es")
    assert "\n" not in str(refusal.value)
    assert not (store.root / "opus-mt-en-es.weights").exists()
    publish(hub, "Helsinki-NLP/opus-mt-en-es")
    assert store.get("opus-mt-en-es").is_dir()


def test_a_conversion_is_held_to_itself_not_to_what_a_ready_one_would_be(
    hub: Hub, tmp_path: Path
) -> None:
    publish(hub, "org/opus")
    ready = """
[profiles]
[models.mt]
kind = "mt"
description = "ready, or to be converted"
licence = "MIT"
files = [{ name = "model.bin", size = 9, sha256 = "SHA" }]
[[models.mt.sources]]
type = "huggingface"
repo = "org/gone"
revision = "main"
[[models.mt.sources]]
type = "convert"
converter = "marian"
repo = "org/opus"
revision = "main"
download_bytes = 800000
inputs = ["config.json", "source.spm", "target.spm", "vocab.json"]
weights = ["pytorch_model.bin"]
copy = ["source.spm", "target.spm"]
"""
    store = store_of(tmp_path, hub.url, ready.replace("SHA", "0" * 64))
    folder = store.get("mt")
    assert store.checked("mt") == folder
    (folder / "model.bin").write_bytes(b"x" * (folder / "model.bin").stat().st_size)
    with pytest.raises(ModelError, match="is damaged"):
        store.checked("mt")


def test_a_model_that_can_be_done_without_is_asked_for_once_an_hour(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = 1e9
    monkeypatch.setattr("live_translator.model_store.time.time", lambda: now_s)
    reason = "gone"
    store = store_of(tmp_path, hub.url, FAMILY)
    for _ in range(2):
        reason = str(store.try_get("opus-mt-en-es", remembers=True))
        assert "answered 404" in reason
    asked = hub.paths().count("/Helsinki-NLP/opus-mt-en-es/resolve/main/config.json")
    assert asked == 1
    publish(hub, "Helsinki-NLP/opus-mt-en-es")
    now_s += 3000
    assert store.try_get("opus-mt-en-es", remembers=True) == reason
    now_s += 700
    assert store.try_get("opus-mt-en-es", remembers=True) is None
    assert store.try_get("opus-mt-en-es", remembers=True) is None
    assert "opus-mt-en-es" not in (store.root / MISSES).read_text()


def test_who_asks_by_name_is_not_told_of_an_earlier_miss(hub: Hub, tmp_path: Path) -> None:
    store = store_of(tmp_path, hub.url, FAMILY)
    assert store.try_get("opus-mt-en-es", remembers=True) is not None
    publish(hub, "Helsinki-NLP/opus-mt-en-es")
    assert store.try_get("opus-mt-en-es") is None


@pytest.mark.parametrize("content", ["", "[]", '{"opus-mt-en-es": 1}', "{"])
def test_a_note_of_misses_that_is_damaged_is_written_anew(
    hub: Hub, tmp_path: Path, content: str
) -> None:
    store = store_of(tmp_path, hub.url, FAMILY)
    store.root.mkdir()
    (store.root / MISSES).write_text(content)
    reason = store.try_get("opus-mt-en-es", remembers=True)
    assert store.try_get("opus-mt-en-es", remembers=True) == reason


def test_where_the_hub_cannot_be_reached_the_reason_is_its_name(tmp_path: Path) -> None:
    store = store_of(tmp_path, unused_address(), FAMILY)
    assert store.try_get("opus-mt-en-es") == "127.0.0.1 cannot be reached"
    assert not (store.root / "opus-mt-en-es").exists()


def test_that_there_is_a_better_model_is_told_once(tmp_path: Path) -> None:
    store = store_of(tmp_path, unused_address(), FAMILY)
    assert [store.offers("opus-mt-en-es") for _ in range(3)] == [True, False, False]
