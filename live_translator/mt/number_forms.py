"""How numbers are written: without signs, in digits, and as another language writes them.

Pure. A network reads words better than signs that it has not learnt, and says a number best
that it need not translate.
"""

import re
from collections.abc import Iterable
from fractions import Fraction

from live_translator.mt.addresses import addresses, digits_of
from live_translator.mt.number_words import DECIMAL_POINT, SPACED_GROUPS, VULGAR, readings
from live_translator.mt.quantities import Kind, Quantity, quantities

_MIN_GROUPED = 10_000
"""From here on thousands are set apart: 9000 may be a year, and Spanish groups from five digits."""
_MIN_IN_DIGITS = 11
"""Smaller numbers are written in words, and networks know them."""
_MAX_DECIMALS = 12
_CURRENCIES = {
    "en": {
        "USD": ("dollar", "dollars"),
        "EUR": ("euro", "euros"),
        "GBP": ("pound", "pounds"),
        "lb": ("pound", "pounds"),
        "MXN": ("peso", "pesos"),
        "JPY": ("yen", "yen"),
        "CNY": ("yuan", "yuan"),
        "INR": ("rupee", "rupees"),
        "RUB": ("rouble", "roubles"),
        "CHF": ("franc", "francs"),
    },
    "es": {
        "USD": ("dólar", "dólares"),
        "EUR": ("euro", "euros"),
        "GBP": ("libra", "libras"),
        "lb": ("libra", "libras"),
        "MXN": ("peso", "pesos"),
        "JPY": ("yen", "yenes"),
        "CNY": ("yuan", "yuanes"),
        "INR": ("rupia", "rupias"),
        "RUB": ("rublo", "rublos"),
        "CHF": ("franco", "francos"),
    },
}
_PERCENT = {"en": "percent", "es": "por ciento"}
_AND = {"en": "and", "es": "y"}
_DEGREES = {"en": ("degree", "degrees"), "es": ("grado", "grados")}
_SCALE_NAMES = {
    "en": ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")),
    "es": ((10**12, "billones"), (10**6, "millones")),
}
_SINGULAR_SCALES = {"billones": "billón", "millones": "millón"}
_DECADES = {"en": "{}s", "es": "{}"}
_ORDINAL_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_NUMBER = r"\d{1,40}(?:[.,\u00a0\u202f]\d{1,20}){0,10}"
_GLUED_DAYPART = re.compile(r"(?<=\d)([ap])m\b", re.I)
_CENTS = re.compile(r"\b(?:cents?|c[eé]ntimos?|centavos?|pence|p)\b", re.I)
_SIGN = re.compile(r"[$£€¥%&°½¼¾⅓⅔\u2013\u2212]")
_MONEY_SIGN = re.compile(r"[$£€¥]")
_TEMPERATURE = re.compile(rf"({_NUMBER})\s?°\s?([CF]?)\b|({_NUMBER})\s?°(?!\w)")
_AMPERSAND = re.compile(r"(?<=\s)&(?=\s)")
_DASH = re.compile(r"(?<=\d)\s?\u2013\s?(?=\d)")
_VULGAR = re.compile(rf"(\d?)([{''.join(VULGAR)}])")
_ADJECTIVE = re.compile(r"(?:^|\s)an?\s$", re.I)
_NEXT_WORD = re.compile(r"[\s-][^\W\d_]")
_DOZEN = re.compile(r"dozen|docenas?$", re.I)
_GLUED_SCALE = re.compile(r"\d[^\W\d_]{1,2}$")
_BELOW_ZERO = re.compile(r"(?:below\szero|bajo\scero)$", re.I)
"""Says itself that the number before it is negative."""
_DIGIT = re.compile(r"\d")
_IN_DIGITS = frozenset((Kind.NUMBER, Kind.MONEY, Kind.PERCENT, Kind.ORDINAL))
_ARTICLE = re.compile(r"\bthe\s$", re.I)
_OF_MONTH = re.compile(
    r"\s(?:of\s)?(January|February|March|April|May|June|July|August|September|October|November"
    r"|December)\b",
    re.I,
)
_LOCAL = re.compile(
    r"\d{1,3}(?:([.,\u00a0\u2009\u202f ])\d{3})*(?:[.,]\d{1,20})?|\d{1,40}[.,]\d{1,20}"
)
_MARKED_NUMBER = re.compile(r"(?<![\w.,])\d{1,40}(?:[.,\u00a0\u202f]\d{1,20}){1,10}(?!\w)")
Change = tuple[int, int, str]
"""Where a stretch of text begins and ends, and what stands there instead."""


