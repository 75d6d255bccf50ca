"""How numbers are written without signs, in digits, and in another language."""

import pytest

from live_translator.mt.number_forms import (
    in_digits,
    localised,
    rendered,
    with_numbers_localised,
    with_words_for_signs,
)
from live_translator.mt.quantities import lost, quantities


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("It costs $5.", "en", "It costs 5 dollars."),
        ("It costs $1.", "en", "It costs 1 dollar."),
        ("It costs $1.2 million.", "en", "It costs 1.2 million dollars."),
        ("It costs US$5.", "en", "It costs 5 dollars."),
        ("more than £80m", "en", "more than 80 million pounds"),
        ("unos $3bn", "es", "unos 3000 millones de dólares"),
        ("$5k", "en", "5000 dollars"),
        ("a $5 bill", "en", "a 5 dollar bill"),
        ("from $5 to $10", "en", "from 5 dollars to 10 dollars"),
        ("He lost -$5.", "en", "He lost -5 dollars."),
        ("$5 dollars", "en", "5 dollars"),
        ("£20 or €30", "en", "20 pounds or 30 euros"),
        ("20 %", "en", "20 percent"),
        ("Only 20% left", "en", "Only 20 percent left"),
        ("It is 20 °C.", "en", "It is 20 degrees Celsius."),
        ("It is 20°.", "en", "It is 20 degrees."),
        ("bread & butter", "en", "bread and butter"),
        ("R&D", "en", "R&D"),
        ("½ cup", "en", "1/2 cup"),
        ("2½ cups", "en", "2 1/2 cups"),
        ("1939\u20131945", "en", "1939-1945"),
        ("He said \u2013 well \u2013 no.", "en", "He said \u2013 well \u2013 no."),
        ("see example.com/?a=1&b=5%", "en", "see example.com/?a=1&b=5%"),
        ("Nothing here.", "en", "Nothing here."),
        ("Cuesta $5.", "es", "Cuesta 5 dólares."),
        ("Cuesta 2.000 €.", "es", "Cuesta 2.000 euros."),
        ("Cuesta $1,2 millones.", "es", "Cuesta 1,2 millones de dólares."),
        ("Cuesta $10 mil.", "es", "Cuesta 10 mil dólares."),
        ("el 20 %", "es", "el 20 por ciento"),
        ("a 20 °C", "es", "a 20 grados Celsius"),
        ("pan & vino", "es", "pan y vino"),
        ("$5", "fr", "$5"),
    ],
)
def test_signs_become_words(text: str, code: str, expected: str) -> None:
    assert with_words_for_signs(text, code) == expected


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("There are thirty-two chairs.", "en", "There are 32 chairs."),
        ("three hundred and forty dollars", "en", "340 dollars"),
        ("two million people", "en", "2 million people"),
        ("two and a half million", "en", "2.5 million"),
        ("fifteen thousand", "en", "15,000"),
        ("in nineteen ninety-nine", "en", "in 1999"),
        ("forty percent", "en", "40 percent"),
        ("call five five five oh one two three", "en", "call 5550123"),
        ("three cats, ten dogs and a bird", "en", "three cats, ten dogs and a bird"),
        ("the twenty-first at half past eleven", "en", "the 21st at 11:30"),
        ("born on the twenty-fourth of July", "en", "born on July 24"),
        ("in the twenties", "en", "in the 1920s"),
        ("forty degrees below zero", "en", "40 degrees below zero"),
        ("minus forty degrees", "en", "-40 degrees"),
        ("two dozen eggs", "en", "two dozen eggs"),
        ("thousands of people", "en", "thousands of people"),
        ("treinta y cuatro sillas", "es", "34 sillas"),
        ("dos millones de euros", "es", "2 millones de euros"),
        ("un millón de euros", "es", "1 millón de euros"),
        ("quince mil personas", "es", "15.000 personas"),
        ("mil novecientos noventa y nueve", "es", "1999"),
        ("tengo dos gatos y una casa", "es", "tengo dos gatos y una casa"),
        ("a las once y media", "es", "a las 11:30"),
        ("trente-deux", "fr", "trente-deux"),
    ],
)
def test_number_words_become_digits(text: str, code: str, expected: str) -> None:
    assert in_digits(text, code) == expected


