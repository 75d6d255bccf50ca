"""Pronouns of a translation that have the wrong gender, in English and in Spanish."""

from collections.abc import Sequence
from itertools import pairwise

from live_translator.mt.agreement.lexicon import OTHER, F, M, lexicon
from live_translator.mt.agreement.people import (
    NOUN_SIGNS,
    SUBJECT_PRONOUNS,
    is_another_meant,
    named_at,
    people_in,
)
from live_translator.mt.agreement.predicates import FOLLOWERS, predicates
from live_translator.mt.agreement.spanish import said_in
from live_translator.mt.agreement.subjects import TITLES
from live_translator.mt.agreement.tokens import (
    Change,
    Token,
    change,
    is_mark,
    low_at,
    lows,
    words,
)

PREPOSITIONS = words(
    "a al ante con contra de del desde en entre hacia hasta para por según sin sobre tras"
)
_PRONOUNS = dict.fromkeys(("she", "her", "hers", "herself"), F) | dict.fromkeys(
    ("he", "him", "his", "himself"), M
)
"""English pronouns to their gender."""


def english_pronoun_changes(spanish: Sequence[Token], english: Sequence[Token]) -> list[Change]:
    """Return the changes to the pronouns of an English translation if all have one wrong gender."""
    said = [at for at, token in enumerate(english) if token.low in _PRONOUNS]
    genders = {_PRONOUNS[english[at].low] for at in said}
    if len(genders) != 1:
        return []
    (wrong,) = genders
    # "Herself" is the subject of its clause, whoever else is there.
    is_own = all(english[at].low in ("himself", "herself") for at in said)
    if (
        wrong in _english_genders(english)
        or _gender_meant(spanish, english) != OTHER[wrong]
        or (not is_own and is_another_meant(spanish, OTHER[wrong]))
        or all(_may_be_anothers(english, at) for at in said)
    ):
        return []
    others = [_other_pronoun(english, at) for at in said]
    return [
        change(english[at], None if None in others else other)
        for at, other in zip(said, others, strict=True)
    ]


_HUMAN_VERBS = words(
    "missed slept sleeps cried cries laughed smiled studied studies forgot forgets"
)


def it_changes(spanish: Sequence[Token], english: Sequence[Token]) -> list[Change]:
    """Return the change to each "it" of an English translation that does what only people do."""
    said = [
        token
        for token, after in pairwise(english)
        if token.low == "it" and after.low in _HUMAN_VERBS
    ]
    meant = _gender_meant(spanish, english) if said else ""
    if not meant or is_another_meant(spanish, meant) or OTHER[meant] in _english_genders(english):
        return []
    return [change(token, "she" if meant == F else "he") for token in said]


def spanish_pronoun_changes(english: Sequence[Token], spanish: Sequence[Token]) -> list[Change]:
    """Return the changes to "él" or "ella" in a translation whose source has only the other."""
    said = [at for at, token in enumerate(spanish) if token.low in SUBJECT_PRONOUNS]
    genders = {SUBJECT_PRONOUNS[spanish[at].low] for at in said}
    if len(genders) != 1:
        return []
    (wrong,) = genders
    if not _is_only_one_meant(english, OTHER[wrong]):
        return []
    right = "él" if wrong == F else "ella"
    behind = {"misma": "mismo"} if wrong == F else {"mismo": "misma", "solo": "sola"}
    changes = []
    for at in said:
        changes.append(change(spanish[at], right))
        if (after := low_at(spanish, at + 1)) in behind:
            changes.append(change(spanish[at + 1], behind[after]))
    return changes


_UNKNOWN = words(
    """someone somebody anyone anybody everyone everybody nobody person people one who whoever dog
    cat horse god lord baby animal ship bear bird it its this that they them their"""
)
"""Words that may be people or things which a Spanish pronoun means."""


def _is_only_one_meant(english: Sequence[Token], gender: str) -> bool:
    """Whether an English sentence has pronouns of one gender and speaks of nobody else."""
    said = lows(english)
    pronouns = {_PRONOUNS[low] for low in said if low in _PRONOUNS}
    if pronouns != {gender} or _english_genders(english) - pronouns or said & _UNKNOWN:
        return False
    governed = {english[predicate.at].low for predicate in predicates(english)}
    return not (said & lexicon().nouns) - governed and not _names_strangers(english)


def _names_strangers(english: Sequence[Token]) -> bool:
    """Whether a capital stands inside a sentence on a word that is no name we know."""
    names = lexicon().names
    return any(
        token.text[0].isupper() and token.low not in ("i", *TITLES) and token.text not in names
        for before, token in pairwise(english)
        if not is_mark(before.low) and token.low not in _PRONOUNS
    )


