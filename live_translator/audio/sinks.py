"""Where speech goes: a WAV file, the sound card, or nowhere; all on the source's timeline."""

import shlex
import struct
import threading
from pathlib import Path
from typing import Protocol

import numpy as np

from live_translator.audio.playback import PlaybackBuffer
from live_translator.audio.portaudio import DeviceStream
from live_translator.audio.resample import Resampler
from live_translator.config import OUTPUT_RATE_HZ
from live_translator.errors import DeviceError, OutputError
from live_translator.messages import Samples

_HEADER_BYTES = 44
_SAMPLE_BYTES = 2
_STALL_S = 5.0
"""A sound card that asks for nothing this long is gone; it asks every 32 ms."""
_CONTINUE = 0
"""PortAudio's paContinue."""


class Timeline(Protocol):
    """Says what time it is on the source clock."""

    def now_s(self) -> float:
        """Return seconds since the source's first sample."""


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
                self._append((_playable(samples) * 32767.0).round().astype("<i2"))
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


class SpeakerSink:
    """Plays on a sound card through a bounded buffer; silence where speech is late.

    `play` is for one thread, `close` for any: without `drain` it also wakes a `play`
    that waits, and what is played afterwards is thrown away. Opens the device at once;
    raises DeviceError where there is none.
    """

    def __init__(
        self,
        *,
        timeline: Timeline,
        sample_rate_hz: int = OUTPUT_RATE_HZ,
        buffer_s: float,
        device: int | None = None,
    ) -> None:
        self.sample_rate_hz = sample_rate_hz
        self._timeline = timeline
        self._until_s = 0.0
        self._closing = threading.Lock()
        self._closed = False
        self._stream = DeviceStream(
            output=True, device=device, wanted_hz=sample_rate_hz, callback=self._on_output
        )
        # Nothing calls back before the stream is started.
        self._device_hz = self._stream.sample_rate_hz
        self._resampler = Resampler(sample_rate_hz, 1, self._device_hz)
        self._buffer = PlaybackBuffer(max(1, round(buffer_s * self._device_hz)))
        try:
            self._stream.start()
        except DeviceError:
            self._stream.close()
            raise

    def play(self, samples: Samples, *, not_before_s: float) -> tuple[float, float]:
        """Queue; wait while more than `buffer_s` waits; return the expected start and end."""
        if not self._buffer.wait_for_room(_STALL_S):
            # Closing must not wait for it a second time.
            self._buffer.discard()
            raise DeviceError(
                "the loudspeaker stopped taking sound: reconnect it, or use --output FILE.wav"
            )
        free_s = self._free_s()
        silence_s = max(0.0, not_before_s - free_s)
        start_s = max(free_s + silence_s, self._until_s)
        silence = np.zeros(round(silence_s * self.sample_rate_hz), np.float32)
        self._buffer.put(self._resampler.push(silence))
        self._buffer.put(self._resampler.push(_playable(samples)))
        self._until_s = start_s + len(samples) / self.sample_rate_hz
        return start_s, self._until_s

    def queued_until_s(self) -> float:
        """Return when everything queued will have sounded; the present if it has."""
        return max(self._until_s, self._timeline.now_s())

    def hush(self) -> None:
        """Let what is queued not sound any more; from any thread."""
        self._buffer.clear()
        # A moment late is no harm: the next piece just sounds when it is ready.
        self._until_s = 0.0

    def close(self, *, drain: bool) -> None:
        """Finish: with `drain` once all has sounded, else at once; may be called again."""
        if drain:
            self._buffer.put(self._resampler.flush())
            if self._buffer.wait_until_empty(_STALL_S):
                # What was taken last has still to reach the loudspeaker.
                latency = round(self._stream.output_latency_s * self._device_hz)
                self._buffer.put(np.zeros(latency, np.float32))
                self._buffer.wait_until_empty(_STALL_S)
        self._buffer.discard()
        with self._closing:
            if not self._closed:
                self._closed = True
                self._stream.close()

    def _free_s(self) -> float:
        """Return when a sample queued now would sound."""
        waiting_s = self._buffer.waiting_samples / self._device_hz
        return self._timeline.now_s() + waiting_s + self._stream.output_latency_s

    def _on_output(
        self, _data: bytes | None, frames: int, _times: object, _status: int
    ) -> tuple[bytes, int]:
        channels = self._stream.channels
        samples = self._buffer.take(frames)
        return (samples if channels == 1 else samples.repeat(channels)).tobytes(), _CONTINUE


def _playable(samples: Samples) -> Samples:
    """Return the samples within [-1, 1], with silence for what is no number."""
    return np.clip(np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0), -1.0, 1.0)


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
