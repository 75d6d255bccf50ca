"""Whom a sentence speaks to: names, titles and relatives, in English and Spanish. Pure."""

import re

from live_translator.mt.agreement import gender_of

_SPANISH = {
    "sir": "señor", "madam": "señora", "ma'am": "señora", "miss": "señorita", "doctor": "doctor",
    "professor": "profesor", "officer": "agente", "waiter": "camarero", "driver": "conductor",
    "boss": "jefe", "captain": "capitán", "coach": "entrenador", "teacher": "maestro",
    "mom": "mamá", "mum": "mamá", "mommy": "mami", "mummy": "mami", "mother": "madre",
    "dad": "papá", "daddy": "papi", "father": "padre", "grandma": "abuela", "granny": "abuelita",
    "grandmother": "abuela", "grandpa": "abuelo", "granddad": "abuelo", "grandfather": "abuelo",
    "son": "hijo", "daughter": "hija", "brother": "hermano", "sister": "hermana", "uncle": "tío",
    "aunt": "tía", "auntie": "tía", "honey": "cariño", "sweetheart": "cariño", "darling": "cariño",
    "dear": "cariño", "my love": "mi amor", "love": "amor", "baby": "cariño", "buddy": "amigo",
    "mate": "amigo", "dude": "amigo", "man": "hombre", "my friend": "amigo mío", "friend": "amigo",
    "friends": "amigos", "my friends": "amigos míos", "guys": "chicos", "you guys": "chicos",
    "folks": "amigos", "boys": "chicos", "girls": "chicas", "kids": "niños", "children": "niños",
    "everyone": "todos", "everybody": "todos", "ladies": "señoras", "gentlemen": "señores",
    "ladies and gentlemen": "señoras y señores", "mr. president": "señor presidente",
    "mr president": "señor presidente", "neighbour": "vecino", "neighbor": "vecino",
    "young man": "joven", "nurse": "enfermera", "chef": "chef", "silly": "tonto",
}  # fmt: skip
_ENGLISH = {
    "señor": "sir", "caballero": "sir", "señora": "ma'am", "señorita": "miss", "doctor": "doctor",
    "doctora": "doctor", "profesor": "professor", "profesora": "professor", "maestro": "teacher",
    "maestra": "teacher", "agente": "officer", "oficial": "officer", "joven": "young man",
    "jefe": "boss", "jefa": "boss", "mamá": "Mom", "mami": "Mommy", "papá": "Dad",
    "papi": "Daddy", "madre": "mother", "padre": "father", "abuela": "Grandma",
    "abuelita": "Granny", "abuelo": "Grandpa", "abuelito": "Grandpa", "hijo": "son",
    "hija": "my dear", "mijo": "son", "hermano": "brother", "hermana": "sister", "tío": "uncle",
    "tía": "aunt", "cariño": "honey", "mi amor": "my love", "amor": "love", "mi vida": "darling",
    "cielo": "sweetheart", "corazón": "sweetheart", "amigo": "my friend", "amiga": "my friend",
    "amigos": "my friends", "chicos": "guys", "chicas": "girls", "muchachos": "guys",
    "niños": "kids", "todos": "everyone", "señores": "gentlemen", "señoras": "ladies",
    "señoras y señores": "ladies and gentlemen", "vecino": "neighbour", "vecina": "neighbour",
    "hombre": "man", "tonto": "silly", "tonta": "silly", "colegas": "mates",
}  # fmt: skip
_KNOWN = {"en": _SPANISH, "es": _ENGLISH}
_TITLES = {
    "en": {"mr": "señor", "mrs": "señora", "ms": "señora", "miss": "señorita", "dr": "doctor",
           "doctor": "doctor", "professor": "profesor", "uncle": "tío", "aunt": "tía"},
    "es": {"señor": "Mr.", "sr": "Mr.", "señora": "Mrs.", "sra": "Mrs.", "señorita": "Miss",
           "srta": "Miss", "doctor": "Dr.", "doctora": "Dr.", "dr": "Dr.", "dra": "Dr.",
           "profesor": "Professor", "profesora": "Professor", "don": "Don", "doña": "Doña",
           "tío": "Uncle", "tía": "Aunt"},
}  # fmt: skip
"""Before a name."""
_TITLED = re.compile(r"(?P<title>[^\W\d_]+)\.?\s+(?P<name>[^\W\d_][\w'-]*(?:\s[^\W\d_][\w'-]*)?)")


def vocative(text: str, code: str) -> str | None:
    """Return what a part of a sentence that only names whom it speaks to is in the other language.

    `code` is en or es; None for what is no such part.
    """
    bare = text.strip()
    known = _KNOWN[code].get(bare.casefold())
    if known is not None:
        return known
    if bare.isalpha() and bare[:1].isupper() and gender_of(bare):
        return bare
    titled = _TITLED.fullmatch(bare)
    if titled is None or not titled["name"][:1].isupper():
        return None
    title = _TITLES[code].get(titled["title"].casefold())
    return None if title is None else f"{title} {titled['name']}"
