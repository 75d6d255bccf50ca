"""The small Marian models under tests/mt/data/marian, and what transformers makes of them."""

import gzip
import io
import json
import lzma
import shutil
import tarfile
from functools import cache
from pathlib import Path
from typing import Any

from tests.standin_hub import Hub

DATA = Path(__file__).parent / "mt" / "data" / "marian"
INPUTS = ("config.json", "vocab.json", "source.spm", "target.spm")


@cache
def published() -> dict[str, bytes]:
    """The files as a repository holds them, by MODEL/NAME."""
    packed = lzma.decompress((DATA / "models.tar.xz").read_bytes())
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        files = {entry.name: archive.extractfile(entry) for entry in archive}
        return {name: file.read() for name, file in files.items() if file is not None}


@cache
def expected() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(gzip.decompress((DATA / "expected.json.gz").read_bytes()))
    return content


def unpack(model: str, folder: Path, *, weights: str = "model.safetensors") -> Path:
    """Put a model's files, with one of its files of weights, into a new folder."""
    folder.mkdir()
    for name, content in published().items():
        place, _, file = name.partition("/")
        if place == model and not file.startswith(("model.", "pytorch_model.")):
            (folder / file).write_bytes(content)
    kept = "pytorch_model.bin" if weights.startswith("pytorch") else weights
    (folder / kept).write_bytes(published()[f"{model}/{weights}"])
    return folder


def publish(
    hub: Hub, repo: str, *, revision: str = "main", weights: str = "pytorch_model.2020.bin"
) -> None:
    """Serve the trained model as Helsinki-NLP does its own: most have the pickle alone."""
    for name in INPUTS:
        hub.add_small(repo, revision, name, published()[f"en-es/{name}"])
    kept = "pytorch_model.bin" if weights.startswith("pytorch") else weights
    hub.add_lfs(repo, revision, kept, published()[f"en-es/{weights}"])


def copy_pieces(source: Path, target: Path, *, swapped: bool = False) -> None:
    """Put the SentencePiece models beside a converted one; swapped, for the other direction."""
    names = ("source.spm", "target.spm")
    for name, other in zip(names, reversed(names) if swapped else names, strict=True):
        shutil.copy(source / name, target / other)
