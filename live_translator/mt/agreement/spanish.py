"""How a Spanish translation says what people are, and its words that have the wrong gender."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from live_translator.mt.agreement.lexicon import F, M, Pair, lexicon
from live_translator.mt.agreement.predicates import Predicate, predicates
from live_translator.mt.agreement.tokens import (
    Change,
    Token,
    change,
    low_at,
    past,
    places_before,
    words,
)


@dataclass(frozen=True, slots=True)
class _Group:
    """Predicates that Spanish may say with the same word."""

    pairs: set[Pair]
    members: list[Predicate]

    @property
    def is_noun(self) -> bool:
        return any(predicate.forms.is_noun for predicate in self.members)


@dataclass(frozen=True, slots=True)
class Said:
    """A Spanish word that says what somebody is."""

    at: int
    """Its place among the words."""
    gender: str
    """ "" where it shows none."""


_EPICENE = words("persona personas víctima víctimas gente criatura pareja figura estrella")
"""Nouns of one gender for men and women, with which all that is said of them agrees."""


def predicate_changes(english: Sequence[Token], spanish: Sequence[Token]) -> list[Change]:
    """Return the changes to words that say what somebody is in the wrong gender."""
    predicated = predicates(english)
    if not predicated or any(token.low in _EPICENE for token in spanish):
        return []
    free = _free_forms(english, {predicate.at for predicate in predicated})
    changes: list[Change] = []
    for group in _groups(predicated):
        if any(form in free for pair in group.pairs for form in pair):
            continue
        found = said_in(spanish, group.pairs, is_noun=group.is_noun)
        needed = _needed(found, [predicate.subject.gender for predicate in group.members])
        for said, right in zip(found, needed, strict=False):
            if said.gender not in ("", right):
                changes += _exchanged(spanish, said.at, right, group)
    return changes


def _free_forms(english: Sequence[Token], governed: set[int]) -> set[str]:
    """Return the Spanish forms that may be of a word which is said of nobody we know."""
    known = lexicon().english
    return {
        form
        for at, token in enumerate(english)
        if at not in governed and (forms := known.get(token.low)) is not None
        for pair in forms.all_pairs
        for form in pair
    }


def _groups(predicated: Iterable[Predicate]) -> list[_Group]:
    """Return the predicates apart, but together those which Spanish may say with one word."""
    groups: list[_Group] = []
    for predicate in predicated:
        pairs, members = predicate.pairs, [predicate]
        for other in [group for group in groups if group.pairs & predicate.pairs]:
            groups.remove(other)
            pairs |= other.pairs
            members = [*other.members, *members]
        groups.append(_Group(pairs, members))
    return groups


def _needed(found: Sequence[Said], genders: Sequence[str]) -> Sequence[str]:
    """Return the gender that each word should have, nothing where nobody can tell."""
    if len(found) > len(genders):
        return []
    if len(set(genders)) == 1:
        return genders[: len(found)]
    # The same genders in another order: Spanish may name the people in that order.
    if len(found) != len(genders) or sorted(said.gender for said in found) == sorted(genders):
        return []
    return genders


_DEGREES = words("más menos muy tan mejor peor gran bastante")
_NO_ADJECTIVES = words(
    """como cuando pero tanto mucho cuanto solo sólo bajo para hasta ahora nunca hacia contra
    mañana cada ella nada toda todo fuera cerca"""
)
"""What may come behind a noun, ends like an adjective and is none."""


def attributive_changes(english: Sequence[Token], spanish: Sequence[Token]) -> list[Change]:
    """Return the changes to adjectives right behind a man or a woman of the other gender."""
    known = lexicon()
    told = {
        pair
        for token in english
        if (forms := known.english.get(token.low)) is not None and not forms.is_noun
        for pair in forms.all_pairs
    }
    changes = []
    for at, token in enumerate(spanish):
        noun = known.spanish.get(token.low)
        # The gender of a trade may be what is wrong.
        if noun is None or token.low in known.trades:
            continue
        behind = past(spanish, at + 1, _DEGREES)
        low = low_at(spanish, behind)
        other = (known.feminine if noun.gender == F else known.masculine).get(low)
        if other in (None, low) or low in _NO_ADJECTIVES:
            continue
        if ((low, other) if noun.gender == F else (other, low)) in told:
            changes.append(change(spanish[behind], other))
    return changes


_FIXING = words(
    "ha han había habían haya habrá habría hubo haber habiendo he hemos has habido lo a"
)
"""Behind them a participle has no gender, and behind "lo" or "a" no adjective has: "a solas"."""


def is_fixed(spanish: Sequence[Token], at: int) -> bool:
    """Whether the word before an adjective or participle leaves it no gender to show."""
    return low_at(spanish, at - 1) in _FIXING


def said_in(spanish: Sequence[Token], pairs: set[Pair], *, is_noun: bool) -> list[Said]:
    """Return where one of the forms is said of somebody."""
    he, she = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    found = []
    for at, token in enumerate(spanish):
        if token.low not in he and token.low not in she:
            continue
        if is_fixed(spanish, at) or not follows_copula(spanish, at):
            continue
        if not is_noun and _is_of_noun(spanish, at):
            continue
        if token.low in he and token.low in she:
            gender = _article_gender(spanish, at) if is_noun else ""
        else:
            gender = M if token.low in he else F
        found.append(Said(at, gender))
    return found


COPULAS = words(
    """ser sea sean es son era eran fue fueron será serán sería serían sido siendo fuera fuese
    estar está están estaba estaban estuvo estuvieron estará estarán estaría esté estén estado
    estando estuviera estuviese parece parecen parecía parecían pareció parecer siente sienten
    sentía sentían sintieron sintió sentir sentirse ve ven veía veían vio queda quedan quedó
    quedaron quedar quedado pone ponen ponía puso pusieron poner ponerse puesto volvió vuelve
    vuelto volverse hizo hace hacerse sigue siguen seguía siguió resultó resulta anda andaba
    encuentra encontraba encontró mantuvo mantiene muestra mostró convirtió convertirse vive
    vivía vivió vivir llega llegó murió viaja viajó viajaba seguir como"""
)
"""Verbs, third person, behind which Spanish says what somebody is; and "como" of a trade."""
_CLAUSE_MARKS = words(". ; : ? ! ¿ ¡ porque cuando si aunque donde mientras")
_REACH = 8
"""Words between such a verb and what is said of somebody: "es mucho más alta"."""


def follows_copula(spanish: Sequence[Token], at: int) -> bool:
    """Whether a word is said of somebody: a verb like "es" stands before it in its clause."""
    for before in places_before(at, _REACH):
        low = spanish[before].low
        if low in COPULAS:
            return True
        if low in _CLAUSE_MARKS or (low == "que" and low_at(spanish, before - 1) != "más"):
            return False
    return False


def _is_of_noun(spanish: Sequence[Token], at: int) -> bool:
    """Whether an adjective is of a noun that has a gender of its own: "una persona alta"."""
    known = lexicon()
    for before in places_before(at, _REACH - 1):
        if spanish[before].low in COPULAS:
            return False
        if spanish[before].low in ("un", "una", "unos", "unas"):
            noun = low_at(spanish, before + 1)
            return before + 1 < at and noun not in known.trades and noun not in known.spanish
    return False


_FEMININE_BEFORE_NOUN = {
    "un": "una",
    "el": "la",
    "los": "las",
    "unos": "unas",
    "buen": "buena",
    "mal": "mala",
    "primer": "primera",
    "otro": "otra",
    "nuestro": "nuestra",
    "nuestros": "nuestras",
}
"""Masculine to feminine, of what stands before a noun."""
_MASCULINE_BEFORE_NOUN = {she: he for he, she in _FEMININE_BEFORE_NOUN.items()}
_ARTICLE_REACH = 3
"""Words before a noun among which its article is: "la mejor"."""


def _article_gender(spanish: Sequence[Token], at: int) -> str:
    for before in places_before(at, _ARTICLE_REACH):
        low = spanish[before].low
        if low in _FEMININE_BEFORE_NOUN:
            return M
        if low in _MASCULINE_BEFORE_NOUN:
            return F
        if low not in _DEGREES:
            break
    return ""


def _exchanged(spanish: Sequence[Token], at: int, right: str, group: _Group) -> list[Change]:
    """Return the changes of a word to the other gender, with the words around it that agree."""
    low, is_noun = spanish[at].low, group.is_noun
    others = [pair[right == F] for pair in sorted(group.pairs) if low == pair[right != F]]
    if not others:
        return []
    changes = [change(spanish[at], others[0])] if others[0] != low else []
    before = past(spanish, at - 1, _DEGREES, -1)
    is_superlative = before < at - 1
    while before >= 0 and (is_noun or is_superlative):
        other = _before_noun(spanish[before].low, right)
        if other is None:
            break
        if other != spanish[before].low:
            changes.append(change(spanish[before], other))
        before -= 1
        if is_noun:
            before = past(spanish, before, _DEGREES, -1)
    if is_noun and others[0] != low:
        changes += _exchanged_behind(spanish, at + 1, right)
    return changes


def _before_noun(low: str, right: str) -> str | None:
    """Return an article or adjective in a gender, None if it is neither or has that gender."""
    known = lexicon()
    if right == F:
        return _FEMININE_BEFORE_NOUN.get(low) or known.feminine.get(low)
    return _MASCULINE_BEFORE_NOUN.get(low) or known.masculine.get(low)


def _exchanged_behind(spanish: Sequence[Token], at: int, right: str) -> list[Change]:
    """Return the change to an adjective behind a noun, where it is one that shows a gender."""
    at = past(spanish, at, _DEGREES)
    low, (wrong_end, right_end) = low_at(spanish, at), ("oa" if right == F else "ao")
    if len(low) <= 3 or low[-1] != wrong_end or low in _NO_ADJECTIVES:
        return []
    return [change(spanish[at], low[:-1] + right_end)]
