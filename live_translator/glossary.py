"""Names and terms that are to be heard and said in one way: read from a file, found in a text.

Pure but for reading the file. The recogniser is biased towards the names (`asr/names.py`),
the translator is held to the targets (`mt/glossary.py`).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from live_translator.errors import ConfigError
from live_translator.text_file import read_text

MAX_TERMS = 1000
"""Comparing a doubtful word with a thousand names takes some 20 ms."""
MAX_WORDS, MAX_LETTERS = 8, 100
"""Of a term: what is longer is a sentence."""
_COLUMNS = "the columns are source, target and, if wanted, how it sounds"
_ENDING = re.compile(r"(?:['’]s|['’]|s)?(?!\w)")  # noqa: RUF001 - typographic
"""What may follow a term within its word: a possessive or a plural."""
_LEAST_PLURAL = 4
"""Letters of a term that may have a plural s: news is not several of new."""
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
"""Scripts without spaces between words, as the names of their letters begin."""


@dataclass(frozen=True, slots=True)
class Term:
    """A name or a word, and what it is to be in the translation."""

    source: str
    target: str
    sounds: tuple[str, ...] = ()
    """Other spellings that sound as it is said, in the speaker's language."""

    @property
    def is_name(self) -> bool:
        """Whether it is spelt as names are: with a capital or a digit in it."""
        return any(letter.isupper() or letter.isdigit() for letter in self.source)


@dataclass(frozen=True, slots=True)
class Match:
    """Where a term stands in a text."""

    term: Term
    begin: int
    end: int
    """Behind the term, before its ending."""
    ending: str = ""
    """A possessive or plural, verbatim."""


class Glossary:
    """Terms, found in a text whatever their case: whole words, the longest first.

    A possessive ('s) may follow, and a plural s where the term stays as it is. Spaces and
    hyphens between the words of a term count as one another. Immutable, so any thread may
    ask it.
    """

    def __init__(self, terms: Sequence[Term]) -> None:
        self.terms = tuple(terms)
        self._by_key = {_key(term.source): term for term in terms}
        longest_first = sorted((term.source for term in terms), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_as_pattern, longest_first)), re.IGNORECASE)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file of lines `source TAB target`; raises ConfigError naming line and fix.

        Without a target the source stays as it is. A third column holds other spellings
        that sound like the source, with commas between. Blank lines and what follows a #
        at the beginning of a line do not count. UTF-8, with or without a BOM.
        """
        text = read_text(path, "glossary")
        terms: dict[str, Term] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            try:
                term = _parse(line)
            except ValueError as error:
                raise ConfigError(f"{path}, line {number}: {error}") from error
            if terms.setdefault(_key(term.source), term) != term:
                raise ConfigError(
                    f"{path}, line {number}: {term.source!r} stands above with something else: "
                    "leave one of them out"
                )
        if not terms:
            raise ConfigError(f"{path} has no terms: write lines of source TAB target")
        if len(terms) > MAX_TERMS:
            raise ConfigError(f"{path} has {len(terms)} terms: leave at most {MAX_TERMS}")
        return cls(list(terms.values()))

    def reversed(self) -> "Glossary":
        """Return the terms for the way back; of several with one target the first counts.

        A target that is no word cannot be looked for.
        """
        terms: dict[str, Term] = {}
        for term in self.terms:
            if _is_word(term.target):
                terms.setdefault(_key(term.target), Term(term.target, term.source))
        return Glossary(list(terms.values()))

    def matches(self, text: str) -> tuple[Match, ...]:
        """Return where terms stand in a text, from left to right, none over another."""
        found: list[Match] = []
        for match in self._pattern.finditer(text):
            # None for what only the pattern's idea of case takes for the same: a dotless i.
            term = self._by_key.get(_key(match[0]))
            follows = _ENDING.match(text, match.end())
            ending = follows[0] if follows else ""
            if term is not None and (ending != "s" or _has_plural(term)):
                found.append(Match(term, *match.span(), ending))
        return tuple(found)


def _parse(line: str) -> Term:
    columns = [" ".join(column.split()) for column in line.rstrip().split("\t")]
    if len(columns) > 3:
        raise ValueError(f"{len(columns)} columns: {_COLUMNS}")
    source, target, sounds = (*columns, "", "")[:3]
    if not source:
        raise ValueError(f"nothing before the tab: {_COLUMNS}")
    others = tuple(sound for part in sounds.split(",") if (sound := part.strip()))
    for text in (source, target, *others):
        if len(text.split()) > MAX_WORDS or len(text) > MAX_LETTERS:
            raise ValueError(
                f"{text[:30]!r}... is too long: a term has at most {MAX_WORDS} words and "
                f"{MAX_LETTERS} letters; is a tab missing?"
            )
        if any(unicodedata.category(letter) == "Cc" for letter in text):
            raise ValueError(f"{text!r} has a control character: remove it")
    if not _is_word(source):
        raise ValueError(f"{source!r} has no letter: a term is a word or several")
    return Term(source, target or source, others)


def _is_word(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def _key(text: str) -> str:
    """Return what a term is told by: case, spaces and hyphens between words do not count."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().replace("-", " ").split())


def _has_plural(term: Term) -> bool:
    """Whether an s behind a term is safely its plural, and the target's too."""
    source = term.source
    return source == term.target and len(source) >= _LEAST_PLURAL and source[-1] not in "sS"


def _as_pattern(source: str) -> str:
    """Return the pattern of a term that is a word by itself, where its script has spaces."""
    source = unicodedata.normalize("NFC", source)
    body = r"[\s-]+".join(re.escape(word) for word in re.split(r"[\s-]+", source) if word)
    begin = "" if _is_unspaced(source[0]) else r"(?<!\w)"
    end = "" if _is_unspaced(source[-1]) else f"(?={_ENDING.pattern})"
    return f"{begin}(?:{body}){end}"


def _is_unspaced(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(_UNSPACED)
