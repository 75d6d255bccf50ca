"""Training pairs with numbers, money, times, dates and names, exact because they are made.

Corpora have few prices and fewer e-mail addresses, and their translators round and rephrase.
Here both sides are filled from the same values, so that the network learns to carry them over.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from num2words import num2words

_SLOT = re.compile(r"\{([a-z_]+)(\d?)(?::(f|alone))?\}")
"""A kind, a digit where a template has two of a kind, and the form that Spanish needs."""
_MAX_TRIES = 50
"""Draws for one new pair before a repeated one is taken: templates without much choice."""


@dataclass(frozen=True, slots=True)
class Filling:
    """The same value in both languages."""

    english: str
    spanish: str
    """Before a masculine noun: veintiún; with its article: el 5 de mayo."""
    feminine: str = ""
    """Before a feminine noun, where that differs: veintiuna."""
    alone: str = ""
    """Without a noun, or without the article: veintiuno, 5 de mayo."""

    def form(self, name: str | None) -> str:
        """Return the Spanish in one of its forms: f, alone, or the usual one."""
        other = {"f": self.feminine, "alone": self.alone}.get(name or "", "")
        return other or self.spanish


Filler = Callable[[random.Random], Filling]


def pairs(count: int, seed: int) -> list[tuple[str, str]]:
    """Return `count` pairs of English and Spanish; the same for the same seed.

    All templates take part in turn. A pair comes again only if its template has no other.
    """
    rng = random.Random(seed)
    found: list[tuple[str, str]] = []
    seen: set[tuple[str, str]] = set()
    while len(found) < count:
        for template in rng.sample(TEMPLATES, len(TEMPLATES)):
            for _ in range(_MAX_TRIES):
                pair = filled(template, rng)
                if pair not in seen:
                    break
            seen.add(pair)
            found.append(pair)
    return found[:count]


def filled(template: tuple[str, str], rng: random.Random) -> tuple[str, str]:
    """Return both sides of a template with the same values in their slots."""
    fillings: dict[str, Filling] = {}

    def english(slot: re.Match[str]) -> str:
        key = slot[1] + slot[2]
        if key not in fillings:
            fillings[key] = _other_than(fillings, FILLERS[slot[1]], rng)
        return fillings[key].english

    def spanish(slot: re.Match[str]) -> str:
        return fillings[slot[1] + slot[2]].form(slot[3])

    return (
        _sentence(_SLOT.sub(english, template[0])),
        _sentence(_SLOT.sub(spanish, template[1])),
    )


def _other_than(fillings: Mapping[str, Filling], filler: Filler, rng: random.Random) -> Filling:
    """Return a filling that the sentence does not have yet, where there is one."""
    filling = filler(rng)
    for _ in range(_MAX_TRIES):
        if filling not in fillings.values():
            break
        filling = filler(rng)
    return filling


def _sentence(text: str) -> str:
    """Return a text with its first letter as a capital, and one stop behind "p.m."."""
    text = text.replace("..", ".")
    first = re.search(r"[^\W\d_]", text)
    if first is None or "@" in text.split(maxsplit=1)[0] or text[0].isdigit():
        return text
    return text[: first.start()] + text[first.start()].upper() + text[first.start() + 1 :]


# Numbers


@lru_cache(maxsize=4096)
def _english(number: int) -> str:
    return str(num2words(number, lang="en")).replace(",", "")


@lru_cache(maxsize=4096)
def _spanish(number: int) -> str:
    # num2words says "veintiuno mil".
    return re.sub(r"veintiuno(?= mil)", "veintiún", str(num2words(number, lang="es")))


def _short(words: str) -> str:
    """Return number words as before a masculine noun: veintiún, treinta y un."""
    return re.sub(r"\buno$", "un", re.sub(r"veintiuno$", "veintiún", words))


def _feminine(words: str) -> str:
    return re.sub(r"uno$", "una", re.sub(r"(cient|quinient)os\b", r"\1as", words))


def _in_words(number: int) -> Filling:
    words = _spanish(number)
    return Filling(_english(number), _short(words), _feminine(words), words)


def _in_digits(number: int) -> Filling:
    if number < 10_000:
        return Filling(str(number), str(number))
    return Filling(f"{number:,}", f"{number:,}".replace(",", "."))


def _number(low: int, high: int, step: int = 1) -> Filler:
    """Return a filler of numbers, half of them in words."""

    def fill(rng: random.Random) -> Filling:
        number = rng.randrange(low, high + 1, step)
        return _in_words(number) if rng.random() < 0.5 else _in_digits(number)

    return fill


def _digits(low: int, high: int) -> Filler:
    return lambda rng: _in_digits(rng.randint(low, high))


def _large(rng: random.Random) -> Filling:
    """Return a number of people or things from a thousand up, round in words."""
    if rng.random() < 0.4:
        number = rng.choice([rng.randint(2, 30) * 1000, rng.randint(4, 99) * 10_000])
        return _in_words(number)
    return _in_digits(rng.choice([rng.randint(10, 999) * 1000, rng.randint(10_000, 99_999)]))


def _millions(rng: random.Random) -> Filling:
    """Return millions or billions, before a noun: 2 million, 2 millones de."""
    number = rng.randint(2, 60)
    count = _in_words(number) if rng.random() < 0.4 else _in_digits(number)
    if rng.random() < 0.3:
        thousands = f"{count.spanish} mil" if count.english[0].isalpha() else f"{number}000"
        thousands = thousands if number < 10 or count.english[0].isalpha() else f"{number}.000"
        return Filling(f"{count.english} billion", f"{thousands} millones de")
    if rng.random() < 0.4:
        tenths = rng.choice([n for n in range(11, 99) if n % 10])
        return Filling(
            f"{tenths // 10}.{tenths % 10} million", f"{tenths // 10},{tenths % 10} millones de"
        )
    return Filling(f"{count.english} million", f"{count.spanish} millones de")


def _decimal(rng: random.Random) -> Filling:
    whole, tenth = rng.randint(2, 20), rng.randint(1, 9)
    if rng.random() < 0.3:
        return Filling(
            f"{_english(whole)} point {_english(tenth)}",
            f"{_spanish(whole)} coma {_spanish(tenth)}",
        )
    if rng.random() < 0.3:
        hundredths = rng.randint(11, 99)
        return Filling(f"{whole}.{hundredths}", f"{whole},{hundredths}")
    return Filling(f"{whole}.{tenth}", f"{whole},{tenth}")


def _percent(rng: random.Random) -> Filling:
    number, way = rng.randint(2, 99), rng.randrange(5)
    if way == 0:
        return Filling(f"{_english(number)} percent", f"{_spanish(number)} por ciento")
    if way == 1:
        return Filling(f"{number} percent", f"{number} por ciento")
    if way == 2:
        return Filling(f"{number / 10:g}%", f"{number / 10:g} %".replace(".", ","))
    return Filling(f"{number}%", f"{number} %")


def _fraction(rng: random.Random) -> Filling:
    return rng.choice(
        [
            Filling("three quarters", "tres cuartas partes"),
            Filling("two thirds", "dos terceras partes"),
            Filling("four fifths", "cuatro quintas partes"),
            Filling("two fifths", "dos quintas partes"),
            Filling("three fifths", "tres quintas partes"),
        ]
    )


def _ordinal(rng: random.Random) -> Filling:
    number = rng.choice([3, 4, 5, 6, 7, 8, 9, 10])
    words = str(num2words(number, to="ordinal", lang="es"))
    english = str(num2words(number, to=rng.choice(["ordinal", "ordinal_num"]), lang="en"))
    return Filling(english, "tercer" if number == 3 else words, words[:-1] + "a", words)


def _negative(rng: random.Random) -> Filling:
    number, way = rng.randint(2, 30), rng.randrange(3)
    if way == 0:
        return Filling(f"minus {_english(number)} degrees", f"menos {_spanish(number)} grados")
    if way == 1:
        return Filling(f"{number} degrees below zero", f"{number} grados bajo cero")
    return Filling(f"-{number} degrees", f"-{number} grados")


def _code(rng: random.Random) -> Filling:
    letters = "".join(rng.choices("ABCDFGHJKLMNPRSTVW", k=2))
    text = (
        f"{letters} {rng.randint(1000, 9999)}"
        if rng.random() < 0.5
        else f"{letters}{rng.randint(100, 999)}"
    )
    return Filling(text, text)


def _score(rng: random.Random) -> Filling:
    text = f"{rng.randint(2, 6)}-{rng.randint(0, 5)}"
    return Filling(text, text)


# Money


def _amount(rng: random.Random) -> tuple[str, str]:
    """Return a sum in English and Spanish digits."""
    cents = rng.choice([0, 0, 0, 50, 99, 25, 75])
    number = rng.choice([rng.randint(2, 99), rng.randint(10, 99) * 10, rng.randint(10, 90) * 1000])
    if number >= 10_000 or not cents:
        filling = _in_digits(number)
        return filling.english, filling.spanish
    return f"{number}.{cents}", f"{number},{cents}"


def _price(rng: random.Random) -> Filling:
    english, spanish = _amount(rng)
    sign, name, plural = rng.choice(
        [
            ("$", "dollars", "dólares"),
            ("$", "dollars", "dólares"),
            ("€", "euros", "euros"),
            ("£", "pounds", "libras"),
        ]
    )
    way = rng.randrange(4)
    if way == 0:
        number = _in_words(rng.choice([rng.randint(2, 99), rng.randint(2, 30) * 50]))
        said = number.feminine if plural == "libras" else number.spanish
        return Filling(f"{number.english} {name}", f"{said} {plural}")
    if way == 1 and sign == "€":
        return Filling(f"{sign}{english}", f"{spanish} €")
    return Filling(f"{english} {name}" if way == 2 else f"{sign}{english}", f"{spanish} {plural}")


def _pesos(rng: random.Random) -> Filling:
    number = rng.choice([rng.randint(2, 99), rng.randint(2, 90) * 100])
    count = _in_words(number) if rng.random() < 0.5 else _in_digits(number)
    return Filling(f"{count.english} pesos", f"{count.spanish} pesos")


def _fortune(rng: random.Random) -> Filling:
    sign, name, plural = rng.choice([("$", "dollars", "dólares"), ("€", "euros", "euros")])
    number = _millions(rng)
    if number.english[0].isdigit() and rng.random() < 0.6:
        return Filling(f"{sign}{number.english}", f"{number.spanish} {plural}")
    return Filling(f"{number.english} {name}", f"{number.spanish} {plural}")


# Time


def _time(rng: random.Random) -> Filling:
    """Return a time of day, in Spanish with its article; never one o'clock, "la una"."""
    hour, minute = rng.randint(2, 11), rng.choice([5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55])
    early, late = _english(hour), _english(hour + 1)
    pronto, tarde = _spanish(hour), _spanish(hour + 1)
    left = rng.choice([5, 10, 20, 25])
    ways = (
        (f"{hour}:{minute:02}", f"las {hour}:{minute:02}"),
        (f"{hour + 12}:{minute:02}", f"las {hour + 12}:{minute:02}"),
        (f"{early} o'clock", f"las {pronto}"),
        (f"half past {early}", f"las {pronto} y media"),
        (f"a quarter past {early}", f"las {pronto} y cuarto"),
        (f"a quarter to {late}", f"las {tarde} menos cuarto"),
        (f"{_english(left)} past {early}", f"las {pronto} y {_spanish(left)}"),
        (f"{_english(left)} to {late}", f"las {tarde} menos {_spanish(left)}"),
        (f"{early} thirty", f"las {pronto} y media"),
        (f"{early} fifteen", f"las {pronto} y cuarto"),
        _with_daypart(f"{hour}", f"las {hour}", hour),
        _with_daypart(f"{hour}:{minute:02}", f"las {hour}:{minute:02}", hour),
        _with_daypart(early, f"las {pronto}", hour),
    )
    return Filling(*rng.choice(ways))


