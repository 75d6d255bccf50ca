"""Surnames: what stands behind a given name or a title stays as it is, word or not. Pure."""

import re
from dataclasses import dataclass

from live_translator.mt.agreement import gender_of
from live_translator.mt.reading import without_accents

_TITLES = {
    "mr": "m", "mrs": "f", "ms": "f", "miss": "f", "sir": "m", "señor": "m", "sr": "m",
    "señora": "f", "sra": "f", "señorita": "f", "srta": "f", "don": "m", "doña": "f",
}  # fmt: skip
"""With the gender of who has it."""
_CAPITAL = r"[^\W\d_a-zà-öø-ÿ][^\W\d_]+"
_FOUND = re.compile(
    rf"(?<!\w)(?P<first>{_CAPITAL}|señor(?:a|ita)?|don|doña)\.?\s"
    rf"(?P<rest>{_CAPITAL}(?:\s(?:(?:de|del|la|los|van|von)\s){{0,2}}{_CAPITAL}){{0,2}})(?!\w)"
)


@dataclass(frozen=True, slots=True)
class FullName:
    """A given name with its surnames, or the surnames behind a title."""

    begin: int
    end: int
    """Characters."""
    text: str
    surnames: tuple[str, ...]
    gender: str
    """f or m."""


def are_kept(source: str, target: str) -> bool:
    """Whether a translation has every surname of its source, accents aside."""
    said = without_accents(target)
    return all(
        without_accents(surname) in said for name in full_names(source) for surname in name.surnames
    )


def full_names(text: str) -> tuple[FullName, ...]:
    """Return the full names of a text in their order."""
    found = []
    for match in _FOUND.finditer(text):
        title = _TITLES.get(match["first"].casefold())
        gender = title or gender_of(match["first"])
        if gender is None:
            continue
        begin = match.start("rest") if title else match.start()
        surnames = tuple(word for word in match["rest"].split() if word[0].isupper())
        found.append(FullName(begin, match.end(), text[begin : match.end()], surnames, gender))
    return tuple(found)
