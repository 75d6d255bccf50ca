"""Parts of a sentence that go through an engine as words that it knows, and come out as meant.

A name, a term, a sum or an address that an engine would spell otherwise, drop, or be led
astray by is exchanged for a carrier, a word that comes out as it went in or as one known word;
the sentence is translated; and what is wanted takes the carrier's place. Pure but for
`exchanged`, which asks the engine.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from live_translator.interfaces import Translator
from live_translator.mt.attention import Answer, Context, ask

_BEGINS_SENTENCE = re.compile(r"(?:^|[.?!…])[\s¿¡\"'«“(]*$")


@dataclass(frozen=True, slots=True)
class Carrier:
    """A word that stands for a part, and what an engine makes of it."""

    source: str
    target: str


NAMES = tuple(
    Carrier(name, name) for name in ("Tom", "Bruno", "Daniel", "Kabul", "Carmen", "Oscar")
)
"""Names that are spelt alike in languages with Latin letters. With one that the engine knows
the whole sentence is better than with an unknown one: of 110 sentences BLEU rises from 37 to
41-45 with the compact model, from 22 to 30 with Apertium (benchmarks/RESULTS.md)."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of a source, its carrier, and what is to stand there in the translation."""

    begin: int
    end: int
    """Characters of the source."""
    carrier: Carrier
    target: str
    is_verbatim: bool = True
    """Whether the target keeps its case where it begins a sentence, as names do."""

    @property
    def pattern(self) -> re.Pattern[str]:
        """The carrier as a whole word; one of two languages may begin a sentence."""
        return _whole(self.carrier.target)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One way to take a source and its committed translation through an engine. Pure."""

    source: str
    slots: tuple[Slot, ...]

    @property
    def masked(self) -> str:
        """The source with carriers."""
        parts, end = [], 0
        for slot in self.slots:
            parts += [self.source[end : slot.begin], slot.carrier.source]
            end = slot.end
        return "".join([*parts, self.source[end:]])

    def mask(self, prefix: str) -> str:
        """Return committed words with carriers where they have targets."""
        wanted = [(slot, _whole(slot.target)) for slot in self.slots]
        return _put(
            prefix, [(found, slot.carrier.target) for slot, found in _firsts(prefix, wanted)]
        )

    def is_whole(self, masked: str) -> bool:
        """Whether a translation has every carrier once."""
        return all(len(slot.pattern.findall(masked)) == 1 for slot in self.slots)

    def unmask(self, masked: str, before: str = "") -> str:
        """Return a translation, or what follows `before` of it, with the targets themselves."""
        changes = []
        for slot, found in _firsts(masked, [(slot, slot.pattern) for slot in self.slots]):
            target = slot.target
            begins = _BEGINS_SENTENCE.search(before + masked[: found.start()])
            if begins and not slot.is_verbatim:
                target = target[:1].upper() + target[1:]
            changes.append((found, target))
        return _put(masked, changes)

    def half_said(self, prefix: str) -> tuple[Slot, int] | None:
        """Return the part that the committed words end in the middle of, and its words said."""
        words = prefix.casefold().split()
        for slot in self.slots:
            target = slot.target.casefold().split()
            for count in range(min(len(target) - 1, len(words)), 0, -1):
                if words[-count:] == target[:count]:
                    return slot, count
        return None


def exchanged(
    engine: Translator, exchange: Exchange, prefix: str, *, with_attention: bool, context: Context
) -> Answer | None:
    """Return the translation that an exchange gives; None if a carrier is lost or doubled.

    Raises what the engine does.
    """
    half = exchange.half_said(prefix) if engine.forces_prefix else None
    if half is not None:
        answer = _finished(engine, exchange, prefix, *half, context=context)
        if answer is not None:
            return answer
    begun = exchange.mask(prefix)
    answer = ask(
        engine, exchange.masked, prefix=begun, with_attention=with_attention, context=context
    )
    if not exchange.is_whole(answer.text):
        return None
    if not engine.forces_prefix:
        return replace(answer, text=exchange.unmask(answer.text), words=None)
    new = answer.text[len(begun) :]
    text = prefix + exchange.unmask(new, begun)
    return replace(answer, text=text, words=_same_words(exchange, answer, prefix, text))


def _whole(text: str) -> re.Pattern[str]:
    """Return what finds a text as whole words, whatever its case."""
    return re.compile(rf"(?<!\w){re.escape(text)}(?!\w)", re.IGNORECASE)


def _firsts(
    text: str, wanted: Iterable[tuple[Slot, re.Pattern[str]]]
) -> list[tuple[Slot, re.Match[str]]]:
    """Return where each slot's words stand first in a text, no two in one place, in their order.

    All are looked for before any is exchanged: a number that is put in may be the carrier of
    another.
    """
    taken: list[tuple[Slot, re.Match[str]]] = []
    for slot, pattern in sorted(wanted, key=lambda one: -len(one[1].pattern)):
        for found in pattern.finditer(text):
            if all(found.end() <= by.start() or by.end() <= found.start() for _, by in taken):
                taken.append((slot, found))
                break
    return sorted(taken, key=lambda one: one[1].start())


def _put(text: str, changes: Iterable[tuple[re.Match[str], str]]) -> str:
    """Return a text with others in the places that were found, which are in their order."""
    parts, end = [], 0
    for found, other in changes:
        parts += [text[end : found.start()], other]
        end = found.end()
    return "".join([*parts, text[end:]])


def _finished(
    engine: Translator, exchange: Exchange, prefix: str, slot: Slot, count: int, *, context: Context
) -> Answer | None:
    """Return the translation that goes on with the rest of a part; None if it would not.

    The words that might begin the part are left out of what the engine must begin with: if it
    says the part there, they do.
    """
    words = prefix.split()
    begun = exchange.mask(" ".join(words[: len(words) - count]))
    answer = ask(engine, exchange.masked, prefix=begun, context=context)
    new = answer.text[len(begun) :].lstrip()
    found = slot.pattern.match(new)
    if found is None or not exchange.is_whole(answer.text):
        return None
    rest = " ".join(slot.target.split()[count:])
    after = exchange.unmask(new[found.end() :], prefix)
    return replace(answer, text=f"{prefix} {rest}{after}", words=None)


def _same_words(
    exchange: Exchange, answer: Answer, prefix: str, text: str
) -> tuple[int, ...] | None:
    """Return what words look at, where parts and carriers are one word each: else None."""
    new_words = len(text.split()) - len(prefix.split())
    is_same = len(exchange.masked.split()) == len(exchange.source.split())
    return answer.words if is_same and answer.words and len(answer.words) == new_words else None
