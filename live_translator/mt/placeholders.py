"""Addresses, quantities and names taken out of a sentence, and put back into its translation.

Pure. An engine that loses a sum, a time, an address or a name is given the sentence again with
a carrier in its place (`mt/exchange.py`).
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from live_translator.mt.addresses import addresses
from live_translator.mt.agreement import gender_of
from live_translator.mt.exchange import NAMES, Carrier, Exchange, Slot
from live_translator.mt.full_names import full_names
from live_translator.mt.number_forms import rendered
from live_translator.mt.pattern import pattern
from live_translator.mt.quantities import Kind, quantities

_CARRIED = frozenset((Kind.NUMBER, Kind.MONEY, Kind.PERCENT, Kind.TIME))
"""What a smaller quantity of the same kind can stand for, and every engine says in digits."""
_RINGS = ((14, 17, 23, 26, 38), (250, 260, 270, 280, 290))
"""Numbers to carry others; of the first ring every engine knows them, where they are lost the
second may do."""
_CARRIER_UNIT = "USD"
"""Every engine knows dollars; pesos are weights too."""
_NAMED = {"f": ("Carmen", "Laura", "Diana"), "m": ("Tom", "Daniel", "Bruno")}
"""Given names that are the same in both languages, and that every engine knows."""
_TIMES = ("7:20", "8:25", "9:40", "10:35", "11:50")


def with_addresses(source: str) -> Exchange | None:
    """Return the exchange of a source's addresses for names; None where it has none."""
    found = addresses(source)
    free = [name for name in NAMES if not re.search(rf"\b{name.source}\b", source, re.IGNORECASE)]
    if not found or len(found) > len(free):
        return None
    slots = [
        Slot(address.begin, address.end, name, address.text)
        for address, name in zip(found, free, strict=False)
    ]
    return Exchange(source, tuple(slots))


def exchanges(source: str, source_code: str, target_code: str) -> Iterator[Exchange]:
    """Yield ways to take a source's quantities, its addresses and names, through an engine."""
    named = with_addresses(source)
    found = [
        quantity
        for quantity in quantities(source, source_code)
        if quantity.is_certain and quantity.kind in _CARRIED
    ]
    for ring in _RINGS if found and len(found) <= len(_TIMES) else ():
        slots = list(named.slots) if named else []
        for quantity, number, time in zip(found, ring, _TIMES, strict=False):
            if quantity.kind is Kind.TIME:
                carrier = Carrier(time, time)
            else:
                unit = _CARRIER_UNIT if quantity.kind is Kind.MONEY else quantity.unit
                carried = replace(quantity, value=Fraction(number), unit=unit)
                carrier = Carrier(rendered(carried, source_code), rendered(carried, target_code))
            slots.append(
                Slot(quantity.begin, quantity.end, carrier, rendered(quantity, target_code))
            )
        yield Exchange(source, tuple(sorted(slots, key=lambda slot: slot.begin)))
    known = with_given_names(source, source_code)
    if known is not None:
        yield known


def with_given_names(source: str, code: str) -> Exchange | None:
    """Return the exchange of people's names for others of the same gender; None where none is."""
    called = {name.begin: (name.end, name.gender) for name in full_names(source)}
    taken = [range(begin, end) for begin, (end, _) in called.items()]
    own = pattern(source, code)
    for filler in own.fillers if own else ():
        gender = gender_of(filler.text) if filler.value is None else None
        if gender is not None and not any(filler.begin in span for span in taken):
            called[filler.begin] = (filler.end, gender)
    slots: list[Slot] = []
    free = {gender: iter(names) for gender, names in _NAMED.items()}
    for begin, (end, gender) in sorted(called.items()):
        name = next((name for name in free[gender] if name not in source), None)
        if name is None:
            return None
        slots.append(Slot(begin, end, Carrier(name, name), source[begin:end]))
    return Exchange(source, tuple(slots)) if slots else None
