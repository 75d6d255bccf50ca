"""When is a translated word safe? Pure policies: a draft in, a count to commit out.

The source only ever grows, and what was committed of the target is never changed. Each
time the source has grown its sentence is translated anew, and a policy decides how much
of what follows the committed words may be said now. A deadline says how much must be.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Protocol, Self

from live_translator.config import MtConfig
from live_translator.languages import Language
from live_translator.mt.sentences import ends_clause
from live_translator.mt.word_order import wait_words
from live_translator.spelling import bare, likeness


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The newest translation of a growing sentence, behind its committed words."""

    words: tuple[str, ...] = ()
    committed: int = 0
    """How many target words of the sentence came before these."""
    source_words: int = 0
    """How many words it translates."""
    attended: tuple[int, ...] | None = None
    """For each word, the last source word that it was made from, counted from 0; None where
    the engine does not say."""

    def after(self, count: int) -> Self:
        """Return what is left once the first `count` words are committed."""
        return replace(
            self,
            words=self.words[count:],
            committed=self.committed + count,
            attended=None if self.attended is None else self.attended[count:],
        )


class CommitPolicy(Protocol):
    """Decides how many words of a draft to commit."""

    def step(self, draft: Draft) -> int:
        """Take the newest draft; return how many of its words are safe."""

    def reset(self) -> None:
        """Forget: a new sentence begins."""


class HoldBack:
    """Commits all but the last few words.

    For engines whose output is locally stable, such as rule-based ones, whose longest
    pattern bounds how far back a new source word can reach (hold-n; Liu, Spanakis, Niehues
    2020, https://arxiv.org/abs/2005.11185).
    """

    def __init__(self, words: int) -> None:
        self._words = words

    def step(self, draft: Draft) -> int:
        """Return the number of words before the ones held back."""
        return max(0, len(draft.words) - self._words)

    def reset(self) -> None:
        """Nothing is remembered."""


class LocalAgreement:
    """Commits the longest prefix that two translations in a row share.

    Liu, Spanakis, Niehues 2020 (LA-2), https://arxiv.org/abs/2005.11185; the best policy of
    the IWSLT 2022 simultaneous task (Polák et al. 2022).
    """

    def __init__(self) -> None:
        self._previous = Draft()

    def step(self, draft: Draft) -> int:
        """Return the length of the common prefix with the draft before."""
        # Others may have committed more or less of that one than was agreed on.
        previous = self._previous.words[draft.committed - self._previous.committed :]
        self._previous = draft
        pairs = zip(previous, draft.words, strict=False)
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))

    def reset(self) -> None:
        """Forget the last translation."""
        self._previous = Draft()


class Strictest:
    """Commits what every one of several policies finds safe."""

    def __init__(self, *policies: CommitPolicy) -> None:
        self._policies = policies

    def step(self, draft: Draft) -> int:
        """Return the least that any of them would commit."""
        return min([policy.step(draft) for policy in self._policies])

    def reset(self) -> None:
        """Begin all of them anew."""
        for policy in self._policies:
            policy.reset()


class AlignAttention:
    """Commits the words before the first that was made from one of the last source words.

    What a word attends to lies behind the newest words: what follows them will hardly
    change it. AlignAtt (Papi, Turchi, Negri 2023, https://arxiv.org/abs/2305.11408), in
    source words instead of frames of audio; before it EDAtt (Papi, Negri, Turchi 2022,
    https://arxiv.org/abs/2212.07850). Where the engine gives no attention, local agreement.
    """

    def __init__(self, last_words: int) -> None:
        self._last_words = last_words
        self._agreement = LocalAgreement()

    def step(self, draft: Draft) -> int:
        """Return how many words look at nothing new."""
        # Asked every time, since attention may be missing for the next draft alone.
        agreed = self._agreement.step(draft)
        if draft.attended is None:
            return agreed
        new = draft.source_words - self._last_words
        return sum(1 for _ in takewhile(lambda source: source < new, draft.attended))

    def reset(self) -> None:
        """Forget what was agreed on."""
        self._agreement.reset()


class WaitK:
    """Holds another policy back until the source is k words ahead of what is committed.

    The i-th target word of a sentence is committed when i + k source words are there.
    Ma et al. 2019, STACL, https://arxiv.org/abs/1810.08398.
    """

    def __init__(self, inner: CommitPolicy, k: int) -> None:
        self._inner = inner
        self._k = k

    def step(self, draft: Draft) -> int:
        """Return what the other policy finds safe, as far as the source is ahead."""
        ahead = draft.source_words - self._k - draft.committed
        return max(0, min(self._inner.step(draft), ahead))

    def reset(self) -> None:
        """Begin the other policy anew."""
        self._inner.reset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """Says how much of a draft must be committed, whatever a policy thinks of it.

    A source word is due `limit_s` after it was spoken, `math.inf` for never, and with
    `at_clauses` once its clause has ended. Without an alignment, as many target words are
    due as the due words' share of the source, rounded down.
    """

    limit_s: float = math.inf
    at_clauses: bool = False

    def due(self, draft: Draft, source: Sequence[str], ages_s: Sequence[float]) -> int:
        """Return how many words of a draft are due.

        `source` are the sentence's words so far, `ages_s` how long ago each was spoken, in
        source seconds, the oldest first.
        """
        if not source or not draft.words:
            return 0
        due = sum(1 for _ in takewhile(lambda age_s: age_s >= self.limit_s, ages_s))
        if self.at_clauses:
            ends = (
                count for count in range(len(source), due, -1) if ends_clause(source[count - 1])
            )
            due = next(ends, due)
        target = (draft.committed + len(draft.words)) * min(due, len(source)) // len(source)
        return max(0, target - draft.committed)


def make_policy(
    config: MtConfig, *, forces_prefix: bool, pair: tuple[Language, Language] | None = None
) -> CommitPolicy:
    """Return the configured policy; `auto` suits the engine.

    `pair` is source and target language: with it, the policy waits where the two order
    their words differently, unless that is off.
    """
    name = config.policy
    if name == "auto":
        name = "holdback" if forces_prefix else "agreed-holdback"
    policy: CommitPolicy
    if name == "attention":
        policy = AlignAttention(config.attention_words)
    elif name == "agreement":
        policy = LocalAgreement()
    elif name == "agreed-holdback":
        policy = Strictest(LocalAgreement(), HoldBack(config.holdback_words))
    else:
        policy = HoldBack(config.holdback_words)
    k = wait_words(*pair) if pair and config.word_order_wait == "auto" else 0
    return WaitK(policy, k) if k else policy


def make_deadline(config: MtConfig) -> Deadline:
    """Return the configured deadline."""
    return Deadline(
        limit_s=math.inf if config.deadline == "none" else config.deadline_s,
        at_clauses=config.deadline == "clause",
    )


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
    others = [bare(word) for word in hypothesis]
    for row, word in enumerate(map(bare, committed), start=1):
        diagonal, costs[0] = costs[0], float(row)
        for column, other in enumerate(others, start=1):
            substituted = diagonal + 1 - likeness(word, other)
            diagonal = costs[column]
            costs[column] = min(substituted, diagonal + 1.0, costs[column - 1] + 1.0)
    nearest = min(
        range(len(hypothesis) + 1),
        key=lambda count: (round(costs[count], 6), abs(count - len(committed))),
    )
    return tuple(hypothesis[nearest:])
