"""Where speech goes other than to a device: a WAV file, or nowhere."""

import shlex
import struct
import threading
from pathlib import Path

import numpy as np

from live_translator.audio.samples import tamed
from live_translator.config import OUTPUT_RATE_HZ
from live_translator.errors import OutputError
from live_translator.messages import Samples

_HEADER_BYTES = 44
_SAMPLE_BYTES = 2


class NullSink:
    """Plays into nothing, with a file's arithmetic: nothing is heard, all is timed."""

    def __init__(self, sample_rate_hz: int = OUTPUT_RATE_HZ) -> None:
        self.sample_rate_hz = sample_rate_hz
        self._queued_samples = 0

    def play(self, samples: Samples, *, not_before_s: float) -> tuple[float, float]:
        """Return when the samples would sound; never waits."""
        start = max(self._queued_samples, round(not_before_s * self.sample_rate_hz))
        self._queued_samples = start + len(samples)
        return start / self.sample_rate_hz, self.queued_until_s()

    def queued_until_s(self) -> float:
        """Return when the last sample so far ends."""
        return self._queued_samples / self.sample_rate_hz

    def hush(self) -> None:
        """Nothing sounds."""

    def close(self, *, drain: bool) -> None:
        """Nothing to finish."""


class WavSink:
    """Writes mono 16-bit PCM where a sample's place is its time on the source clock.

    The gaps are silence. Samples reach the file before the header counts them, so it is
    a valid WAV file after every `play`, even if the process is killed. Never waits for
    time to pass. Raises OutputError: no folder, disk full, or longer than a WAV can be
    (4 GB: 24 hours at 24 kHz). `play` is for one thread, `close` for any: what is played
    afterwards is thrown away.
    """

    max_data_bytes = 0xFFFF_FFFF - _HEADER_BYTES
    """RIFF counts in 32 bits."""

    def __init__(self, path: Path, sample_rate_hz: int = OUTPUT_RATE_HZ) -> None:
        self.path = path
        self.sample_rate_hz = sample_rate_hz
        self._written_samples = 0
        self._writing = threading.Lock()
        try:
            # Unbuffered: what a failed write leaves behind must not be tried again at close.
            self._file = path.open("wb", buffering=0)
        except OSError as error:
            raise OutputError(_cannot_open(path, error)) from error
        try:
            self._write_header()
        except OutputError:
            self._file.close()
            raise

    def play(self, samples: Samples, *, not_before_s: float) -> tuple[float, float]:
        """Write behind what is written, not before the given time; return start and end."""
        start = max(self._written_samples, round(not_before_s * self.sample_rate_hz))
        if (start + len(samples)) * _SAMPLE_BYTES > self.max_data_bytes:
            raise OutputError(
                f"{self.path} would be longer than the 4 GB that a WAV file can hold: "
                "start again with a new --output"
            )
        with self._writing:
            if not self._file.closed:
                while (silence := start - self._written_samples) > 0:
                    self._append(np.zeros(min(silence, self.sample_rate_hz), "<i2"))
                self._append((tamed(samples) * 32767.0).round().astype("<i2"))
                self._write_header()
        return start / self.sample_rate_hz, (start + len(samples)) / self.sample_rate_hz

    def queued_until_s(self) -> float:
        """Return when the last sample so far ends."""
        return self._written_samples / self.sample_rate_hz

    def hush(self) -> None:
        """Nothing to take back: what is written is written."""

    def close(self, *, drain: bool) -> None:  # noqa: ARG002 - nothing waits to be written
        """Close the file, which is complete as it is; may be called again."""
        with self._writing:
            self._file.close()

    def _append(self, pcm: "np.ndarray[tuple[int], np.dtype[np.int16]]") -> None:
        self._write(_HEADER_BYTES + self._written_samples * _SAMPLE_BYTES, pcm.tobytes())
        self._written_samples += len(pcm)

    def _write_header(self) -> None:
        data_bytes = self._written_samples * _SAMPLE_BYTES
        riff = struct.pack("<4sI4s", b"RIFF", _HEADER_BYTES - 8 + data_bytes, b"WAVE")
        pcm, channels, bits = 1, 1, 8 * _SAMPLE_BYTES
        form = struct.pack(
            "<4sIHHIIHH",
            b"fmt ",
            16,
            pcm,
            channels,
            self.sample_rate_hz,
            self.sample_rate_hz * _SAMPLE_BYTES,
            _SAMPLE_BYTES,
            bits,
        )
        self._write(0, riff + form + struct.pack("<4sI", b"data", data_bytes))

    def _write(self, offset: int, content: bytes) -> None:
        left = memoryview(content)
        try:
            self._file.seek(offset)
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            raise OutputError(
                f"cannot write {self.path} ({error.strerror}): free space there or choose "
                "another --output; the file is valid up to here"
            ) from error


def _cannot_open(path: Path, error: OSError) -> str:
    folder = path.parent
    if isinstance(error, FileNotFoundError):
        return (
            f"cannot write {path}: the folder {folder} does not exist; "
            f"create it with mkdir -p {shlex.quote(str(folder))}"
        )
    if isinstance(error, IsADirectoryError):
        return f"cannot write {path}: it is a folder; name a file in it"
    if isinstance(error, PermissionError):
        return f"cannot write {path}: no permission; choose another --output"
    return f"cannot write {path} ({error.strerror}): choose another --output"
