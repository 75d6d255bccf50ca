"""What must survive a translation: numbers, sums, percentages, times, dates and addresses.

Pure, from the texts alone. Two sentences are compared by value, so "thirty-two chairs" is
"32 sillas", "half past seven" is "las siete y media" and "$1.2 million" is "1,2 millones de
dólares". English and Spanish are read in digits and in words, other languages in digits.
"""

from dataclasses import dataclass

from live_translator.mt.addresses import Address, AddressKind, addresses, digits_of
from live_translator.mt.number_words import WORDS
from live_translator.mt.quantity_reader import Kind, Quantity, quantities, units_named

__all__ = ["Kind", "Quantity", "lost", "quantities"]

_MIN_PHONE_DIGITS = 3
"""Of a group that may be a part of a telephone number which the other text writes otherwise."""


def lost(source: str, target: str, source_code: str, target_code: str) -> tuple[str, ...]:
    """Return what of one text is not in the other, in words for a log; empty if all survives.

    What is certain of the source has to be in the target, and the other way round; what
    may be a number counts as one if it is needed. Of a language whose number words are not
    read, only the digits have to be in the other text.
    """
    heard, said = _side(source, source_code), _side(target, target_code)
    # A language that is read in digits only may have said the number in words.
    may_lose = source_code in WORDS and target_code not in WORDS
    may_add = target_code in WORDS and source_code not in WORDS
    return (
        *(f"{text!r} is lost" for text in _missing(heard, said, addresses_only=may_lose)),
        *(f"{text!r} is added" for text in _missing(said, heard, addresses_only=may_add)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """One of the two texts that are compared."""

    text: str
    code: str
    quantities: tuple[Quantity, ...]
    addresses: tuple[Address, ...]
    phones: tuple[str, ...]
    """The digits of telephone numbers, and of what may be one: read out digit by digit."""


def _side(text: str, code: str) -> _Side:
    found, kept = quantities(text, code), addresses(text)
    phones = (
        *(one.key for one in kept if one.kind is AddressKind.PHONE),
        *(one.digits for one in found if one.kind is Kind.SPELT),
    )
    return _Side(text=text, code=code, quantities=found, addresses=kept, phones=phones)


def _missing(side: _Side, other: _Side, *, addresses_only: bool) -> list[str]:
    """Return what of one side is not in the other, as it stands there."""
    certain = [one for one in side.quantities if one.is_certain and not addresses_only]
    return [
        *(one.text for one in certain if not _survives(one, side, other)),
        *(one.text for one in side.addresses if not _is_kept(one, other)),
    ]


def _is_kept(address: Address, other: _Side) -> bool:
    if address.kind is AddressKind.PHONE:
        return any(address.key in digits for digits in (digits_of(other.text), *other.phones))
    return address.text in other.text


def _survives(quantity: Quantity, side: _Side, other: _Side) -> bool:
    """Whether a quantity is in the other text, as one number, as its parts or in a telephone."""
    if quantity.unit and not _has_unit(quantity, other):
        return False
    same = [one for one in other.quantities if _is_same(quantity, one)]
    if same:
        return not all(_is_bare_copy(side, quantity, other, one) for one in same)
    digits = quantity.digits or digits_of(quantity.text)
    if len(digits) >= _MIN_PHONE_DIGITS and any(digits in phone for phone in other.phones):
        return True
    if quantity.digits and quantity.digits in digits_of(other.text):
        return True
    if quantity.kind is Kind.TIME and other.code in WORDS:
        return False  # A time that is read as two numbers is told as none: "en nueve treinta".
    known = {
        value
        for one in other.quantities
        if not _are_rivals(quantity, one)
        for value in (*one.values, *one.parts)
    }
    return bool(quantity.parts) and known.issuperset(quantity.parts)


def _is_bare_copy(side: _Side, quantity: Quantity, other: _Side, copy: Quantity) -> bool:
    """Whether a number has the other language's marks: 60.000 of Spanish in English is 60."""
    if quantity.value == copy.value or Kind.TIME in (quantity.kind, copy.kind):
        return False
    written = side.text[slice(*quantity.number)]
    return not written.isdigit() and written == other.text[slice(*copy.number)]


def _is_same(one: Quantity, other: Quantity) -> bool:
    if not _may_be_one_currency(one, other):
        return False
    if not one.values.isdisjoint(other.values):
        return True
    return not _are_rivals(one, other) and not one.values.isdisjoint(other.parts)


def _are_rivals(one: Quantity, other: Quantity) -> bool:
    """Whether two times name different halves of the day, so that their parts say nothing."""
    return one.has_daypart and other.has_daypart and one.values.isdisjoint(other.values)


def _may_be_one_currency(one: Quantity, other: Quantity) -> bool:
    units = {one.unit, other.unit} - {"", "%"}
    has_sign = "$" in one.text or "$" in other.text
    return len(units) < 2 or units == {"GBP", "lb"} or (has_sign and units == {"USD", "MXN"})


def _has_unit(quantity: Quantity, other: _Side) -> bool:
    """Whether the other text names the unit of a quantity, if only once for several."""
    unit = quantity.unit
    if unit == "lb" or any(one.unit == unit for one in other.quantities):
        return True
    named = units_named(other.text, other.code)
    return unit in named or ("$" in quantity.text and "MXN" in named)
