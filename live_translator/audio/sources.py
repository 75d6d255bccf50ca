"""Recordings as sources: a file or a pipe; 16 kHz mono float32."""

import contextlib
import ctypes
import errno
import io
import logging
import os
import selectors
import shlex
import stat
import threading
from collections import deque
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from live_translator.audio.framer import Framer
from live_translator.audio.resample import joined
from live_translator.audio.samples import tamed
from live_translator.config import SAMPLE_RATE_HZ
from live_translator.errors import AudioError
from live_translator.interfaces import Clock
from live_translator.messages import AudioBlock, Samples

if TYPE_CHECKING:
    import av

log = logging.getLogger(__name__)

BLOCK_SAMPLES = 512
"""What a block holds, except the last one or one before a gap: a frame of the voice
detector, so that no sample waits there for others."""

_LEAST_HZ, _MOST_HZ = 1_000, 3_072_000
"""A header that says less or more is damaged. At 1 Hz a small file would last for weeks, at
2 GHz the resampler's filter alone takes gigabytes; DSD, the fastest that is sold, has 2.8 MHz."""

_MOST_CHANNELS = 8
"""Of more, libswresample knows how to mix only some numbers: they are averaged."""

_READ_BYTES = 1 << 20
"""What ffmpeg gets of a file at once at most."""

_ALLOCATION_BYTES = 1 << 28
"""The most that ffmpeg takes at once: ten times the largest pictures that recordings carry."""

_PIPE_BYTES = 65_536
"""What one read takes at most; Linux's pipe buffer."""


