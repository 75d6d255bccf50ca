"""Capture that follows the steering: pauses, and utterances that know their direction."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from live_translator.config import SAMPLE_RATE_HZ
from live_translator.interfaces import Processor
from live_translator.messages import AudioBlock, SpeechChunk
from live_translator.steering import Steering


class SteeredCapture:
    """Ends the utterance where the steering changes; a Processor for the capture thread.

    While paused blocks are let go; the next one then brings the time as its gap. A chunk
    whose utterance may go several ways has no direction: its language decides, later.
    """

    def __init__(self, capture: Processor[AudioBlock, SpeechChunk], steering: Steering) -> None:
        self._capture = capture
        self._steering = steering
        self._directions = steering.directions
        self._paused_s = 0.0
        """Audio let go since the last block that was heard."""

    def process(self, batch: Sequence[AudioBlock]) -> Iterator[SpeechChunk]:
        """Yield the speech in the blocks that are to be heard."""
        for block in batch:
            directions = self._steering.directions
            if directions != self._directions:
                yield from self._directed(self._capture.finish())
                self._directions = directions
            if self._steering.paused:
                if not self._paused_s:
                    yield from self._directed(self._capture.finish())
                self._paused_s += block.gap_s + len(block.samples) / SAMPLE_RATE_HZ
            else:
                heard = replace(block, gap_s=block.gap_s + self._paused_s)
                self._paused_s = 0.0
                yield from self._directed(self._capture.process([heard]))

    def finish(self) -> Iterator[SpeechChunk]:
        """End the utterance that runs."""
        yield from self._directed(self._capture.finish())

    def close(self) -> None:
        """Close the capture."""
        self._capture.close()

    def _directed(self, chunks: Iterable[SpeechChunk]) -> Iterator[SpeechChunk]:
        known = self._directions[0] if len(self._directions) == 1 else None
        for chunk in chunks:
            yield replace(chunk, direction=known)