def with_words_for_signs(text: str, code: str) -> str:
    """Return a text with words for the signs at its numbers: $5 is 5 dollars.

    Addresses and all else stay as they are. The names of signs are known in English and
    Spanish; in other languages only dashes and fractions change.
    """
    if code == "en":
        text = _GLUED_DAYPART.sub(r" \1.m.", text)
    if not _SIGN.search(text):
        return text
    text = _replaced(text, _fractions_and_dashes(text))
    if code not in _CURRENCIES:
        return text
    changes: list[Change] = []
    for quantity in quantities(text, code):
        before, after = text[: quantity.begin], text[quantity.end :]
        if quantity.kind is Kind.MONEY and _MONEY_SIGN.search(quantity.text):
            is_adjective = (
                code == "en" and _ADJECTIVE.search(before[-4:]) and _NEXT_WORD.match(after)
            )
            number = _without_signs(quantity, text, code)
            said = _priced(number, quantity, code, is_adjective=bool(is_adjective))
            changes.append((quantity.begin, quantity.end, said))
        elif quantity.kind is Kind.PERCENT and "%" in quantity.text:
            number = text[slice(*quantity.number)]
            changes.append((quantity.begin, quantity.end, f"{number} {_PERCENT[code]}"))
    text = _replaced(text, changes)
    text = _TEMPERATURE.sub(lambda match: _temperature(match, code), text)
    return _AMPERSAND.sub(_AND[code], text)


def in_digits(text: str, code: str) -> str:
    """Return a text with its number words from eleven up, and its compound ones, in digits.

    So are times, decades and the days of dates, which English then writes behind the month.
    Smaller numbers, articles and fractions stay in words.
    """
    changes = [
        _dated(text, quantity)
        if quantity.kind is Kind.ORDINAL and code == "en"
        else (*quantity.number, _plain(quantity, code))
        for quantity in quantities(text, code)
        if _is_for_digits(quantity, text)
    ]
    return _replaced(text, changes)


def _dated(text: str, quantity: Quantity) -> Change:
    """Return the change of an English ordinal: that of a date with its month."""
    begin, end = quantity.number
    month = _OF_MONTH.match(text, end)
    if month is None:
        return begin, end, _ordinal(quantity.value, "en")
    article = _ARTICLE.search(text[:begin])
    return article.start() if article else begin, month.end(), f"{month[1]} {quantity.value}"


def localised(number: str, source_code: str, target_code: str) -> str:
    """Return a number in digits as the target language writes it: 60,000 is 60.000 in Spanish.

    What has no marks of thousands or decimals, or is no such number, as a version or a
    telephone, stays as it is.
    """
    match = _LOCAL.fullmatch(number)
    if match is None or number.isdigit():
        return number
    value = readings(number, source_code)[0]
    decimals = 0
    if value.denominator > 1 or not match[1]:
        decimals = len(re.split(r"[.,]", number)[-1])
    return written(value, target_code, min_grouped=1000 if match[1] else None, decimals=decimals)


def with_numbers_localised(source: str, target: str, source_code: str, target_code: str) -> str:
    """Return a translation with the source's numbers as its own language writes them.

    An engine that copies a number copies its marks as well, or muddles them.
    """
    wanted = {
        digits_of(number[0]): localised(number[0], source_code, target_code)
        for quantity in quantities(source, source_code)
        if quantity.kind not in (Kind.CODE, Kind.TIME)
        for number in _MARKED_NUMBER.finditer(source[slice(*quantity.number)])
    }
    if not wanted:
        return target
    return _MARKED_NUMBER.sub(lambda match: wanted.get(digits_of(match[0]), match[0]), target)