class FileSource:
    """Any file whose sound ffmpeg can decode, decoded as it is needed.

    With `realtime` a block comes when a microphone would deliver it, counted from the
    first call of `blocks`; `captured_at_s` is that moment. A consumer who is late finds
    up to `buffer_s` waiting; what came beyond is lost and marked, as a microphone's
    would be. Without `realtime` blocks come as fast as they are taken.

    Damage after the first block costs the damaged part and a warning. Raises AudioError
    for a file that is missing, unreadable, without sound or damaged throughout.
    """

    def __init__(self, path: Path, *, clock: Clock, realtime: bool, buffer_s: float) -> None:
        self.path = path
        self.name = _shown(path)
        self.dropped_s = 0.0
        self.origin_s: float | None = None
        """Monotonic clock, when the first sample was heard; None until `blocks` begins."""
        self._clock = clock
        self._realtime = realtime
        self._capacity = max(1, int(buffer_s * SAMPLE_RATE_HZ / BLOCK_SAMPLES))
        self._closed = threading.Event()
        self._resources = contextlib.ExitStack()
        self._pieces: Iterator[Samples] | None = None

    def open(self) -> None:
        """Check that the file holds sound, at most once; call before threads start."""
        self._ready()

    def blocks(self) -> Iterator[AudioBlock]:
        """Yield the file in blocks of `BLOCK_SAMPLES`, the last one shorter."""
        try:
            pieces = self._ready()
            self.origin_s = self._clock()
            yield from self._paced(pieces) if self._realtime else self._unpaced(pieces)
        finally:
            self._resources.close()

    def close(self) -> None:
        """End `blocks` after what is due by now."""
        self._closed.set()

    def _unpaced(self, pieces: Iterator[Samples]) -> Iterator[AudioBlock]:
        delivered = 0
        for samples in pieces:
            if self._closed.is_set():
                return
            yield AudioBlock(
                samples=samples,
                start_s=delivered / SAMPLE_RATE_HZ,
                captured_at_s=self._clock(),
            )
            delivered += len(samples)

    def _paced(self, pieces: Iterator[Samples]) -> Iterator[AudioBlock]:
        """Yield as `_unpaced`, but each block when it is due and as far as it fits."""
        origin_s = self._clock() if self.origin_s is None else self.origin_s
        waiting: deque[AudioBlock] = deque()
        arrived = 0
        gap_s = 0.0
        upcoming = next(pieces, None)
        while waiting or upcoming is not None:
            while upcoming is not None:
                due_s = origin_s + (arrived + len(upcoming)) / SAMPLE_RATE_HZ
                if self._clock() < due_s:
                    break
                if len(waiting) < self._capacity:
                    start_s = arrived / SAMPLE_RATE_HZ
                    block = AudioBlock(
                        samples=upcoming, start_s=start_s, captured_at_s=due_s, gap_s=gap_s
                    )
                    waiting.append(block)
                    gap_s = 0.0
                else:
                    gap_s += len(upcoming) / SAMPLE_RATE_HZ
                    self.dropped_s += len(upcoming) / SAMPLE_RATE_HZ
                arrived += len(upcoming)
                upcoming = None if self._closed.is_set() else next(pieces, None)
            if waiting:
                yield waiting.popleft()
            elif upcoming is not None and self._closed.wait(due_s - self._clock()):
                return

    def _ready(self) -> Iterator[Samples]:
        if self._pieces is None:
            try:
                self._pieces = self._opened()
            except AudioError:
                self._resources.close()
                raise
        return self._pieces

    def _opened(self) -> Iterator[Samples]:
        """Return the blocks' samples, the first of which has been decoded."""
        import av  # noqa: PLC0415 - heavy, so only where it is used

        try:
            # Python opens the file, not ffmpeg: to ffmpeg some names are commands or URLs.
            file = self._resources.enter_context(_Recording(self.path))
            status = os.fstat(file.fileno())
        except OSError as error:
            raise AudioError(self._cannot_open(error)) from error
        if stat.S_ISCHR(status.st_mode) or stat.S_ISBLK(status.st_mode):
            raise AudioError(
                f"cannot read {self.name}: it is a device; name a file, or a microphone with "
                "--input-device"
            )
        if stat.S_ISREG(status.st_mode) and status.st_size == 0:
            raise AudioError(f"cannot read {self.name}: it is empty; choose another file")
        _bound_allocations()
        try:
            # A playlist must not make an offline program fetch what it names. Tags, which nobody
            # reads here, may be in any encoding.
            container = av.open(
                file,
                mode="r",
                options={"protocol_whitelist": "none"},
                metadata_errors="ignore",
            )
        except (av.error.FFmpegError, OSError) as error:
            raise AudioError(
                f"cannot read {self.name}: it is not an audio file that ffmpeg knows; "
                "choose one, such as WAV, FLAC, MP3, M4A, Ogg or WebM"
            ) from error
        self._resources.enter_context(container)
        streams = [s for s in container.streams.audio if s.codec_context is not None]
        if not streams:
            raise AudioError(
                f"cannot read {self.name}: it has no audio track that ffmpeg can decode; "
                "choose a file with sound"
            )
        pieces = self._framed(container, streams[0])
        first = next(pieces, None)
        if first is None:
            raise AudioError(
                f"cannot read {self.name}: it holds no sound, its length is zero; "
                "choose another file"
            )
        return _with_first(first, pieces)

    def _framed(
        self, container: "av.container.InputContainer", stream: "av.AudioStream"
    ) -> Iterator[Samples]:
        framer = Framer(BLOCK_SAMPLES)
        for samples in self._decoded(container, stream):
            yield from framer.push(tamed(samples))
        if len(rest := framer.rest()):
            yield rest

    def _decoded(
        self, container: "av.container.InputContainer", stream: "av.AudioStream"
    ) -> Iterator[Samples]:
        """Yield what decodes, at 16 kHz mono; skip what does not, and say so at the end."""
        import av  # noqa: PLC0415 - heavy, so only where it is used

        converter = _FrameConverter()
        damaged = 0
        decoded = False
        damage: av.error.FFmpegError | OSError | _FrameError | None = None
        packets = container.demux(stream)
        while True:
            try:
                packet = next(packets, None)
            except (av.error.FFmpegError, OSError) as error:
                damaged, damage = damaged + 1, error
                break
            except IndexError:  # PyAV knows only the tracks that were there at the beginning.
                damaged, damage = damaged + 1, _FrameError("a new track in its middle")
                break
            if packet is None:
                break
            try:
                frames = packet.decode()
            except av.error.FFmpegError as error:
                damaged, damage = damaged + 1, error
                continue
            for frame in frames:
                try:
                    samples = converter.push(frame)
                except (av.error.FFmpegError, _FrameError) as error:
                    damaged, damage = damaged + 1, error
                    continue
                decoded = True
                yield samples
        yield converter.flush()
        if damage is not None and not decoded:
            raise AudioError(
                f"cannot read {self.name}: its sound is damaged ({damage.strerror}); "
                "get a fresh copy of the file"
            ) from damage
        if damage is not None:
            log.warning(
                "%s is damaged: %d of its pieces could not be decoded and are left out (%s)",
                self.name,
                damaged,
                damage.strerror,
            )

    def _cannot_open(self, error: OSError) -> str:
        if isinstance(error, FileNotFoundError):
            reason = "there is no such file; check the path"
        elif isinstance(error, IsADirectoryError):
            reason = "it is a folder; name a file in it"
        elif isinstance(error, PermissionError):
            reason = f"no permission; try chmod +r {shlex.quote(str(self.path))}"
        else:
            reason = f"{error.strerror}; choose another file"
        return f"cannot read {self.name}: {reason}"


