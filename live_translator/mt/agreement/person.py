"""Whether an "I" stays an "I": subjects and verbs of a translation that have another person.

Persons are "1s", "1p", "2" (of "you"; both numbers in English), "3s" and "3p". A wrong one is
told and never mended: the right verb is not known.
"""

from collections.abc import Sequence

from live_translator.mt.agreement.pronouns import PREPOSITIONS
from live_translator.mt.agreement.tokens import Change, Token, change, low_at, lows, past, words

_SUBJECTS = {"i": "1s", "we": "1p", "you": "2", "he": "3s", "she": "3s", "they": "3p"}
"""English pronouns to their person."""
_VERB_PERSONS = {
    verb: person
    for person, verbs in {
        "1s": """soy fui estoy estuve tengo tuve voy quiero quise puedo pude hago hice sé supe
            necesito""",
        "2": """eres sos fuiste estás estuviste tienes tenés tuviste vas quieres querés puedes
            podés haces hiciste sabes sabés necesitas estabas tenías querías podías sabías""",
        "3s": "es fue está estuvo tiene tuvo va quiere quiso puede pudo sabe supo necesita",
        "1p": """somos éramos fuimos estamos estábamos tenemos teníamos vamos íbamos queremos
            queríamos podemos podíamos hacemos sabemos sabíamos necesitamos""",
        "3p": """son eran fueron están estaban tienen tenían van iban quieren querían pueden
            podían hacen saben sabían necesitan""",
    }.items()
    for verb in verbs.split()
}
"""Finite Spanish verbs that can be of one person only, to that person."""
_OPENERS = words("yes no well so and but oh , now sí ya bueno pues y pero hoy ahora ¿ ¡")
"""Words before the subject or verb with which a sentence begins."""
_MAIN_VERBS = words(
    """am 'm was are 're were is 's have had has want wants wanted can could know knows knew need
    needs needed ca"""
)
_OWN_WORDS = {
    "1s": words("me mí mi mis yo conmigo nos se i my mine myself"),
    "1p": words("nos nosotros nosotras nuestro nuestra nuestros nuestras se i we us our let"),
    "2": words("te tu tus ti vos usted ustedes we us our you your yours yourself se os"),
    "3s": words("he she it him her his its one they se"),
}
"""Words that keep a person in a translation whose verb has another subject."""
_OTHER_PERSONS = {
    "1s": ("2", "3s", "3p", "1p"),
    "1p": ("2", "3s", "1s"),
    "2": ("1s",),
    "3s": ("1s", "2", "1p"),
}
"""Persons of the first Spanish verb that contradict an English subject."""
_CLAUSES = words(
    "that because if when who which what where how why while until unless since before after"
)
"""Words with which another clause begins, whose verb Spanish may say first."""


def spanish_person_changes(english: Sequence[Token], spanish: Sequence[Token]) -> list[Change]:
    """Return the verb of a one-clause translation if it is of another person."""
    at = past(english, 0, _OPENERS)
    person = _SUBJECTS.get(low_at(english, at), "")
    if person not in _OTHER_PERSONS or low_at(english, at + 1) not in _MAIN_VERBS:
        return []
    rest = lows(english[at + 1 :])
    if rest & _CLAUSES or rest & _SUBJECTS.keys() or "," in rest:
        return []
    verb = past(spanish, 0, _OPENERS)
    if _VERB_PERSONS.get(low_at(spanish, verb)) not in _OTHER_PERSONS[person]:
        return []
    follower = low_at(spanish, verb + 1)
    if follower == "que" or follower in PREPOSITIONS or lows(spanish) & _OWN_WORDS[person]:
        return []
    # A second verb may be the one that is meant.
    if any(token.low in _VERB_PERSONS for token in spanish[verb + 1 :]):
        return []
    return [change(spanish[verb], None)]


_NOT_FIRST = words("tiene quiere puede sabe necesita")
"""Verbs of the third person and of "usted", which never translate an English "I" or "we"."""


def english_person_changes(spanish: Sequence[Token], english: Sequence[Token]) -> list[Change]:
    """Return the subject of an English translation if the Spanish verb is of another person."""
    verb, at = low_at(spanish, past(spanish, 0, _OPENERS)), past(english, 0, _OPENERS)
    person, subject = _VERB_PERSONS.get(verb, ""), _SUBJECTS.get(low_at(english, at))
    if subject is None or subject == person:
        return []
    if verb in _NOT_FIRST:
        is_wrong = subject in ("1s", "1p") and low_at(english, at + 1) in _MAIN_VERBS
        kept_by = _OWN_WORDS["3s"] | _OWN_WORDS["2"]
    else:
        is_wrong = person in ("1s", "1p", "2")
        kept_by = _OWN_WORDS.get(person, frozenset())
    return [change(english[at], None)] if is_wrong and not lows(english) & kept_by else []
