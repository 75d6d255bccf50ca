"""A thousand everyday sentences with numbers in them, made from a seed, and what must survive.

What a sentence holds is known from how it is made, not from reading it: each filler comes
with its values. The templates are none of those that the network trains on.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from num2words import num2words

COUNT = 500
"""Sentences of each language."""
Random = random.Random


@dataclass(frozen=True, slots=True)
class Kept:
    """What of a sentence has to be in its translation."""

    values: frozenset[Fraction]
    """Any of them; none where the text itself has to be there."""
    unit: str = ""
    text: str = ""
    """Letter by letter, of a telephone number its digits."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, what must survive, and the template that it was made from."""

    text: str
    kept: tuple[Kept, ...]
    template: str


Filler = Callable[[Random], tuple[str, Kept]]


def sentences(code: str, seed: int = 7) -> list[Sentence]:
    """Return the sentences of a language, no two of the same template in a row."""
    maker = Random(f"{code} {seed}")
    templates, fillers = TEMPLATES[code], FILLERS[code]
    order: list[str] = []
    while len(order) < COUNT:
        round_ = maker.sample(templates, len(templates))
        if order and round_[0] == order[-1]:
            round_.append(round_.pop(0))
        order += round_
    return [_filled(template, fillers, maker) for template in order[:COUNT]]


def _filled(template: str, fillers: Mapping[str, Filler], maker: Random) -> Sentence:
    kept: list[Kept] = []

    def fill(slot: re.Match[str]) -> str:
        text, what = fillers[slot[1]](maker)
        kept.append(what)
        return text

    text = re.sub(r"\{(\w+)\}", fill, template)
    return Sentence(text[0].upper() + text[1:], tuple(kept), template)


def _kept(*values: Fraction | int, unit: str = "") -> Kept:
    return Kept(frozenset(Fraction(value) for value in values), unit)


def _en(number: int) -> str:
    return str(num2words(number, lang="en")).replace(",", "")


def _es(number: int, *, feminine: bool = False) -> str:
    """Return a number in words as it stands before a noun: veintiún, doscientas una."""
    words = str(num2words(number, lang="es"))
    if feminine:
        words = re.sub(r"cientos\b", "cientas", re.sub(r"quinientos\b", "quinientas", words))
        return re.sub(r"uno$", "una", words)
    return re.sub(r"(?<=i)uno$", "ún", re.sub(r"\buno$", "un", words))


def _mixed(words: Callable[[int], str], low: int, high: int) -> Filler:
    """Return a filler of whole numbers, half of them in words."""

    def fill(maker: Random) -> tuple[str, Kept]:
        number = maker.randint(low, high)
        return words(number) if maker.random() < 0.5 else str(number), _kept(number)

    return fill


def _in_words(words: Callable[[int], str], numbers: Sequence[int]) -> Filler:
    def fill(maker: Random) -> tuple[str, Kept]:
        number = maker.choice(numbers)
        return words(number), _kept(number)

    return fill


def _large(mark: str) -> Filler:
    def fill(maker: Random) -> tuple[str, Kept]:
        number = maker.choice([maker.randint(11, 999) * 1000, maker.randint(10_001, 99_999)])
        return f"{number:,}".replace(",", mark), _kept(number)

    return fill


def _decimal(mark: str) -> Filler:
    def fill(maker: Random) -> tuple[str, Kept]:
        tenths = maker.choice([n for n in range(11, 99) if n % 10])
        return f"{tenths // 10}{mark}{tenths % 10}", _kept(Fraction(tenths, 10))

    return fill


def _percent(words: Callable[[int], str], forms: Sequence[str]) -> Filler:
    def fill(maker: Random) -> tuple[str, Kept]:
        number, form = maker.randint(2, 99), maker.choice(forms)
        return form.format(number, words(number)), _kept(number, unit="%")

    return fill