@pytest.mark.parametrize(
    ("number", "source", "target", "expected"),
    [
        ("60,000", "en", "es", "60.000"),
        ("9,000", "en", "es", "9.000"),
        ("1.2", "en", "es", "1,2"),
        ("1.50", "en", "es", "1,50"),
        ("1,250.50", "en", "es", "1.250,50"),
        ("1.125", "en", "es", "1,125"),
        ("60.000", "es", "en", "60,000"),
        ("1,2", "es", "en", "1.2"),
        ("1.250.000", "es", "en", "1,250,000"),
        ("55 000", "es", "en", "55,000"),
        ("0,05", "es", "en", "0.05"),
        ("1999", "en", "es", "1999"),
        ("5550123", "en", "es", "5550123"),
        ("192.168.1.1", "en", "es", "192.168.1.1"),
        ("555-1234", "en", "es", "555-1234"),
        ("7:30", "en", "es", "7:30"),
        ("1,250", "en", "en", "1,250"),
        ("1,250.5", "en", "fr", "1\u202f250,5"),
    ],
)
def test_digits_are_written_as_in_the_other_language(
    number: str, source: str, target: str, expected: str
) -> None:
    assert localised(number, source, target) == expected


@pytest.mark.parametrize(
    ("text", "source", "target", "expected"),
    [
        ("$5", "en", "es", "5 dólares"),
        ("$1", "en", "es", "1 dólar"),
        ("$1.2 million", "en", "es", "1,2 millones de dólares"),
        ("£20", "en", "es", "20 libras"),
        ("2.000 €", "es", "en", "2000 euros"),
        ("60,000", "en", "es", "60.000"),
        ("0.05 %", "en", "es", "0,05 por ciento"),
        ("cinco por ciento", "es", "en", "5 percent"),
        ("half past seven", "en", "es", "7:30"),
        ("las siete menos cuarto", "es", "en", "6:45"),
        ("7:30 pm", "en", "es", "19:30"),
        ("-5", "en", "es", "-5"),
        ("menos cinco", "es", "en", "-5"),
        ("dos mil millones", "es", "en", "2 billion"),
        ("three quarters", "en", "es", "3/4"),
        ("twenty-first", "en", "es", "21.º"),
        ("vigésimo segundo", "es", "en", "22nd"),
        ("decimotercera", "es", "en", "13th"),
        ("the 1990s", "en", "es", "1990"),
        ("los años 90", "es", "en", "90s"),
        ("MP3", "en", "es", "3"),
        ("five five five oh one", "en", "es", "55501"),
        ("a million", "en", "es", "1 millón"),
        ("$5", "en", "fr", "5 USD"),
        ("5 percent", "en", "fr", "5 %"),
    ],
)
def test_a_quantity_is_said_in_the_other_language(
    text: str, source: str, target: str, expected: str
) -> None:
    (found,) = quantities(text, source)
    assert rendered(found, target) == expected


@pytest.mark.parametrize(
    "text",
    ["$1.2 million", "€2,000 or 5 %", "thirty-two chairs for -$5", "21 of May, half past seven"],
)
def test_other_ways_of_writing_keep_every_value(text: str) -> None:
    assert lost(text, with_words_for_signs(text, "en"), "en", "en") == ()
    assert lost(text, in_digits(text, "en"), "en", "en") == ()


@pytest.mark.parametrize(
    ("source", "target", "codes", "expected"),
    [
        ("€1.234,56", "1,234.56 euros", ("en", "es"), "1.234,56 euros"),
        ("1.234.567 personas", "1.234,567 people", ("es", "en"), "1,234,567 people"),
        ("44.000 millones", "44.000 million", ("es", "en"), "44,000 million"),
        ("version 2.0.1", "versión 2.0.1", ("en", "es"), "versión 2.0.1"),
        ("at 7.30 pm", "a las 7.30", ("en", "es"), "a las 7.30"),
        ("12 cats", "12 gatos", ("en", "es"), "12 gatos"),
    ],
)
def test_a_copied_number_has_the_marks_of_its_language(
    source: str, target: str, codes: tuple[str, str], expected: str
) -> None:
    assert with_numbers_localised(source, target, *codes) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at 9am", "at 9 a.m."),
        ("$20 and 50 cents", "20.50 dollars"),
        ("I am 9 am I?", "I am 9 am I?"),
    ],
)
def test_half_days_and_cents_are_written_out(text: str, expected: str) -> None:
    assert with_words_for_signs(text, "en") == expected