class StdinSource:
    """Raw sound from a pipe: 16 kHz, mono, 16-bit little-endian, until it ends.

    A slow consumer slows the writer down, so nothing is lost. Needs a stream with a file
    descriptor, and reads past what the stream itself has buffered. Raises AudioError
    where the stream is a terminal, a WAV file or empty.
    """

    name = "standard input"

    def __init__(self, stream: BinaryIO, *, clock: Clock) -> None:
        self.dropped_s = 0.0
        self.origin_s: float | None = None
        """Monotonic clock, when the first sample was heard; None before it came."""
        self._stream = stream
        self._clock = clock
        self._closing = threading.Lock()
        # Closing the writing end wakes a read that waits on the reading end too.
        self._wake_fd, self._waker_fd = os.pipe()
        self._woken = False

    def open(self) -> None:
        """Check that sound can come; call before threads start."""
        if self._stream.isatty():
            raise AudioError(
                "standard input is a terminal: pipe raw sound into the program, as with "
                "ffmpeg -i talk.mp3 -f s16le -ac 1 -ar 16000 - | live-translate --input -"
            )

    def blocks(self) -> Iterator[AudioBlock]:
        """Yield blocks of `BLOCK_SAMPLES` as they arrive, the last one shorter."""
        self.open()
        framer = Framer(BLOCK_SAMPLES)
        delivered = 0
        odd = b""
        try:
            for content in self._reads():
                if self.origin_s is None:
                    self.origin_s = self._clock()
                    _refuse_wav(content)
                content = odd + content  # noqa: PLW2901 - a sample may be cut in two
                whole = len(content) // 2 * 2
                odd = content[whole:]
                samples = np.frombuffer(content[:whole], "<i2") * np.float32(1 / 32768)
                for block in framer.push(samples):
                    yield self._block(block, delivered)
                    delivered += len(block)
            if len(rest := framer.rest()):
                yield self._block(rest, delivered)
            if self.origin_s is None and not self._woken:
                raise AudioError(
                    "standard input held no sound: check the program that writes to it"
                )
        finally:
            self.close()
            os.close(self._wake_fd)

    def close(self) -> None:
        """End `blocks`, also one that waits for input."""
        with self._closing:
            if not self._woken:
                self._woken = True
                os.close(self._waker_fd)

    def _reads(self) -> Iterator[bytes]:
        stream_fd = self._stream.fileno()
        # poll takes regular files too, unlike epoll, and any descriptor, unlike select.
        with selectors.PollSelector() as selector:
            selector.register(stream_fd, selectors.EVENT_READ)
            selector.register(self._wake_fd, selectors.EVENT_READ)
            while True:
                ready = {key.fd for key, _ in selector.select()}
                if self._wake_fd in ready:
                    return
                try:
                    content = os.read(stream_fd, _PIPE_BYTES)
                except OSError as error:
                    raise AudioError(
                        f"cannot read standard input ({error.strerror}): "
                        "check the program that writes to it"
                    ) from error
                if not content:
                    return
                yield content

    def _block(self, samples: Samples, delivered: int) -> AudioBlock:
        return AudioBlock(
            samples=samples,
            start_s=delivered / SAMPLE_RATE_HZ,
            captured_at_s=self._clock(),
        )


