"""When is a word safe? Local agreement: commit what two hypotheses in a row agree on.

Liu, Spanakis, Niehues 2020, "Low-Latency Sequence-to-Sequence Speech Recognition and
Translation by Partial Hypothesis Selection" (LA-n); Macháček et al. 2023, "Turning
Whisper into Real-Time Transcription System". Pure: no audio, thread, clock or model.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A word, or a punctuation mark by itself, with the tokens that spell it."""

    text: str
    """Verbatim, with its leading space if it has one."""
    tokens: tuple[int, ...]
    start_s: float
    """From the beginning of the window."""
    end_s: float

    @property
    def key(self) -> str:
        """What two spellings of the same word share: case does not count."""
        return self.text.strip().casefold()

    @property
    def is_punctuation(self) -> bool:
        """Whether no letter or digit is in it."""
        return not any(unicodedata.category(letter)[0] in "LN" for letter in self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """What a recogniser believes follows the prefix that it was given."""

    units: tuple[Unit, ...]
    mean_logprob: float = 0.0
    """Natural logarithm, per token."""
    no_speech_probability: float = 0.0


class LocalAgreement:
    """Commits the longest prefix that two consecutive hypotheses share (LA-2).

    Words agree whatever their case; the newer spelling is taken. A punctuation mark at
    the very end is not committed: the end of the audio looks like the end of a sentence.
    """

    def __init__(self) -> None:
        self._previous: tuple[Unit, ...] = ()

    def step(self, units: Sequence[Unit], safe_until_s: float = float("inf")) -> int:
        """Take the next hypothesis after the committed prefix; return how many units to commit.

        A word that ends after `safe_until_s` is too near the end of the audio to be
        whole, whoever agrees on it (the frame margin of AlignAtt; Papi et al. 2023).
        """
        agreed = 0
        for before, now in zip(self._previous, units, strict=False):
            if before.key != now.key or now.end_s > safe_until_s:
                break
            agreed += 1
        while agreed and agreed == len(units) and units[agreed - 1].is_punctuation:
            agreed -= 1
        self._previous = tuple(units[agreed:])
        return agreed

    def reset(self) -> None:
        """Forget the last hypothesis: a new utterance begins."""
        self._previous = ()
