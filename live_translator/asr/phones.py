"""How alike two words sound: phones in the alphabet of the IPA, and what it costs to mistake them.

A recogniser that does not know a name writes words that sound like it. Pure: eSpeak NG, or
whoever knows how words are said, is asked elsewhere.
"""

import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_GROUPS = (
    *("iɪyʏeɛøœɨᵻj", "aɑæɐəʌɜɒɚɝA", "uʊoɔɯɤɵʉɘ"),  # noqa: RUF001 - letters of the IPA
    *("pb", "fvβʋɸw", "td", "szʃʒɕʑʂʐCθð", "kɡgcɟq"),  # noqa: RUF001
    *("xχɣhɦʁ", "mnŋɲɳ", "lɫɬʎɭ", "rɹɾɽʀɻ"),  # noqa: RUF001
)
"""Phones that are taken for each other; C stands for the affricates, as in church."""
_VOWELS = 3
"""So many of the groups: bright, open and dark ones."""
_RELATED = frozenset(((3, 4), (5, 6), (7, 8), (5, 11), (10, 11), (8, 11), (4, 2), (4, 8)))
"""Pairs of groups half as far from each other as any two."""
_AFFRICATES = ("tʃ", "dʒ", "tɕ", "dʑ", "tʂ", "dʐ", "ts", "dz")
_SAME_GROUP, _RELATED_GROUPS, _OTHER_VOWEL = 0.25, 0.5, 0.35
_LOST_VOWEL, _LOST_BREATH, _LOST = 0.45, 0.35, 0.8
"""A phone that only one of two words has: a vowel, an h, and any other."""

_SYMBOLS = "".join(_GROUPS)
_NUMBERS = {symbol: number for number, symbol in enumerate(_SYMBOLS)}

Phones = tuple[int, ...]
"""A word's phones, as numbers of this module's own."""


def parse(ipa: str) -> Phones:
    """Return the phones of a word in the IPA; stress, length and other marks do not count."""
    letters = "".join(
        letter
        for letter in unicodedata.normalize("NFD", ipa)
        if unicodedata.category(letter) not in ("Mn", "Lm", "Sk")
    )
    for affricate in _AFFRICATES:
        letters = letters.replace(affricate, "C")
    return tuple(_NUMBERS[letter] for letter in letters if letter in _NUMBERS)


def weight(phones: Phones) -> float:
    """Return how much there is to hear of a word: what it costs to lose all of it."""
    return float(_LOSSES[list(phones)].sum())


class Lexicon:
    """Words by their phones, compared with one more all at once.

    `words` are any number of sequences of phones, not empty.
    """

    def __init__(self, words: Sequence[Phones]) -> None:
        self._lengths = np.array([len(word) for word in words], dtype=np.intp)
        longest = int(self._lengths.max(initial=0))
        self._phones = np.zeros((len(words), longest), dtype=np.intp)
        self._losses = np.zeros((len(words), longest), dtype=np.float32)
        for number, word in enumerate(words):
            self._phones[number, : len(word)] = word
            self._losses[number, : len(word)] = _LOSSES[list(word)]
        self._whole = self._losses.sum(axis=1)

    def likeness(self, phones: Phones, *, least: float = 0.0) -> NDArray[np.float32]:
        """Return for each word how much it sounds like the phones: 1 the same, 0 nothing.

        It is one less the edit distance, as a share of what it costs to lose the costlier of
        the two. Words that cannot reach `least` by their lengths alone are not looked at: 0.
        """
        result = np.zeros(len(self._whole), dtype=np.float32)
        if not phones or not len(result):
            return result
        own = weight(phones)
        near = np.minimum(self._whole, own) >= least * np.maximum(self._whole, own)
        (rows,) = np.nonzero(near)
        if not len(rows):
            return result
        lengths = self._lengths[rows]
        longest = int(lengths.max())
        words, losses = self._phones[rows, :longest], self._losses[rows, :longest]
        costs = np.zeros((len(rows), longest + 1), dtype=np.float32)
        np.cumsum(losses, axis=1, out=costs[:, 1:])
        begun = costs.copy()
        for phone in phones:
            exchanged = costs[:, :-1] + _COSTS[phone][words]
            costs += _LOSSES[phone]
            np.minimum(costs[:, 1:], exchanged, out=costs[:, 1:])
            # A word's phones may be added one after another: the least of all beginnings.
            costs = begun + np.minimum.accumulate(costs - begun, axis=1)
        spent = costs[np.arange(len(rows)), lengths]
        result[rows] = np.maximum(0.0, 1.0 - spent / np.maximum(self._whole[rows], own))
        return result


def _group_of(symbol: str) -> int:
    return next(number for number, group in enumerate(_GROUPS) if symbol in group)


def _cost(one: str, other: str) -> float:
    if one == other:
        return 0.0
    groups = tuple(sorted((_group_of(one), _group_of(other))))
    if groups[0] == groups[1]:
        return _SAME_GROUP
    if groups[1] < _VOWELS:
        return _OTHER_VOWEL
    return _RELATED_GROUPS if groups in _RELATED else 1.0


def _loss(symbol: str) -> float:
    if symbol in "hɦjw":
        return _LOST_BREATH
    return _LOST_VOWEL if _group_of(symbol) < _VOWELS else _LOST


_COSTS = np.array([[_cost(one, other) for other in _SYMBOLS] for one in _SYMBOLS], dtype=np.float32)
_LOSSES = np.array([_loss(symbol) for symbol in _SYMBOLS], dtype=np.float32)
