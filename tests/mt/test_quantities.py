"""What is found to survive a translation, and what not."""

import time
from fractions import Fraction

import pytest

from live_translator.mt.quantities import Kind, lost, quantities

SAME = [
    ("There are thirty-two chairs.", "Hay 32 sillas."),
    ("There are 32 chairs.", "Hay treinta y dos sillas."),
    ("I have 21 cousins.", "Tengo veintiún primos."),
    ("It cost $1.2 million.", "Costó 1,2 millones de dólares."),
    ("It cost $2.3 billion.", "Costó $2300 millones de dólares."),
    ("He owes €10 billion.", "Debe 10 mil millones de euros."),
    ("He owes two billion dollars.", "Debe dos mil millones de dólares."),
    ("Three trillion cells.", "Tres billones de células."),
    ("It costs $5.", "Cuesta 5 dólares."),
    ("It costs $5.50.", "Cuesta cinco dólares con cincuenta."),
    ("It costs five dollars and fifty cents.", "Cuesta 5,50 dólares."),
    ("It costs a dollar.", "Cuesta un dólar."),
    ("Dinner cost $300.", "La cena costó $300."),
    ("I paid one hundred pesos.", "Pagué $100."),
    ("The ticket is £20.", "El billete cuesta 20 libras."),
    ("From $5 to $10.", "De 5 a 10 dólares."),
    ("That is 30 EUR.", "Son 30 €."),
    ("It costs 50 cents.", "Cuesta cincuenta centavos."),
    ("Between 340 million and 500 million people.", "Entre 340 y 500 millones de personas."),
    ("Half past seven.", "Las siete y media."),
    ("At 7:30.", "A las siete y media."),
    ("At seven thirty.", "A las 19:30."),
    ("At 7:30 pm.", "A las 7:30 de la tarde."),
    ("At 7:30 p.m.", "A las 19:30."),
    ("At 7 in the morning.", "A las 7 a. m."),
    ("A quarter to eight.", "Las ocho menos cuarto."),
    ("A quarter to eight.", "Un cuarto para las ocho."),
    ("It's 7:45.", "Son las ocho menos cuarto."),
    ("It's a quarter past one.", "Es la una y cuarto."),
    ("It's ten to five.", "Son las cinco menos diez."),
    ("It's twenty past five.", "Son las cinco y veinte."),
    ("Come at five.", "Ven a las 17."),
    ("Come at five o'clock.", "Ven a las cinco en punto."),
    ("The bus leaves at ten oh five.", "El autobús sale a las 10:05."),
    ("We open at 9.30 am.", "Abrimos a las 9.30."),
    ("At 12 at night.", "A las 12 de la noche."),
    ("It is minus five.", "Estamos a menos cinco."),
    ("It is -5 degrees.", "Hace cinco grados bajo cero."),
    ("It's five degrees below zero.", "Estamos a \u22125 grados."),
    ("At least five people.", "Al menos cinco personas."),
    ("Five people, more or less ten chairs.", "Cinco personas, más o menos diez sillas."),
    ("3/4 of them left.", "Tres cuartos de ellos se fueron."),
    ("Three quarters left.", "Se fueron las tres cuartas partes."),
    ("Two thirds agree.", "Dos tercios están de acuerdo."),
    ("A third of them agree.", "La tercera parte está de acuerdo."),
    ("Two and a half.", "Dos y medio."),
    ("2½ litres", "2,5 litros"),
    ("2 1/2 litres", "dos litros y medio"),
    ("We waited two hours and a half.", "Esperamos 2,5 horas."),
    ("We waited an hour and a half.", "Esperamos 90 minutos."),
    ("Half an hour.", "Media hora."),
    ("Half an hour.", "Treinta minutos."),
    ("Three quarters of an hour.", "45 minutos."),
    ("Two and a half million people.", "Dos millones y medio de personas."),
    ("Half a million people.", "Medio millón de personas."),
    ("In nineteen ninety-nine.", "En mil novecientos noventa y nueve."),
    ("In nineteen ninety-nine.", "En 1999."),
    ("In twenty twenty-four.", "En dos mil veinticuatro."),
    ("In the 1990s.", "En los años noventa."),
    ("In the nineties.", "En los 90."),
    ("In the nineteen-eighties.", "En la década de 1980."),
    ("The twenty-first of May.", "El 21 de mayo."),
    ("May 3rd.", "El tres de mayo."),
    ("The third floor.", "El 3.er piso."),
    ("The 21st century.", "El siglo XXI."),
    ("The fourth door.", "La cuarta puerta."),
    ("A dozen eggs.", "Una docena de huevos."),
    ("Half a dozen eggs.", "Seis huevos."),
    ("Two dozen forks.", "Dos docenas de tenedores."),
    ("A hundred people.", "Cien personas."),
    ("A hundred people.", "Un centenar de personas."),
    ("Fifteen hundred people.", "Mil quinientas personas."),
    ("One hundred and fifty thousand.", "Ciento cincuenta mil."),
    ("Between one hundred and two hundred.", "Entre cien y doscientos."),
    ("Three thousand and two.", "Tres mil dos."),
    ("The battery is at 8%.", "La batería está al 8 %."),
    ("It stays at -5.", "Se queda en -5."),
    ("5 percent, not 6.", "El 5 %, no el 6."),
    ("Five percent.", "El cinco por ciento."),
    ("One hundred percent.", "El cien por cien."),
    ("They won 3\u20131.", "Ganaron 3-1."),
    ("They won 3-1.", "Ganaron tres a uno."),
    ("60,000 people", "60.000 personas"),
    ("60,000 people", "60 000 personas"),
    ("1,250,000 people", "1.250.000 personas"),
    ("1.5 kilos", "1,5 kilos"),
    ("three point five", "tres coma cinco"),
    ("zero point two five", "0,25"),
    ("1,250 euros", "1.250 euros"),
    ("1.25 euros", "1,25 euros"),
    ("At ten to five it was cold.", "A las cinco menos diez hacía frío."),
    ("I bought 2 for a hundred euros.", "Compré 2 por cien euros."),
    ("It takes five to six days.", "Tarda de cinco a seis días."),
    ("In 2019\u201320.", "En 2019-2020."),
    ("Down to .08 percent.", "Hasta el 0,08 porciento."),
    ("At midnight.", "A las doce de la noche."),
    ("Ten minutes before eleven.", "Las once menos diez."),
    ("CA$275 million.", "CAD 275 millones."),
    ("Do it twice.", "Hazlo dos veces."),
    ("Both came.", "Vinieron los dos."),
    ("Once a day.", "Una vez al día."),
    ("Just a second.", "Un segundo."),
    ("My number is five five five one two three four.", "Mi número es el 555 1234."),
    ("Call 555-1234.", "Llama al 555 12 34."),
    ("Write to ana@example.com.", "Escribe a ana@example.com."),
    ("See www.example.org/help.", "Mira www.example.org/help."),
    ("The MP3 file.", "El archivo MP3."),
    ("On 12/25/2024.", "El 25/12/2024."),
    ("Many thousands of miles.", "Muchos miles de millas."),
    ("There is a house.", "Hay una casa."),
    ("", ""),
]
DIFFERENT = [
    ("There are thirty-two chairs.", "Hay 23 sillas."),
    ("There are thirty-two chairs.", "Hay sillas."),
    ("There are chairs.", "Hay 32 sillas."),
    ("It cost $5.", "Costó 5 euros."),
    ("It cost $5.", "Costó 5."),
    ("It cost $5.", "Costó 50 dólares."),
    ("It cost $1.2 million.", "Costó 1,2 dólares."),
    ("It cost two billion.", "Costó dos billones."),
    ("It cost two million.", "Costó dos mil."),
    ("Five percent.", "Cinco."),
    ("It is minus five.", "Estamos a cinco."),
    ("Half past seven.", "Las ocho y media."),
    ("Half past seven.", "Las siete."),
    ("A quarter to eight.", "Las ocho y cuarto."),
    ("At 7 pm.", "A las 7 a. m."),
    ("At 7:30 in the evening.", "A las 7:30 de la mañana."),
    ("60,000 people", "60 personas"),
    ("1.5 kilos", "15 kilos"),
    ("In 1999.", "En 1989."),
    ("In the 1990s.", "En los años ochenta."),
    ("Two and a half million.", "Dos millones."),
    ("Three quarters left.", "Se fueron dos tercios."),
    ("The twenty-first of May.", "El veintidós de mayo."),
    ("Half an hour.", "Dos horas."),
    ("Call 555-1234.", "Llama al 555-1243."),
    ("Write to ana@example.com.", "Escribe a ana@ejemplo.com."),
    ("Write to ana@example.com.", "Escribe a Ana."),
    ("He has eleven.", "Tiene una vez."),
    ("60.000 people", "60.000 personas"),
    ("60,000 people", "60,000 personas"),
    ("In nineteen ninety-nine.", "En diecinueve noventa y nueve."),
]