def _price_en(maker: Random) -> tuple[str, Kept]:
    number = maker.choice([maker.randint(2, 99), maker.randint(10, 95) * 10])
    cents = maker.choice([5, 25, 50, 75, 99])
    form = maker.choice(["${}", "{} dollars", "words", "${}.{:02}", "£{}", "€{}"])
    if form == "words":
        return f"{_en(number)} dollars", _kept(number, unit="USD")
    unit = {"£": "GBP", "€": "EUR"}.get(form[0], "USD")
    value = number + Fraction(cents, 100) if "02" in form else number
    return form.format(number, cents), _kept(value, unit=unit)


def _price_es(maker: Random) -> tuple[str, Kept]:
    number = maker.choice([maker.randint(2, 99), maker.randint(10, 95) * 10])
    cents = maker.choice([5, 25, 50, 75, 99])
    form = maker.choice(["{} €", "{} euros", "words", "{},{:02} €", "{} dólares", "{} pesos"])
    if form == "words":
        return f"{_es(number)} euros", _kept(number, unit="EUR")
    unit = {"dólares": "USD", "pesos": "MXN"}.get(form.split()[-1], "EUR")
    value = number + Fraction(cents, 100) if "02" in form else number
    return form.format(number, cents), _kept(value, unit=unit)


def _fortune_en(maker: Random) -> tuple[str, Kept]:
    tenths, scale = maker.randint(11, 95), maker.choice(["million", "billion"])
    value = Fraction(tenths, 10) * (10**6 if scale == "million" else 10**9)
    return f"${tenths / 10:g} {scale}", _kept(value, unit="USD")


def _fortune_es(maker: Random) -> tuple[str, Kept]:
    tenths, scale = maker.randint(11, 95), maker.choice(["millones", "mil millones"])
    value = Fraction(tenths, 10) * (10**6 if scale == "millones" else 10**9)
    return f"{tenths / 10:g} {scale} de euros".replace(".", ","), _kept(value, unit="EUR")


def _times(hour: int, minute: int) -> Kept:
    hours = hour + Fraction(minute, 60)
    return _kept(hours, hours % 12 + 12, hours % 12)


def _time_en(maker: Random) -> tuple[str, Kept]:
    hour, minute = maker.randint(1, 12), maker.choice([5, 10, 15, 20, 25, 30, 35, 40, 45, 50])
    following, before = hour % 12 + 1, maker.choice([5, 10, 20])
    return maker.choice(
        [
            (f"{hour}:{minute:02}", _times(hour, minute)),
            (f"{_en(hour)} o'clock", _times(hour, 0)),
            (f"half past {_en(hour)}", _times(hour, 30)),
            (f"a quarter past {_en(hour)}", _times(hour, 15)),
            (f"a quarter to {_en(following)}", _times(hour, 45)),
            (f"{_en(before)} to {_en(following)}", _times(hour, 60 - before)),
            (f"{_en(hour)} {_en(30)}", _times(hour, 30)),
        ]
    )


def _time_es(maker: Random) -> tuple[str, Kept]:
    hour, minute = maker.randint(2, 11), maker.choice([5, 10, 15, 20, 25, 30, 35, 40, 45, 50])
    following, before = hour + 1, maker.choice([5, 10, 20])
    return maker.choice(
        [
            (f"las {hour}:{minute:02}", _times(hour, minute)),
            (f"las {_es(hour)} en punto", _times(hour, 0)),
            (f"las {_es(hour)} y media", _times(hour, 30)),
            (f"las {_es(hour)} y cuarto", _times(hour, 15)),
            (f"las {_es(following)} menos cuarto", _times(hour, 45)),
            (f"las {_es(following)} menos {_es(before)}", _times(hour, 60 - before)),
            (f"las {hour + 12}:{minute:02}", _kept(hour + 12 + Fraction(minute, 60))),
        ]
    )


