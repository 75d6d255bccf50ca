"""Where Firefox's translation models are: the list that Mozilla publishes of them.

Mozilla's `db/models.json` (mozilla/translations, `taskcluster` and `pipeline`; MPL-2.0) names for
each pair of languages a record for each architecture: whether it is released, and where its
files lie, compressed by gzip. Of the network it has the checksum as well.
"""

import gzip
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from live_translator.fetch import SourceError

ARCHITECTURES = ("base-memory", "tiny", "base")
"""Mozilla's kinds of students, best first for a laptop: base-memory is 1.5 points of chrF++
better than tiny and 14 MB larger, base half a point more and slower (Mozilla's scores)."""

LARGEST_LIST_BYTES = 20_000_000
"""Of the list, which has a hundred pairs and takes a few hundred kB."""

_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One published model."""

    model: str
    """Addresses, each of a file compressed by gzip."""
    source_pieces: str
    target_pieces: str
    """The same where both languages share their pieces."""
    size: int
    """Of the model when it is unpacked, in bytes."""
    sha256: str


def find_release(content: bytes, pair: str) -> Release:
    """Return the best released model of a pair, SOURCE-TARGET, from the list's content.

    Raises SourceError where there is none, or the list is of another form.
    """
    try:
        published = json.loads(content)
        base = str(published["baseUrl"]).rstrip("/")
        released = [
            record
            for record in published["models"].get(pair, [])
            if str(record["releaseStatus"]).startswith("Release")
            and record["architecture"] in ARCHITECTURES
        ]
        if not released:
            raise SourceError(f"Mozilla has released no model from {pair.replace('-', ' to ')}")
        best = min(released, key=lambda record: ARCHITECTURES.index(record["architecture"]))
        return _release(base, best["files"])
    except (LookupError, TypeError, ValueError, AttributeError) as fault:
        raise SourceError(f"Mozilla's list of models has another form ({fault})") from fault


def _release(base: str, files: Any) -> Release:
    def address(name: str) -> str:
        return f"{base}/{str(files[name]['path']).lstrip('/')}"

    source, target = ("srcVocab", "trgVocab") if "srcVocab" in files else ("vocab", "vocab")
    return Release(
        model=address("model"),
        source_pieces=address(source),
        target_pieces=address(target),
        size=int(files["model"]["uncompressedSize"]),
        sha256=str(files["model"]["uncompressedHash"]).lower(),
    )


def unpack(packed: Path, target: Path, *, at_most: int) -> None:
    """Unpack a file of gzip's; raises SourceError for a damaged one, or one that grows too large.

    What is written is never more than `at_most` bytes.
    """
    written = 0
    try:
        with gzip.open(packed) as stream, target.open("wb") as unpacked:
            while block := stream.read(_BLOCK_BYTES):
                written += len(block)
                if written > at_most:
                    raise SourceError(f"{packed.name} unpacks to more than {at_most} bytes")
                unpacked.write(block)
    except (EOFError, gzip.BadGzipFile, zlib.error) as fault:
        raise SourceError(f"{packed.name} is damaged") from fault