class _Recording(io.FileIO):
    """A file as ffmpeg wants it, whatever numbers it has read there."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Return at most `_READ_BYTES`: of what a header claims, a buffer would be made first."""
        asked = _READ_BYTES if size is None or size < 0 else size
        return super().read(min(asked, _READ_BYTES)) or b""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Return the new place or, as a C function does, a negative number.

        PyAV would print the traceback of an exception.
        """
        try:
            return super().seek(offset, whence)
        except (OSError, OverflowError):
            return -errno.EINVAL


@cache
def _bound_allocations() -> None:
    """Have ffmpeg refuse to take much memory at once: of a tag it believes lengths up to 2 GB.

    PyAV does not lend `av_max_alloc`; where it cannot be found, ffmpeg's own bound stays.
    """
    from av.container import core  # noqa: PLC0415 - heavy, so only where it is used

    with contextlib.suppress(OSError, AttributeError):
        # Looked for in what this module of PyAV is linked to.
        ctypes.CDLL(core.__file__).av_max_alloc(ctypes.c_size_t(_ALLOCATION_BYTES))


class _FrameError(Exception):
    """A frame that is no recording's."""

    def __init__(self, strerror: str) -> None:
        super().__init__(strerror)
        self.strerror = strerror


class _FrameConverter:
    """Any decoded frame to 16 kHz mono float32; begins anew where the format changes."""

    def __init__(self) -> None:
        self._converter: av.AudioResampler | None = None
        self._format: tuple[str, str, int] | None = None
        self._gain = np.float32(1.0)

    def push(self, frame: "av.AudioFrame") -> Samples:
        import av  # noqa: PLC0415 - heavy, so only where it is used

        # A damaged time stamp must not matter: samples are counted, not dated.
        frame.pts = None
        if not _LEAST_HZ <= frame.sample_rate <= _MOST_HZ:
            raise _FrameError(f"{frame.sample_rate} samples a second")
        if frame.layout.nb_channels > _MOST_CHANNELS:
            frame = _averaged(frame)
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        tail = np.zeros(0, np.float32)
        if form != self._format or self._converter is None:
            tail = self.flush()
            self._converter = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE_HZ)
            self._format = form
            # For floats libswresample leaves its mixing matrix unnormalised: left and right
            # by 0.71 each. Halved power makes stereo the mean of its channels.
            self._gain = np.float32(1.0 if frame.layout.nb_channels == 1 else np.sqrt(0.5))
        return np.concatenate([tail, joined(self._converter.resample(frame)) * self._gain])

    def flush(self) -> Samples:
        converter, self._converter = self._converter, None
        if converter is None:
            return np.zeros(0, np.float32)
        return joined(converter.resample(None)) * self._gain


def _averaged(frame: "av.AudioFrame") -> "av.AudioFrame":
    """Return the mean of a frame's channels."""
    import av  # noqa: PLC0415 - heavy, so only where it is used

    frames = [frame]
    if frame.format.is_planar:
        # PyAV reads wild memory for the ninth plane of a frame: first all into one.
        frames = av.AudioResampler("flt", frame.layout, frame.sample_rate).resample(frame)
    table = np.concatenate([each.to_ndarray()[0] for each in frames])
    mean = table.reshape(-1, frame.layout.nb_channels).mean(axis=1, dtype=np.float64)
    if table.dtype.kind != "f":
        full = 2.0 ** (8 * table.dtype.itemsize - 1)
        # Eight bits are the only ones without a sign.
        mean = mean / full - (1.0 if table.dtype.kind == "u" else 0.0)
    mono = av.AudioFrame.from_ndarray(mean.astype("<f4")[np.newaxis], format="flt", layout="mono")
    mono.sample_rate = frame.sample_rate
    return mono


def _with_first(first: Samples, rest: Iterator[Samples]) -> Iterator[Samples]:
    yield first
    yield from rest


def _refuse_wav(head: bytes) -> None:
    if head.startswith(b"RIFF"):
        raise AudioError(
            "standard input is a WAV file, but '-' takes raw sound: name the file after "
            "--input, or pipe it through ffmpeg -i - -f s16le -ac 1 -ar 16000 -"
        )


def _shown(path: Path) -> str:
    """Return the path for a one-line message."""
    text = str(path)
    return text if text.isprintable() else ascii(text)
