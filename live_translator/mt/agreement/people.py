"""The women and men that a Spanish sentence speaks of."""

import re
from collections.abc import Sequence

from live_translator.mt.agreement.lexicon import OTHER, F, M, lexicon
from live_translator.mt.agreement.spanish import COPULAS, follows_copula, is_fixed
from live_translator.mt.agreement.tokens import Token, is_mark, low_at, words

SUBJECT_PRONOUNS = {"él": M, "ella": F}
NOUN_SIGNS = words(
    """el la los las mi mis tu tus este esta ese esa aquel aquella nuestro nuestra esto eso usted
    todo toda"""
)
"""Articles, possessives and the like, before a noun; and other words for things."""
_TITLES = {"sr": M, "don": M, "sra": F, "srta": F, "señorita": F, "doña": F}
_SAINTS = words("san santa santo")
"""Before a name that is a place's or a church's."""


def people_in(tokens: Sequence[Token]) -> tuple[set[str], bool]:
    """Return the genders of the people in a Spanish sentence, and whether one may be a "he".

    Both genders where one is not sure. No pronoun goes on about a person who is only an object.
    """
    found, has_subject = set[str](), False
    for at, token in enumerate(tokens):
        genders = named_at(tokens, at)
        found |= genders
        # Whose "su" is, nobody says: "su padre" is hers as well as his.
        if genders and low_at(tokens, at - 1) in ("su", "sus", "cuyo", "cuya"):
            found |= {M, F}
        elif genders and token.low not in ("sr", "sra", "srta"):
            has_subject = has_subject or token.low in SUBJECT_PRONOUNS or _is_subject(tokens, at)
    return found, has_subject


_NO_REFERENT = words("política física química técnica música matemática")
"""Sciences that are called like the women who do them."""


def named_at(tokens: Sequence[Token], at: int) -> set[str]:
    """Return the genders of whom one word names, both where that is not sure."""
    known, token = lexicon(), tokens[at]
    before, low = low_at(tokens, at - 1), token.low
    found = set[str]()
    if low in SUBJECT_PRONOUNS:
        found = {SUBJECT_PRONOUNS[low]}
    elif (noun := known.spanish.get(low)) is not None:
        # No plural is a he or a she.
        found = set() if noun.plural else {noun.gender}
    elif low in known.trades and low not in _NO_REFERENT:
        found = _trade_genders(low, before, low_at(tokens, at - 2))
    elif low in _TITLES:
        found = {_TITLES[low]}
    elif token.text in known.names and before not in _SAINTS:
        found = {known.names[token.text]}
    elif token.text[0].isupper() and at > 0 and not _is_nobody(tokens, at):
        found = {M, F}
    return found


_DETERMINED = dict.fromkeys(("el", "un", "al", "del", "este", "ese", "nuestro"), M) | dict.fromkeys(
    ("la", "una", "esta", "esa", "nuestra"), F
)
"""Words before a noun to the gender that they give it."""


def _trade_genders(low: str, before: str, before_that: str) -> set[str]:
    """Return the genders of a noun like doctor; both where neither it nor an article says.

    What somebody is, "es abogada", names nobody.
    """
    is_said = before in COPULAS or (before in ("un", "una") and before_that in COPULAS)
    if is_said or low.endswith("s"):
        return set()
    shown = lexicon().trades[low]
    if shown and before in ("mi", "tu", "su"):
        return {shown}
    by_article = _DETERMINED.get(before, "")
    return {by_article} if by_article and shown in ("", by_article) else {M, F}


_PLACES = _SAINTS | words("en desde hacia los las el la")
"""Before a capital: it is a place's, or none of a person's."""


def _is_nobody(tokens: Sequence[Token], at: int) -> bool:
    """Whether a capital adds no person: it begins a sentence, or is of a place or a surname."""
    before = low_at(tokens, at - 1)
    if before == "." and low_at(tokens, at - 2) in _TITLES:
        return True
    known = lexicon()
    return (
        is_mark(before)
        or before in _PLACES
        or before in _TITLES
        or before in known.spanish
        or tokens[at - 1].text in known.names
    )


