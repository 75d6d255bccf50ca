"""Recordings played to a recogniser in virtual time: nobody waits, yet slowness shows.

The source's clock goes on with the audio. Computing takes as long on it as it really did;
waiting for audio takes none. A recogniser that is slower than the speaker thus finds more
audio waiting when it is done, as it would behind a microphone. This is the simulation of
Macháček et al. 2023 (https://arxiv.org/abs/2307.14743, section 4), without the waiting.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from live_translator.config import SAMPLE_RATE_HZ
from live_translator.messages import Samples

Clock = Callable[[], float]
"""Seconds of computing; one that stands still makes a run computation-unaware."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word and when it is spoken, on the source's clock."""

    text: str
    """As the model wrote it, with the space before it: texts are joined by nothing."""
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """A word that will not be taken back, and when that was decided."""

    text: str
    start_s: float
    end_s: float
    committed_at_s: float
    """How much of the source the deciding decode could have heard."""
    committed_at_ca_s: float
    """When that decode was done, on the source's clock: with computation."""


class Recogniser(Protocol):
    """One recording's session: audio goes in, committed words come out."""

    def insert(self, samples: Samples) -> None:
        """Take the next samples."""

    def process(self) -> Sequence[Word]:
        """Decode what is there; return the words that this committed."""

    def finish(self) -> Sequence[Word]:
        """Return the words that are left once the source has ended."""


def replay(
    recogniser: Recogniser, samples: Samples, chunk_s: float, clock: Clock
) -> list[Committed]:
    """Return what a recogniser commits of mono float32 samples of `SAMPLE_RATE_HZ`.

    It decodes when at least `chunk_s` of new audio, or the last of it, has arrived, and it
    is done with the decode before. Raises ValueError if `chunk_s` is not positive.
    """
    if chunk_s <= 0:
        raise ValueError(f"a chunk is longer than nothing, not {chunk_s} s")
    source_s = len(samples) / SAMPLE_RATE_HZ
    committed: list[Committed] = []
    now_s = fed_s = 0.0
    fed_samples = 0
    while fed_samples < len(samples):
        now_s = max(now_s, min(fed_s + chunk_s, source_s))
        fed_s = min(now_s, source_s)
        until_samples = round(fed_s * SAMPLE_RATE_HZ)
        recogniser.insert(samples[fed_samples:until_samples])
        fed_samples = until_samples
        began_s = clock()
        words = recogniser.process()
        now_s += clock() - began_s
        committed += committed_at(words, fed_s, now_s)
    return committed + committed_at(recogniser.finish(), source_s, now_s)


def committed_at(words: Sequence[Word], heard_s: float, now_s: float) -> list[Committed]:
    """Return words with when they were committed, without computation and with it."""
    return [
        Committed(
            text=word.text,
            start_s=word.start_s,
            end_s=word.end_s,
            committed_at_s=heard_s,
            committed_at_ca_s=now_s,
        )
        for word in words
    ]
