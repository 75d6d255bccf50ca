"""Firefox's models are found in Mozilla's list, fetched, unpacked and checked."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from live_translator.config import MtConfig
from live_translator.errors import ModelError
from live_translator.fetch import SourceError
from live_translator.firefox import find_release, unpack
from live_translator.languages import language
from live_translator.mt.engines import choose
from tests.standin_hub import Hub, serving, sha256
from tests.test_model_store import store_of

DATA = Path(__file__).parent / "mt" / "data" / "firefox"

MANIFEST = """
[profiles]
[models]
[families.firefox.defaults]
list = "HUB/db/models.json"
[families.firefox.model]
kind = "mt"
description = "from {source_name} to {target_name}"
licence = "MPL-2.0"
files = [
  { name = "model.bin", size = 300000 },
  { name = "source.spm", size = 9000 },
  { name = "target.spm", size = 9000 },
]
[[families.firefox.model.sources]]
type = "firefox"
url = "{list}"
pair = "{source}-{target}"
[families.firefox.pairs]
en = "es fa"
"""


def record(
    status: str | None = "Release",
    architecture: str = "tiny",
    *,
    path: str = "models/en-es/x",
    **files: Any,
) -> dict[str, Any]:
    network = (DATA / "model.bin").read_bytes()
    return {
        "architecture": architecture,
        "releaseStatus": status,
        "files": {
            "model": {
                "path": f"{path}/model.bin.gz",
                "uncompressedSize": len(network),
                "uncompressedHash": sha256(network),
            },
            "lexicalShortlist": {"path": f"{path}/lex.bin.gz"},
            "vocab": {"path": f"{path}/vocab.spm.gz"},
        }
        | files,
    }


def listing(*records: dict[str, Any], base: str = "https://host.example") -> bytes:
    return json.dumps({"baseUrl": base, "models": {"en-es": list(records)}}).encode()


@pytest.fixture
def hub() -> Iterator[Hub]:
    """Serves a model as Mozilla's bucket does."""
    with serving() as hub:
        hub.add("/db/models.json", listing(record(), base=hub.url))
        for name, file in (("model.bin", "model.bin"), ("vocab.spm", "vocab.spm")):
            content = gzip.compress((DATA / file).read_bytes())
            hub.add(f"/models/en-es/x/{name}.gz", content)
        yield hub


def test_a_model_is_fetched_and_translates(hub: Hub, tmp_path: Path) -> None:
    store = store_of(tmp_path, hub.url, MANIFEST)
    folder = store.get("firefox-en-es")
    assert (folder / "source.spm").read_bytes() == (folder / "target.spm").read_bytes()
    assert sorted(path.name for path in store.root.iterdir()) == [
        "firefox-en-es",
        "firefox-en-es.lock",
    ]
    config = MtConfig(engines=("opus-mt", "firefox"))
    engine = choose(language("en"), language("es"), config, store, complete=False)
    assert engine is not None
    assert engine.name == "firefox-en-es"
    assert engine.translate("Tom is my friend.").startswith("Tom es ")
    engine.close()


def test_a_pair_that_mozilla_has_not_released_is_one_line(hub: Hub, tmp_path: Path) -> None:
    reason = store_of(tmp_path, hub.url, MANIFEST).try_get("firefox-en-fa")
    assert reason is not None
    assert reason.endswith("Mozilla has released no model from en to fa")


@pytest.mark.parametrize(
    ("path", "content", "says"),
    [
        ("/models/en-es/x/model.bin.gz", gzip.compress(b"another"), "another checksum"),
        ("/models/en-es/x/model.bin.gz", b"no gzip", "is damaged"),
        ("/models/en-es/x/model.bin.gz", gzip.compress(bytes(5_000))[:-9], "is damaged"),
        ("/models/en-es/x/vocab.spm.gz", gzip.compress(bytes(5_000_000)), "unpacks to more than"),
        ("/db/models.json", b"{}", "has another form"),
        ("/db/models.json", b"<html>", "has another form"),
    ],
)
def test_what_is_not_as_the_list_says_is_refused(
    hub: Hub, tmp_path: Path, path: str, content: bytes, says: str
) -> None:
    hub.add(path, content)
    with pytest.raises(ModelError, match=says):
        store_of(tmp_path, hub.url, MANIFEST).get("firefox-en-es")


def test_the_best_released_architecture_is_taken() -> None:
    content = listing(
        record("Release", "tiny", path="tiny"),
        record("Release Android", "base-memory", path="memory"),
        record("Release", "base", path="base"),
        record(None, "base-memory", path="unreleased"),
        record("Release", "giant", path="giant"),
    )
    release = find_release(content, "en-es")
    assert release.model == "https://host.example/memory/model.bin.gz"


def test_languages_that_share_no_letters_have_pieces_of_their_own() -> None:
    of_two = record(srcVocab={"path": "s.gz"}, trgVocab={"path": "t.gz"})
    release = find_release(listing(of_two), "en-es")
    assert release.source_pieces == "https://host.example/s.gz"
    assert release.target_pieces == "https://host.example/t.gz"


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b'{"baseUrl": 1, "models": 2}', listing({"releaseStatus": "Release"})],
)
def test_a_list_of_another_form_is_one_sentence(content: bytes) -> None:
    with pytest.raises(SourceError, match="has another form"):
        find_release(content, "en-es")


def test_unpacking_stops_at_what_was_announced(tmp_path: Path) -> None:
    packed, target = tmp_path / "a.gz", tmp_path / "a"
    packed.write_bytes(gzip.compress(bytes(50_000_000)))
    with pytest.raises(SourceError, match="unpacks to more than 1000 bytes"):
        unpack(packed, target, at_most=1000)
    assert target.stat().st_size <= 1000