def _with_daypart(english: str, spanish: str, hour: int) -> tuple[str, str]:
    if hour >= 9:
        return f"{english} at night", f"{spanish} de la noche"
    if hour >= 6:
        return f"{english} in the morning", f"{spanish} de la mañana"
    if english[0].isdigit():
        return f"{english} p.m.", f"{spanish} de la tarde"
    return f"{english} in the afternoon", f"{spanish} de la tarde"


def _day_of_month(rng: random.Random) -> Filling:
    """Return a date, in Spanish with its article; alone without it."""
    month, mes = rng.choice(_MONTHS)
    day = rng.randint(2, 31 if month in _LONG_MONTHS else 28)
    ordinal = str(num2words(day, to="ordinal", lang="en"))
    ending = str(num2words(day, to="ordinal_num", lang="en"))
    english = rng.choice(
        [f"{month} {day}", f"{month} {ending}", f"the {ordinal} of {month}", f"{month} {ordinal}"]
    )
    said = str(day) if re.search(r"\d", english) else _spanish(day)
    return Filling(english, f"el {said} de {mes}", alone=f"{said} de {mes}")


def _year(rng: random.Random) -> Filling:
    year = rng.choice([rng.randint(1901, 1999), rng.randint(2001, 2009), rng.randint(2010, 2029)])
    if rng.random() < 0.65:
        return Filling(str(year), str(year))
    if 2000 < year < 2010:
        return Filling(f"two thousand and {_english(year - 2000)}", _spanish(year))
    low = year % 100
    second = f"oh {_english(low)}" if low < 10 else _english(low)
    return Filling(f"{_english(year // 100)} {second}", _spanish(year))


