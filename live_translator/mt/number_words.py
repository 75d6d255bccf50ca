"""Numbers as they stand in a text, in digits or in English or Spanish words, without context.

Pure. The grammar is our own, for two languages: libraries that know many read "nineteen
ninety-nine" as two numbers and "two and a half million" as three, miss "veintiún", and do not
say that "1.250" has two readings. Digits are read in every language.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

_FOLDED = str.maketrans("áéíóúüñ\u2019", "aeiouun'", "\u0301\u0303\u0308")
_GAP = re.compile(r"\s{1,4}|[-\u2010\u2011]")
_SPACES = " \u00a0\u2009\u202f"
_MAX_READINGS = 4
"""Of one number: every sum of two ambiguous ones would double them."""

DECIMAL_POINT = frozenset({"en", "he", "hi", "ja", "ko", "ms", "sw", "th", "tl", "zh"})
"""Languages that write 1,250.5; the others write 1.250,5."""
SPACED_GROUPS = frozenset({"bg", "cs", "et", "fi", "fr", "hu", "nb", "pl", "ru", "sk", "sv", "uk"})
"""Languages that set thousands apart by a space."""

_TOKEN = re.compile(
    rf"""
    (?P<chain>
        \d{{4}}-\d{{2}}-\d{{2}}(?!\d)
        |\d{{1,4}}(?:[:/]\d{{1,4}}){{1,3}}(?!\d)
        |(?!\d{{1,3}}(?:\.\d{{3}}){{2,5}}(?!\d))\d{{1,4}}(?:\.\d{{1,4}}){{2,5}}(?!\d)
    )
    |(?P<number>
        \d{{1,3}}(?:
            (?:,\d{{3}}){{1,9}}(?:\.\d{{1,20}})?
            |(?:\.\d{{3}}){{1,9}}(?:,\d{{1,20}})?
            |(?:[{_SPACES}]\d{{3}}){{1,9}}(?:[.,]\d{{1,20}})?
        )(?!\d|[.,]\d)
        |\d{{1,40}}(?:[.,]\d{{1,20}})?
        |(?<![\w.,])\.\d{{1,20}}
    )
    |(?P<word>(?:[^\W\d_][\u0300-\u036f]?)+(?:['\u2019][^\W\d_]+)?)
    |(?P<sign>[$£€¥%½¼¾⅓⅔])
    """,
    re.VERBOSE,
)
VULGAR = {
    "½": Fraction(1, 2),
    "¼": Fraction(1, 4),
    "¾": Fraction(3, 4),
    "⅓": Fraction(1, 3),
    "⅔": Fraction(2, 3),
}


class Token(NamedTuple):
    """A word, a number in digits or a sign."""

    word: str
    """Folded: small letters, no accents; digits and signs as they stand."""
    begin: int
    end: int
    kind: str
    """word, number, chain or sign."""
    is_joined: bool
    """Whether nothing but spaces or a hyphen stands between it and the one before."""
    readings: tuple[Fraction, ...] = ()
    """Of a number in digits, the likeliest first."""


class Reading(NamedTuple):
    """A number that begins at some token."""

    values: tuple[Fraction, ...]
    """The likeliest first; more where the writing is ambiguous."""
    end: int
    """The token after it."""
    parts: tuple[Fraction, ...] = ()
    """Numbers as which others may write it."""


@dataclass(frozen=True, kw_only=True)
class NumberWords:
    """The number words of a language, folded."""

    small: Mapping[str, int]
    """0 to 99, as far as they are one word."""
    tens: frozenset[str]
    units: Mapping[str, int]
    """What may follow the tens."""
    tens_joint: str
    """Between tens and unit: "y"; nothing in English."""
    hundreds: Mapping[str, int]
    """Words that are hundreds alone; none in English."""
    hundred: str
    """The word that makes hundreds of the number before it; none in Spanish."""
    scales: Mapping[str, int]
    alone: frozenset[str]
    """Scales that need no number before: "mil"."""
    articles: frozenset[str]
    """What stands for 1 before a scale."""
    joint: str
    """"and", "y"."""
    joins_hundreds: bool
    """Whether the joint may stand behind hundreds and scales: two hundred and five."""
    half: frozenset[str]
    quarter: str
    points: frozenset[str]
    """What stands for the decimal mark."""
    ordinals: Mapping[str, int]
    ordinal_tens: Mapping[str, int]
    """Behind which an ordinal below ten adds to it; in English the cardinal."""
    fractions: Mapping[str, int]
    """Plurals: thirds, tercios."""
    minus: frozenset[str]
    vague: Mapping[str, tuple[Fraction, ...]]
    """Words that may be a number, or say one by the way."""
    doubtful: frozenset[str]
    """Number and ordinal words that are often something else."""
    decades: Mapping[str, int]
    digits: Mapping[str, str]
    """Single digits as they are read out."""

    @cached_property
    def starts(self) -> frozenset[str]:
        """All words with which something that counts may begin."""
        tables = (
            *(self.small, self.hundreds, self.ordinals, self.ordinal_tens, self.vague),
            *(self.alone, self.articles, self.half, self.decades, self.digits),
        )
        return frozenset(word for table in tables for word in table)


def tokens(text: str, code: str) -> list[Token]:
    """Return the words, numbers and signs of a text, in linear time."""
    found: list[Token] = []
    last = 0
    for match in _TOKEN.finditer(text):
        begin, end = match.span()
        kind = match.lastgroup or ""
        word = match[0]
        if kind == "word":
            word = word.casefold().translate(_FOLDED).removesuffix("'s")
        is_joined = bool(found) and bool(_GAP.fullmatch(text, last, begin))
        values: tuple[Fraction, ...] = ()
        if kind == "number":
            values = readings(word, code)
        elif word in VULGAR:
            values = (VULGAR[word],)
        found.append(Token(word, begin, end, kind, is_joined, values))
        last = end
    return found


def readings(number: str, code: str) -> tuple[Fraction, ...]:
    """Return what a number in digits may mean, the likeliest first; `number` has no sign."""
    plain = re.sub(rf"[{_SPACES}]", "", number)
    marks = re.findall(r"[.,]", plain)
    if not marks or (len(marks) > 1 and len(set(marks)) == 1):
        return (Fraction(int(re.sub(r"\D", "", plain))),)
    whole, _, decimals = plain.rpartition(marks[-1])
    digits = re.sub(r"\D", "", whole) + decimals
    grouped, decimal = Fraction(int(digits)), Fraction(int(digits), 10 ** len(decimals))
    may_be_grouped = len(decimals) == 3 and 0 < len(whole) <= 3 and not whole.startswith("0")
    if len(marks) > 1 or plain != number or not may_be_grouped:
        return (decimal,)
    if code in DECIMAL_POINT:
        return (grouped,) if marks[0] == "," else (decimal,)
    return (grouped, decimal) if marks[0] == "." else (decimal, grouped)


def cardinal(found: Sequence[Token], start: int, words: NumberWords) -> Reading | None:
    """Return the number that begins at a token, in digits, words or both; None if none does."""
    done: tuple[Fraction, ...] = (Fraction(0),)
    current = done
    large = small = Fraction(10**18)
    position = end = start
    parts: tuple[Fraction, ...] = ()
    while (group := _group(found, position, words)) is not None:
        values, after, group_parts = group
        is_alone = after == position
        scale = words.scales[found[after].word] if is_alone else _scale(found, after, words)
        if position != start and found[position].readings and not scale:
            break
        parts = (*parts, *group_parts)
        if not scale:
            if small <= 1:
                break
            current, end = _sums(current, values), after
            break
        if scale < 10**6:
            if scale >= small:
                break
            extra, after = _half_of(found, after + 1, words, scale)
            current = _sums(current, tuple(value * scale + extra for value in values))
            small, end = Fraction(scale), after
            if scale < 100:
                break
            scale = _scale(found, after, words)
            if scale >= 10**6 and scale < large:
                values, after = (Fraction(0),), end
            else:
                scale = 0
        if scale:
            if scale >= large:
                break
            extra, after = _half_of(found, after + 1, words, scale)
            done = _sums(done, tuple(v * scale + extra for v in _sums(current, values)))
            current, small, large, end = (Fraction(0),), Fraction(10**6), Fraction(scale), after
        position = _past_joint(found, end, words, min(small, large))
        if position == end and not _is_joined(found, end):
            break
    return Reading(_sums(done, current), end, parts) if end > start else None


def below_hundred(found: Sequence[Token], start: int, words: NumberWords) -> Reading | None:
    """Return the number from 0 to 99 that begins at a token, in words or in one or two digits."""
    if start >= len(found):
        return None
    token = found[start]
    if token.kind == "number" and len(token.word) <= 2:
        return Reading(token.readings, start + 1)
    value = words.small.get(token.word)
    if value is None:
        return None
    end = start + 1
    if token.word in words.tens:
        unit = end
        if words.tens_joint:
            unit += _is(found, end, words.tens_joint)
        if unit > end or not words.tens_joint:
            add = words.units.get(found[unit].word) if _is_joined(found, unit) else None
            if add is not None:
                return Reading((Fraction(value + add),), unit + 1)
    return Reading((Fraction(value),), end)


def ordinal(found: Sequence[Token], start: int, words: NumberWords) -> Reading | None:
    """Return the ordinal that begins at a token: twenty-first, vigésimo primero."""
    word = found[start].word
    tens = words.ordinal_tens.get(word)
    if tens is not None and _is_joined(found, start + 1):
        unit = words.ordinals.get(found[start + 1].word)
        if unit is not None and unit < 10:
            return Reading((Fraction(tens + unit),), start + 2)
    value = words.ordinals.get(word)
    if value is None:
        return None
    return Reading((Fraction(value), Fraction(1, value)), start + 1)


def fraction(found: Sequence[Token], start: int, words: NumberWords) -> Reading | None:
    """Return the fraction that begins at a token: two thirds, un quinto, dos terceras partes."""
    count = below_hundred(found, start, words)
    if count is None:
        if found[start].word not in words.articles:
            return None
        count = Reading((Fraction(1),), start + 1)
    if not _is_joined(found, count.end):
        return None
    word, top = found[count.end].word, count.values[0]
    below = words.fractions.get(word)
    if below is None and top == 1:
        below = words.fractions.get(word + "s")
    if below is None:
        return None
    end = count.end + 1 + _is(found, count.end + 1, "partes")
    if word == words.quarter or below == 4:
        # "Tres cuartos" may be three rooms.
        return Reading((top / below,), end, (top,))
    is_article = found[start].word in words.articles
    return Reading((top / below, Fraction(below)) if is_article else (top / below,), end)


def spelt(found: Sequence[Token], start: int, words: NumberWords) -> tuple[str, int] | None:
    """Return three or more digits that are read out one by one, and the token after them."""
    digits, end = "", start
    while end < len(found) and (end == start or found[end].is_joined):
        digit = words.digits.get(found[end].word)
        if digit is None:
            break
        digits += digit
        end += 1
    return (digits, end) if len(digits) >= 3 else None


def _group(found: Sequence[Token], start: int, words: NumberWords) -> Reading | None:
    """Return a number that a scale may follow: below 1,000, in digits, or with decimals."""
    if start >= len(found):
        return None
    word = found[start].word
    if word in words.half:
        after = start + 1
        after += _is_joined(found, after) and found[after].word in words.articles
        return Reading((Fraction(1, 2),), after) if _scale(found, after, words) else None
    if word in words.alone:
        return Reading((Fraction(1),), start)
    number = _below_thousand(found, start, words)
    if number is not None and words.hundred and _is(found, number.end, words.hundred):
        return _hundreds(found, number, words)
    is_article = word in words.articles and word not in words.small
    if number is None or (is_article and not _scale(found, number.end, words)):
        return None
    return number if is_article else _with_fraction(found, number, words)


def _below_thousand(found: Sequence[Token], start: int, words: NumberWords) -> Reading | None:
    """Return digits, a number that needs no word for hundreds behind it, or an article as 1."""
    token, end = found[start], start + 1
    if token.readings:
        return Reading(token.readings, end)
    if token.word in words.articles and token.word not in words.small:
        return Reading((Fraction(1),), end)
    if token.word not in words.hundreds:
        return below_hundred(found, start, words)
    value = Fraction(words.hundreds[token.word])
    rest = below_hundred(found, end, words) if _is_joined(found, end) else None
    if rest is None or found[end].readings or rest.values[0] == 0:
        return Reading((value,), end)
    return Reading((value + rest.values[0],), rest.end)


def _hundreds(found: Sequence[Token], count: Reading, words: NumberWords) -> Reading:
    value, end = count.values[0] * 100, count.end + 1
    rest_start = _past_joint(found, end, words, Fraction(100))
    if rest_start > end or _is_joined(found, end):
        rest = below_hundred(found, rest_start, words)
        if rest is not None and not found[rest_start].readings and rest.values[0] > 0:
            return Reading((value + rest.values[0],), rest.end)
    return _with_fraction(found, Reading((value,), end), words)


def _past_joint(found: Sequence[Token], start: int, words: NumberWords, below: Fraction) -> int:
    """Return the token behind an "and" that adds a smaller number, else the same token."""
    if not words.joins_hundreds or not _is(found, start, words.joint):
        return start
    rest = below_hundred(found, start + 1, words)
    if rest is None or not found[start + 1].is_joined or found[start + 1].readings:
        return start
    if words.hundred and _is(found, rest.end, words.hundred):
        return start + 1 if below > 100 and not _scale(found, rest.end + 1, words) else start
    after = _scale(found, rest.end, words)
    return start if after >= below > 100 else start + 1


def _with_fraction(found: Sequence[Token], number: Reading, words: NumberWords) -> Reading:
    """Return a number with what follows it of decimals or a fraction: and a half, coma cinco."""
    values, end, _ = number
    if end >= len(found):
        return number
    token, add, after = found[end], None, end + 1
    if token.word in VULGAR and (token.is_joined or found[end - 1].end == token.begin):
        add = VULGAR[token.word]
    elif not token.is_joined:
        return number
    elif token.kind == "chain" and _is_proper(token.word):
        add = Fraction(token.word)
    elif token.word in words.points and values[0].denominator == 1:
        decimals, after = _decimals(found, end + 1, words)
        add = Fraction(int(decimals), 10 ** len(decimals)) if decimals else None
    elif token.word == words.joint and _is_joined(found, end + 1):
        part = _part(found, end + 1, words)
        add, after = (part.values[0], part.end) if part else (None, after)
    if add is None:
        return number
    parts = () if token.word in words.points else (values[0], add)
    return Reading(tuple(value + add for value in values), after, parts)


def _part(found: Sequence[Token], start: int, words: NumberWords) -> Reading | None:
    """Return a half, a quarter or another fraction behind "and"."""
    end = start
    if found[end].word in words.articles and _is_joined(found, end + 1):
        end += 1
    word = found[end].word
    if word in words.half:
        followed = _scale(found, end + 1, words)
        return None if followed and followed < 100 else Reading((Fraction(1, 2),), end + 1)
    if word == words.quarter and end > start:
        return Reading((Fraction(1, 4),), end + 1)
    return fraction(found, start, words)


def _decimals(found: Sequence[Token], start: int, words: NumberWords) -> tuple[str, int]:
    digits, end = "", start
    while _is_joined(found, end) and len(digits) < 12:
        number = below_hundred(found, end, words)
        if number is None or found[end].readings:
            break
        digits += str(number.values[0])
        end = number.end
    return digits, end


def _half_of(
    found: Sequence[Token], start: int, words: NumberWords, scale: int
) -> tuple[Fraction, int]:
    """Return half of a scale where "and a half" follows it, and the token after: y medio."""
    if _is(found, start, words.joint) and _is_joined(found, start + 1) and scale >= 1000:
        end = start + 1
        if found[end].word in words.articles and _is_joined(found, end + 1):
            end += 1
        if found[end].word in words.half and not _scale(found, end + 1, words):
            return Fraction(scale, 2), end + 1
    return Fraction(0), start


def _scale(found: Sequence[Token], start: int, words: NumberWords) -> int:
    return words.scales.get(found[start].word, 0) if _is_joined(found, start) else 0


def _sums(some: Iterable[Fraction], others: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    return tuple(one + other for one in some for other in others)[:_MAX_READINGS]


def _is_joined(found: Sequence[Token], start: int) -> bool:
    return start < len(found) and found[start].is_joined


def _is(found: Sequence[Token], start: int, word: str) -> bool:
    return start < len(found) and found[start].is_joined and found[start].word == word


def _is_proper(chain: str) -> bool:
    top, slash, bottom = chain.partition("/")
    return bool(slash) and bottom.isdigit() and int(top) < int(bottom)


def _vague(table: Mapping[Fraction | int, str]) -> dict[str, tuple[Fraction, ...]]:
    found: dict[str, tuple[Fraction, ...]] = {}
    for value, names in table.items():
        for name in names.split():
            found[name] = (*found.get(name, ()), Fraction(value))
    return found


def _numbered(names: str, first: int = 0, step: int = 1) -> dict[str, int]:
    return {
        name: first + place * step
        for place, group in enumerate(names.split())
        for name in group.split("|")
    }


_EN_UNITS = _numbered("one two three four five six seven eight nine", 1)
_EN_TENS = _numbered("twenty thirty forty|fourty fifty sixty seventy eighty ninety", 20, 10)
_EN_TEENS = _numbered(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 10
)
_EN_ORDINALS = {
    **_numbered(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
        " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth",
        1,
    ),
    **_numbered(
        "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth", 20, 10
    ),
    "hundredth": 100,
    "thousandth": 1000,
    "millionth": 10**6,
}
ENGLISH = NumberWords(
    small={"zero": 0, **_EN_UNITS, **_EN_TEENS, **_EN_TENS},
    tens=frozenset(_EN_TENS),
    units=_EN_UNITS,
    tens_joint="",
    hundreds={},
    hundred="hundred",
    scales={
        "dozen": 12,
        "thousand": 10**3,
        "million": 10**6,
        "billion": 10**9,
        "trillion": 10**12,
    },
    alone=frozenset(),
    articles=frozenset({"a", "an"}),
    joint="and",
    joins_hundreds=True,
    half=frozenset({"half"}),
    quarter="quarter",
    points=frozenset({"point"}),
    ordinals=_EN_ORDINALS,
    ordinal_tens=_EN_TENS,
    fractions={
        "halves": 2,
        "quarters": 4,
        **{f"{name}s": value for name, value in _EN_ORDINALS.items() if value > 2},
    },
    minus=frozenset({"minus", "negative"}),
    vague=_vague(
        {
            0: "nil none nothing midnight",
            1: "a an one once single",
            2: "either neither twice both couple double pair pairs twins second",
            3: "thrice triple trio",
            4: "quadruple",
            Fraction(1, 2): "half halves",
            Fraction(1, 4): "quarter quarters",
            10: "decade decades",
            12: "noon midday dozen dozens",
            14: "fortnight",
            15: "quarter fortnight",
            24: "midnight",
            30: "half",
            100: "hundred hundreds century",
            1000: "thousand thousands millennium",
            10**6: "million millions",
            10**9: "billion billions",
            10**12: "trillion trillions",
        }
    ),
    doubtful=frozenset({"one", "first", "second"}),
    decades=_numbered(
        "twenties thirties forties fifties sixties seventies eighties nineties", 20, 10
    ),
    digits={"oh": "0", "zero": "0", **{name: str(value) for name, value in _EN_UNITS.items()}},
)

_ES_UNITS = _numbered("uno|un|una dos tres cuatro cinco seis siete ocho nueve", 1)
_ES_TENS = _numbered("treinta cuarenta cincuenta sesenta setenta ochenta noventa", 30, 10)
_ES_TEENS = _numbered(
    "diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve veinte"
    " veintiuno|veintiun|veintiuna veintidos veintitres veinticuatro veinticinco veintiseis"
    " veintisiete veintiocho veintinueve",
    10,
)
_ES_HUNDREDS = {
    "cien": 100,
    "ciento": 100,
    **{
        f"{stem}{ending}": value
        for ending in ("os", "as")
        for stem, value in _numbered(
            "doscient trescient|trecient cuatrocient quinient seiscient setecient ochocient"
            " novecient",
            200,
            100,
        ).items()
    },
}
_ES_ORDINAL_STEMS = {
    **_numbered(
        "primer segund tercer cuart quint sext septim|setim octav noven decim undecim duodecim"
        " decimotercer decimocuart decimoquint decimosext decimoseptim decimoctav decimonoven"
        " vigesim",
        1,
    ),
    "decimoprimer": 11,
    "decimosegund": 12,
    **_numbered(
        "trigesim cuadragesim quincuagesim sexagesim septuagesim octogesim nonagesim centesim",
        30,
        10,
    ),
    "milesim": 1000,
    "millonesim": 10**6,
}
_ES_ORDINALS = {
    "primer": 1,
    "tercer": 3,
    "decimotercer": 13,
    **{
        f"{stem}{ending}": value
        for ending in ("o", "a", "os", "as")
        for stem, value in _ES_ORDINAL_STEMS.items()
    },
}
SPANISH = NumberWords(
    small={"cero": 0, **_ES_UNITS, **_ES_TEENS, **_ES_TENS},
    tens=frozenset({"veinte", *_ES_TENS}),
    units=_ES_UNITS,
    tens_joint="y",
    hundreds=_ES_HUNDREDS,
    hundred="",
    scales={
        "docena": 12,
        "docenas": 12,
        "mil": 10**3,
        "millon": 10**6,
        "millones": 10**6,
        "millardo": 10**9,
        "millardos": 10**9,
        "billon": 10**12,
        "billones": 10**12,
    },
    alone=frozenset({"mil"}),
    articles=frozenset({"un", "una"}),
    joint="y",
    joins_hundreds=False,
    half=frozenset({"medio", "media"}),
    quarter="cuarto",
    points=frozenset({"coma", "punto"}),
    ordinals=_ES_ORDINALS,
    ordinal_tens={
        f"{stem}{ending}": value
        for ending in ("o", "a")
        for stem, value in _ES_ORDINAL_STEMS.items()
        if 10 <= value < 100 and value % 10 == 0
    },
    fractions={
        "medios": 2,
        "tercios": 3,
        **{
            f"{stem}{ending}": value
            for ending in ("os", "as")
            for stem, value in _ES_ORDINAL_STEMS.items()
            if value > 3
        },
        "terceras": 3,
    },
    minus=frozenset({"menos"}),
    vague=_vague(
        {
            0: "medianoche ningun ninguno ninguna",
            1: "un una uno solo sola unico unica",
            2: "ambos ambas par pares pareja doble dobles gemelos gemelas mellizos",
            3: "triple trio",
            Fraction(1, 2): "medio media medios medias mitad mitades",
            Fraction(1, 3): "tercio",
            Fraction(1, 4): "cuarto cuartos",
            4: "cuarto cuartos cuadruple",
            10: "decena decenas decada decadas",
            12: "mediodia medianoche docena docenas",
            14: "quincena",
            15: "cuarto quincena",
            20: "veintena veintitantos veintipico",
            24: "medianoche",
            30: "media treintena",
            100: "centenar centenares centena centenas cientos siglo",
            1000: "miles millar millares milenio",
            10**6: "millon millones",
            10**12: "billon billones",
        }
    ),
    doubtful=frozenset(
        {"un", "una", "uno"}
        | {
            f"{stem}{end}"
            for stem in ("primer", "segund", "cuart")
            for end in ("", *"oa", "os", "as")
        }
        | {"quinta", "quintas", "decimos"}
    ),
    decades=_numbered(
        "veintes treintas cuarentas cincuentas sesentas setentas ochentas noventas", 20, 10
    ),
    digits={"cero": "0", **{name: str(value) for name, value in _ES_UNITS.items()}},
)

WORDS: Mapping[str, NumberWords] = {"en": ENGLISH, "es": SPANISH}
"""The languages whose number words are read."""
