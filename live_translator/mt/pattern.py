"""What two sentences have in common that differ in a name or a number alone. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from live_translator.mt.agreement import gender_of
from live_translator.mt.number_forms import localised, written
from live_translator.mt.quantities import Kind, Quantity, quantities
from live_translator.mt.reading import key, may_be

_NAME = re.compile(r"(?<![\w'\u2019])[^\W\d_]{3,}(?!\w)")
_BEGINS = re.compile(r"(?:^|[.?!…:])[\s¿¡\"'«“(]*$")
_NUMBER, _WORD = "0", "x"
"""What stands for a number and for a name in what two sentences share."""
_STANDS_FOR = re.compile(r"(?<!\w)(?:0(?!\d)|x(?!\w))", re.IGNORECASE)
"""Where a sentence itself has what stands for another's name or number."""
_LEAST, _MILLION = 2, 10**6
"""One thing is not said as several are, nor a million: Spanish puts a "de" behind it."""
_DOZEN = re.compile(r"docenas?$", re.IGNORECASE)
"""A noun that takes a "de", which no other number does."""


@dataclass(frozen=True, slots=True)
class Filler:
    """A name or number of a sentence."""

    begin: int
    end: int
    """Characters."""
    text: str
    value: Fraction | None
    """Of a number; None of a name."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A sentence without its names and numbers."""

    text: str
    """With a mark for each of them."""
    fillers: tuple[Filler, ...]

    @property
    def key(self) -> str:
        """What is the same for sentences that differ in those alone (`reading.key`)."""
        return key(self.text)


def pattern(text: str, code: str) -> Pattern | None:
    """Return what a sentence shares with others like it; None where it has no name or number.

    None as well where it has the marks themselves, as in "x and 0".
    """
    numbers = [_number(quantity) for quantity in quantities(text, code) if _is_plain(quantity)]
    taken = [range(filler.begin, filler.end) for filler in numbers]
    names = [
        Filler(found.start(), found.end(), found[0], None)
        for found in _NAME.finditer(text)
        if _is_name(text, found) and not any(found.start() in span for span in taken)
    ]
    fillers = sorted([*numbers, *names], key=lambda filler: filler.begin)
    if not fillers:
        return None
    parts, end = [], 0
    for filler in fillers:
        parts += [text[end : filler.begin], _WORD if filler.value is None else _NUMBER]
        end = filler.end
    parts.append(text[end:])
    if any(_STANDS_FOR.search(part) for part in parts[::2]):
        return None
    return Pattern("".join(parts), tuple(fillers))


def filled(
    target: str,
    code: str,
    old: Pattern,
    new: Pattern,
    *,
    is_said: Callable[[str], bool] = lambda _name: True,
) -> str | None:
    """Return a translation with the fillers of another source; None where that is not safe.

    `old` and `new` are the patterns of the two sources, with the same key. `is_said` says
    whether a name may stand in the target language as it is. A name changes place with one
    of the same gender alone: adjectives agree with it.
    """
    if len(old.fillers) != len(new.fillers) or not may_be(new.text, old.text):
        return None
    for one, other in zip(old.fillers, new.fillers, strict=True):
        if one.text == other.text:
            continue
        if one.value is None or other.value is None:
            found = _named(target, one.text)
            is_safe = gender_of(one.text) == gender_of(other.text) and is_said(other.text)
            text = other.text
        else:
            found = _counted(target, code, one.value)
            is_safe = max(one.value, other.value) < _MILLION
            text = _written(other, code)
        if found is None or not is_safe:
            return None
        target = target[: found[0]] + text + target[found[1] :]
    return target


def is_open(target: str, code: str, own: Pattern) -> bool:
    """Whether a translation has each filler of its source once, so that others may stand there."""
    return all(
        _named(target, filler.text)
        if filler.value is None
        else _counted(target, code, filler.value)
        for filler in own.fillers
    )


def _is_plain(quantity: Quantity) -> bool:
    return quantity.kind is Kind.NUMBER and quantity.is_certain and quantity.value >= _LEAST


def _number(quantity: Quantity) -> Filler:
    begin, end = quantity.number
    offset = begin - quantity.begin
    return Filler(begin, end, quantity.text[offset : offset + end - begin], quantity.value)


def _is_name(text: str, found: re.Match[str]) -> bool:
    if not found[0][0].isupper() or found[0].isupper():
        return False
    return gender_of(found[0]) is not None or not _BEGINS.search(text[: found.start()])


def _named(target: str, name: str) -> tuple[int, int] | None:
    found = list(re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", target))
    return found[0].span() if len(found) == 1 else None


def _counted(target: str, code: str, value: Fraction) -> tuple[int, int] | None:
    found = [quantity for quantity in quantities(target, code) if value in quantity.values]
    if len(found) != 1 or not _is_plain(found[0]):
        return None
    begin, end = found[0].number
    return None if _DOZEN.search(target[begin:end]) else (begin, end)


def _written(filler: Filler, code: str) -> str:
    """Return a number in digits, as the target language writes them."""
    other = "es" if code == "en" else "en"
    if filler.value is None or not any(map(str.isalpha, filler.text)):
        return localised(filler.text, other, code)
    return written(filler.value, code)