def _decade(rng: random.Random) -> Filling:
    decade = rng.choice([20, 30, 40, 50, 60, 70, 80, 90])
    name = _english(decade)
    english = rng.choice([f"the 19{decade}s", f"the {name[:-1]}ies"])
    if english[-3:-1].isdigit():
        return Filling(english, f"los años {decade}")
    return Filling(english, f"los años {_spanish(decade)}")


def _duration(units: Sequence[tuple[str, str, str]]) -> Filler:
    """Return a filler of durations, some with a half; a unit comes with its Spanish "half"."""

    def fill(rng: random.Random) -> Filling:
        number = rng.randint(2, 12)
        unit, unidad, half = rng.choice(units)
        if rng.random() < 0.3:
            return Filling(
                f"{_english(number)} and a half {unit}", f"{_spanish(number)} {unidad} y {half}"
            )
        count = _in_words(number) if rng.random() < 0.5 else _in_digits(number)
        return Filling(f"{count.english} {unit}", f"{count.spanish} {unidad}")

    return fill


# Things, people and places


def _counted(nouns: Sequence[tuple[str, str, str]], low: int, high: int) -> Filler:
    """Return a filler of a number with a noun that agrees: veintiuna sillas."""
    number = _number(low, high)

    def fill(rng: random.Random) -> Filling:
        count = number(rng)
        english, spanish, gender = rng.choice(nouns)
        return Filling(f"{count.english} {english}", f"{count.form(gender)} {spanish}")

    return fill


