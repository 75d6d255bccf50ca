"""A seal beside a model: which of its files were found intact, and how they looked then.

Hashing a profile takes from 0.2 s (`embedded`, with the processor's SHA instructions) to 10 s
(`quality`, without). So a file is hashed before this version of the program first loads it, and
again whenever it may have changed: a write to a file, whatever it does to its times, moves
its ctime.
"""

import contextlib
import json
import logging
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from live_translator import __version__
from live_translator.fetch import sha256_of

log = logging.getLogger(__name__)

SEAL = "verified.json"


def damaged(folder: Path, checksums: Mapping[str, str]) -> str | None:
    """Return the first file that is not what its sha256 says, None if all are.

    Files that the seal vouches for are not read. In a folder that cannot be written there is
    no seal, and all are read each time. May be called by any thread, and by several programs
    at once.
    """
    vouched = _read(folder)
    found: dict[str, list[object]] = {}
    for name, sha256 in checksums.items():
        try:
            found[name] = [sha256, *_look(folder / name)]
            if found[name] == vouched.get(name):
                continue
            # The look was taken before: what changes while it is read does not match it.
            if sha256_of(folder / name) != sha256:
                return name
        except OSError:
            return name
    if found != vouched:
        _write(folder, found)
    return None


def sweep(folder: Path) -> None:
    """Remove what programs left that were killed while they wrote a seal."""
    for left_behind in folder.glob(f"{SEAL}.*"):
        left_behind.unlink(missing_ok=True)


def _look(path: Path) -> tuple[int, int, int, int]:
    """Return what tells a file from the same file after a change."""
    stat = path.stat()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def _read(folder: Path) -> Mapping[str, object]:
    try:
        seal = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        files: Mapping[str, object] = seal["files"]
        ours: bool = seal["version"] == __version__
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return files if ours and isinstance(files, dict) else {}


def _write(folder: Path, files: Mapping[str, object]) -> None:
    text = json.dumps({"version": __version__, "files": files}, indent=1)
    try:
        descriptor, draft = tempfile.mkstemp(prefix=f"{SEAL}.", dir=folder)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.write(text)
            Path(draft).replace(folder / SEAL)
        except OSError:
            with contextlib.suppress(OSError):
                Path(draft).unlink()
            raise
    except OSError as error:
        log.debug("%s is hashed at each start: %s", folder, error)
