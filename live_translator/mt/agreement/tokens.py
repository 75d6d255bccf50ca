"""A sentence as words, ways to step through them, and a change to one of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Token:
    """One word or mark of a sentence."""

    text: str
    low: str
    """In lower case, with a straight apostrophe."""
    start: int
    """Characters before it."""
    end: int
    """Characters up to and with it."""


@dataclass(frozen=True, slots=True)
class Change:
    """A word of a translation that contradicts the source."""

    start: int
    """Characters of the translation before it."""
    end: int
    """Characters up to and with it."""
    said: str
    right: str | None
    """What it should be; None where that is not certain."""


_ENGLISH_WORD = re.compile(
    r"""[^\W\d_]+(?=n['\u2019]t\b)|n['\u2019]t\b|['\u2019](?:s|re|ve|ll|d|m)\b
    |[^\W\d_]+(?:-[^\W\d_]+)*|\d+|[^\w\s]""",
    re.VERBOSE | re.IGNORECASE,
)
"""Contractions come apart: "is" and "n't", "she" and "'s"."""
_SPANISH_WORD = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")


def english_tokens(text: str) -> list[Token]:
    """Return the words and marks of an English text."""
    return _tokens(_ENGLISH_WORD, text)


def spanish_tokens(text: str) -> list[Token]:
    """Return the words and marks of a Spanish text."""
    return _tokens(_SPANISH_WORD, text)


def _tokens(pattern: re.Pattern[str], text: str) -> list[Token]:
    return [
        Token(word[0], word[0].lower().replace("\u2019", "'"), word.start(), word.end())
        for word in pattern.finditer(text)
    ]


def words(text: str) -> frozenset[str]:
    """Return the set of the words that a string lists."""
    return frozenset(text.split())


def lows(tokens: Sequence[Token]) -> set[str]:
    """Return the different words of a sentence in lower case."""
    return {token.low for token in tokens}


def low_at(tokens: Sequence[Token], at: int) -> str:
    """Return the word at a place in lower case, "" outside the sentence."""
    return tokens[at].low if 0 <= at < len(tokens) else ""


def past(tokens: Sequence[Token], at: int, skipped: frozenset[str], step: int = 1) -> int:
    """Return the first place from one on whose word is not skipped; step -1 goes back."""
    while low_at(tokens, at) in skipped:
        at += step
    return at


def places_before(at: int, reach: int) -> range:
    """Return up to `reach` places before one, the nearest first."""
    return range(at - 1, max(-1, at - 1 - reach), -1)


def is_mark(word: str) -> bool:
    """Whether a word is punctuation or lies outside the sentence."""
    return not word or not (word[0].isalnum() or word[0] == "'")


def change(token: Token, right: str | None) -> Change:
    """Return the change of a word to another, with the capital that it has."""
    if right is not None and token.text[0].isupper():
        right = right[0].upper() + right[1:]
    return Change(token.start, token.end, token.text, right)