def _one_of(choices: Sequence[tuple[str, str]]) -> Filler:
    return lambda rng: Filling(*rng.choice(choices))


def _same(choices: Sequence[str]) -> Filler:
    def fill(rng: random.Random) -> Filling:
        text = rng.choice(choices)
        return Filling(text, text)

    return fill


def _full_name(rng: random.Random) -> Filling:
    text = f"{rng.choice(_NAMES)} {rng.choice(_SURNAMES)}"
    return Filling(text, text)


def _email(rng: random.Random) -> Filling:
    name, surname = rng.choice(_NAMES).lower(), rng.choice(_SURNAMES).lower()
    name, surname = (part.translate(_PLAIN) for part in (name, surname))
    user = rng.choice(
        [
            f"{name}.{surname}",
            f"{name}{rng.randint(1, 99)}",
            f"{name[0]}{surname}",
            f"{name}_{surname}",
        ]
    )
    text = f"{user}@{rng.choice(_HOSTS)}"
    return Filling(text, text)


def _web(rng: random.Random) -> Filling:
    host = rng.choice(["www.example.com", "example.org", "www.example.net", "https://example.com"])
    path = rng.choice(["", "/help", "/news", "/shop", "/2024", "/tickets"])
    return Filling(host + path, host + path)


def _phone(rng: random.Random) -> Filling:
    pattern = rng.choice(
        ["555-01##", "(3##) 555-01##", "6## ### ###", "+34 6## ## ## ##", "9##-###-####"]
    )
    text = re.sub("#", lambda _: str(rng.randint(0, 9)), pattern)
    return Filling(text, text)


_MONTHS = (
    ("January", "enero"),
    ("February", "febrero"),
    ("March", "marzo"),
    ("April", "abril"),
    ("May", "mayo"),
    ("June", "junio"),
    ("July", "julio"),
    ("August", "agosto"),
    ("September", "septiembre"),
    ("October", "octubre"),
    ("November", "noviembre"),
    ("December", "diciembre"),
)
_LONG_MONTHS = frozenset({"January", "March", "May", "July", "August", "October", "December"})
_WEEKDAYS = (
    ("Monday", "lunes"),
    ("Tuesday", "martes"),
    ("Wednesday", "miércoles"),
    ("Thursday", "jueves"),
    ("Friday", "viernes"),
    ("Saturday", "sábado"),
    ("Sunday", "domingo"),
)
_CITIES = (
    ("London", "Londres"),
    ("Paris", "París"),
    ("Lisbon", "Lisboa"),
    ("Seville", "Sevilla"),
    ("Madrid", "Madrid"),
    ("Berlin", "Berlín"),
    ("New York", "Nueva York"),
    ("Chicago", "Chicago"),
    ("Bogotá", "Bogotá"),
    ("Lima", "Lima"),
    ("Mexico City", "Ciudad de México"),
    ("Rome", "Roma"),
    ("Vienna", "Viena"),
    ("Geneva", "Ginebra"),
    ("Tokyo", "Tokio"),
    ("Prague", "Praga"),
    ("Toronto", "Toronto"),
    ("Quito", "Quito"),
    ("Warsaw", "Varsovia"),
    ("Edinburgh", "Edimburgo"),
)
_NAMES = (
    *(
        "Alba",
        "Aisha",
        "Beatriz",
        "Carmen",
        "Claire",
        "Elena",
        "Emily",
        "Fatima",
        "Grace",
        "Ingrid",
    ),
    *("Irene", "Laura", "Leila", "Lucía", "Marta", "Mei", "Nadia", "Olga", "Pilar", "Rachel"),
    *("Rosa", "Sofía", "Susan", "Teresa", "Yolanda", "Zoe", "Ahmed", "Alan", "Bruno", "Carlos"),
    *("Daniel", "Diego", "Edward", "Felipe", "George", "Hugo", "Ivan", "Javier", "Kenji", "Kevin"),
    *("Liam", "Marcos", "Martin", "Miguel", "Oscar", "Pablo", "Ravi", "Sergio", "Stefan", "Víctor"),
)
_SURNAMES = (
    *("Aguirre", "Baker", "Castillo", "Chen", "Dubois", "Evans", "Fuentes", "García", "Haddad"),
    *("Ibarra", "Jensen", "Kowalski", "López", "Molina", "Murphy", "Navarro", "Novak", "Okafor"),
    *("Ortega", "Patel", "Quintana", "Rossi", "Schmidt", "Silva", "Taylor", "Vargas", "Weber"),
)
_PLAIN = str.maketrans("áéíóúüñ", "aeiouun")
_HOSTS = ("example.com", "example.org", "mail.example.com", "example.net", "correo.example.es")
_SHORT_UNITS = (("hours", "horas", "media"), ("days", "días", "medio"))
_LONG_UNITS = (
    ("years", "años", "medio"),
    ("months", "meses", "medio"),
    ("weeks", "semanas", "media"),
)
_THINGS = (
    ("chairs", "sillas", "f"),
    ("books", "libros", ""),
    ("boxes", "cajas", "f"),
    ("tickets", "entradas", "f"),
    ("bottles", "botellas", "f"),
    ("pencils", "lápices", ""),
    ("plates", "platos", ""),
    ("keys", "llaves", "f"),
    ("letters", "cartas", "f"),
    ("photos", "fotos", "f"),
    ("cars", "coches", ""),
    ("bags", "bolsas", "f"),
    ("phones", "teléfonos", ""),
    ("trees", "árboles", ""),
    ("windows", "ventanas", "f"),
    ("computers", "ordenadores", ""),
    ("packages", "paquetes", ""),
    ("stamps", "sellos", ""),
)
_FOODS = (
    ("eggs", "huevos", ""),
    ("apples", "manzanas", "f"),
    ("oranges", "naranjas", "f"),
    ("tomatoes", "tomates", ""),
    ("onions", "cebollas", "f"),
    ("lemons", "limones", ""),
    ("potatoes", "patatas", "f"),
    ("sandwiches", "bocadillos", ""),
    ("cookies", "galletas", "f"),
    ("beers", "cervezas", "f"),
    ("coffees", "cafés", ""),
)
_PEOPLE = (
    ("people", "personas", "f"),
    ("students", "estudiantes", ""),
    ("women", "mujeres", "f"),
    ("men", "hombres", ""),
    ("children", "niños", ""),
    ("girls", "niñas", "f"),
    ("teachers", "profesores", ""),
    ("tourists", "turistas", ""),
    ("workers", "trabajadores", ""),
    ("guests", "invitados", ""),
)