@pytest.mark.parametrize(("english", "spanish"), SAME)
def test_a_faithful_translation_loses_nothing(english: str, spanish: str) -> None:
    assert lost(english, spanish, "en", "es") == ()
    assert lost(spanish, english, "es", "en") == ()


@pytest.mark.parametrize(("english", "spanish"), DIFFERENT)
def test_another_value_or_unit_is_reported_both_ways(english: str, spanish: str) -> None:
    assert lost(english, spanish, "en", "es")
    assert lost(spanish, english, "es", "en")


def test_the_report_names_what_is_lost_and_what_is_added() -> None:
    found = lost("It costs $5.", "Cuesta 50 dólares.", "en", "es")
    assert found == ("'$5' is lost", "'50 dólares' is added")


@pytest.mark.parametrize(
    ("text", "code", "kind", "value", "unit"),
    [
        ("$1.2 million", "en", Kind.MONEY, Fraction(1_200_000), "USD"),
        ("US$14.7 billion", "en", Kind.MONEY, Fraction(14_700_000_000), "USD"),
        ("2.000 €", "es", Kind.MONEY, Fraction(2000), "EUR"),
        ("cien pesos", "es", Kind.MONEY, Fraction(100), "MXN"),
        ("twenty pounds sterling", "en", Kind.MONEY, Fraction(20), "GBP"),
        ("-$5", "en", Kind.MONEY, Fraction(-5), "USD"),
        ("$5k", "en", Kind.MONEY, Fraction(5000), "USD"),
        ("5 %", "es", Kind.PERCENT, Fraction(5), "%"),
        ("0.05 percent", "en", Kind.PERCENT, Fraction(1, 20), "%"),
        ("7:30", "en", Kind.TIME, Fraction(15, 2), ""),
        ("19h30", "es", Kind.TIME, Fraction(39, 2), ""),
        ("half past seven", "en", Kind.TIME, Fraction(15, 2), ""),
        ("three quarters", "en", Kind.FRACTION, Fraction(3, 4), ""),
        ("twenty-first", "en", Kind.ORDINAL, Fraction(21), ""),
        ("vigésima tercera", "es", Kind.ORDINAL, Fraction(23), ""),
        ("the 1990s", "en", Kind.DECADE, Fraction(1990), ""),
        ("MP3", "en", Kind.CODE, Fraction(3), ""),
        ("-5", "en", Kind.NUMBER, Fraction(-5), ""),
        ("menos cinco", "es", Kind.NUMBER, Fraction(-5), ""),
        ("novecientas", "es", Kind.NUMBER, Fraction(900), ""),
        ("vingt-cinq 25", "fr", Kind.NUMBER, Fraction(25), ""),
        ("25 %", "de", Kind.PERCENT, Fraction(25), "%"),
    ],
)
def test_a_quantity_is_read_with_its_kind_and_unit(
    text: str, code: str, kind: Kind, value: Fraction, unit: str
) -> None:
    (found,) = quantities(text, code)
    assert (found.kind, found.value, found.unit, found.is_certain) == (kind, value, unit, True)


