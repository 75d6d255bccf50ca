"""What became of every word: translated or not, spoken or not, and why not."""

import threading
from collections import Counter, deque
from typing import Any

from live_translator.messages import Playback, Transcript, Translation


class Account:
    """Words that are owed, and what they were settled as, in their order. Pure.

    A text is settled letter by letter, so that a mark that comes later than its word, or a
    word that comes in two parts, changes nothing. A word counts where it begins.
    """

    def __init__(self) -> None:
        self.words = 0
        """That were ever owed."""
        self.outcomes: Counter[str] = Counter()
        """Words that were settled, by what became of them."""
        self.mismatches = 0
        """Texts that were settled without having been owed, or out of order."""
        self._letters: deque[tuple[str, bool]] = deque()
        """What is owed, and whether a word begins there."""
        self._after_space = True

    def owe(self, text: str) -> None:
        """Add a text; it goes on with the last word where it brings no space."""
        for letter in text:
            if not letter.isspace():
                self._letters.append((letter, self._after_space))
                self.words += self._after_space
            self._after_space = letter.isspace()

    def settle(self, text: str, outcome: str) -> None:
        """Take a text off what is owed."""
        for letter in "".join(text.split()):
            if not self._letters or self._letters[0][0] != letter:
                self.mismatches += 1
                return
            _, begins_word = self._letters.popleft()
            self.outcomes[outcome] += begins_word

    def report(self) -> dict[str, Any]:
        """Return all counts; `open` are words of which nothing became yet."""
        return {
            "words": self.words,
            **{outcome: count for outcome, count in self.outcomes.items() if count},
            "open": sum(begins_word for _, begins_word in self._letters),
            "mismatches": self.mismatches,
        }


class Ledger:
    """Holds the run to account for each word that was committed; a `Listener`.

    At the end of a run that was not cut short nothing is open on either side.
    """

    def __init__(self, *, spoken: bool) -> None:
        """Prepare; without speech nothing is owed of the translation."""
        self._spoken = spoken
        self._lock = threading.Lock()
        self._source = Account()
        self._target = Account()

    def on_transcript(self, message: Transcript) -> None:
        """Owe what was recognised a translation."""
        with self._lock:
            self._source.owe(message.committed)

    def on_translation(self, message: Translation) -> None:
        """Settle the source, and owe the target its speech."""
        with self._lock:
            self._source.settle(message.source, message.skipped or "translated")
            if self._spoken:
                self._target.owe(f" {message.target}")

    def on_playback(self, message: Playback) -> None:
        """Settle what was spoken or left out."""
        with self._lock:
            self._target.settle(message.text, message.skipped or "spoken")

    def close(self) -> None:
        """Nothing to close."""

    def report(self) -> dict[str, Any]:
        """Return what became of the words of both sides so far."""
        with self._lock:
            return {"source": self._source.report(), "target": self._target.report()}
