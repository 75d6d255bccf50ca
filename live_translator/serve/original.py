"""A speaker's own voice, for those who understand it."""

from collections import deque
from collections.abc import Callable, Iterator

import numpy as np

from live_translator.audio.samples import tamed
from live_translator.audio.wrapped import WrappedOpenableSource
from live_translator.config import SAMPLE_RATE_HZ
from live_translator.interfaces import OpenableSource
from live_translator.messages import AudioBlock, Samples

_BEFORE_S = 0.5
"""Passed on from before speech is noticed: its first sounds, with some to spare."""
_FRAME_S = 0.1
"""Sound in one message; short, since it is heard while it is spoken."""


class Original(WrappedOpenableSource):
    """A source that passes on what is spoken in it, as it comes; nothing while all is quiet.

    On the capture thread.
    """

    def __init__(
        self,
        source: OpenableSource,
        say: Callable[[float, int, bytes], None],
        speaking: Callable[[bool], None],
    ) -> None:
        """Wrap; `say` takes what `SocketSink`'s does, `speaking` whether he does, if that changes.

        Whoever makes it sets `in_speech`, which says whether the last block was speech.
        """
        self.in_speech: Callable[[], bool]
        super().__init__(source)
        self._say = say
        self._tell = speaking
        self._was_in_speech = False
        self._recent: deque[tuple[float, Samples]] = deque()
        """Not passed on yet: each with its place on the source clock."""
        self._recent_samples = 0

    def blocks(self) -> Iterator[AudioBlock]:
        """Yield the source's blocks."""
        for block in self._source.blocks():
            yield block
            # Asked for the next one, the capture has judged this one.
            self._follow(block)
        self._be_quiet()

    def _follow(self, block: AudioBlock) -> None:
        if block.gap_s:
            if self._was_in_speech:
                self._pass_on()
            self._forget()
        self._recent.append((block.start_s, block.samples))
        self._recent_samples += len(block.samples)
        if self.in_speech():
            if not self._was_in_speech:
                self._was_in_speech = True
                self._tell(True)
            if self._recent_samples >= _FRAME_S * SAMPLE_RATE_HZ:
                self._pass_on()
            return
        self._be_quiet()
        kept = _BEFORE_S * SAMPLE_RATE_HZ
        while self._recent and self._recent_samples - len(self._recent[0][1]) >= kept:
            self._recent_samples -= len(self._recent.popleft()[1])

    def _be_quiet(self) -> None:
        if self._was_in_speech:
            self._was_in_speech = False
            self._pass_on()
            self._tell(False)

    def _pass_on(self) -> None:
        if not self._recent:
            return
        start_s = self._recent[0][0]
        samples = np.concatenate([samples for _, samples in self._recent])
        self._forget()
        pcm = (tamed(samples) * 32767.0).round().astype("<i2")
        self._say(start_s, SAMPLE_RATE_HZ, pcm.tobytes())

    def _forget(self) -> None:
        self._recent.clear()
        self._recent_samples = 0
