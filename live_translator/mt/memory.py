"""Sentences that people have translated, found by their likeness to one that is to be.

A translation memory. A sentence that it holds is said as it was translated. The compact
network reads the translation of the nearest other sentence beside its source (Bulte and
Tezcan 2019, "Neural Fuzzy Repair"): what is rare or idiomatic need not be in its weights.
"""

import bisect
import functools
import hashlib
import math
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from live_translator.errors import ModelError
from live_translator.mt.pattern import Pattern, filled, is_open, pattern
from live_translator.mt.reading import asks, has_end_mark, key, may_be, words

_MAX_LOOKED_AT = 4000
"""Sentences that share one of the rarest words: more of them cost milliseconds and are less
alike."""
_COMPARED = 24
"""Of these, sentences that share the most; they are compared word by word."""
_MIN_TOGETHER, _MIN_SHARE, _MIN_LIFT = 3, 0.2, 4.0
"""Sentences in which one word was said for another; their share of those with the other; and
how much larger that is than in all sentences: "the" is said wherever Tom is, and elsewhere."""
_MIN_LIKENESS = 0.4
"""Under it a sentence shares only the words that all share."""
_SIDES = ("en", "es")
_OPENS_QUESTION = "\u00bf"
_AROUND = np.array([0, 1])
"""Added to a digest: where it begins and where the next would."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A sentence of the memory, as found for another."""

    source: str
    target: str
    likeness: float
    """1 less the share of words to change (Levenshtein 1966) in the longer sentence."""


class Memory:
    """Pairs of sentences by the words of either side; immutable, any thread may ask."""

    def __init__(self, path: Path) -> None:
        """Read what `write` wrote: 0.02 s. Raises ModelError."""
        try:
            with np.load(path, allow_pickle=False) as arrays:
                self._sides = {side: _Side(arrays, side) for side in _SIDES}
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise ModelError(
                f"the translation memory {path} cannot be read: it comes with the program, so "
                "install that again"
            ) from error

    def nearest(
        self, text: str, language: str, *, without: Iterable[str] = ()
    ) -> Remembered | None:
        """Return the pair whose `language` side is most like a text, None where none is.

        `language` is the code of one of the two sides. A pair with one of the texts of
        `without` on either side, case and marks aside, is passed over: a sentence is not to
        be learnt from itself.
        """
        own = words(text)
        source, target = self._both(language)
        barred = [words(other) for other in without]
        best: Remembered | None = None
        for number in source.candidates(own):
            said = source.text(number)
            spoken = words(said)
            shorter, longer = sorted((len(own), len(spoken)))
            least = best.likeness if best else _MIN_LIKENESS
            if shorter < least * longer:
                continue
            found = 1 - changes(own, spoken) / longer
            if found < least or (best and found == least):
                continue
            meant = target.text(number)
            if barred and (spoken in barred or words(meant) in barred):
                continue
            best = Remembered(said, meant, found)
        return best

    def known(self, text: str, language: str) -> str | None:
        """Return how people have translated this very sentence, None where nobody has.

        Case, marks and contractions do not count, accents only where the text has any; signs
        such as those of currencies do, and a question is no statement. Of several translations
        the one is taken that was written first: `write` is given the most natural first. Of
        a text that is written with care, with an end mark, one with the same accents comes
        before them all: "Deje la puerta." is not "Dejé la puerta."
        """
        source, target = self._both(language)
        wanted = words(text) if has_end_mark(text) else None
        with_accents: str | None = None
        for number in source.alike(text):
            said = source.text(number)
            if asks(said) != _is_asked(text) and _shows_question(text):
                continue
            if not may_be(text, said):
                continue
            if wanted is None or words(said) == wanted:
                return target.text(number)
            with_accents = with_accents or target.text(number)
        return with_accents

    def patterned(self, text: str, language: str) -> str | None:
        """Return how people say a sentence that differs in names or numbers alone, with its own.

        None where nobody has said one like it.
        """
        own = pattern(text, language)
        if own is None:
            return None
        source, target = self._both(language)
        other = next(side for side in _SIDES if side != language)
        for number in source.like(own):
            said = source.text(number)
            known = pattern(said, language)
            if known is None or known.key != own.key or asks(said) != _is_asked(text):
                continue
            text_of = filled(
                target.text(number),
                other,
                known,
                own,
                is_said=lambda name: self._is_said(name, language),
            )
            if text_of is not None:
                return text_of
        return None

    def may_become(self, text: str, language: str) -> bool:
        """Whether the words of a text are a set phrase or begin one, as far as they have come."""
        source, _ = self._both(language)
        return source.begins_phrase(key(text))

    def _is_said(self, name: str, language: str) -> bool:
        """Whether a name stands in the other language as it is, as far as is known.

        Not where most translations have another: an English sentence may name Roma tomatoes,
        and the city is Rome.
        """
        source, target = self._both(language)
        word = name.casefold()
        with_word = source.sentences(word)
        kept = np.intersect1d(with_word, target.sentences(word), assume_unique=True)
        return 2 * len(kept) >= len(with_word)

    def says(self, word: str, language: str, other: str) -> bool:
        """Whether people say `other` for a `word` of `language`, both case folded.

        Not where `other` stands in their source as well: Tom is not what is said for Mary,
        though most who name her name him too.
        """
        source, target = self._both(language)
        with_word, with_other = source.sentences(word), target.sentences(other)
        together = np.intersect1d(with_word, with_other, assume_unique=True)
        together = np.setdiff1d(together, source.sentences(other), assume_unique=True)
        if len(together) < _MIN_TOGETHER:
            return False
        share = len(together) / len(with_word)
        return share >= max(_MIN_SHARE, _MIN_LIFT * len(with_other) / len(target))

    def _both(self, language: str) -> tuple["_Side", "_Side"]:
        """Return the side of a language and the other."""
        other = next(side for side in _SIDES if side != language)
        return self._sides[language], self._sides[other]