def _english_genders(english: Sequence[Token]) -> set[str]:
    """Return the genders of the nouns and names of an English sentence."""
    known, found = lexicon(), set[str]()
    for token in english:
        if (noun := known.women_and_men.get(token.low)) is not None:
            found.add(noun.gender)
        elif token.text in known.names:
            found.add(known.names[token.text])
        elif token.low in TITLES:
            found.add(TITLES[token.low])
    return found


_THINGS = words("it its that this them")


def _gender_meant(spanish: Sequence[Token], english: Sequence[Token]) -> str:
    """Return the gender of all whom a Spanish sentence speaks of, "" if that is not sure."""
    named, has_subject = people_in(spanish)
    if named and not has_subject and not _goes_on(spanish, english):
        return ""
    # "Con él" may be with a thing.
    is_open = any(
        token.low in SUBJECT_PRONOUNS and before.low in PREPOSITIONS
        for before, token in pairwise(spanish)
    )
    if is_open and any(token.low in _THINGS for token in english):
        return ""
    found = named or _genders_predicated(english, spanish)
    return found.pop() if len(found) == 1 else ""


def _goes_on(spanish: Sequence[Token], english: Sequence[Token]) -> bool:
    """Whether the first sentence names people and only a later one has pronouns for them."""
    last = [at for at in range(len(spanish)) if named_at(spanish, at)][-1]
    is_called = is_mark(low_at(spanish, last - 1)) and is_mark(low_at(spanish, last + 1))
    return (
        last < _first_end(spanish)
        and not is_called
        and not any(token.low in _PRONOUNS for token in english[: _first_end(english)])
    )


def _first_end(tokens: Sequence[Token]) -> int:
    """Return where the first of several sentences ends, 0 where there is one."""
    return next((at for at, token in enumerate(tokens[:-1]) if token.low in (".", "?", "!")), 0)


def _genders_predicated(english: Sequence[Token], spanish: Sequence[Token]) -> set[str]:
    """Return the gender in which Spanish says what English says of "he" or "she"."""
    predicated = predicates(english)
    if not predicated or not all(predicate.subject.pronoun for predicate in predicated):
        return set()
    found = {
        said.gender
        for predicate in predicated
        for said in said_in(spanish, set(predicate.forms.singular), is_noun=predicate.forms.is_noun)
        if said.gender
    }
    # Spanish says them of things too: a noun beside them may be what is meant.
    has_noun = any(token.low in NOUN_SIGNS for token in spanish)
    return found if len(found) == 1 and not has_noun else set()


_OF_ANOTHER = words("in of to at from by about before behind")


def _may_be_anothers(english: Sequence[Token], at: int) -> bool:
    """Whether a pronoun is an object, or of what "in his presence" is, and not the subject's."""
    low = english[at].low
    if low == "him" or (low == "her" and _other_pronoun(english, at) == "him"):
        return True
    return low in ("his", "her") and low_at(english, at - 1) in _OF_ANOTHER


_FIXED_OTHERS = {
    "she": "he",
    "he": "she",
    "him": "her",
    "himself": "herself",
    "herself": "himself",
    "hers": "his",
}
"""Pronouns that have one counterpart; "his" and "her" have two."""
_OBJECT_FOLLOWERS = FOLLOWERS | words(
    """a an the his her my your our their some any what how up down away back home very much more
    is was has had will would can could alone if"""
)
"""Words behind a pronoun that no noun follows."""
_DITRANSITIVE = words(
    """give gives gave given giving tell tells told telling ask asks asked asking show shows showed
    send sends sent bring brings brought buy buys bought buying make makes made making let lets
    see sees saw seen hear hears heard help helps helped helping watch watched teach taught call
    calls called pay paid offer offered lend lent wish owe owed cost feed fed have had"""
)
"""Verbs behind which "her" and a noun may be two objects: nobody can tell his from him."""


def _other_pronoun(english: Sequence[Token], at: int) -> str | None:
    """Return a pronoun in the other gender, None where it may be either of two."""
    low, after = english[at].low, low_at(english, at + 1)
    if low in _FIXED_OTHERS:
        return _FIXED_OTHERS[low]
    is_last = is_mark(after) or after in _OBJECT_FOLLOWERS
    if low == "his":
        return "hers" if is_last and after not in ("own", "last", "right") else "her"
    if is_last and after not in ("last", "right"):
        return "him"
    return None if low_at(english, at - 1) in _DITRANSITIVE else "his"
