"""Streaming conversion of sample rate and mixing down to mono, by ffmpeg's libswresample."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from live_translator.messages import Samples

if TYPE_CHECKING:
    import av


class Resampler:
    """Turns (n, channels) float32 at `in_hz` into mono float32 at `out_hz`.

    The output does not depend on how the input is cut. It lags by the filter's half
    length, 16 samples at the lower of the two rates; `flush` yields them. One thread
    at a time.
    """

    def __init__(self, in_hz: int, channels: int, out_hz: int) -> None:
        if min(in_hz, channels, out_hz) < 1:
            raise ValueError(f"cannot resample {channels} channels at {in_hz} Hz to {out_hz} Hz")
        self.in_hz = in_hz
        self.channels = channels
        self.out_hz = out_hz
        self._converter: av.AudioResampler | None = None

    def push(self, samples: NDArray[np.float32]) -> Samples:
        """Return what `samples`, shape (n, channels) or, if mono, (n,), completes."""
        table = samples.reshape(-1, self.channels)
        mono = table[:, 0] if self.channels == 1 else table.mean(axis=1, dtype=np.float32)
        if self.in_hz == self.out_hz:
            return np.array(mono, np.float32)
        if not len(mono):
            return np.zeros(0, np.float32)
        import av  # noqa: PLC0415 - heavy, so only where it is used

        if self._converter is None:
            self._converter = av.AudioResampler(format="flt", layout="mono", rate=self.out_hz)
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(mono, np.float32).reshape(1, -1), format="flt", layout="mono"
        )
        frame.sample_rate = self.in_hz
        return joined(self._converter.resample(frame))

    def flush(self) -> Samples:
        """Return the filter's tail; what is pushed next begins a new stream."""
        converter, self._converter = self._converter, None
        return np.zeros(0, np.float32) if converter is None else joined(converter.resample(None))


def joined(frames: "list[av.AudioFrame]") -> Samples:
    """Return the samples of mono float frames in one array."""
    # PyAV answers a flush of a converter that had nothing to do with [None].
    pieces = [np.asarray(frame.to_ndarray()[0], np.float32) for frame in frames if frame]
    return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