def _date_en(maker: Random) -> tuple[str, Kept]:
    month, day = maker.choice(MONTHS_EN), maker.randint(3, 28)
    ending = {1: "st", 2: "nd", 3: "rd"}.get(day % 10 if day // 10 != 1 else 0, "th")
    words = str(num2words(day, to="ordinal", lang="en"))
    text = maker.choice([f"{month} {day}", f"{month} {day}{ending}", f"the {words} of {month}"])
    return text, _kept(day)


def _date_es(maker: Random) -> tuple[str, Kept]:
    month, day = maker.choice(MONTHS_ES), maker.randint(2, 28)
    words = str(num2words(day, lang="es"))
    return f"el {maker.choice([str(day), words])} de {month}", _kept(day)


def _year(words: Callable[[int], str], share: float) -> Filler:
    def fill(maker: Random) -> tuple[str, Kept]:
        year = maker.choice([maker.randint(1911, 1999), maker.randint(2010, 2029)])
        return words(year) if maker.random() < share else str(year), _kept(year)

    return fill


def _year_en(year: int) -> str:
    return f"{_en(year // 100)} {_en(year % 100)}"


def _decade_en(maker: Random) -> tuple[str, Kept]:
    decade = maker.randint(2, 9) * 10
    words = {20: "twenties", 30: "thirties", 50: "fifties", 60: "sixties", 80: "eighties"}
    text = maker.choice([f"the 19{decade}s", f"the {words.get(decade, f'{decade}s')}"])
    return text, _kept(decade, 1900 + decade)


def _decade_es(maker: Random) -> tuple[str, Kept]:
    decade = maker.randint(2, 9) * 10
    text = maker.choice([f"los años {_es(decade)}", f"los años {decade}"])
    return text, _kept(decade, 1900 + decade)


def _ordinal(code: str, numbers: Sequence[int]) -> Filler:
    def fill(maker: Random) -> tuple[str, Kept]:
        number = maker.choice(numbers)
        if code == "en":
            kind = maker.choice(["ordinal", "ordinal_num"])
            return str(num2words(number, to=kind, lang="en")), _kept(number)
        words = str(num2words(number, to="ordinal", lang="es"))
        return re.sub(r"(primer|tercer)o$", r"\1", words), _kept(number)

    return fill


def _negative(form: str, words: Callable[[int], str]) -> Filler:
    def fill(maker: Random) -> tuple[str, Kept]:
        number = maker.randint(2, 30)
        text = f"-{number}" if maker.random() < 0.5 else f"{form} {words(number)}"
        return text, _kept(-number)

    return fill


def _phone(pattern: str) -> Filler:
    def fill(maker: Random) -> tuple[str, Kept]:
        text = re.sub("#", lambda _: str(maker.randint(1, 9)), pattern)
        return text, Kept(frozenset(), text=re.sub(r"\D", "", text))

    return fill


def _email(maker: Random) -> tuple[str, Kept]:
    user = maker.choice(["nora.hill", "t_berg", "info", "luis88", "orders", "h.okafor", "maite-r"])
    host = maker.choice(["example.com", "mail.example.org", "example.net", "shop.example.es"])
    return f"{user}@{host}", Kept(frozenset(), text=f"{user}@{host}")


MONTHS_EN = ("January", "February", "April", "June", "July", "September", "October", "November")
MONTHS_ES = ("enero", "febrero", "marzo", "abril", "julio", "agosto", "octubre", "diciembre")

FILLERS: Mapping[str, Mapping[str, Filler]] = {
    "en": {
        "few": _mixed(_en, 2, 10),
        "count": _mixed(_en, 11, 99),
        "hundreds": _mixed(_en, 101, 999),
        "thousands": _large(","),
        "round": _in_words(_en, (3000, 15_000, 40_000, 2_000_000, 700_000, 1_500)),
        "decimal": _decimal("."),
        "percent": _percent(_en, ("{}%", "{} percent", "{1} percent", "{} per cent")),
        "price": _price_en,
        "fortune": _fortune_en,
        "time": _time_en,
        "date": _date_en,
        "year": _year(_year_en, 0.4),
        "decade": _decade_en,
        "ordinal": _ordinal("en", (3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 20, 21, 32)),
        "negative": _negative("minus", _en),
        "phone": _phone("555-01##"),
        "long_phone": _phone("(2##) 555-01##"),
        "email": _email,
    },
    "es": {
        "few": _mixed(_es, 2, 10),
        "count": _mixed(_es, 11, 99),
        "count_f": _mixed(lambda number: _es(number, feminine=True), 11, 99),
        "hundreds": _mixed(_es, 101, 999),
        "hundreds_f": _mixed(lambda number: _es(number, feminine=True), 101, 999),
        "thousands": _large("."),
        "round": _in_words(_es, (3000, 15_000, 40_000, 700_000, 1_500)),
        "decimal": _decimal(","),
        "percent": _percent(_es, ("{} %", "{}%", "{} por ciento", "{1} por ciento")),
        "price": _price_es,
        "fortune": _fortune_es,
        "time": _time_es,
        "date": _date_es,
        "year": _year(_es, 0.3),
        "decade": _decade_es,
        "ordinal": _ordinal("es", (3, 5, 6, 7, 8, 9, 10)),
        "negative": _negative("menos", _es),
        "phone": _phone("6## ### ###"),
        "long_phone": _phone("+34 91# ## ## ##"),
        "email": _email,
    },
}
TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "en": (
        "{count} people came to the wedding.",
        "My grandmother turned {count} last week.",
        "We need {few} more chairs in the kitchen.",
        "There are {count} students in my daughter's class.",
        "The village has {hundreds} inhabitants.",
        "I have read {hundreds} pages so far.",
        "About {thousands} fans watched the match.",
        "The city has grown by {round} people in ten years.",
        "The bridge is {decimal} kilometers long.",
        "She ran the race in {decimal} hours.",
        "The baby weighs {decimal} kilos.",
        "Only {percent} of the members voted.",
        "Prices went up by {percent} this year.",
        "The battery is at {percent}.",
        "He gets a discount of {percent} on shoes.",
        "The umbrella cost {price}.",
        "I paid {price} for these gloves.",
        "Could you lend me {price}?",
        "They charged us {price} for the coffee and {price} for the cake.",
        "The rent is {price} a month.",
        "He sold his old bike for {price}.",
        "The company lost {fortune} last year.",
        "The new hospital will cost {fortune}.",
        "The meeting starts at {time}.",
        "Wake me up at {time}, please.",
        "The last train leaves at {time}.",
        "The shop closes at {time}, so hurry up.",
        "Dinner is at {time} and there are {few} of us.",
        "My flight lands at {time} on {date}.",
        "My birthday is on {date}.",
        "The exam is on {date}.",
        "We are moving house on {date}.",
        "The offer ends on {date}.",
        "She was born on {date}, {year}.",
        "My parents met in {year}.",
        "This house was built in {year}.",
        "He has lived in Lisbon since {year}.",
        "The war ended in {year}.",
        "That song was popular in {decade}.",
        "My father grew up in {decade}.",
        "Our office is on the {ordinal} floor.",
        "This is the {ordinal} time I have called you.",
        "She finished in {ordinal} place.",
        "It was {negative} degrees when we left.",
        "The temperature fell to {negative} last night.",
        "My telephone number is {phone}.",
        "You can reach the doctor at {phone}.",
        "If there is a problem, call {long_phone}.",
        "Send the photos to {email}.",
        "Her new address is {email}.",
        "Write to {email} before {date}.",
        "Mix {few} eggs with {hundreds} grams of flour.",
        "The dog is {few} years old and weighs {count} kilos.",
        "We drove {hundreds} miles in {few} hours.",
        "It takes {count} minutes to walk there.",
        "The bus was {count} minutes late again.",
        "They have {few} children and {count} grandchildren.",
        "Take the pills every {few} hours for {count} days.",
        "Turn to page {hundreds}, please.",
        "Our team won by {count} points.",
        "Room {hundreds} is at the end of the hall.",
        "He owes me {price} since {date}.",
        "In {year} a ticket cost {price}.",
        "{percent} of the {hundreds} guests were late.",
        "There were {few} cars in front of us and {count} behind.",
        "I counted {count} ducks on the lake.",
    ),
    "es": (
        "A la boda vinieron {count} invitados.",
        "Mi abuela cumplió {count} años la semana pasada.",
        "Nos faltan {few} platos en la mesa.",
        "En la clase de mi hija hay {count} alumnos.",
        "El pueblo tiene {hundreds} habitantes.",
        "Ya he leído {hundreds_f} páginas.",
        "Unos {thousands} aficionados vieron el partido.",
        "La ciudad ganó {round} habitantes en diez años.",
        "El puente mide {decimal} kilómetros.",
        "Terminó la carrera en {decimal} horas.",
        "El bebé pesa {decimal} kilos.",
        "Solo votó el {percent} de los socios.",
        "Los precios subieron un {percent} este año.",
        "La batería está al {percent}.",
        "Le hacen un descuento del {percent} en zapatos.",
        "El paraguas costó {price}.",
        "Pagué {price} por estos guantes.",
        "¿Me puedes prestar {price}?",
        "Nos cobraron {price} por el café y {price} por la tarta.",
        "El alquiler son {price} al mes.",
        "Vendió su vieja bicicleta por {price}.",
        "La empresa perdió {fortune} el año pasado.",
        "El nuevo hospital costará {fortune}.",
        "La reunión empieza a {time}.",
        "Despiértame a {time}, por favor.",
        "El último tren sale a {time}.",
        "La tienda cierra a {time}, así que date prisa.",
        "La cena es a {time} y somos {few} personas.",
        "Mi vuelo llega {date} a {time}.",
        "Mi cumpleaños es {date}.",
        "El examen es {date}.",
        "Nos mudamos de casa {date}.",
        "La oferta termina {date}.",
        "Ella nació {date} de {year}.",
        "Mis padres se conocieron en {year}.",
        "Esta casa se construyó en {year}.",
        "Vive en Lisboa desde {year}.",
        "La guerra terminó en {year}.",
        "Esa canción fue muy popular en {decade}.",
        "Mi padre creció en {decade}.",
        "Nuestra oficina está en el {ordinal} piso.",
        "Es mi {ordinal} intento de esta mañana.",
        "Llegó en {ordinal} lugar.",
        "Estábamos a {negative} grados cuando salimos.",
        "Anoche la temperatura bajó a {negative} grados.",
        "Mi número de teléfono es el {phone}.",
        "Puedes llamar al médico al {phone}.",
        "Si hay algún problema, llame al {long_phone}.",
        "Envía las fotos a {email}.",
        "Su nueva dirección es {email}.",
        "Escribe a {email} antes de que llegue {date}.",
        "Mezcla {few} huevos con {hundreds} gramos de harina.",
        "El perro tiene {few} años y pesa {count} kilos.",
        "Recorrimos {hundreds} kilómetros en {few} horas.",
        "Se tarda {count} minutos andando.",
        "El autobús llegó otra vez {count} minutos tarde.",
        "Tienen {few} hijos y {count} nietos.",
        "Tome las pastillas cada {few} horas durante {count} días.",
        "Abran el libro por la página {hundreds}.",
        "Nuestro equipo ganó por {count} puntos.",
        "La habitación {hundreds} está al final del pasillo.",
        "Me debe {price} desde {date}.",
        "En {year} una entrada costaba {price}.",
        "El {percent} de los {hundreds} invitados llegó tarde.",
        "Había {few} coches delante y {count} detrás.",
        "Conté {count_f} ovejas en el prado.",
    ),
}
