"""Several programs at one cache of models, real processes, some of them killed at any moment."""

import multiprocessing
import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pytest

from live_translator.fetch import Fetcher
from live_translator.model_store import MARKER, Manifest, ModelStore
from live_translator.seal import SEAL
from tests.standin_hub import Hub, serving, sha256
from tests.test_fetch import tarball

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

    Program: TypeAlias = BaseProcess

pytestmark = pytest.mark.slow

ROUNDS = int(os.environ.get("RACE_ROUNDS", "15"))
WEIGHTS = random.Random(1).randbytes(1_500_000)
VOICE = np.zeros((510, 1, 256), "<f4").tobytes()

DOWNLOADED = f"""
[profiles]
[models.m]
kind = "asr"
description = "downloaded"
licence = "MIT"
files = [
  {{ name = "model.bin", size = {len(WEIGHTS)}, sha256 = "{sha256(WEIGHTS)}" }},
  {{ name = "config.json", size = 2 }},
]
[[models.m.sources]]
type = "huggingface"
repo = "org/m"
revision = "abc"
"""

PACKED = f"""
[profiles]
[models.m]
kind = "voices"
description = "out of a package, by a client that outlives who started it"
licence = "MIT"
files = [{{ name = "voices.npz", size = 530000 }}]
[[models.m.sources]]
type = "npm"
package = "voices@1"
sha256 = "ARCHIVE"
voices = "package/{{voice}}.bin"
[models.m.voices]
a = "{sha256(VOICE)}"
"""


def fetch_and_load(manifest: str, root: str, endpoint: str, path: str) -> None:
    """What a program does that needs the model: get it, check it before it is loaded."""
    os.environ["PATH"] = path  # the server that forks us was started with another
    fetcher = Fetcher(endpoint=endpoint, wait=lambda _: None)
    store = ModelStore(Manifest.load(Path(manifest)), Path(root), fetcher=fetcher)
    store.get("m")
    store.checked("m")


class Cache:
    """A cache that programs race for."""

    def __init__(self, folder: Path, manifest: str, endpoint: str) -> None:
        self.root = folder / "models"
        self._manifest = folder / "manifest.toml"
        self._manifest.write_text(manifest)
        self._endpoint = endpoint
        self._within_s = 0.2
        """How long a program is left alive at most; learnt from what became of the others."""
        # Children of a process without threads, which has all modules loaded already.
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([__name__, "httpx", "live_translator.convert"])

    @property
    def store(self) -> ModelStore:
        return ModelStore(Manifest.load(self._manifest), self.root)

    def program(self) -> "Program":
        process = self._context.Process(
            target=fetch_and_load,
            args=(str(self._manifest), str(self.root), self._endpoint, os.environ["PATH"]),
        )
        process.start()
        return process

    def race(self, chance: random.Random) -> int:
        """Start three programs, kill one or two of them; return how many were killed in time."""
        shutil.rmtree(self.root, ignore_errors=True)
        killed = 0
        for victims in range(chance.randint(1, 2), -1, -1):
            programs = [self.program() for _ in range(3 if victims else 1)]
            for victim in programs[:victims]:
                time.sleep(chance.uniform(0.0, self._within_s))
                victim.kill()
                victim.join(20)
                in_time = victim.exitcode == -9
                killed += in_time
                # On average half of them come too late, however fast the machine is.
                self._within_s *= 1.5 if in_time else 1 / 1.5
                if self.store.has("m"):
                    self.store.verify("m")  # complete means intact, at every moment
            for program in programs[victims:]:
                program.join(60)
                assert program.exitcode == 0
            self.store.verify("m")
            if victims and chance.random() < 0.5:  # the next ones find it half there
                (self.root / "m" / MARKER).unlink()
        return killed

    def settle(self) -> None:
        """Let clients end whose programs were killed; whoever gets the model next, sweeps."""
        deadline_s = time.monotonic() + 20
        while _clients_of(self.root):
            assert time.monotonic() < deadline_s
            time.sleep(0.02)
        self.store.get("m", force=True)


def _clients_of(root: Path) -> list[str]:
    """Return what still runs that was told to write below a folder."""
    done = subprocess.run(["ps", "-wweo", "args"], capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if f"--pack-destination {root}" in line]


def run_rounds(cache: Cache, between: Callable[[random.Random], None]) -> None:
    killed = 0
    for seed in range(ROUNDS):
        chance = random.Random(seed)
        between(chance)
        killed += cache.race(chance)
        cache.settle()
        left = {path.name for path in (cache.root / "m").iterdir()} - {SEAL, MARKER}
        names = {file.name for file in cache.store.manifest.model("m").files}
        assert left == names, f"round {seed}"
        assert {path.name for path in cache.root.iterdir()} == {"m", "m.lock"}, f"round {seed}"
    assert killed >= ROUNDS / 3, "the kills came too late to test anything"


def test_downloads_that_are_killed_at_any_moment_never_harm_the_others(tmp_path: Path) -> None:
    with serving() as hub:
        hub.pause_s = 0.003
        cache = Cache(tmp_path, DOWNLOADED, hub.url)
        run_rounds(cache, lambda chance: _serve(hub, chance))


def _serve(hub: Hub, chance: random.Random) -> None:
    """Serve the same bytes, now and then as another version, by a line that breaks."""
    hub.add_lfs("org/m", "abc", "model.bin", WEIGHTS)
    storage = hub.redirects["/org/m/resolve/abc/model.bin"]
    hub.etags[storage] = f'"{chance.randint(0, 2)}"'
    hub.faults[storage] = [f"cut-after-{chance.randint(0, 900_000)}"] * chance.randint(0, 1)
    hub.add_small("org/m", "abc", "config.json", b"{}")


def test_a_client_that_outlives_its_program_does_not_harm_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tarball(tmp_path / "voices.tgz", {"package/a.bin": VOICE})
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text(
        '#!/bin/sh\nwhile [ "$1" != --pack-destination ]; do shift; done\n'
        'for n in 1 2 3 4 5; do mkdir -p "$2/cache/$n"; echo > "$2/cache/$n/x"; sleep 0.02; done\n'
        f'cp {archive} "$2/"\n'
    )
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{npm.parent}:{os.environ['PATH']}")
    pinned = PACKED.replace("ARCHIVE", sha256(archive.read_bytes()))
    run_rounds(Cache(tmp_path, pinned, "http://unused"), lambda _: None)
