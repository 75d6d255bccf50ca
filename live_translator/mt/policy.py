"""When is a translated word safe? Pure policies: words in, a count to commit out.

The source only ever grows, and what was committed of the target is never changed. Each
time the source has grown its sentence is translated anew, and a policy decides how much
of what follows the committed words may be said now.
"""

from collections.abc import Sequence
from typing import Protocol

from live_translator.config import MtConfig


class CommitPolicy(Protocol):
    """Decides how many of the not yet committed words of a hypothesis to commit."""

    def step(self, remaining: Sequence[str]) -> int:
        """Take the uncommitted words of the newest translation; return how many are safe."""

    def reset(self) -> None:
        """Forget: a new sentence begins."""


class HoldBack:
    """Commits all but the last few words.

    For engines whose output is locally stable, such as rule-based ones, whose longest
    pattern bounds how far back a new source word can reach (wait-k; Ma et al. 2019).
    """

    def __init__(self, words: int) -> None:
        self._words = words

    def step(self, remaining: Sequence[str]) -> int:
        """Return the number of words before the ones held back."""
        return max(0, len(remaining) - self._words)

    def reset(self) -> None:
        """Nothing is remembered."""


class LocalAgreement:
    """Commits the longest prefix that two translations in a row share.

    Liu, Spanakis, Niehues 2020 (LA-2); the best policy of the IWSLT 2022 simultaneous
    task (Polák et al. 2022).
    """

    def __init__(self) -> None:
        self._previous: tuple[str, ...] = ()

    def step(self, remaining: Sequence[str]) -> int:
        """Return the length of the common prefix with the translation before."""
        agreed = 0
        for before, now in zip(self._previous, remaining, strict=False):
            if before != now:
                break
            agreed += 1
        self._previous = tuple(remaining[agreed:])
        return agreed

    def reset(self) -> None:
        """Forget the last translation."""
        self._previous = ()


def make_policy(config: MtConfig, *, forces_prefix: bool) -> CommitPolicy:
    """Return the configured policy; `auto` suits the engine."""
    name = config.policy
    if name == "auto":
        name = "agreement" if forces_prefix else "holdback"
    return LocalAgreement() if name == "agreement" else HoldBack(config.holdback_words)


def remaining_words(committed: Sequence[str], hypothesis: Sequence[str]) -> tuple[str, ...]:
    """Return what a new translation has still to say after the committed words.

    For engines that cannot be made to begin with the committed words: of all beginnings
    of the hypothesis, the one nearest to them by edit distance counts as said. A word
    that differs only in its ending (an agreement changed) costs little, and between
    equally near beginnings the one of the same length wins, so that a changed word is
    neither said twice nor lost.
    """
    if not committed:
        return tuple(hypothesis)
    costs = [float(count) for count in range(len(hypothesis) + 1)]
    for row, word in enumerate(committed, start=1):
        diagonal, costs[0] = costs[0], float(row)
        for column, other in enumerate(hypothesis, start=1):
            substituted = diagonal + _difference(word, other)
            diagonal = costs[column]
            costs[column] = min(substituted, diagonal + 1.0, costs[column - 1] + 1.0)
    nearest = min(
        range(len(hypothesis) + 1),
        key=lambda count: (round(costs[count], 6), abs(count - len(committed))),
    )
    return tuple(hypothesis[nearest:])


def _difference(word: str, other: str) -> float:
    """Return 0 for the same word, little for another form of it, 1 for another word."""
    bare, other_bare = _bare(word), _bare(other)
    if bare == other_bare:
        return 0.0
    shared = 0
    for letter, other_letter in zip(bare, other_bare, strict=False):
        if letter != other_letter:
            break
        shared += 1
    return 0.4 if shared >= 3 and shared * 2 >= max(len(bare), len(other_bare)) else 1.0


def _bare(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())
