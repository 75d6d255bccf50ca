"""What is known of words: genders of names and nouns, and Spanish forms of English words."""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

F, M = "f", "m"
OTHER = {F: M, M: F}
Pair = tuple[str, str]
"""The Spanish word for him and the one for her."""


def of_both(one: str, other: str) -> str:
    """Return the gender in which Spanish speaks of two people together."""
    return F if one == other == F else M


@dataclass(frozen=True, slots=True)
class Forms:
    """What Spanish says for one English word, by number."""

    singular: tuple[Pair, ...]
    plural: tuple[Pair, ...]
    is_noun: bool

    def pairs(self, *, plural: bool) -> tuple[Pair, ...]:
        """Return the forms of one number."""
        return self.plural if plural else self.singular

    @property
    def all_pairs(self) -> tuple[Pair, ...]:
        """The forms of both numbers."""
        return (*self.singular, *self.plural)


@dataclass(frozen=True, slots=True)
class Gendered:
    """What a noun like "mothers" says of people by itself."""

    gender: str
    plural: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The two tables, by the questions that are asked of them."""

    names: Mapping[str, str]
    """Given name to gender."""
    english: Mapping[str, Forms]
    """Words that are said of people, in all their English forms."""
    nouns: frozenset[str]
    """Those of them that name a person, in the plural too."""
    nations: frozenset[str]
    """Those that say where somebody is from, which may be a language too."""
    women_and_men: Mapping[str, Gendered]
    """English nouns that state a gender."""
    spanish: Mapping[str, Gendered]
    """Spanish nouns that state a gender."""
    feminine: Mapping[str, str]
    """Spanish masculine to feminine."""
    masculine: Mapping[str, str]
    """Spanish feminine to masculine."""
    trades: Mapping[str, str]
    """Spanish nouns for people by trade or the like, to their gender, "" where none shows."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row for a word that is said of women and of men."""

    kind: str
    words: tuple[str, ...]
    """All forms of the English word, the base form first."""
    forms: Forms


_KIND_GENDERS = {"female": F, "male": M}
"""Kinds of rows whose word states a gender."""


@cache
def lexicon() -> Lexicon:
    """Return what the tables say; they are read once."""
    rows = _rows("gender_forms.tsv")
    stated = [row for row in rows if row["kind"] in _KIND_GENDERS]
    entries = [_entry(row) for row in rows if row["kind"] not in _KIND_GENDERS]
    pairs = [pair for entry in entries for pair in entry.forms.all_pairs]
    trades = [pair for entry in entries if entry.forms.is_noun for pair in entry.forms.all_pairs]
    return Lexicon(
        names={row["name"]: row["gender"] for row in _rows("given_names.tsv")},
        english=_forms_by_word(entries),
        nouns=frozenset(word for entry in entries if entry.forms.is_noun for word in entry.words),
        nations=frozenset(entry.words[0] for entry in entries if entry.kind == "nation"),
        women_and_men=_english_gendered(stated),
        spanish=_spanish_gendered(stated),
        feminine=dict(pairs),
        masculine={she: he for he, she in pairs},
        trades={
            form: gender if he != she else ""
            for he, she in trades
            for form, gender in ((he, M), (she, F))
        },
    )


def _rows(name: str) -> list[dict[str, str]]:
    text = files("live_translator.mt.agreement").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t"))


def _entry(row: Mapping[str, str]) -> _Entry:
    kind, word = row["kind"], row["english"]
    singular = tuple(zip(row["masculine"].split(), row["feminine"].split(), strict=True))
    plural = tuple((_spanish_plural(he), _spanish_plural(she)) for he, she in singular)
    is_noun = kind == "person"
    inflected: tuple[str, ...] = ()
    if is_noun:
        inflected = (_english_plural(word),)
    elif kind == "adj":
        inflected = _compared(word)
    return _Entry(kind, (word, *inflected), Forms(singular, plural, is_noun))


def _forms_by_word(entries: Iterable[_Entry]) -> dict[str, Forms]:
    """Return the forms of each English word, of both rows for one that is noun and adjective."""
    found: dict[str, Forms] = {}
    for entry in entries:
        for word in entry.words:
            known = found.get(word)
            found[word] = _merged(known, entry.forms) if known else entry.forms
    return found


def _merged(one: Forms, other: Forms) -> Forms:
    return Forms(
        tuple(dict.fromkeys((*one.singular, *other.singular))),
        tuple(dict.fromkeys((*one.plural, *other.plural))),
        one.is_noun or other.is_noun,
    )


def _english_gendered(rows: Iterable[Mapping[str, str]]) -> dict[str, Gendered]:
    found = {
        word: Gendered(_KIND_GENDERS[row["kind"]], plural)
        for row in rows
        for word, plural in ((row["english"], False), (_english_plural(row["english"]), True))
    }
    # No row has them: nobody knows whether one parent is the mother.
    return found | {"parents": Gendered(M, plural=True)}


def _spanish_gendered(rows: Iterable[Mapping[str, str]]) -> dict[str, Gendered]:
    return {
        word: Gendered(_KIND_GENDERS[row["kind"]], plural)
        for row in rows
        for noun in (row["feminine"] + row["masculine"]).split()
        for word, plural in ((noun, False), (_spanish_plural(noun), True))
    }


_IRREGULAR_PLURALS = {
    "wife": "wives",
    "child": "children",
    "thief": "thieves",
    "housewife": "housewives",
}


def _english_plural(word: str) -> str:
    if word in _IRREGULAR_PLURALS:
        return _IRREGULAR_PLURALS[word]
    if "-in-" in word:
        head, _, rest = word.partition("-")
        return f"{head}s-{rest}"
    if word.endswith("man"):
        return f"{word[:-3]}men"
    if word.endswith("y") and word[-2] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "ch", "sh", "x", "hero")) else f"{word}s"


def _spanish_plural(word: str) -> str:
    if word[-1] in "aeiouéáó":
        return f"{word}s"
    if word.endswith("z"):
        return f"{word[:-1]}ces"
    # "Inglés" has no accent in "ingleses".
    return f"{word[:-2]}{word[-2:].translate(str.maketrans('áéíóú', 'aeiou'))}es"


def _compared(word: str) -> tuple[str, ...]:
    """Return the comparative and the superlative in -er and -est, whether or not they exist."""
    if len(word) > 7 or word.endswith("ed"):
        return ()
    if word.endswith("y") and len(word) > 3:
        stem = f"{word[:-1]}i"
    elif re.fullmatch(r"[^aeiou]+[aeiou][bdgmnpt]", word):
        stem = word + word[-1]
    else:
        stem = word.removesuffix("e")
    return f"{stem}er", f"{stem}est"
