"""The capture stage: audio blocks in, pieces of utterances out."""

import math
from collections import deque
from collections.abc import Iterator, Sequence

import numpy as np

from live_translator.audio.endpointing import Endpointer
from live_translator.audio.framer import Framer
from live_translator.config import SAMPLE_RATE_HZ, CaptureConfig
from live_translator.interfaces import Clock, VoiceDetector
from live_translator.messages import AudioBlock, Samples, SpeechChunk

_LEVEL_S = 0.3
"""How quickly the level follows: the integration time of a VU meter (IEC 60268-17)."""
_SILENCE_DBFS = -100.0
"""Less than the quantisation noise of 16 bits (-98 dBFS)."""


class CaptureProcessor:
    """Finds the utterances in a source's blocks; a Processor for the capture thread.

    Blocks of any size give the same chunks: one per frame of the detector, the first
    with its pre-roll, the last of an utterance `final` (and empty where the source ended
    or a gap came). A gap ends a running utterance. Blocks must start where the last one
    ended, plus their `gap_s`.
    """

    def __init__(self, detector: VoiceDetector, config: CaptureConfig, clock: Clock) -> None:
        self._detector = detector
        self._clock = clock
        self._framer = Framer(detector.frame_samples)
        self._endpointer = Endpointer(config, detector.frame_samples / SAMPLE_RATE_HZ)
        self._recent: deque[Samples] = deque(maxlen=self._endpointer.lookback_frames)
        self._utterance = 0
        self._anchor_s: float | None = None
        # Since the anchor, where the source clock was last set: counted whole, not added up.
        self._framed_samples = 0
        self._captured_at_s = 0.0
        self._power: float | None = None
        self.heard_s = 0.0
        """Source clock, the end of the last block."""

    @property
    def in_speech(self) -> bool:
        """Whether an utterance has begun and not ended; from any thread."""
        return self._endpointer.in_utterance

    @property
    def level_dbfs(self) -> float | None:
        """How loud the last moments were, 0 at most; None before the first; from any thread.

        Level = 10 log10(mean square), 0 dBFS being the loudest sample there is.
        """
        if self._power is None:
            return None
        return max(_SILENCE_DBFS, 10.0 * math.log10(max(self._power, 1e-12)))

    def process(self, batch: Sequence[AudioBlock]) -> Iterator[SpeechChunk]:
        """Yield the speech in the blocks, as far as it is decided."""
        for block in batch:
            if self._anchor_s is None:
                self._anchor_s = block.start_s
            elif block.gap_s > 0:
                yield from self.finish()
                self._recent.clear()
                self._anchor_s = block.start_s
                self._framed_samples = 0
            self._captured_at_s = block.captured_at_s
            self._measure(block.samples)
            self.heard_s = block.start_s + len(block.samples) / SAMPLE_RATE_HZ
            for samples in self._framer.push(block.samples):
                yield from self._take(samples)

    def finish(self) -> Iterator[SpeechChunk]:
        """Yield the final chunk of an utterance that runs: the rest, less than a frame."""
        rest = self._framer.rest()
        self._framed_samples += len(rest)
        if self._endpointer.in_utterance:
            yield self._chunk(rest, final=True)
        self._endpointer.reset()

    def close(self) -> None:
        """Nothing to release."""

    def _take(self, samples: Samples) -> Iterator[SpeechChunk]:
        self._framed_samples += len(samples)
        self._recent.append(samples)
        take = self._endpointer.step(self._detector.probability(samples))
        if take is None:
            return
        if take.frames > 1:
            samples = np.concatenate(list(self._recent)[-take.frames :])
        yield self._chunk(samples, final=take.ends)

    def _measure(self, samples: Samples) -> None:
        """Let the level follow; blocks of any size come to nearly the same."""
        if not len(samples):
            return
        power = float(np.dot(samples, samples)) / len(samples)
        if not math.isfinite(power):
            return  # A broken recording holds what is no number.
        before = power if self._power is None else self._power
        kept = math.exp(-len(samples) / (SAMPLE_RATE_HZ * _LEVEL_S))
        self._power = kept * before + (1.0 - kept) * power

    def _chunk(self, samples: Samples, *, final: bool) -> SpeechChunk:
        anchor_s = self._anchor_s or 0.0
        chunk = SpeechChunk(
            utterance=self._utterance,
            start_s=anchor_s + (self._framed_samples - len(samples)) / SAMPLE_RATE_HZ,
            end_s=anchor_s + self._framed_samples / SAMPLE_RATE_HZ,
            captured_at_s=self._captured_at_s,
            emitted_at_s=self._clock(),
            final=final,
            samples=samples,
        )
        self._utterance += final
        return chunk