def written(
    value: Fraction,
    code: str,
    *,
    min_grouped: int | None = _MIN_GROUPED,
    decimals: int | None = None,
) -> str:
    """Return a number in digits with a language's marks; a fraction that has no end as 1/3.

    Thousands are set apart from `min_grouped` on, never if it is None; `decimals` is how many
    there are, as many as are needed if None.
    """
    needed = _decimals_of(value) if decimals is None else decimals
    if needed is None:
        return f"{value.numerator}/{value.denominator}"
    digits = str(abs(value.numerator) * 10**needed // value.denominator).rjust(needed + 1, "0")
    whole, rest = (digits[:-needed], digits[-needed:]) if needed else (digits, "")
    if min_grouped is not None and int(whole) >= min_grouped:
        whole = f"{int(whole):,}".replace(",", _group_mark(code))
    mark = "." if code in DECIMAL_POINT else ","
    return ("-" if value < 0 else "") + whole + (mark + rest if rest else "")


def rendered(quantity: Quantity, code: str) -> str:
    """Return a quantity as a language writes it in digits, with its unit in words.

    Codes, and the units of languages other than English and Spanish, stay as in the source.
    """
    value, number = quantity.value, _scaled(quantity.value, code)
    match quantity.kind:
        case Kind.CODE:
            said = quantity.text
        case Kind.SPELT:
            said = quantity.digits
        case Kind.TIME:
            said = _time(value)
        case Kind.DECADE:
            said = _DECADES.get(code, "{}").format(value)
        case Kind.ORDINAL:
            said = _ordinal(value, code)
        case Kind.FRACTION if value.denominator > 1:
            said = f"{value.numerator}/{value.denominator}"
        case Kind.PERCENT:
            said = f"{number} {_PERCENT.get(code, '%')}"
        case Kind.MONEY:
            said = _priced(number, quantity, code)
        case _:
            said = number
    return said


def _fractions_and_dashes(text: str) -> list[Change]:
    fractions = [
        (
            *match.span(),
            f"{match[1]}{' ' if match[1] else ''}{VULGAR[match[2]].numerator}"
            f"/{VULGAR[match[2]].denominator}",
        )
        for match in _VULGAR.finditer(text)
    ]
    dashes = [(*match.span(), "-") for match in _DASH.finditer(text)]
    minus = [(*match.span(), "-") for match in re.finditer(r"\u2212(?=\d)", text)]
    return sorted([*fractions, *dashes, *minus])


def _replaced(text: str, changes: Iterable[Change]) -> str:
    """Return the text with its changes; none inside an address is made."""
    kept = addresses(text)
    pieces: list[str] = []
    last = place = 0
    for begin, end, said in changes:
        while place < len(kept) and kept[place].end <= begin:
            place += 1
        if begin < last or (place < len(kept) and kept[place].begin < end):
            continue
        pieces += [text[last:begin], said]
        last = end
    return "".join([*pieces, text[last:]])


def _without_signs(quantity: Quantity, text: str, code: str) -> str:
    """Return the number of a sum as it is written, with its minus; 80m as 80 million."""
    number = text[slice(*quantity.number)]
    if _CENTS.search(quantity.text):
        return written(quantity.value, code, decimals=2)
    if _GLUED_SCALE.search(number):
        return _scaled(quantity.value, code)
    is_negative = quantity.text.lstrip("US").startswith(("-", "$-", "£-", "€-"))
    return f"-{number}" if is_negative and not number.startswith("-") else number


def _priced(number: str, quantity: Quantity, code: str, *, is_adjective: bool = False) -> str:
    """Return a number with the name of its currency: 5 dollars, 2 millones de euros."""
    names = _CURRENCIES.get(code, {}).get(quantity.unit)
    if names is None:
        return f"{number} {quantity.unit}"
    name = names[0] if is_adjective or quantity.value == 1 else names[1]
    link = " de " if re.search(r"(?:ill[oó]n|illones|illardos?)$", number) else " "
    return f"{number}{link}{name}"


def _temperature(match: re.Match[str], code: str) -> str:
    number, scale = match[1] or match[3], match[2]
    name = _DEGREES[code][number != "1"]
    return f"{number} {name}" + {"C": " Celsius", "F": " Fahrenheit"}.get(scale or "", "")


def _is_for_digits(quantity: Quantity, text: str) -> bool:
    number = text[slice(*quantity.number)]
    if not quantity.is_certain or _DIGIT.search(number) or _DOZEN.search(number):
        return False
    if quantity.kind in (Kind.SPELT, Kind.TIME, Kind.DECADE):
        return True
    return quantity.kind in _IN_DIGITS and abs(quantity.value) >= _MIN_IN_DIGITS


def _plain(quantity: Quantity, code: str) -> str:
    if quantity.kind is Kind.SPELT:
        return quantity.digits
    if quantity.kind is Kind.TIME:
        return _time(quantity.value)
    if quantity.kind is Kind.DECADE:
        return _DECADES.get(code, "{}").format(max(quantity.values))
    is_signed = not _BELOW_ZERO.search(quantity.text)
    return _scaled(quantity.value if is_signed else abs(quantity.value), code)


def _scaled(value: Fraction, code: str) -> str:
    """Return a number in digits, round millions with their name: 1.2 million."""
    for scale, plural in _SCALE_NAMES.get(code, ()):
        count = value / scale
        if abs(count) >= 1 and (count * 100).denominator == 1:
            name = _SINGULAR_SCALES.get(plural, plural) if count == 1 else plural
            return f"{written(count, code)} {name}"
    return written(value, code)


def _decimals_of(value: Fraction) -> int | None:
    """Return how many decimals a number has; None if it has no end."""
    for decimals in range(_MAX_DECIMALS + 1):
        if (value * 10**decimals).denominator == 1:
            return decimals
    return None


def _group_mark(code: str) -> str:
    if code in DECIMAL_POINT:
        return ","
    return "\u202f" if code in SPACED_GROUPS else "."


def _time(hours: Fraction) -> str:
    minutes = round(hours * 60)
    return f"{minutes // 60}:{minutes % 60:02}"


def _ordinal(value: Fraction, code: str) -> str:
    if code == "en":
        number = int(value)
        is_teen = number // 10 % 10 == 1
        return f"{number}{'th' if is_teen else _ORDINAL_ENDINGS.get(number % 10, 'th')}"
    return f"{value}.º" if code == "es" else f"{value}."
