"""Who says a sentence: the compact network, the network clause by clause, or Apertium.

The network is fluent and small: where it meets what it has not learnt, it says something
else. What it is not sure of, or what can be seen to be wrong (`mt/checks.py`), it is given
again without what it was reminded of, then in clauses, and what still fails is said by
Apertium, clumsy but complete.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from live_translator.config import MtConfig
from live_translator.mt.attention import ALONE, Answer, Context
from live_translator.mt.checks import faults
from live_translator.mt.compact import CompactTranslator
from live_translator.mt.memory import Remembered
from live_translator.mt.policy import remaining_words
from live_translator.mt.sentences import clauses
from live_translator.quoted import Quoted

log = logging.getLogger(__name__)

NETWORK, UNREMINDED, CLAUSES, RULES = "network", "unreminded", "clauses", "rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What one way makes of a text."""

    way: str
    text: str
    confidence: float
    """Mean log-probability of a token; 0 of what rules say."""
    faults: tuple[str, ...]

    def is_sound(self, min_confidence: float) -> bool:
        """Whether nothing speaks against saying it."""
        return not self.faults and self.confidence >= min_confidence


def choose(candidates: Sequence[Candidate], min_confidence: float) -> Candidate:
    """Return the first sound candidate, else the one with the fewest faults, rules first.

    They come in the order in which they are liked; one at least. Pure.
    """
    for candidate in candidates:
        if candidate.is_sound(min_confidence):
            return candidate
    return min(candidates, key=lambda candidate: (len(candidate.faults), candidate.way != RULES))


class RoutedTranslator:
    """The compact network with its ways out; satisfies `interfaces.Translator`.

    Runs on the MT thread.
    """

    forces_prefix = True

    def __init__(self, network: CompactTranslator, config: MtConfig) -> None:
        self.name = network.name
        self._network = network
        self._config = config
        self.ways: Counter[str] = Counter()
        """How many translations went which way."""

    def translate(self, source: str, *, prefix: str = "") -> str:
        """Return the translation that is chosen; it begins with `prefix`, word for word.

        Raises SegmentError for a text that the network cannot take.
        """
        return self.answer(source, prefix=prefix).text

    def close(self) -> None:
        """Free the network's memory and end Apertium; idempotent."""
        self._network.close()

    def answer(
        self,
        source: str,
        *,
        prefix: str = "",
        with_attention: bool = False,
        context: Context = ALONE,
    ) -> Answer:
        """Translate and say whether the way that was chosen is sound; raises the same."""
        answer = self._network.answer(
            source, prefix=prefix, with_attention=with_attention, context=context
        )
        hint, least = self._network.hint(source), self._config.min_confidence
        near = self._network.remembered(source)
        chosen = whole = self._judged(NETWORK, source, answer, hint, near)
        if (hint or near) and not whole.is_sound(least):
            chosen = choose([whole, *self._ways_out(source, prefix, hint, near)], least)
            found, sureness = whole.faults, whole.confidence
            log.debug("%s (%s, %.2f): %s", chosen.way, found, sureness, Quoted(source))
        self.ways[chosen.way] += 1
        return Answer(
            chosen.text,
            answer.words if chosen is whole else None,
            chosen.confidence,
            is_sure=chosen.is_sound(least),
        )

    def candidates(self, source: str) -> list[Candidate]:
        """Return what each way makes of a text, the network's first."""
        answer, hint = self._network.answer(source), self._network.hint(source)
        near = self._network.remembered(source)
        whole = self._judged(NETWORK, source, answer, hint, near)
        return [whole, *self._ways_out(source, "", hint, near)]

    def _ways_out(
        self, source: str, prefix: str, hint: str, near: Remembered | None
    ) -> list[Candidate]:
        """Return what is said of a text that the network is not to say as it did."""
        found = []
        if near:
            answer = self._network.answer(source, prefix=prefix, from_memory=False)
            found.append(self._judged(UNREMINDED, source, answer, hint))
        if hint:
            found += [] if prefix else self._in_clauses(source, hint)
            found.append(self._by_rules(source, prefix, hint))
        return found

    def _by_rules(self, source: str, prefix: str, hint: str) -> Candidate:
        """Return Apertium's words behind those that are committed."""
        committed, words = prefix.split(), hint.split()
        if committed:
            words = [*committed, *remaining_words(committed, words)]
        return self._judged(RULES, source, Answer(" ".join(words)), hint)

    def _in_clauses(self, source: str, hint: str) -> list[Candidate]:
        """Return the translation of clause after clause, if there are several."""
        parts = clauses(source)
        if len(parts) < 2:
            return []
        answers = [self._network.answer(part, from_memory=False) for part in parts]
        text = " ".join(answer.text for answer in answers)
        least = min(answer.confidence for answer in answers)
        return [self._judged(CLAUSES, source, Answer(text, confidence=least), hint)]

    def _judged(
        self, way: str, source: str, answer: Answer, hint: str, near: Remembered | None = None
    ) -> Candidate:
        codes = self._network.codes
        found = faults(source, answer.text, *codes, hint=hint, near=near, says=self._network.says)
        return Candidate(way=way, text=answer.text, confidence=answer.confidence, faults=found)
