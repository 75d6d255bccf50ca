"""The women and men that an English sentence speaks of, as subjects of its verbs."""

from collections.abc import Sequence
from dataclasses import dataclass

from live_translator.mt.agreement.lexicon import F, Gendered, M, lexicon, of_both
from live_translator.mt.agreement.tokens import Token, is_mark, low_at, words


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody whose gender the sentence states."""

    gender: str
    plural: bool
    joined: bool = False
    """Whether an "and" stands before it: it may be half of the subject."""
    pronoun: bool = False


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A noun or name with what says its gender."""

    gender: str
    plural: bool
    before: int
    """The place before its first word."""


ARTICLES = words("a an the my your his her our their")
TITLES = {"mr": M, "mrs": F, "ms": F, "miss": F, "sir": M, "madam": F}
_SUBJECT_PRONOUNS = {"he": M, "she": F}

_CLAUSE_STARTS = words(
    """and but because that if when while since so or as though although whether then yesterday
    today now until before after why how where think thinks thought know knows knew say says
    said believe believes hope hear heard sure afraid glad guess suppose told realized me us him
    them"""
)
"""Before a subject. A noun behind any other word may be part of a longer subject."""


def subject_ending_at(tokens: Sequence[Token], at: int, *, plural: bool | None) -> Subject | None:
    """Return the subject that ends at a place; `plural` as its verb has it, None if it shows none.

    It may end with a comma, as in "our teacher, Mrs. Brown, is".
    """
    if low_at(tokens, at) == ",":
        return _named_again(tokens, at - 1)
    return _subject(tokens, at, plural=plural)


def _subject(tokens: Sequence[Token], at: int, *, plural: bool | None) -> Subject | None:
    low = low_at(tokens, at)
    if low in _SUBJECT_PRONOUNS:
        joined = low_at(tokens, at - 1) in ("and", "or")
        return Subject(_SUBJECT_PRONOUNS[low], plural=False, joined=joined, pronoun=True)
    if low == "who":
        whom = _phrase(tokens, at - 2 if low_at(tokens, at - 1) == "," else at - 1)
        return Subject(whom.gender, whom.plural) if whom else None
    phrase = _phrase(tokens, at)
    if phrase is None:
        return None
    start = _before_modifiers(tokens, phrase.before)
    before = low_at(tokens, start)
    if before == "and" and plural is not False:
        other = _subject(tokens, start - 1, plural=False)
        if other is not None:
            return Subject(of_both(phrase.gender, other.gender), plural=True, joined=other.joined)
    if is_mark(before) or before in _CLAUSE_STARTS:
        return Subject(phrase.gender, phrase.plural, joined=before in ("and", "or"))
    return None


def _named_again(tokens: Sequence[Token], at: int) -> Subject | None:
    """Return the subject whose last word is at a place and which follows a comma."""
    phrase = _phrase(tokens, at)
    if phrase is None or low_at(tokens, _before_modifiers(tokens, phrase.before)) != ",":
        return None
    return Subject(phrase.gender, phrase.plural)


def _phrase(tokens: Sequence[Token], at: int) -> _Phrase | None:
    """Return the noun or name whose last word is at a place, if it states a gender."""
    if at < 0:
        return None
    known, word = lexicon(), tokens[at]
    if (noun := known.women_and_men.get(word.low)) is not None:
        return _Phrase(noun.gender, noun.plural, at - 1)
    if not word.text[0].isupper():
        return None
    gender = known.names.get(word.text)
    before = at - 1
    # A surname, or one name of several: the first says the gender, or a title does.
    while before >= 0 and tokens[before].text in known.names:
        gender = known.names[tokens[before].text]
        before -= 1
    title = before - 1 if low_at(tokens, before) == "." else before
    if (titled := TITLES.get(low_at(tokens, title))) is not None:
        gender, before = titled, title - 1
    elif (noun := known.women_and_men.get(low_at(tokens, before))) is not None:
        gender, before = noun.gender, before - 1
    elif low_at(tokens, before) in known.nouns and gender:
        before -= 1
    return _Phrase(gender, plural=False, before=before) if gender else None


_MODIFIERS = words(
    """the a an my your his her our their its this that these those both two three four all
    young younger youngest elder eldest little big best own late poor dear other first former
    next whole only same middle-aged"""
)
"""Before a noun that it belongs to."""


def _before_modifiers(tokens: Sequence[Token], at: int) -> int:
    """Return the place before the words that belong to the noun behind a place."""
    english = lexicon().english
    while at >= 0:
        low = tokens[at].low
        if low == "'s" and at > 0:
            at -= 2
        elif low == "that" and (tokens[at + 1].low in ARTICLES or tokens[at + 1].text.istitle()):
            break
        elif low in _MODIFIERS or low in english:
            at -= 1
        else:
            break
    return at


_MAX_ASKED = 5
"""Words behind the verb of a question in which its subject must end."""


def asked_subject(tokens: Sequence[Token], at: int) -> tuple[Subject, int] | None:
    """Return the subject behind the verb of a question and the place behind the subject."""
    if (low := low_at(tokens, at)) in _SUBJECT_PRONOUNS:
        return Subject(_SUBJECT_PRONOUNS[low], plural=False, pronoun=True), at + 1
    last: tuple[Subject, int] | None = None
    for k in range(at, min(at + _MAX_ASKED, len(tokens))):
        word = tokens[k]
        somebody = _gendered(word)
        if somebody is not None:
            last = Subject(somebody.gender, somebody.plural), k + 1
        elif word.low == "'s":
            last = None
        elif last is not None or word.low not in _MODIFIERS:
            break
    if last is None:
        return None
    subject, end = last
    following = low_at(tokens, end)
    if following != "and":
        return None if following == "'s" else last
    other = asked_subject(tokens, end + 1)
    if other is None:
        return None
    return Subject(of_both(subject.gender, other[0].gender), plural=True), other[1]


def _gendered(word: Token) -> Gendered | None:
    """Return the gender and number of a noun or name by itself."""
    known = lexicon()
    name = known.names.get(word.text)
    return known.women_and_men.get(word.low) or (Gendered(name, plural=False) if name else None)
