"""Reads the quantities of a text: numbers with their sign, unit, and what they count.

Pure. `number_words` reads the bare numbers; here is what their surroundings make of them.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from live_translator.mt.addresses import Address, addresses, digits_of
from live_translator.mt.number_words import (
    WORDS,
    NumberWords,
    Reading,
    Token,
    below_hundred,
    cardinal,
    fraction,
    ordinal,
    spelt,
    tokens,
)


class Kind(StrEnum):
    """What is counted."""

    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    TIME = "time"
    """Of day; its values are hours since midnight: half past seven is 15/2."""
    FRACTION = "fraction"
    ORDINAL = "ordinal"
    DECADE = "decade"
    CODE = "code"
    """Digits tied to letters or to each other: MP3, 2024-05-21."""
    SPELT = "spelt"
    """Digits that are read out one by one: five five five one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number of a text with what it counts."""

    begin: int
    end: int
    """Characters, the unit included."""
    number: tuple[int, int]
    """Characters of the number alone."""
    text: str
    """From `begin` to `end`, as it stands."""
    kind: Kind
    value: Fraction
    """The likeliest reading."""
    values: frozenset[Fraction]
    """All readings: "1.250" in Spanish has two, "7:30" is also 19:30."""
    unit: str
    """ISO currency, "%", or nothing. Dollars and pesos are USD and MXN, whosever they are;
    "lb" is a pound that may be money or weight."""
    is_certain: bool
    """False for a word that may be no number: one, second, media."""
    parts: tuple[Fraction, ...]
    """Numbers as which another may write it: 7 and 30 for half past seven."""
    has_daypart: bool
    """Whether a time says if it is before or after noon."""

    @property
    def digits(self) -> str:
        """The digits of what is read out one by one, with the zeros it begins with."""
        return "".join(str(part) for part in self.parts) if self.kind is Kind.SPELT else ""


_CURRENCY_WORDS = {
    **dict.fromkeys(["dollar", "dollars", "buck", "bucks", "dolar", "dolares", "usd"], "USD"),
    **dict.fromkeys(["euro", "euros", "eur"], "EUR"),
    **dict.fromkeys(["sterling", "gbp", "esterlinas"], "GBP"),
    **dict.fromkeys(["pound", "pounds", "libra", "libras", "quid"], "lb"),
    **dict.fromkeys(["peso", "pesos", "mxn"], "MXN"),
    **dict.fromkeys(["yen", "yens", "yenes", "jpy"], "JPY"),
    **dict.fromkeys(["yuan", "yuanes", "cny"], "CNY"),
    **dict.fromkeys(["rupee", "rupees", "rupia", "rupias", "inr"], "INR"),
    **dict.fromkeys(["rouble", "roubles", "ruble", "rubles", "rublo", "rublos", "rub"], "RUB"),
    **dict.fromkeys(["franc", "francs", "franco", "francos", "chf"], "CHF"),
}
_CURRENCY_SIGNS = {"$": "USD", "£": "GBP", "€": "EUR", "¥": "JPY"}
_COUNTRY = re.compile(r"(?:us|u\.s\.|american|canadian|australian|mexican|mexicanos)$")
_CENTS = frozenset(
    ["cent", "cents", "penny", "pence", "centavo", "centavos", "centimo", "centimos"]
)
_PERCENT = re.compile(
    r"\s?%|\s(?:percent|per\s?cent|por\s?(?:ciento|cien(?!\s(?:mil|d[oó]lar|euro|libra|peso|yen))|100)|pour\scent|prozent|percento)\b",
    re.I,
)
_AM_PM = re.compile(r"\s?(?P<half>[ap])(?:\.\s?m\b\.?|m\b\.?|\.?\s?m\.)", re.I)
_DAYPART = re.compile(
    r",?\s(?:(?P<am>in\sthe\smorning|(?:de|por)\sla\s(?:mañana|madrugada))"
    r"|(?P<pm>(?:in\sthe|this)\s(?:afternoon|evening)|tonight|(?:de|por)\sla\starde|del\smedio\s?d[ií]a)"
    r"|(?P<night>at\snight|(?:de|por)\sla\snoche))\b",
    re.I,
)
_UNIT_SIGN = re.compile(r"\s?[%$£€°]")
_H_MINUTES = re.compile(r"h(\d\d)\b", re.I)
_SHARP = re.compile(r"\s(?:o['\u2019]?clock|en\spunto|horas\b|hrs\b|h\b)|h\b", re.I)
_GLUED_SCALE = re.compile(r"(?:(k)|(mn?|mm)|(bn|b))\b", re.I)
_SUFFIX = re.compile(
    r"(?:st|nd|rd|th)\b|\s?\.?[ºª°](?!\s?[CF]\b)|(?:er|ro|ra|do|da|to|ta|mo|vo|va|no)\b", re.I
)
_BELOW_ZERO = re.compile(
    r"(?:\s?°\s?[CF]?|\s(?:degrees|grados)(?:\s(?:celsius|fahrenheit|centígrados))?)?"
    r"\s(?:below\szero|bajo\scero)\b",
    re.I,
)
_MINUS = re.compile(r"(?<![\w.,)\]%°])[-\u2212\u2013]$")
_DECADE_END = re.compile(r"['\u2019]?s\b")
_ROMAN = re.compile(r"[IVXL]{1,7}")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50}
_SMALLER = {
    "en": {"hour": 60, "hours": 60, "year": 12, "years": 12},
    "es": {"hora": 60, "horas": 60, "ano": 12, "anos": 12},
}
"""Units that people also tell in smaller ones: half an hour is 30 minutes."""
_MEASURES = {
    "en": ("hour", "year", "kilo", "kilogram", "litre", "liter", "metre", "meter", "mile", "pound",
           "kilometre", "kilometer", "pint", "gallon", "ton", "month", "day", "century", "cup"),
    "es": ("hora", "ano", "kilo", "kilogramo", "litro", "metro", "milla", "libra", "kilometro",
           "pinta", "galon", "tonelada", "mes", "dia", "siglo", "taza"),
}  # fmt: skip
"""What half of is an amount, as words are compared here: without accents."""
_NO_MINUS_BEFORE = frozenset({"o", "u", "al", "lo", "ni", "mucho", "nada", "cuando", "mas"})
"""Before "menos": at least, more or less, much less."""
_SCALES = (10**12, 10**9, 10**6, 10**3)
_BEFORE_TIMES = frozenset({"at", "it", "it's", "by", "until", "since"})
_BEHIND_TIMES = frozenset({"o'clock", "in", "on", "and", "when", "now", "already", "a", "p"})
"""Words behind "ten to five", where others are what is counted: five to six days."""
_HOUR = Fraction(1, 60)
_BETWEEN = (" ", "\u00a0", "\u202f", "-", "\u2212")
_COUNTRY_SIGN = re.compile(r"(?:US|U\.S\.|MX|CA|AU|NZ|A|C)$")
_CURRENCY_CODES = {
    **dict.fromkeys(["USD", "CAD", "AUD", "NZD"], "USD"),
    **{code: code for code in ("EUR", "GBP", "MXN", "JPY", "CNY", "INR", "RUB", "CHF")},
}
_RANGE = re.compile(r"\s?(?:-|\u2013|to|and|or|a|y|o|u|e)\s?(?:the|las?|los|[$£€]|US\$)?\s?", re.I)
"""Between two numbers of which the second names the millions of both."""


def quantities(text: str, code: str) -> tuple[Quantity, ...]:
    """Return the quantities of a text in the language `code`, in their order.

    Addresses and telephone numbers are none. Takes time in proportion to the text.
    """
    found = _outside(tokens(text, code), addresses(text))
    return tuple(_with_shared(text, list(_Reader(text, code, found).all())))


def units_named(text: str, code: str) -> frozenset[str]:
    """Return the units that a text names, at a number or not; "$" is of pesos too."""
    units = {_CURRENCY_WORDS.get(token.word, "") for token in tokens(text, code)}
    units.update(unit for sign, unit in _CURRENCY_SIGNS.items() if sign in text)
    if "$" in text:
        units.add("MXN")
    if "lb" in units:
        units.add("GBP")
    if _PERCENT.search(text):
        units.add("%")
    return frozenset(units - {""})


def _with_shared(text: str, found: list[Quantity]) -> list[Quantity]:
    """Return the quantities with what two share: 340 to 500 million, 1995-96."""
    for place in range(len(found) - 2, -1, -1):
        one, other = found[place : place + 2]
        between = text[one.end : other.begin]
        if between in ("-", "\u2013") and 1000 < one.value < 2100 and 10 < other.value < 100:
            century = one.value // 100 * 100
            values = other.values | {other.value + century}
            found[place + 1] = replace(other, values=values)
            continue
        scale = next((scale for scale in _SCALES if other.value >= scale > one.value), None)
        if scale is None or one.kind not in (Kind.NUMBER, Kind.MONEY):
            continue
        is_scaled = not text[other.number[0] : other.number[1]].replace(",", "").isdigit()
        if is_scaled and _RANGE.fullmatch(text, one.end, other.begin):
            values = one.values | {value * scale for value in one.values}
            found[place] = replace(one, values=values)
    return found


def _outside(found: Sequence[Token], spans: Sequence[Address]) -> list[Token]:
    """Return the tokens that are not of an address; what stands on its two sides is not joined."""
    if not spans:
        return list(found)
    kept: list[Token] = []
    place = 0
    is_cut = False
    for token in found:
        while place < len(spans) and spans[place].end <= token.begin:
            place += 1
        if place < len(spans) and spans[place].begin < token.end:
            is_cut = True
        else:
            kept.append(token._replace(is_joined=token.is_joined and not is_cut))
            is_cut = False
    return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A number before its surroundings are looked at."""

    values: tuple[Fraction, ...]
    end: int
    """The token after it."""
    kind: Kind = Kind.NUMBER
    is_certain: bool = True
    parts: tuple[Fraction, ...] = ()
    stop: int = -1
    """The character after it, where that is not the end of its last token."""
    has_daypart: bool = False


