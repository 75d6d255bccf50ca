"""whisper_streaming: LocalAgreement-2 over Whisper's whole transcripts of a growing buffer.

Macháček, Dabre and Bojar 2023, "Turning Whisper into Real-Time Transcription System",
https://arxiv.org/abs/2307.14743, section 3; constants that the paper leaves open are those
of the published program, https://github.com/ufal/whisper_streaming, with its recommended
trimming at segments.
"""

from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Any, Protocol

import numpy as np

from benchmarks.peers.replay import Word
from live_translator.config import SAMPLE_RATE_HZ
from live_translator.messages import Samples

TRIM_S = 15.0
"""A longer buffer is cut, where it can be."""
PROMPT_CHARACTERS = 200
"""How much committed text before the buffer the model is told, in whole words."""
OVERLAP_WORDS = 5
"""At most so many words may be heard again behind the last committed one."""
BEAM_SIZE = 5
_EARLY_S = 0.1
"""A word that begins this much before the last committed one ends may still be new."""
_NEAR_S = 1.0
"""Words are looked for twice only where the new ones begin this near to the committed."""


class Model(Protocol):
    """What is used of faster-whisper's `WhisperModel`."""

    def transcribe(  # noqa: D102 - faster-whisper's own
        self,
        audio: Samples,
        *,
        language: str,
        initial_prompt: str,
        beam_size: int,
        word_timestamps: bool,
        condition_on_previous_text: bool,
    ) -> tuple[Iterable[Any], Any]: ...


class WhisperStreaming:
    """One recording's session; satisfies `replay.Recogniser`."""

    def __init__(self, model: Model, language: str, *, trim_s: float = TRIM_S) -> None:
        self._model = model
        self._language = language
        self._trim_s = trim_s
        self._audio = np.zeros(0, np.float32)
        self._offset_s = 0.0
        """Where the buffer begins, on the source's clock."""
        self._committed: list[Word] = []
        self._unconfirmed: list[Word] = []
        """What the last transcript had after the committed words."""

    def insert(self, samples: Samples) -> None:
        """Append mono float32 samples of `SAMPLE_RATE_HZ` to the buffer."""
        self._audio = np.concatenate([self._audio, samples])

    def process(self) -> list[Word]:
        """Transcribe the buffer; return the words on which it agrees with the last time."""
        segments = list(
            self._model.transcribe(
                self._audio,
                language=self._language,
                initial_prompt=prompt(self._committed, self._offset_s),
                beam_size=BEAM_SIZE,
                word_timestamps=True,
                condition_on_previous_text=True,
            )[0]
        )
        heard = [
            Word(word.word, word.start + self._offset_s, word.end + self._offset_s)
            for segment in segments
            for word in segment.words
        ]
        in_buffer = [word for word in self._committed if word.end_s > self._offset_s]
        new = extension(heard, in_buffer, self._committed[-1].end_s if self._committed else 0.0)
        agreed = agreement(self._unconfirmed, new)
        self._committed += agreed
        self._unconfirmed = new[len(agreed) :]
        if len(self._audio) > self._trim_s * SAMPLE_RATE_HZ and self._committed:
            ends_s = [segment.end + self._offset_s for segment in segments]
            self._trim(completed(ends_s, self._committed[-1].end_s))
        return agreed

    def finish(self) -> list[Word]:
        """Return the words that one transcript alone had: there will be no second."""
        rest, self._unconfirmed = self._unconfirmed, []
        return rest

    def _trim(self, at_s: float | None) -> None:
        if at_s is not None:
            self._audio = self._audio[int((at_s - self._offset_s) * SAMPLE_RATE_HZ) :]
            self._offset_s = at_s


def extension(heard: Sequence[Word], committed: Sequence[Word], until_s: float) -> list[Word]:
    """Return the heard words that go on where the committed ones end, at `until_s`.

    What begins earlier is left out by its time. As times are not exact, the first words
    are also left out if they are the last committed ones of the buffer again: of 1 to
    `OVERLAP_WORDS` words the shortest that is found.
    """
    new = [word for word in heard if word.start_s > until_s - _EARLY_S]
    if not new or abs(new[0].start_s - until_s) >= _NEAR_S:
        return new
    before, after = [word.text for word in committed], [word.text for word in new]
    for length in range(1, min(len(before), len(after), OVERLAP_WORDS) + 1):
        if before[-length:] == after[:length]:
            return new[length:]
    return new


def agreement(before: Sequence[Word], now: Sequence[Word]) -> list[Word]:
    """Return the longest common prefix of two transcripts, with the later one's times.

    LocalAgreement with n = 2, Liu et al. 2020, https://arxiv.org/abs/2005.11185.
    """
    pairs = zip(before, now, strict=False)
    return [new for _, new in takewhile(lambda pair: pair[0].text == pair[1].text, pairs)]


def prompt(committed: Sequence[Word], offset_s: float) -> str:
    """Return the end of the committed text that is no longer in the buffer.

    Whole words until they are `PROMPT_CHARACTERS` long, a space counted with each.
    """
    # The published program never prompts with the last committed word.
    gone = list(committed[:-1])
    while gone and gone[-1].end_s > offset_s:
        gone.pop()
    texts: list[str] = []
    length = 0
    while gone and length < PROMPT_CHARACTERS:
        texts.insert(0, gone.pop().text)
        length += len(texts[0]) + 1
    return "".join(texts)


def completed(ends_s: Sequence[float], until_s: float) -> float | None:
    """Return the end of the last segment that is committed whole; None where there is none.

    The last segment of a transcript never counts: it may go on.
    """
    return next((end_s for end_s in reversed(ends_s[:-1]) if end_s <= until_s), None)
