"""Cuts a stream of samples into frames of one length, however it arrives."""

from collections.abc import Iterator

import numpy as np

from live_translator.messages import Samples


class Framer:
    """Regroups samples into frames of exactly `frame_samples`; each is copied once.

    The frames do not depend on how the input is cut. A frame handed out is never
    written to again. One thread at a time.
    """

    def __init__(self, frame_samples: int) -> None:
        if frame_samples < 1:
            raise ValueError(f"a frame has at least 1 sample, not {frame_samples}")
        self.frame_samples = frame_samples
        self._partial = np.empty(frame_samples, np.float32)
        self._filled_samples = 0

    def push(self, samples: Samples) -> Iterator[Samples]:
        """Yield the frames that `samples`, shape (n,), any n, complete. Exhaust it."""
        taken = 0
        while taken < len(samples):
            take = min(self.frame_samples - self._filled_samples, len(samples) - taken)
            filled = self._filled_samples + take
            self._partial[self._filled_samples : filled] = samples[taken : taken + take]
            taken += take
            self._filled_samples = filled
            if filled == self.frame_samples:
                frame = self._partial
                self._partial = np.empty(self.frame_samples, np.float32)
                self._filled_samples = 0
                yield frame

    def rest(self) -> Samples:
        """Return and forget the samples that fill no frame, fewer than one frame's."""
        rest = self._partial[: self._filled_samples].copy()
        self._filled_samples = 0
        return rest