_CLAUSE_STARTS = words(
    """y e pero porque cuando si aunque como mientras pues entonces hoy ayer ahora anoche luego
    también donde llegó vino salió entró murió nació dijo volvió vive está estaba"""
)
"""Before a subject. A noun behind any other word may be an object, or say what one is."""
_COMPARING = words("más menos mayor menor mejor peor igual mismo misma tan")
_FELT = re.compile(r"gust|encant|d[ou]e?l|interes|falt|preocup|molest|import|aburr|cuest|costó")
"""Verbs whose "le" is the subject in English: "le gusta" is she likes."""


def _is_subject(tokens: Sequence[Token], at: int) -> bool:
    """Whether a noun or name begins a clause, and nobody is called by it."""
    before = _before_phrase(tokens, at)
    low = low_at(tokens, before)
    if is_mark(low):
        return before < at - 1 or not is_mark(low_at(tokens, at + 1))
    if low == "a":
        # "A mi hermana le gusta": whom something pleases is who likes it.
        return low_at(tokens, at + 1) == "le" and _FELT.match(low_at(tokens, at + 2)) is not None
    if low == "que":
        return not any(token.low in _COMPARING for token in tokens[max(0, before - 4) : before])
    return low in _CLAUSE_STARTS


def _before_phrase(tokens: Sequence[Token], at: int) -> int:
    """Return the place before the article, title and noun that belong to a noun or name."""
    known, before = lexicon().spanish, at - 1
    while before >= 0 and (
        (low := tokens[before].low) in NOUN_SIGNS
        or low in ("un", "una")
        or low in _TITLES
        or low in known
        or (low == "." and low_at(tokens, before - 1) in _TITLES)
    ):
        before -= 1
    return before


def is_another_meant(tokens: Sequence[Token], gender: str) -> bool:
    """Whether a Spanish sentence may speak of somebody besides a woman or man, without a name.

    A pronoun of the same gender may be another too, but English then has the same words.
    """
    return any(
        token.low in _UNKNOWN
        or _is_pronoun_of_another(token.low, gender, tokens, at)
        or _is_said_of_another(tokens, at, gender)
        for at, token in enumerate(tokens)
    )


_UNKNOWN = words(
    """alguien nadie quien quienes quienquiera cualquiera persona personas gente perro perra gato
    gata caballo dios bebé animal cada barco hombres ladrón individuo uno alguno alguna otro
    otra"""
)
"""Words behind which another person may be whose gender is not stated."""
_BEFORE_CLITIC = words("no nunca ya siempre también me te nos se quien")
_AFTER_FEMININE_CLITIC = re.compile(r"(?:ha|han|había|vi|vio|\w+(?:ó|aba|aban|aron|ieron|é|í|ía))$")
"""Verbs before which "la" is "her", not "the"."""
_ENCLITIC = re.compile(r".{1,}(?:[aeiáéí]r|ndo)(?:se)?(lo|la|le|los|las|les)$")
"""Infinitives and gerunds that are written together with their object."""


def _is_pronoun_of_another(low: str, gender: str, tokens: Sequence[Token], at: int) -> bool:
    before, after = low_at(tokens, at - 1), low_at(tokens, at + 1)
    if low in ("le", "les"):
        return not _FELT.match(after)
    if gender == F and low == "lo":
        return after not in COPULAS
    if gender == F and low == "los":
        return before in _BEFORE_CLITIC
    if gender == M and low in ("la", "las"):
        return before in _BEFORE_CLITIC or _AFTER_FEMININE_CLITIC.match(after) is not None
    tied = _ENCLITIC.match(low)
    return tied is not None and tied[1] not in ("la" if gender == F else "lo", "las", "los")


_PARTICIPLE = re.compile(r"^(?!pasad)\w{3,}(?:[ai]d|os)[oa]$")


def _is_said_of_another(tokens: Sequence[Token], at: int, gender: str) -> bool:
    """Whether a word says in the other gender what somebody is."""
    return (
        _shows(tokens[at].low, OTHER[gender])
        and not is_fixed(tokens, at)
        and low_at(tokens, at - 1) not in _DETERMINED
        and follows_copula(tokens, at)
    )


def _shows(low: str, gender: str) -> bool:
    """Whether a Spanish word is an adjective or participle of a gender."""
    known = lexicon()
    if known.feminine.get(low) == low:
        return False
    if _PARTICIPLE.search(low):
        return low.endswith("o") == (gender == M)
    other_forms = known.masculine if gender == F else known.feminine
    return other_forms.get(low, low) != low
