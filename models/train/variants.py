"""What a sentence looks like when it was spoken and recognised, and when it is not over yet.

All pure: a pair of texts and a source of chance in, a pair of texts or None out. The source
is changed as speech changes it; the target stays what should be said, unless the change is
of what there is to translate.
"""

import random
import re
from collections.abc import Callable, Mapping

Change = Callable[[str, str, str, random.Random], tuple[str, str] | None]
"""Source, target, source language and chance to a new source and target."""

_MARKS = re.compile(r"[^\w\s'%-]|(?<!\w)['-]|['-](?!\w)")
_CLAUSE = re.compile(r"[,;:](?=\s)")
_NUMBER = re.compile(r"(?<![\w.,])\d{1,4}(?![\w%]|[.,]\d)")
_FILLERS: Mapping[str, tuple[str, ...]] = {
    "en": ("um", "uh", "er", "well", "you know", "I mean", "so", "like"),
    "es": ("eh", "este", "bueno", "pues", "o sea", "a ver", "em"),
}


def without_stop(
    source: str, target: str, _language: str, _rng: random.Random
) -> tuple[str, str] | None:
    """Return both without the full stop: the end of the sentence was not heard yet."""
    if source[-1:] != "." or target[-1:] != ".":
        return None
    return source[:-1], target[:-1]


def bare(source: str, target: str, _language: str, _rng: random.Random) -> tuple[str, str] | None:
    """Return the source in lower case without marks, as some recognisers write."""
    words = " ".join(_MARKS.sub(" ", source).split()).lower()
    return (words, target) if words else None


def hesitant(source: str, target: str, language: str, rng: random.Random) -> tuple[str, str] | None:
    """Return the source with a filler in it or a word begun twice."""
    words = source.split()
    if len(words) < 3:
        return None
    at = rng.randrange(len(words))
    if rng.random() < 0.6:
        filler = rng.choice(_FILLERS[language])
        if at == 0:
            said = [f"{filler[0].upper()}{filler[1:]},", _uncapitalised(words[0])]
        else:
            said = [f"{filler},", words[at]]
        words[at : at + 1] = said
    else:
        words[at:at] = words[max(0, at - rng.randrange(1, 3)) : at] or [words[at]]
    return " ".join(words), target


def in_words(
    source: str, target: str, language: str, _rng: random.Random
) -> tuple[str, str] | None:
    """Return the source with its numbers spelt out."""
    from num2words import num2words  # noqa: PLC0415 - of the extra `train`

    said = _NUMBER.sub(lambda number: num2words(int(number[0]), lang=language), source)
    return (said, target) if said != source else None


def unfinished(
    source: str, target: str, _language: str, rng: random.Random
) -> tuple[str, str] | None:
    """Return the clauses of both up to one that has ended, where their clauses correspond."""
    cut = _clause_end(source, target, rng)
    kept = rng.random() < 0.5
    return cut and (source[: cut[0] + kept], target[: cut[1] + kept])


def continued(
    source: str, target: str, _language: str, rng: random.Random
) -> tuple[str, str] | None:
    """Return the clauses of both behind one that was already translated."""
    cut = _clause_end(source, target, rng)
    return cut and (source[cut[0] + 1 :].strip(), target[cut[1] + 1 :].strip())


CHANGES: tuple[tuple[float, Change], ...] = (
    (0.25, without_stop),
    (0.2, bare),
    (0.15, hesitant),
    (0.05, in_words),
    (0.25, unfinished),
    (0.1, continued),
)
"""How often each is tried."""


def varied(source: str, target: str, language: str, rng: random.Random) -> tuple[str, str] | None:
    """Return one change of a pair, None where the one that chance names does not apply."""
    (change,) = rng.choices(
        [change for _, change in CHANGES], weights=[share for share, _ in CHANGES]
    )
    pair = change(source, target, language, rng)
    return pair if pair and all(text.strip() for text in pair) else None


def _clause_end(source: str, target: str, rng: random.Random) -> tuple[int, int] | None:
    """Return where a clause of both ends, None unless both have as many."""
    ends, target_ends = ([mark.start() for mark in _CLAUSE.finditer(x)] for x in (source, target))
    if not ends or len(ends) != len(target_ends):
        return None
    at = rng.randrange(len(ends))
    return ends[at], target_ends[at]


def _uncapitalised(word: str) -> str:
    is_name = word in ("I",) or word.startswith("I'") or word[1:2].isupper()
    return word if is_name else word[:1].lower() + word[1:]