@pytest.mark.parametrize(
    ("text", "code", "values"),
    [
        ("1.250", "es", {1250, Fraction(5, 4)}),
        ("1.250", "en", {Fraction(5, 4)}),
        ("1,250", "en", {1250}),
        ("0.125", "es", {Fraction(1, 8)}),
        ("1.250,50", "es", {Fraction(2501, 2)}),
        ("7:30", "en", {Fraction(15, 2), Fraction(39, 2)}),
        ("19:30", "es", {Fraction(39, 2)}),
        ("the 90s", "en", {90, 1990}),
    ],
)
def test_an_ambiguous_number_has_all_its_readings(
    text: str, code: str, values: set[Fraction | int]
) -> None:
    (found,) = quantities(text, code)
    assert found.values == values


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("one", "en"),
        ("a", "en"),
        ("once", "en"),
        ("first", "en"),
        ("second", "en"),
        ("a couple", "en"),
        ("thousands", "en"),
        ("half", "en"),
        ("una", "es"),
        ("segundo", "es"),
        ("cuarto", "es"),
        ("media", "es"),
        ("un par", "es"),
        ("primera", "es"),
        ("un cuarto", "es"),
    ],
)
def test_a_word_that_may_be_no_number_is_uncertain(text: str, code: str) -> None:
    assert not any(quantity.is_certain for quantity in quantities(text, code))


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("It costs $5 today.", "en", "$5"),
        ("about two million dollars a year", "en", "two million dollars"),
        ("son las siete y media de la tarde", "es", "siete y media de la tarde"),
        ("hace 5 grados bajo cero", "es", "5 grados bajo cero"),
    ],
)
def test_a_quantity_spans_its_unit(text: str, code: str, expected: str) -> None:
    found = [quantity for quantity in quantities(text, code) if quantity.is_certain]
    assert [text[one.begin : one.end] for one in found] == [expected]
    assert found[0].text == expected