class _Side:
    """The sentences of one language: their letters in one row, and where each word stands."""

    def __init__(self, arrays: Any, side: str) -> None:
        """Take what `write` kept of a side; raises KeyError where something is missing."""
        self._texts, self._ends = arrays[f"{side}_texts"], arrays[f"{side}_ends"]
        self._numbers, self._starts = arrays[f"{side}_numbers"], arrays[f"{side}_starts"]
        self._keys, self._keyed = arrays[f"{side}_keys"], arrays[f"{side}_keyed"]
        self._patterns = arrays[f"{side}_patterns"]
        self._patterned = arrays[f"{side}_patterned"]
        self._phrases = arrays[f"{side}_phrases"]
        known = arrays[f"{side}_words"].tobytes().decode()
        self._known = {word: place for place, word in enumerate(known.split("\n"))}

    def __len__(self) -> int:
        return len(self._ends)

    def sentences(self, word: str) -> Any:
        """Return the numbers of the sentences that have a word, in their order."""
        place = self._known.get(word)
        return self._numbers[:0] if place is None else self._of(place)

    def text(self, number: int) -> str:
        begin = self._ends[number - 1] if number else 0
        return str(self._texts[begin : self._ends[number]].tobytes().decode())

    def alike(self, text: str) -> list[int]:
        """Return the numbers of the sentences that read as a text does, in their order."""
        wanted = key(text)
        if not wanted:
            return []
        # Different sentences may share a digest.
        found = _digested(wanted, self._keys, self._keyed)
        return [number for number in found if key(self.text(number)) == wanted]

    def like(self, own: Pattern) -> list[int]:
        """Return the numbers of sentences that may have a pattern, in their order."""
        return _digested(own.key, self._patterns, self._patterned)

    def begins_phrase(self, begun: str) -> bool:
        """Whether a set phrase begins with these words; `begun` is a key."""

        def key_at(number: Any) -> str:
            return key(self.text(number))

        at = bisect.bisect_left(self._phrases, begun, key=key_at)
        return at < len(self._phrases) and f"{key_at(self._phrases[at])} ".startswith(f"{begun} ")

    def candidates(self, own: Sequence[str]) -> list[int]:
        """Return the sentences that share the most with the words, the best first."""
        places = {self._known[word] for word in own if word in self._known}
        by_rarity = sorted(places, key=lambda place: self._starts[place + 1] - self._starts[place])
        found: list[Any] = []
        weights: list[Any] = []
        looked_at = 0
        for place in by_rarity:
            numbers = self._of(place)
            if found and looked_at + len(numbers) > _MAX_LOOKED_AT:
                break
            looked_at += len(numbers)
            found.append(numbers)
            weights.append(np.full(len(numbers), math.log(len(self) / len(numbers)) + 0.1))
        if not found:
            return []
        numbers, where = np.unique(np.concatenate(found), return_inverse=True)
        lengths = self._ends[numbers] - np.where(numbers, self._ends[numbers - 1], 0)
        shared = np.bincount(where, np.concatenate(weights))
        # Of those that share as much, the shorter is more alike.
        order = np.argsort(-shared + lengths * 0.01, kind="stable")
        return [int(number) for number in numbers[order[:_COMPARED]]]

    def _of(self, place: int) -> Any:
        return self._numbers[self._starts[place] : self._starts[place + 1]]