class _Reader:
    """Reads one text from left to right."""

    def __init__(self, text: str, code: str, found: Sequence[Token]) -> None:
        self.text = text
        self.code = code
        self.tokens = found
        self.words: NumberWords | None = WORDS.get(code)

    def all(self) -> Iterable[Quantity]:
        """Yield the quantities; each token is part of one at most."""
        place = 0
        while place < len(self.tokens):
            quantity, end = self._at(place)
            if quantity is not None:
                yield quantity
            place = max(end, place + 1)

    def _at(self, place: int) -> tuple[Quantity | None, int]:
        token, words = self.tokens[place], self.words
        found: _Found | None = None
        if token.kind == "chain":
            found = self._chain(place)
        elif words is not None and (token.readings or token.word in words.starts):
            found = self._counted(place, words)
        elif token.readings:
            found = _Found(values=token.readings, end=place + 1)
        elif token.kind == "word":
            found = self._roman(place) or self._bare_measure(place)
        return (None, place + 1) if found is None else self._with_surroundings(place, found)

    def _counted(self, place: int, words: NumberWords) -> _Found | None:
        """Return what begins at a token that may be a number, the most telling reading first."""
        ways: tuple[Callable[[int, NumberWords], _Found | None], ...]
        if self.tokens[place].readings:
            ways = (self._time, self._decade, self._glued, self._cardinal)
        else:
            ways = (
                *(self._spelt, self._time, self._pair, self._decade, self._part_of_measure),
                *(self._fraction, self._ordinal, self._cardinal, self._vague),
            )
        for way in ways:
            found = way(place, words)
            if found is not None:
                return found
        return None

    # Numbers

    def _cardinal(self, place: int, words: NumberWords) -> _Found | None:
        number = cardinal(self.tokens, place, words)
        if number is None:
            return None
        token = self.tokens[place]
        is_one_word = number.end == place + 1 and not token.readings
        parts = (*number.parts, *_parts_of(token)) if number.end == place + 1 else number.parts
        found = _Found(
            values=number.values,
            end=number.end,
            parts=parts,
            is_certain=not (is_one_word and token.word in words.doubtful),
        )
        return self._with_half(found, words)

    def _with_half(self, found: _Found, words: NumberWords) -> _Found:
        """Add the half behind what is counted: two hours and a half, dos kilos y medio."""
        joint = found.end + 1
        if not (self._is_word(found.end) and self._is(joint, words.joint)):
            return found
        end = joint + 1
        if self._is(end, *words.articles):
            end += 1
        elif self.code == "en":
            return found
        if not self._is(end, *words.half) or self._is(end + 1, *words.scales):
            return found
        half = Fraction(1, 2)
        values = self._in_smaller(tuple(value + half for value in found.values), found.end)
        return _Found(values=values, end=end + 1, parts=(found.values[0], half))

    def _glued(self, place: int, _words: NumberWords) -> _Found | None:
        """Return a number with a letter for thousands or millions behind it: 5k, $1.2bn."""
        token = self.tokens[place]
        scale = _GLUED_SCALE.match(self.text, token.end)
        if not scale or place + 1 >= len(self.tokens):
            return None
        factor = 10**3 if scale[1] else 10**6 if scale[2] else 10**9
        is_money = self.text[: token.begin].rstrip()[-1:] in _CURRENCY_SIGNS
        values = tuple(value * factor for value in token.readings)
        values = values if is_money else (*token.readings, *values)
        return _Found(values=values, end=place + 2)

    def _pair(self, place: int, words: NumberWords) -> _Found | None:
        """Return a year or a time in two halves: nineteen ninety-nine, ten oh five."""
        first = below_hundred(self.tokens, place, words)
        if self.code != "en" or first is None or not self._is_joined(first.end):
            return None
        high, end = first.values[0], first.end
        decade = words.decades.get(self.tokens[end].word)
        if decade and 13 <= high <= 20:
            years = (high * 100 + decade, Fraction(decade))
            return _Found(values=years, end=end + 1, kind=Kind.DECADE)
        has_zero = self.tokens[end].word in ("oh", "o") and self._is_joined(end + 1)
        low = below_hundred(self.tokens, end + has_zero, words)
        if low is None or not (low.values[0] < 10 if has_zero else low.values[0] >= 10):
            return None
        is_in_digits = self.tokens[low.end - 1].readings
        if is_in_digits or self._is(low.end, words.hundred, *words.scales, *words.points):
            return None
        if 1 <= high <= 12 and low.values[0] < 60:
            return self._time_of(high, low.values[0], low.end)
        year = high * 100 + low.values[0]
        return _Found(values=(year,), end=low.end) if 10 <= high <= 20 else None

    def _spelt(self, place: int, words: NumberWords) -> _Found | None:
        digits = spelt(self.tokens, place, words)
        if digits is None:
            return None
        number, end = digits
        parts = tuple(Fraction(int(digit)) for digit in number)
        return _Found(values=(Fraction(int(number)),), end=end, kind=Kind.SPELT, parts=parts)

    def _decade(self, place: int, words: NumberWords) -> _Found | None:
        """Return a decade: the 1990s, the nineties, los años noventa."""
        token = self.tokens[place]
        value: Fraction | None = None
        end = place + 1
        stop = -1
        if token.readings and len(token.word) in (2, 4) and token.word.endswith("0"):
            plural = _DECADE_END.match(self.text, token.end)
            if plural:
                value, stop = token.readings[0], plural.end()
                end += place + 1 < len(self.tokens) and self.tokens[place + 1].begin < stop
        if token.word in words.decades:
            value = Fraction(words.decades[token.word])
        before = [other.word for other in self.tokens[max(0, place - 2) : place]]
        if (
            value is None
            and self.code == "es"
            and before[-1:]
            and (before[-1] == "anos" or before in (["decada", "de"], ["decada", "del"]))
        ):
            number = cardinal(self.tokens, place, words)
            if number is not None and number.values[0] % 10 == 0 and number.values[0] < 10**4:
                value, end = number.values[0], number.end
        if value is None:
            return None
        others = (value % 100,) if value > 100 else (1900 + value,)
        return _Found(values=(value, *others), end=end, kind=Kind.DECADE, stop=stop)

    def _part_of_measure(self, place: int, words: NumberWords) -> _Found | None:
        """Return half a kilo, three quarters of an hour; hours as minutes too."""
        part: Reading | None = None
        if self.tokens[place].word in words.half:
            part = Reading((Fraction(1, 2),), place + 1)
        else:
            part = fraction(self.tokens, place, words)
        if part is None:
            return None
        end = part.end
        while self._is(end, "of", "de", *words.articles):
            end += 1
        if not self._is(end, *_MEASURES[self.code], *_SMALLER[self.code]):
            return None
        values = self._in_smaller(part.values[:1], end)
        return _Found(values=values, end=part.end, kind=Kind.FRACTION)

    def _in_smaller(self, values: tuple[Fraction, ...], place: int) -> tuple[Fraction, ...]:
        """Return values of a unit, and those in a smaller one where people use it."""
        smaller = _SMALLER[self.code].get(self.tokens[place].word)
        return (*values, *(value * smaller for value in values)) if smaller else values

    def _fraction(self, place: int, words: NumberWords) -> _Found | None:
        part = fraction(self.tokens, place, words)
        if part is None:
            return None
        # "Un cuarto" is a room, "un medio" a means.
        is_certain = part.values[0] not in (Fraction(1, 4), Fraction(1, 2))
        return _Found(
            values=part.values,
            end=part.end,
            kind=Kind.FRACTION,
            parts=part.parts,
            is_certain=is_certain,
        )

    def _ordinal(self, place: int, words: NumberWords) -> _Found | None:
        number = ordinal(self.tokens, place, words)
        if number is None:
            return None
        is_certain = number.end > place + 1 or self.tokens[place].word not in words.doubtful
        return _Found(
            values=number.values, end=number.end, kind=Kind.ORDINAL, is_certain=is_certain
        )

    def _vague(self, place: int, words: NumberWords) -> _Found | None:
        values = words.vague.get(self.tokens[place].word)
        if values is None:
            return None
        found = _Found(values=values, end=place + 1, is_certain=False)
        return self._with_half(found, words)

    def _bare_measure(self, place: int) -> _Found | None:
        """Return "hora y media" or "kilo y medio" without a number before it."""
        words = self.words
        if words is None:
            return None
        if self.tokens[place].word not in _MEASURES[self.code]:
            return None
        before = _Found(values=(Fraction(1),), end=place, is_certain=False)
        found = self._with_half(before, words)
        return found if found is not before and found.end > place + 1 else None

    def _roman(self, place: int) -> _Found | None:
        """Return a Roman numeral of two letters or more, or of a century: World War II."""
        token = self.tokens[place]
        written = self.text[token.begin : token.end]
        if not _ROMAN.fullmatch(written):
            return None
        is_century = place > 0 and self.tokens[place - 1].word in ("siglo", "siglos")
        if len(written) < 2 and not is_century:
            return None
        digits = [_ROMAN_DIGITS[letter] for letter in written]
        value = sum(
            -digit if digit < following else digit
            for digit, following in zip(digits, [*digits[1:], 0], strict=True)
        )
        return _Found(
            values=(Fraction(value),), end=place + 1, kind=Kind.ORDINAL, is_certain=is_century
        )

    def _chain(self, place: int) -> _Found:
        """Return digits that are tied together: a time, a fraction, a date, a score."""
        token = self.tokens[place]
        numbers = tuple(Fraction(int(part)) for part in re.split(r"\D", token.word))
        high, low = numbers[:2]
        last = re.split(r"\D", token.word)[-1]
        if ":" in token.word and high <= 24 and low < 60 and len(last) == 2 and len(numbers) == 2:
            return self._time_of(high, low, place + 1)
        if "/" in token.word and len(numbers) == 2 and low > 0:
            is_less = high < low
            return _Found(
                values=(high / low,),
                end=place + 1,
                parts=numbers,
                kind=Kind.FRACTION if is_less else Kind.CODE,
            )
        joined = Fraction(int(digits_of(token.word)))
        return _Found(values=(joined,), end=place + 1, kind=Kind.CODE, parts=numbers)

    # Times of day

    def _time(self, place: int, words: NumberWords) -> _Found | None:
        if self.tokens[place].kind == "number" and (written := self._written_time(place)):
            return written
        if self.code == "en":
            return self._english_time(place, words)
        return self._spanish_time(place, words)

    def _english_time(self, place: int, words: NumberWords) -> _Found | None:
        start = place + (self.tokens[place].word == "a" and self._is(place + 1, words.quarter))
        minutes = self._minutes(start, words)
        if minutes is not None:
            count, end = minutes
            end += self._is(end, "minutes")
            is_past = self._is(end, "past", "after")
            is_to = self._is(end, "to", "till", "before") and not self._is_range(place, end, words)
            hour = self._hour(end + 1, 12) if is_past or is_to else None
            if hour is not None and not self._is(end + 2, words.hundred, *words.scales, "percent"):
                if is_past:
                    return self._time_of(hour, Fraction(count), end + 2)
                return self._time_of(hour - 1, 60 - Fraction(count), end + 2, to=hour)
            if self.tokens[start].word in words.half and (half := self._hour(end, 12)):
                # Half seven is half past seven in Britain.
                time = self._time_of(half, Fraction(30), end + 1)
                return replace(time, is_certain=False)
        hour = self._hour(place, 12)
        if hour is None:
            return None
        is_more = self._is_joined(place + 1) and below_hundred(self.tokens, place + 1, words)
        return None if is_more else self._sharp(place, hour)

    def _is_range(self, place: int, end: int, words: NumberWords) -> bool:
        """Whether "five to six" is said of what is counted: from five to six, five to six days."""
        if self.tokens[place].word in ("a", words.quarter) or self._is(end - 1, "minutes"):
            return False
        before = self.tokens[place - 1].word if place else ""
        if before in _BEFORE_TIMES:
            return False
        after = self.tokens[end + 2].word if self._is_word(end + 2) else "o'clock"
        return before in ("from", "between") or after not in _BEHIND_TIMES

    def _sharp(self, place: int, hour: Fraction) -> _Found | None:
        """Return an hour that something behind it, or "at" before it, shows to be a time."""
        end = self.tokens[place].end
        if _SHARP.match(self.text, end) and self.code == "en":
            return self._time_of(hour, Fraction(0), place + 1)
        if _AM_PM.match(self.text, end) or _DAYPART.match(self.text, end):
            return self._time_of(hour, Fraction(0), place + 1)
        is_at = place > 0 and self._is_joined(place) and self.tokens[place - 1].word == "at"
        is_last = not self._is_word(place + 1) and not _UNIT_SIGN.match(self.text, end)
        if is_at and is_last:
            return self._time_of(hour, Fraction(0), place + 1)
        return None

    def _minutes(self, place: int, words: NumberWords) -> tuple[int, int] | None:
        """Return the minutes before "past" or "to", and the token after them."""
        if not place < len(self.tokens):
            return None
        word = self.tokens[place].word
        if word in words.half or word == words.quarter:
            return (30 if word in words.half else 15), place + 1
        number = below_hundred(self.tokens, place, words)
        if number is None or number.values[0] % 5 or not 0 < number.values[0] < 60:
            return None
        return int(number.values[0]), number.end

    def _hour(self, place: int, most: int) -> Fraction | None:
        if place >= len(self.tokens) or self.words is None:
            return None
        token = self.tokens[place]
        value = token.readings[0] if token.readings else self.words.small.get(token.word)
        if value is None or not 0 <= value <= most or Fraction(value).denominator != 1:
            return None
        return Fraction(value) if value or token.readings else None

    def _spanish_time(self, place: int, words: NumberWords) -> _Found | None:
        before = self.tokens[place - 1].word if place else ""
        has_article = before in ("las", "la")
        is_one = self.tokens[place].word == "un" and self._is(place + 1, words.quarter)
        minutes = self._minutes(place + is_one, words)
        if minutes is not None and self._is(minutes[1], "para"):
            after = minutes[1] + 1
            hour = self._hour(after + 1, 12) if self._is(after, "las", "la") else None
            if hour is not None:
                left = 60 - Fraction(minutes[0])
                return self._time_of(hour - 1, left, after + 2, to=hour)
        hour = self._hour(place, 24)
        if hour is None:
            return None
        end = place + 1
        if self._is(end, "y", "menos", "con") and self._is_joined(end + 1):
            sign, word = self.tokens[end].word, self.tokens[end + 1].word
            count: int | None = {"cuarto": 15, "media": 30}.get(word)
            after = end + 2
            is_told = count == 15 or has_article
            if count is None and has_article and sign != "con":
                number = below_hundred(self.tokens, end + 1, words)
                if number is not None and 0 < number.values[0] < 60:
                    count, after = int(number.values[0]), number.end
            if count is not None and is_told and not self._is(after, *words.scales, "docena"):
                if sign == "menos":
                    return self._time_of(hour - 1, 60 - Fraction(count), after, to=hour)
                return self._time_of(hour, Fraction(count), after)
        if has_article and self._is_joined(end):
            number = below_hundred(self.tokens, end, words)
            is_time = number is not None and 10 <= number.values[0] < 60
            if number is not None and is_time and not self._is(number.end, *words.scales):
                return self._time_of(hour, number.values[0], number.end)
        return self._spanish_hour(place, hour, has_article=has_article)

    def _spanish_hour(self, place: int, hour: Fraction, *, has_article: bool) -> _Found | None:
        end = self.tokens[place].end
        is_hour = has_article and place > 1 and self.tokens[place - 2].word in ("a", "son", "es")
        is_followed = (
            self._is_joined(place + 1)
            and self.words is not None
            and (self.tokens[place + 1].word in self.words.scales)
        )
        is_shown = _AM_PM.match(self.text, end) or _DAYPART.match(self.text, end)
        is_sharp = has_article and _SHARP.match(self.text, end)
        if not is_followed and (is_hour or is_shown or is_sharp):
            return self._time_of(hour, Fraction(0), place + 1)
        return None

    def _written_time(self, place: int) -> _Found | None:
        """Return a time that is written with a point or an h: 7.30 pm, las 7.30, 19h30."""
        token = self.tokens[place]
        hour, mark, minutes = token.word.partition(".")
        end = place + 1
        if mark:
            before = self.tokens[place - 1].word if place else ""
            is_shown = before in ("las", "la") or _AM_PM.match(self.text, token.end)
        else:
            behind = _H_MINUTES.match(self.text, token.end)
            is_shown, minutes = behind, behind[1] if behind else ""
            end = place + 3
        if not is_shown or len(hour) > 2 or len(minutes) != 2 or not minutes.isdigit():
            return None
        if int(hour) > 24 or int(minutes) > 59 or end > len(self.tokens):
            return None
        return self._time_of(Fraction(int(hour)), Fraction(int(minutes)), end)

    def _time_of(
        self, hour: Fraction, minutes: Fraction, end: int, *, to: Fraction | None = None
    ) -> _Found:
        """Return a time with what follows it of the day: o'clock, p. m., de la tarde."""
        stop = self.tokens[end - 1].end
        sharp = _SHARP.match(self.text, stop)
        stop = sharp.end() if sharp else stop
        part = _AM_PM.match(self.text, stop) or _DAYPART.match(self.text, stop)
        daypart = ""
        if part:
            stop = part.end()
            groups = part.groupdict()
            daypart = (groups.get("half") or "").casefold() or next(
                name for name, value in groups.items() if value
            )[0]
        # "Las ocho menos cuarto" is said of eight.
        half = hour if to is None else to
        values = _hours(half, daypart)
        offset = (hour - half) + minutes * _HOUR
        likely = hour + minutes * _HOUR
        shifted = [(value + offset) % 24 for value in values]
        parts = (hour, minutes) if minutes else (hour,)
        while end < len(self.tokens) and self.tokens[end].begin < stop:
            end += 1
        return _Found(
            values=(likely if likely in shifted else shifted[0], *shifted),
            end=end,
            kind=Kind.TIME,
            parts=parts,
            stop=stop,
            has_daypart=bool(daypart),
        )

    # What stands around a number

    def _with_surroundings(self, place: int, found: _Found) -> tuple[Quantity, int]:
        """Return a quantity with its sign and unit, and the token after it."""
        begin, values, kind = self.tokens[place].begin, found.values, found.kind
        stop = found.stop if found.stop >= 0 else self.tokens[found.end - 1].end
        number_begin, number_end, end = begin, stop, found.end
        if kind in (Kind.NUMBER, Kind.FRACTION):
            minus = self._minus(place)
            below = None if minus is not None else _BELOW_ZERO.match(self.text, stop)
            if minus is not None:
                begin = number_begin = minus
            stop = below.end() if below else stop
            if minus is not None or below:
                values = tuple(-value for value in values)
        if kind is Kind.NUMBER and self.tokens[place].readings:
            suffix = _SUFFIX.match(self.text, stop)
            if begin and self.text[begin - 1].isalpha():
                kind = Kind.CODE
            elif suffix:
                kind, stop = Kind.ORDINAL, suffix.end()
        unit, is_certain, parts = "", found.is_certain, found.parts
        if kind in (Kind.NUMBER, Kind.FRACTION, Kind.CODE):
            unit, begin, stop = self._unit(place, begin, stop, end)
            # "A dollar" is a sum, "a pound" may be a weight, "a" alone is an article.
            is_certain = is_certain or unit == "%" or (unit not in ("", "lb") and values[0] == 1)
            kind = Kind.PERCENT if unit == "%" else Kind.MONEY if unit else kind
            if begin < number_begin and _MINUS.search(self.text, max(0, begin - 2), begin):
                values, begin = tuple(-value for value in values), begin - 1
        while end < len(self.tokens) and self.tokens[end].begin < stop:
            end += 1
        if kind is Kind.MONEY and (cents := self._cents(end)):
            values = tuple(value + cents[0] / 100 for value in values)
            parts, end = (*found.values[:1], cents[0]), cents[1]
            stop = self.tokens[end - 1].end
        elif kind is Kind.NUMBER and self._is(end, *_CENTS):
            parts = (*parts, values[0] / 100)
        quantity = Quantity(
            begin=begin,
            end=stop,
            number=(number_begin, number_end),
            text=self.text[begin:stop],
            kind=kind,
            value=values[0],
            values=frozenset(values),
            unit=unit,
            is_certain=is_certain,
            parts=parts,
            has_daypart=found.has_daypart,
        )
        return quantity, end

    def _unit(self, place: int, begin: int, stop: int, end: int) -> tuple[str, int, int]:
        """Return the unit of a number, or nothing, and where the two begin and end."""
        percent = _PERCENT.match(self.text, stop)
        if percent:
            return "%", begin, percent.end()
        return self._currency(place, begin, stop, end)

    def _minus(self, place: int) -> int | None:
        """Return where the minus before a number begins."""
        token = self.tokens[place]
        if token.readings and _MINUS.search(self.text, max(0, token.begin - 2), token.begin):
            return token.begin - 1
        if self.words is None or place == 0 or not token.is_joined:
            return None
        word = self.tokens[place - 1]
        if word.word not in self.words.minus:
            return None
        earlier = self.tokens[place - 2] if place > 1 and word.is_joined else None
        if earlier is not None and (
            earlier.readings or earlier.word in _NO_MINUS_BEFORE or earlier.word in self.words.small
        ):
            return None
        return word.begin

    def _currency(self, place: int, begin: int, stop: int, end: int) -> tuple[str, int, int]:
        """Return the currency of a number and where the two begin and end."""
        unit = ""
        if (
            place
            and self.tokens[place - 1].word in _CURRENCY_SIGNS
            and _is_near(self.text, self.tokens[place - 1].end, begin)
        ):
            sign = self.tokens[place - 1]
            unit, begin = _CURRENCY_SIGNS[sign.word], sign.begin
            letters = _COUNTRY_SIGN.search(self.text, max(0, begin - 4), begin)
            begin = letters.start() if letters else begin
        elif place and self.tokens[place].is_joined:
            word = self.text[self.tokens[place - 1].begin : self.tokens[place - 1].end]
            if word in _CURRENCY_CODES:
                unit, begin = _CURRENCY_CODES[word], self.tokens[place - 1].begin
        after = end + self._is(end, "de", "of")
        if after < len(self.tokens):
            token = self.tokens[after]
            is_sign = token.word in _CURRENCY_SIGNS and _is_near(self.text, stop, token.begin)
            follows = (
                after + 1 < len(self.tokens)
                and self.tokens[after + 1].readings
                and (self.tokens[after + 1].begin == token.end)
            )
            if is_sign and not unit and not follows:
                return _CURRENCY_SIGNS[token.word], begin, token.end
            if token.is_joined and _COUNTRY.fullmatch(token.word) and self._is_joined(after + 1):
                after += 1
                token = self.tokens[after]
            named = _CURRENCY_WORDS.get(token.word, "") if token.is_joined else ""
            if named == "lb" and self._is(after + 1, "sterling", "esterlinas"):
                named, token = "GBP", self.tokens[after + 1]
            if named and unit in ("", named, "USD"):
                return named, begin, token.end
        return unit, begin, stop

    def _cents(self, end: int) -> tuple[Fraction, int] | None:
        """Return the cents behind a sum, and the token after them: and fifty cents."""
        if self.words is None:
            return None
        start = end + self._is(end, self.words.joint, "con")
        number = below_hundred(self.tokens, start, self.words) if self._is_joined(start) else None
        if number is None:
            return None
        if self._is(number.end, *_CENTS):
            return number.values[0], number.end + 1
        is_bare = self._is(end, "con") or start == end
        is_end = not self._is_word(number.end)
        return (number.values[0], number.end) if is_bare and is_end else None

    def _is(self, place: int, *words: str) -> bool:
        return self._is_joined(place) and self.tokens[place].word in words

    def _is_joined(self, place: int) -> bool:
        return 0 <= place < len(self.tokens) and self.tokens[place].is_joined

    def _is_word(self, place: int) -> bool:
        return self._is_joined(place) and self.tokens[place].kind == "word"


def _hours(hour: Fraction, daypart: str) -> list[Fraction]:
    """Return the hours of the day that an hour on the clock may be."""
    if hour > 12 or hour == 0:
        return [hour % 24, hour]
    if daypart == "a":
        return [hour % 12]
    if daypart == "p":
        return [hour % 12 + 12]
    if daypart == "n":
        return [hour % 12 + 12] if 6 <= hour < 12 else [hour % 12, hour % 12 + 12, hour]
    return [hour, hour % 12, hour % 12 + 12]


def _parts_of(token: Token) -> tuple[Fraction, ...]:
    """Return the numbers between the marks of a number in digits: 7 and 30 of 7.30."""
    if token.word.isdigit() or token.kind != "number":
        return ()
    return tuple(Fraction(int(part)) for part in re.findall(r"\d+", token.word))


def _is_near(text: str, end: int, begin: int) -> bool:
    """Whether at most a space or a minus stands between a sign and its number."""
    return text[end:begin] in ("", *_BETWEEN)
