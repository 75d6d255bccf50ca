"""When is a word safe? Local agreement: commit what two hypotheses in a row agree on.

Liu, Spanakis, Niehues 2020, "Low-Latency Sequence-to-Sequence Speech Recognition and
Translation by Partial Hypothesis Selection" (LA-n); Macháček et al. 2023, "Turning
Whisper into Real-Time Transcription System". Pure: no audio, thread, clock or model.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from live_translator.spelling import bare


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
    logprob: float = 0.0
    """Natural logarithm of the product of its tokens' probabilities."""

    @property
    def key(self) -> str:
        """What two spellings of the same word share: case, hyphens, apostrophes do not count.

        A punctuation mark is its own key.
        """
        return bare(self.text) or self.text.strip()

    @property
    def seconds(self) -> float:
        """How long it takes to say."""
        return self.end_s - self.start_s

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
    mark_s: float
    """For a punctuation mark, behind the word that it follows: the end of the audio looks
    like the end of a sentence."""

    def is_safe(self, unit: Unit, audio_s: float) -> bool:
        """Whether enough was heard after a word, `audio_s` being the length of the audio.

        What a word's end depends on is what follows it: the frame margin of AlignAtt
        (Papi et al. 2023), wider where the model itself doubts.
        """
        if unit.is_punctuation:
            return audio_s - unit.start_s >= self.mark_s
        sure = unit.probability >= self.sure_probability
        return audio_s - unit.end_s >= (self.sure_s if sure else self.doubtful_s)


class LocalAgreement:
    """Commits the longest prefix that two consecutive hypotheses share (LA-2).

    Words agree whatever their case and the punctuation in and around them; the newer
    spelling is taken. What is too near the end of the audio waits (`Margins`).
    """

    def __init__(self, margins: Margins) -> None:
        self._margins = margins
        self._previous: tuple[Unit, ...] = ()

    def step(self, units: Sequence[Unit], audio_s: float) -> int:
        """Take the next hypothesis after the committed prefix; return how many units to commit."""
        agreed = shared(self._previous, units)
        count = leading(units[:agreed], lambda unit: self._margins.is_safe(unit, audio_s))
        self._previous = tuple(units[count:])
        return count

    def reset(self) -> None:
        """Forget the last hypothesis: a new utterance begins."""
        self._previous = ()


def shared(before: Sequence[Unit], now: Sequence[Unit]) -> int:
    """Return how many units of `now` begin a text whose words `before` begins with too.

    Marks that only one of them has do not count, except at the end.
    """
    old = new = agreed = 0
    while old < len(before) and new < len(now):
        if before[old].key == now[new].key:
            old, new = old + 1, new + 1
            agreed = new
        elif now[new].is_punctuation:
            new += 1
        elif before[old].is_punctuation:
            old += 1
        else:
            break
    return agreed


def leading(units: Sequence[Unit], is_safe: Callable[[Unit], bool]) -> int:
    """Return how many units are safe before the first that is not."""
    return next((index for index, unit in enumerate(units) if not is_safe(unit)), len(units))