@functools.lru_cache(maxsize=1)
def shared_memory(path: Path) -> Memory:
    """Return the memory, read once for all translators: nobody changes it. Raises ModelError."""
    return Memory(path)


def write(
    pairs: Sequence[tuple[str, str]],
    path: Path,
    *,
    shown_only: Sequence[tuple[str, str]] = (),
    phrases: int = 0,
) -> None:
    """Keep pairs of English and Spanish at `path`, to be read by `Memory`.

    Of pairs with the same sentence the one that people say first comes first. Those of
    `shown_only` are found as nearest, but never said for the very sentence. The first `phrases`
    pairs are set phrases, for which it is worth to wait.
    """
    arrays: dict[str, Any] = {}
    for side, texts in zip(_SIDES, zip(*pairs, *shown_only, strict=True), strict=True):
        encoded = [text.encode() for text in texts]
        places: dict[str, list[int]] = {}
        for number, text in enumerate(texts):
            for word in sorted(set(words(text))):
                places.setdefault(word, []).append(number)
        arrays[f"{side}_texts"] = np.frombuffer(b"".join(encoded), np.uint8)
        arrays[f"{side}_ends"] = np.cumsum([len(text) for text in encoded], dtype=np.int32)
        arrays[f"{side}_words"] = np.frombuffer("\n".join(places).encode(), np.uint8)
        arrays[f"{side}_numbers"] = np.concatenate(
            [np.array(numbers, np.int32) for numbers in places.values()]
        )
        counts = [0, *(len(numbers) for numbers in places.values())]
        arrays[f"{side}_starts"] = np.cumsum(counts, dtype=np.int32)
        by_key = sorted(range(phrases), key=lambda number: key(texts[number]))
        arrays[f"{side}_phrases"] = np.array(by_key, np.int32)
        keys = {number: key(text) for number, text in enumerate(texts[: len(pairs)])}
        patterns = {number: own.key for number, own in _patterns(pairs, side)}
        for name, numbered, kept in (("key", keys, "keyed"), ("pattern", patterns, "patterned")):
            digests = np.array([_digest(text) for text in numbered.values()], np.int64)
            order = np.argsort(digests, kind="stable")
            arrays[f"{side}_{name}s"] = digests[order]
            arrays[f"{side}_{kept}"] = np.array([*numbered], np.int32)[order]
    np.savez(path, **arrays)


def _patterns(pairs: Sequence[tuple[str, str]], side: str) -> Iterator[tuple[int, Pattern]]:
    """Yield the pairs in which another name or number may stand, with the pattern of a side."""
    own = _SIDES.index(side)
    other = _SIDES[1 - own]
    for number, pair in enumerate(pairs):
        found = pattern(pair[own], side)
        if found is not None and is_open(pair[1 - own], other, found):
            yield number, found


def _is_asked(text: str) -> bool:
    """Whether a text, which may be cut off before its end, is written as a question."""
    return asks(text) or _OPENS_QUESTION in text


def _shows_question(text: str) -> bool:
    """Whether a text would show that it is a question."""
    return has_end_mark(text) or _OPENS_QUESTION in text


def _digested(text: str, digests: Any, numbers: Any) -> list[int]:
    """Return the numbers whose text has the digest of this one."""
    begin, end = np.searchsorted(digests, _digest(text) + _AROUND)
    return [int(number) for number in numbers[begin:end]]


def _digest(text: str) -> int:
    """Return a number for a key, the same on every machine."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=7).digest(), "big")


def changes(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many words must be put in, taken out or exchanged (Levenshtein 1966)."""
    before = list(range(len(other) + 1))
    for row, word in enumerate(one, 1):
        now = [row]
        for column, other_word in enumerate(other, 1):
            now.append(
                min(
                    before[column] + 1,
                    now[-1] + 1,
                    before[column - 1] + (word != other_word),
                )
            )
        before = now
    return before[-1]
