"""What two sentences have in common that differ in a name or a number alone. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from live_translator.mt.agreement import gender_of
from live_translator.mt.number_forms import localised
from live_translator.mt.quantities import Kind, Quantity, quantities
from live_translator.mt.reading import key

_NAME = re.compile(r"(?<![\w'\u2019])[^\W\d_]{3,}(?!\w)")
_BEGINS = re.compile(r"(?:^|[.?!…:])[\s¿¡\"'«“(]*$")
_NUMBER, _WORD = "0", "x"
"""What stands for a number and for a name in what two sentences share."""
_LEAST = 2
"""One thing is not said as several are."""


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

    key: str
    """As `reading.key` gives it; the same for sentences that differ in those alone."""
    fillers: tuple[Filler, ...]


def pattern(text: str, code: str) -> Pattern | None:
    """Return what a sentence shares with others like it; None where it has no name or number."""
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
    return Pattern(key("".join([*parts, text[end:]])), tuple(fillers))


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
    for one, other in zip(old.fillers, new.fillers, strict=True):
        if one.text == other.text:
            continue
        if one.value is None or other.value is None:
            found = _named(target, one.text)
            is_safe = gender_of(one.text) == gender_of(other.text) and is_said(other.text)
            text = other.text
        else:
            found = _counted(target, code, one.value)
            is_safe = min(one.value, other.value) >= _LEAST
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
    found = [quantity.number for quantity in quantities(target, code) if value in quantity.values]
    return found[0] if len(found) == 1 else None


def _written(filler: Filler, code: str) -> str:
    """Return a number in digits, as the target language writes them."""
    other = "es" if code == "en" else "en"
    if filler.text[:1].isdigit():
        return localised(filler.text, other, code)
    value = filler.value or Fraction(0)
    return str(value.numerator) if value.denominator == 1 else filler.text
