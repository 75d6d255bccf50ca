"""How numbers are read from digits and words, without what stands around them."""

from fractions import Fraction

import pytest
from num2words import num2words

from live_translator.mt.number_words import (
    WORDS,
    cardinal,
    fraction,
    ordinal,
    readings,
    spelt,
    tokens,
)

NUMBERS = [
    *range(0, 131),
    *range(180, 1200, 7),
    *range(1900, 2031, 3),
    *(10**power + offset for power in range(3, 13) for offset in (0, 1, 21, 500)),
    *(1_234_567, 21_021_021, 999_999_999, 2_000_000_000, 345_678_901_234),
]


@pytest.mark.parametrize("code", ["en", "es"])
def test_every_number_is_read_from_its_words(code: str) -> None:
    wrong = []
    for number in NUMBERS:
        said = num2words(number, lang=code)
        for written in (said, said.replace(",", "").replace("-", " ").upper()):
            found = tokens(written.replace(",", ""), code)
            reading = cardinal(found, 0, WORDS[code])
            if reading is None or reading.values != (number,) or reading.end != len(found):
                wrong.append((number, written, reading))
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "code", "value", "count"),
    [
        ("a hundred and five", "en", 105, 4),
        ("fifteen hundred", "en", 1500, 2),
        ("two and a half million", "en", 2_500_000, 5),
        ("a million and a half", "en", 1_500_000, 5),
        ("three point one four", "en", Fraction(314, 100), 4),
        ("two and three quarters", "en", Fraction(11, 4), 4),
        ("half a million", "en", 500_000, 3),
        ("2.5 million", "en", 2_500_000, 2),
        ("one hundred and two hundred", "en", 100, 2),
        ("a thousand and two thousand", "en", 1000, 2),
        ("five and six", "en", 5, 1),
        ("veintiún mil", "es", 21_000, 2),
        ("treinta y un mil", "es", 31_000, 4),
        ("mil novecientos noventa y nueve", "es", 1999, 5),
        ("dos mil trescientos millones", "es", 2_300_000_000, 4),
        ("un millón doscientas mil", "es", 1_200_000, 4),
        ("dos millones y medio", "es", 2_500_000, 4),
        ("dos y medio", "es", Fraction(5, 2), 3),
        ("tres coma veinticinco", "es", Fraction(325, 100), 3),
        ("14,7 mil millones", "es", 14_700_000_000, 3),
        ("2 millones 300 mil", "es", 2_300_000, 4),
        ("treinta y cuarenta", "es", 30, 1),
        ("media docena", "es", 6, 2),
        ("veintidos", "es", 22, 1),
    ],
)
def test_a_number_is_read_as_far_as_it_goes(
    text: str, code: str, value: Fraction | int, count: int
) -> None:
    reading = cardinal(tokens(text, code), 0, WORDS[code])
    assert reading is not None
    assert (reading.values[0], reading.end) == (value, count)


@pytest.mark.parametrize(
    ("text", "code", "value"),
    [
        ("twenty-first", "en", 21),
        ("hundredth", "en", 100),
        ("vigésimo primero", "es", 21),
        ("decimotercera", "es", 13),
        ("tercer", "es", 3),
    ],
)
def test_an_ordinal_is_read(text: str, code: str, value: int) -> None:
    reading = ordinal(tokens(text, code), 0, WORDS[code])
    assert reading is not None
    assert reading.values[0] == value


@pytest.mark.parametrize(
    ("text", "code", "value"),
    [
        ("two thirds", "en", Fraction(2, 3)),
        ("one-fifth", "en", Fraction(1, 5)),
        ("tres cuartas partes", "es", Fraction(3, 4)),
        ("un tercio", "es", Fraction(1, 3)),
    ],
)
def test_a_fraction_is_read(text: str, code: str, value: Fraction) -> None:
    reading = fraction(tokens(text, code), 0, WORDS[code])
    assert reading is not None
    assert reading.values[0] == value


def test_two_grades_are_no_fraction() -> None:
    assert fraction(tokens("two third graders", "en"), 0, WORDS["en"]) is None


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("oh five five one", "en", ("0551", 4)),
        ("nueve uno uno", "es", ("911", 3)),
        ("five five", "en", None),
        ("one, two, three", "en", None),
    ],
)
def test_digits_that_are_read_out_are_joined(
    text: str, code: str, expected: tuple[str, int] | None
) -> None:
    assert spelt(tokens(text, code), 0, WORDS[code]) == expected


@pytest.mark.parametrize(
    ("number", "code", "expected"),
    [
        ("60,000", "en", (60_000,)),
        ("60.000", "es", (60_000, 60)),
        ("60,000", "es", (60, 60_000)),
        ("60.000", "de", (60_000, 60)),
        ("55 000", "es", (55_000,)),
        ("1,250.5", "es", (Fraction(2501, 2),)),
        ("1.250.000", "en", (1_250_000,)),
        ("2.3", "es", (Fraction(23, 10),)),
        ("0,125", "es", (Fraction(1, 8),)),
    ],
)
def test_digits_have_the_readings_of_their_language(
    number: str, code: str, expected: tuple[Fraction | int, ...]
) -> None:
    assert readings(number, code) == expected


def test_words_with_letters_and_marks_apart_are_the_same() -> None:
    composed, apart = "veintiún", "veintiu\u0301n"
    assert tokens(apart, "es")[0].word == tokens(composed, "es")[0].word == "veintiun"