FILLERS: Mapping[str, Filler] = {
    "few": _number(2, 12),
    "count": _number(13, 99),
    "hundreds": _number(100, 990, 10),
    "degrees": _number(13, 39),
    "oven": _number(150, 250, 10),
    "speed": _number(40, 180, 5),
    "size": _number(34, 46),
    "feet": _digits(5000, 28_000),
    "age": _number(18, 95),
    "child": _number(3, 15),
    "minutes": _number(10, 55, 5),
    "digits": _digits(101, 980),
    "large": _large,
    "millions": _millions,
    "decimal": _decimal,
    "percent": _percent,
    "fraction": _fraction,
    "ordinal": _ordinal,
    "negative": _negative,
    "code": _code,
    "score": _score,
    "price": _price,
    "pesos": _pesos,
    "fortune": _fortune,
    "time": _time,
    "date": _day_of_month,
    "year": _year,
    "decade": _decade,
    "duration": _duration(_SHORT_UNITS),
    "stay": _duration(_LONG_UNITS),
    "things": _counted(_THINGS, 2, 130),
    "foods": _counted(_FOODS, 2, 24),
    "people": _counted(_PEOPLE, 2, 400),
    "weekday": _one_of(_WEEKDAYS),
    "month": _one_of(_MONTHS),
    "city": _one_of(_CITIES),
    "name": _same(_NAMES),
    "full": _full_name,
    "email": _email,
    "web": _web,
    "phone": _phone,
}
TEMPLATES: tuple[tuple[str, str], ...] = (
    # Counting
    ("I need {things}.", "Necesito {things}."),
    ("There are {things} in the garage.", "Hay {things} en el garaje."),
    ("She bought {things} at the market.", "Compró {things} en el mercado."),
    ("{name} lost {things} on the train.", "{name} perdió {things} en el tren."),
    ("We still have {things} to sell.", "Todavía nos quedan {things} por vender."),
    ("They brought {things} and {foods}.", "Trajeron {things} y {foods}."),
    ("How much are {foods}?", "¿Cuánto cuestan {foods}?"),
    ("Please buy {foods} for tonight.", "Por favor, compra {foods} para esta noche."),
    ("{name} ate {foods} yesterday.", "{name} se comió {foods} ayer."),
    ("The recipe calls for {foods}.", "La receta lleva {foods}."),
    ("I would like {foods}, please.", "Quisiera {foods}, por favor."),
    ("{people} were waiting outside.", "{people} estaban esperando fuera."),
    ("There were {people} on the boat.", "Había {people} en el barco."),
    ("The factory employs {people}.", "La fábrica da trabajo a {people}."),
    ("We invited {people} to the party.", "Invitamos a {people} a la fiesta."),
    ("I saw {people} in the square.", "Vi a {people} en la plaza."),
    ("There is room for {people}.", "Hay sitio para {people}."),
    ("{name} teaches {people} every {weekday}.", "{name} da clase a {people} cada {weekday}."),
    ("The hotel has {hundreds} rooms.", "El hotel tiene {hundreds:f} habitaciones."),
    ("The library has {large} books.", "La biblioteca tiene {large} libros."),
    ("{large} people live in this town.", "En esta ciudad viven {large} personas."),
    ("More than {large} soldiers took part.", "Participaron más de {large} soldados."),
    ("The stadium holds {large} spectators.", "En el estadio caben {large} espectadores."),
    ("{millions} people watched the game.", "{millions} personas vieron el partido."),
    ("The country has {millions} inhabitants.", "El país tiene {millions} habitantes."),
    ("They sold {millions} copies in {year}.", "Vendieron {millions} ejemplares en {year}."),
    ("Almost {fraction} of the voters agree.", "Casi {fraction} de los votantes están de acuerdo."),
    ("He ate {fraction} of the cake.", "Se comió {fraction} del pastel."),
    ("I have called you {few} times.", "Te he llamado {few:f} veces."),
    ("We have {few} cats and {few2} dogs.", "Tenemos {few} gatos y {few2} perros."),
    ("{few} of us stayed and {few2} left.", "Nos quedamos {few:alone} y se fueron {few2:alone}."),
    ("Count from {few} to {count}.", "Cuenta del {few:alone} al {count:alone}."),
    ("{count} is more than {few}.", "{count:alone} es más que {few:alone}."),
    ("Read page {digits}.", "Lee la página {digits}."),
    ("Open your books at page {count}.", "Abran sus libros en la página {count:alone}."),
    ("The answer is {count}.", "La respuesta es {count:alone}."),
    ("My room number is {digits}.", "El número de mi habitación es el {digits}."),
    ("Take bus number {count}.", "Toma el autobús número {count:alone}."),
    ("He lives at number {count}.", "Vive en el número {count:alone}."),
    ("Your flight is {code}.", "Su vuelo es el {code}."),
    ("Flight {code} to {city} is late.", "El vuelo {code} a {city} lleva retraso."),
    ("The order number is {code}.", "El número de pedido es {code}."),
    ("The score was {score}.", "El resultado fue {score}."),
    ("We won {score} on {weekday}.", "Ganamos {score} el {weekday}."),
    ("It is the {ordinal} door on the left.", "Es la {ordinal:f} puerta a la izquierda."),
    ("We live on the {ordinal} floor.", "Vivimos en el {ordinal} piso."),
    ("This is my {ordinal} visit to {city}.", "Esta es mi {ordinal:f} visita a {city}."),
    ("{name} came in {ordinal} place.", "{name} quedó en {ordinal} lugar."),
    ("It was the {ordinal} day of the trip.", "Era el {ordinal} día del viaje."),
    # Ages and people
    ("{name} is {age} years old.", "{name} tiene {age} años."),
    ("My uncle is {age}.", "Mi tío tiene {age} años."),
    ("I am {age} years old.", "Tengo {age} años."),
    ("How can she be {age} already?", "¿Cómo puede tener ya {age} años?"),
    ("{name} turned {age} on {weekday}.", "{name} cumplió {age} años el {weekday}."),
    (
        "My son is {child} and my mother is {age}.",
        "Mi hijo tiene {child} años y mi madre, {age:alone}.",
    ),
    ("He got married at the age of {age}.", "Se casó a los {age} años."),
    ("She died at {age}.", "Murió a los {age} años."),
    ("The twins are {child} months old.", "Los gemelos tienen {child} meses."),
    ("My name is {full}.", "Me llamo {full}."),
    ("I am looking for {full}.", "Estoy buscando a {full}."),
    ("Have you met {full}?", "¿Conoces a {full}?"),
    ("{name} and {name2} live in {city}.", "{name} y {name2} viven en {city}."),
    ("{full} was born in {city} in {year}.", "{full} nació en {city} en {year}."),
    ("{name} told {name2} the truth.", "{name} le dijo la verdad a {name2}."),
    ("This is {name}, from {city}.", "Aquí {name}, de {city}."),
    ("Good morning, {name}.", "Buenos días, {name}."),
    ("Thank you, {name}.", "Gracias, {name}."),
    ("Where is {name}?", "¿Dónde está {name}?"),
    ("{name} works with {full}.", "{name} trabaja con {full}."),
    ("Tell {name} that I will be there at {time}.", "Dile a {name} que estaré allí a {time}."),
    ("{name} has {few} brothers.", "{name} tiene {few} hermanos."),
    ("{name} speaks {few} languages.", "{name} habla {few} idiomas."),
    # Money
    ("It costs {price}.", "Cuesta {price}."),
    ("That will be {price}.", "Son {price}."),
    ("The dress costs {price}.", "El vestido cuesta {price}."),
    ("I have only {price} left.", "Solo me quedan {price}."),
    ("He earns {price} an hour.", "Gana {price} por hora."),
    ("{name} owes me {price}.", "{name} me debe {price}."),
    ("I lent {name} {price}.", "Le presté {price} a {name}."),
    ("Tickets cost {price} each.", "Las entradas cuestan {price} cada una."),
    ("We spent {price} on food.", "Gastamos {price} en comida."),
    ("The taxi cost me {price}.", "El taxi me costó {price}."),
    ("She won {price} in the lottery.", "Ganó {price} en la lotería."),
    ("The fine is {price}.", "La multa es de {price}."),
    ("Is it {price} or {price2}?", "¿Son {price} o {price2}?"),
    ("The price rose from {price} to {price2}.", "El precio subió de {price} a {price2}."),
    ("A night at the hotel costs {price}.", "Una noche en el hotel cuesta {price}."),
    ("I found {price} in my coat.", "Encontré {price} en mi abrigo."),
    ("Lunch was {pesos}.", "La comida costó {pesos}."),
    ("Can you change {pesos}?", "¿Me puede cambiar {pesos}?"),
    ("The bus ticket costs {pesos}.", "El boleto de autobús cuesta {pesos}."),
    ("The house sold for {fortune}.", "La casa se vendió por {fortune}."),
    ("The government will spend {fortune}.", "El gobierno gastará {fortune}."),
    ("The bank earned {fortune} in {year}.", "El banco ganó {fortune} en {year}."),
    ("The damage was over {fortune}.", "Los daños superaron {fortune}."),
    ("He inherited {fortune}.", "Heredó {fortune}."),
    ("They raised {fortune} for the museum.", "Recaudaron {fortune} para el museo."),
    # Percentages and decimals
    ("Sales fell by {percent}.", "Las ventas cayeron un {percent}."),
    ("{percent} of the students passed.", "Aprobó el {percent} de los estudiantes."),
    ("Unemployment is at {percent}.", "El desempleo está en el {percent}."),
    ("I agree {percent}.", "Estoy de acuerdo al {percent}."),
    ("There is a discount of {percent}.", "Hay un descuento del {percent}."),
    ("Interest rates rose to {percent}.", "Los tipos de interés subieron al {percent}."),
    ("About {percent} of the water is salty.", "Alrededor del {percent} del agua es salada."),
    (
        "Exports grew by {percent} in {month}.",
        "Las exportaciones crecieron un {percent} en {month}.",
    ),
    ("From {percent} to {percent2} in {few} years.", "Del {percent} al {percent2} en {few} años."),
    ("The box weighs {decimal} kilos.", "La caja pesa {decimal} kilos."),
    ("The table is {decimal} meters long.", "La mesa mide {decimal} metros de largo."),
    ("We walked {decimal} kilometers.", "Caminamos {decimal} kilómetros."),
    ("Add {decimal} liters of water.", "Añade {decimal} litros de agua."),
    ("The average is {decimal}.", "La media es {decimal}."),
    ("The earthquake measured {decimal}.", "El terremoto fue de {decimal}."),
    # Measures
    ("The city is {hundreds} kilometers away.", "La ciudad está a {hundreds} kilómetros."),
    ("The mountain is {feet} feet high.", "La montaña tiene {feet} pies de altura."),
    ("He drove at {speed} kilometers per hour.", "Conducía a {speed} kilómetros por hora."),
    ("Add {hundreds} grams of sugar.", "Añade {hundreds} gramos de azúcar."),
    ("The tower is {count} meters high.", "La torre mide {count} metros de altura."),
    ("I weigh {count} kilos.", "Peso {count} kilos."),
    ("{name} lost {few} kilos in {month}.", "{name} perdió {few} kilos en {month}."),
    ("The pool is {count} meters long.", "La piscina mide {count} metros de largo."),
    ("It is {few} miles from here.", "Está a {few:f} millas de aquí."),
    ("Do you have it in size {size}?", "¿Lo tiene en la talla {size:alone}?"),
    ("It is {negative} outside.", "Fuera estamos a {negative}."),
    ("It was {negative} in {city}.", "En {city} estaban a {negative}."),
    ("It is {degrees} degrees in {city}.", "Hace {degrees} grados en {city}."),
    ("Bake it at {oven} degrees.", "Hornéalo a {oven} grados."),
    ("Tomorrow it will reach {degrees} degrees.", "Mañana llegaremos a los {degrees} grados."),
    # Times of day
    ("It is {time}.", "Son {time}."),
    ("The class begins at {time}.", "La clase comienza a {time}."),
    ("I get up at {time}.", "Me levanto a {time}."),
    ("The plane takes off at {time}.", "El avión despega a {time}."),
    ("Let us meet at {time}.", "Quedemos a {time}."),
    ("The bank opens at {time}.", "El banco abre a {time}."),
    ("We had dinner at {time}.", "Cenamos a {time}."),
    ("Can you come at {time}?", "¿Puedes venir a {time}?"),
    ("I will call you at {time} on {weekday}.", "Te llamaré el {weekday} a {time}."),
    ("The film starts at {time}.", "La película empieza a {time}."),
    ("The train from {city} arrives at {time}.", "El tren de {city} llega a {time}."),
    ("{name} went to bed at {time}.", "{name} se acostó a {time}."),
    ("I have been here since {time}.", "Estoy aquí desde {time}."),
    ("Is it {time} already?", "¿Ya son {time}?"),
    ("The appointment is at {time}, not {time2}.", "La cita es a {time}, no a {time2}."),
    ("The doctor can see you at {time}.", "El médico le puede atender a {time}."),
    # Dates and years
    ("The party is on {date}.", "La fiesta es {date}."),
    ("Today is {date}.", "Hoy es {date:alone}."),
    ("School starts on {date}.", "Las clases empiezan {date}."),
    ("{name} arrives on {date}.", "{name} llega {date}."),
    ("The contract ends on {date}.", "El contrato acaba {date}."),
    ("I was born on {date}.", "Nací {date}."),
    ("The letter is from {date}.", "La carta es del {date:alone}."),
    ("We will be in {city} until {date}.", "Estaremos en {city} hasta {date}."),
    ("The museum opens on {date} at {time}.", "El museo abre {date} a {time}."),
    ("The concert on {date} costs {price}.", "El concierto del {date:alone} cuesta {price}."),
    ("The treaty was signed in {year}.", "El tratado se firmó en {year}."),
    ("The church dates from {year}.", "La iglesia es de {year}."),
    ("He was president from {year} to {year2}.", "Fue presidente desde {year} hasta {year2}."),
    ("Nothing has changed since {year}.", "Nada ha cambiado desde {year}."),
    ("In {year} I moved to {city}.", "En {year} me mudé a {city}."),
    ("The elections of {year} were close.", "Las elecciones de {year} fueron reñidas."),
    ("In {month} of {year} it snowed a lot.", "En {month} de {year} nevó mucho."),
    (
        "The company was founded in {year} by {full}.",
        "La empresa fue fundada en {year} por {full}.",
    ),
    ("The band was famous in {decade}.", "El grupo fue famoso en {decade}."),
    ("In {decade} life was different.", "En {decade} la vida era distinta."),
    ("She was a child in {decade}.", "Era una niña en {decade}."),
    # Durations
    ("It took {duration}.", "Tardó {duration}."),
    ("I have been waiting for {duration}.", "Llevo {duration} esperando."),
    ("The trip lasts {duration}.", "El viaje dura {duration}."),
    ("{name} lived in {city} for {stay}.", "{name} vivió en {city} durante {stay}."),
    ("We will be back in {stay}.", "Volveremos dentro de {stay}."),
    ("Give me {minutes} minutes.", "Dame {minutes} minutos."),
    ("The break lasts {minutes} minutes.", "El descanso dura {minutes} minutos."),
    ("Cook the rice for {minutes} minutes.", "Cuece el arroz durante {minutes} minutos."),
    ("We waited half an hour for {name}.", "Esperamos media hora a {name}."),
    ("It lasts an hour and a half and costs {price}.", "Dura una hora y media y cuesta {price}."),
    ("The bus comes every {minutes} minutes.", "El autobús pasa cada {minutes} minutos."),
    # Telephones and addresses
    ("Call me at {phone}.", "Llámame al {phone}."),
    ("My number is {phone}.", "Mi número es el {phone}."),
    ("The office number is {phone}.", "El número de la oficina es el {phone}."),
    ("You can call {name} at {phone}.", "Puedes llamar a {name} al {phone}."),
    ("Send it to {email}.", "Envíalo a {email}."),
    ("My e-mail is {email}.", "Mi correo electrónico es {email}."),
    ("Write to {email} or call {phone}.", "Escribe a {email} o llama al {phone}."),
    ("{name} uses {email} at work.", "{name} usa {email} en el trabajo."),
    ("I sent the bill to {email} on {date}.", "Envié la factura a {email} {date}."),
    ("Contact {full} at {email}.", "Póngase en contacto con {full} en {email}."),
    ("You will find it at {web}.", "Lo encontrarás en {web}."),
    ("See {web} for more information.", "Visite {web} para más información."),
    ("I bought it at {web} for {price}.", "Lo compré en {web} por {price}."),
    # Several at once
    ("{few} tickets to {city}, please.", "{few} billetes a {city}, por favor."),
    ("A table for {few} at {time}, please.", "Una mesa para {few:alone} a {time}, por favor."),
    ("On {weekday} we sold {things} for {price}.", "El {weekday} vendimos {things} por {price}."),
    ("{name} paid {price} for {things}.", "{name} pagó {price} por {things}."),
    ("At {time} it was {negative}.", "A {time} estábamos a {negative}."),
    ("The {count} passengers waited {duration}.", "Los {count} pasajeros esperaron {duration}."),
    ("In {year} only {percent} could read.", "En {year} solo el {percent} sabía leer."),
    (
        "{few} rooms for {few2} nights cost {price}.",
        "{few:f} habitaciones por {few2:f} noches cuestan {price}.",
    ),
)
"""English and Spanish with the same slots; a filler of "people" or "things" brings its noun."""
