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
    probability: float = 1.0
    """Of its least likely token, given the audio and the words before."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """How far behind the end of the audio a word must end to be safe, in seconds."""

    sure_s: float
    """For a word that the model is sure of."""
    doubtful_s: float
    """For one whose probability is below `sure_probability`."""
    sure_probability: float

    def is_safe(self, unit: Unit, audio_s: float) -> bool:
        """Whether enough was heard after a word, `audio_s` being the length of the audio.

        What a word's end depends on is what follows it: the frame margin of AlignAtt
        (Papi et al. 2023), wider where the model itself doubts.
        """
        sure = unit.probability >= self.sure_probability
        return audio_s - unit.end_s >= (self.sure_s if sure else self.doubtful_s)


class LocalAgreement:
    """Commits the longest prefix that two consecutive hypotheses share (LA-2).

    Words agree whatever their case; the newer spelling is taken. A word too near the end
    of the audio waits (`Margins`), and so does a punctuation mark at the very end: the
    end of the audio looks like the end of a sentence.
    """

    def __init__(self, margins: Margins) -> None:
        self._margins = margins
        self._previous: tuple[Unit, ...] = ()

    def step(self, units: Sequence[Unit], audio_s: float) -> int:
        """Take the next hypothesis after the committed prefix; return how many units to commit."""
        agreed = 0
        for before, now in zip(self._previous, units, strict=False):
            if before.key != now.key or not self._margins.is_safe(now, audio_s):
                break
            agreed += 1
        while agreed and agreed == len(units) and units[agreed - 1].is_punctuation:
            agreed -= 1
        self._previous = tuple(units[agreed:])
        return agreed

    def reset(self) -> None:
        """Forget the last hypothesis: a new utterance begins."""
        self._previous = ()
