"""What a translation was made from: attention between pieces, as words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol, runtime_checkable

from live_translator.interfaces import Translator

_WORD = "▁"
"""SentencePiece's mark of a piece that begins a word."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A translation, what its words behind the prefix were made from, and how sure it is."""

    text: str
    """The whole translation, as `Translator.translate` returns it."""
    words: tuple[int, ...] | None = None
    """For each new word the last source word that it attends to, counted from 0; None where
    that was not asked for, or words and pieces do not match."""
    confidence: float = 0.0
    """Mean log-probability of its tokens."""
    is_sure: bool = True
    """Whether it may be said without a warning."""
    is_settled: bool = True
    """False of a growing sentence that may yet become a set phrase, which is said otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What stands around a sentence that is to be translated."""

    ended: bool = True
    """Whether it is over; else it still grows, and what is said of it is a draft."""
    before: str = ""
    """The sentence before it, of the same speaker."""


ALONE = Context()
"""A whole sentence of which nothing else is known."""


@runtime_checkable
class AttentiveTranslator(Translator, Protocol):
    """An engine that says what it looked at and how sure it is."""

    def answer(
        self,
        source: str,
        *,
        prefix: str = "",
        with_attention: bool = False,
        context: Context = ALONE,
    ) -> Answer:
        """Translate as `translate` does, raising the same, and say more of it.

        `context` is what stands around the sentence; an engine takes of it what it can.
        """


def ask(
    engine: Translator,
    source: str,
    *,
    prefix: str = "",
    with_attention: bool = False,
    context: Context = ALONE,
) -> Answer:
    """Return what an engine makes of a sentence, and what it can say of that; raises the same."""
    if isinstance(engine, AttentiveTranslator):
        return engine.answer(source, prefix=prefix, with_attention=with_attention, context=context)
    return Answer(engine.translate(source, prefix=prefix))


def word_numbers(pieces: Sequence[str]) -> list[int]:
    """Return for each piece the word that it belongs to; -1 before the first word begins."""
    return [count - 1 for count in accumulate(piece.startswith(_WORD) for piece in pieces)]


def attended_words(
    source: Sequence[str], target: Sequence[str], attention: Sequence[Sequence[float]]
) -> tuple[int, ...]:
    """Return for each word that begins in `target` the last source word that it looks at.

    `source` and `target` are SentencePiece's pieces. `attention` has a row for each piece of
    the target and a column for each of the source, columns of language marks and sentence
    ends left out: much attention rests there when nothing in particular is meant. A piece
    looks at the source word with the largest sum (AlignAtt: Papi, Turchi, Negri 2023,
    https://arxiv.org/abs/2305.11408), a word of several pieces at the last of theirs.
    """
    source_words = [max(0, number) for number in word_numbers(source)]
    looked_at: list[int] = []
    for word, row in zip(word_numbers(target), attention, strict=True):
        if word < 0:
            continue
        weights = [0.0] * (source_words[-1] + 1)
        for number, weight in zip(source_words, row, strict=True):
            weights[number] += weight
        strongest = max(range(len(weights)), key=weights.__getitem__)
        if word == len(looked_at):
            looked_at.append(strongest)
        else:
            looked_at[word] = max(looked_at[word], strongest)
    return tuple(looked_at)
