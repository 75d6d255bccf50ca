"""The utterances that are still growing, and the ones that have just ended."""

from bisect import insort
from dataclasses import dataclass, replace

from live_translator.captions.text import clean
from live_translator.messages import Transcript, Translation

_MAX_OPEN = 3
"""Utterances whose translation may be waited for; with more, the oldest goes as it is."""


@dataclass(slots=True)
class Utterance:
    """What is known of one utterance; all text is clean."""

    number: int
    start_s: float
    """Source clock."""
    source: str = ""
    unstable: str = ""
    """What the recogniser believes comes next."""
    target: str = ""
    target_unstable: str = ""
    is_heard: bool = False
    """No more words will be recognised."""
    is_translated: bool = False
    """No more of it will be translated."""

    @property
    def has_text(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.source.strip() or self.unstable.strip() or self.target)


class UtteranceBook:
    """Utterances in their order: the growing ones are kept, the ended ones handed out. Pure.

    Handing out forgets, so a talk of any length takes the same memory.
    """

    def __init__(self) -> None:
        self._open: list[Utterance] = []
        self._next = 0
        """The lowest number that was never handed out."""

    def hear(self, message: Transcript) -> None:
        """Take the words committed since the last message, and the new unstable tail."""
        utterance = self._find(message.utterance, message.start_s)
        utterance.source += clean(message.committed)
        utterance.unstable = clean(message.unstable)
        utterance.is_heard = message.final

    def translate(self, message: Translation) -> None:
        """Take a segment; one that comes after its utterance was handed out stands alone."""
        utterance = self._find(message.utterance, message.start_s)
        utterance.target = f"{utterance.target} {clean(message.caption)}".strip()
        utterance.target_unstable = clean(message.unstable)
        utterance.is_translated = message.final

    def growing(self) -> list[Utterance]:
        """Return copies of the utterances that have not ended, oldest first."""
        return [replace(utterance) for utterance in self._open if utterance.has_text]

    def take_ended(self) -> list[Utterance]:
        """Return, oldest first, what no longer changes or is waited for no longer."""
        ended = []
        while self._open and (len(self._open) > _MAX_OPEN or _has_ended(self._open[0])):
            ended.append(self._pop())
        return [utterance for utterance in ended if utterance.has_text]

    def take_all(self) -> list[Utterance]:
        """Return everything that is certain, oldest first."""
        left = [self._pop() for _ in range(len(self._open))]
        return [utterance for utterance in left if utterance.has_text]

    def _find(self, number: int, start_s: float) -> Utterance:
        for utterance in self._open:
            if utterance.number == number:
                return utterance
        # Of one that was handed out, nothing more will be recognised.
        found = Utterance(number, start_s, is_heard=number < self._next)
        insort(self._open, found, key=lambda utterance: utterance.number)
        return found

    def _pop(self) -> Utterance:
        utterance = self._open.pop(0)
        # What never became certain was not said.
        utterance.unstable = utterance.target_unstable = ""
        self._next = max(self._next, utterance.number + 1)
        return utterance


def _has_ended(utterance: Utterance) -> bool:
    return utterance.is_heard and utterance.is_translated
