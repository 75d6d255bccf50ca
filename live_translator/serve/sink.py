"""A client's loudspeaker as the sink of a run."""

from collections.abc import Callable

from live_translator.audio.samples import tamed
from live_translator.audio.sinks import NullSink
from live_translator.messages import Samples

_FRAME_S = 0.5
"""Sound in one message: 24 kB, which a slow line takes in a moment, and a resumed one loses."""


class SocketSink(NullSink):
    """Gives sound away with its place on the timeline; the client plays it then."""

    def __init__(self, say: Callable[[float, int, bytes], None]) -> None:
        """`say` takes start (source clock, s), rate in Hz and mono s16le; on the TTS thread."""
        super().__init__()
        self._say = say

    def play(self, samples: Samples, *, not_before_s: float) -> tuple[float, float]:
        """Pass the samples on and return when they will sound; never waits."""
        start_s, end_s = super().play(samples, not_before_s=not_before_s)
        pcm = (tamed(samples) * 32767.0).round().astype("<i2")
        step = int(_FRAME_S * self.sample_rate_hz)
        for begin in range(0, len(pcm), step):
            at_s = start_s + begin / self.sample_rate_hz
            self._say(at_s, self.sample_rate_hz, pcm[begin : begin + step].tobytes())
        return start_s, end_s