def test_numbers_of_addresses_are_no_quantities() -> None:
    text = "Write to ana99@example.com, see example.com/2024 or call 555-1234 by 8."
    assert [quantity.text for quantity in quantities(text, "en") if quantity.is_certain] == ["8"]
    assert [one.text for one in quantities("minus a@b.com 5", "en")] == ["5"]


def test_words_of_a_language_that_is_not_read_are_no_loss() -> None:
    assert lost("trente-deux chaises", "32 chairs", "fr", "en") == ()
    assert lost("32 chairs", "trente-deux chaises", "en", "fr") == ()
    assert lost("32 chaises", "23 chairs", "fr", "en") == ("'32' is lost",)
    assert lost("32 chaises", "23 Stühle", "fr", "de") == ("'32' is lost", "'23' is added")


@pytest.mark.parametrize(
    "text",
    [
        "9" * 10_000,
        "9 " * 5_000,
        "9," * 5_000,
        "1.234." * 3_000,
        "one hundred thousand million " * 250,
        "mil " * 1_000,
        "and " * 5_000,
        "a half " * 3_000,
        "dos y medio y " * 1_000,
        "minus " * 3_000,
        "$" * 10_000,
        "a" * 10_000,
        "1:" * 5_000,
        "a@" * 5_000,
        "www." * 3_000,
        "1 to 1 to " * 1_000,
        "+1 " * 3_000,
        "#1" * 5_000,
        "/a" * 5_000,
    ],
)
@pytest.mark.parametrize("code", ["en", "es"])
def test_hostile_text_is_read_in_linear_time(text: str, code: str) -> None:
    begun = time.process_time()
    quantities(text[: len(text) // 4], code)
    once = time.process_time() - begun
    begun = time.process_time()
    quantities(text, code)
    assert time.process_time() - begun < 12 * once + 0.2


def test_a_sentence_of_ten_words_is_read_in_under_a_millisecond() -> None:
    text = "I paid twenty-five dollars for three books at half past"
    begun = time.process_time()
    for _ in range(200):
        quantities(text, "en")
    assert (time.process_time() - begun) / 200 < 0.001


@pytest.mark.parametrize(
    ("source", "target", "is_kept"),
    [
        ("Half a kilo of cheese.", "Medio kilo de queso.", True),
        ("Half a kilo of cheese.", "Un kilo de queso.", False),
        ("I stayed half a year.", "Me quedé seis meses.", True),
        ("I stayed a year and a half.", "Me quedé año y medio.", True),
        ("It weighs a kilo and a half.", "Pesa kilo y medio.", True),
        ("It weighs a kilo and a half.", "Pesa un kilo.", False),
        ("I am half asleep.", "Estoy medio dormido.", True),
        ("I am half asleep.", "Estoy dormido.", True),
    ],
)
def test_half_of_a_measure_is_an_amount(source: str, target: str, is_kept: bool) -> None:
    assert (lost(source, target, "en", "es") == ()) is is_kept
    assert (lost(target, source, "es", "en") == ()) is is_kept
