"""What an English sentence says that its women and men are."""

from collections.abc import Sequence
from dataclasses import dataclass

from live_translator.mt.agreement.lexicon import Forms, lexicon
from live_translator.mt.agreement.subjects import (
    ARTICLES,
    Subject,
    asked_subject,
    subject_ending_at,
)
from live_translator.mt.agreement.tokens import Token, is_mark, low_at, past, words


@dataclass(frozen=True, slots=True)
class Predicate:
    """A word that says what somebody of known gender is."""

    at: int
    """Its place among the words."""
    forms: Forms
    """What Spanish says for it."""
    subject: Subject

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """The Spanish forms in the number of the subject."""
        return set(self.forms.pairs(plural=self.subject.plural))


@dataclass(frozen=True, slots=True)
class _Verb:
    """A verb like "be"."""

    end: int
    """The place behind its last word."""
    plural: bool | None
    """None where it shows no number."""


_DEGREES = words(
    """not n't very really so too quite still always never already just much more bit little also
    only both all now often almost completely extremely most even far as less rather fairly
    pretty such ever soon again then no longer any better best well"""
)
"""Adverbs before an adjective."""
_ADVERBS = _DEGREES | {"a"}
"""With the "a" of "a bit"."""
_BEFORE_VERB = _ADVERBS | {"do", "does", "did"}
"""Words between a subject and its verb."""


def predicates(tokens: Sequence[Token]) -> list[Predicate]:
    """Return what is said of women and men, in the order of the words."""
    english, is_question = lexicon().english, any(token.low == "?" for token in tokens)
    subjects: dict[int, Subject] = {}
    for at in range(len(tokens)):
        verb = _verb(tokens, at)
        if verb is None:
            continue
        start = verb.end
        before = past(tokens, at - 1, _BEFORE_VERB, -1)
        subject = subject_ending_at(tokens, before, plural=verb.plural)
        if subject is None and is_question and verb.plural is not None:
            subject, start = asked_subject(tokens, start) or (None, start)
        if subject is not None and _is_agreed(subject, verb):
            for place in _said_of(tokens, start, subject):
                subjects.setdefault(place, subject)
    return [
        Predicate(at, english[tokens[at].low], subject) for at, subject in sorted(subjects.items())
    ]


def _is_agreed(subject: Subject, verb: _Verb) -> bool:
    """Whether a verb has the number of what seems to be its subject."""
    if verb.plural is None:
        return not subject.joined
    return subject.plural == verb.plural and not (subject.joined and subject.plural)


_HAVE = words("has have had 's 've 'd")
_PLURAL_BE = words("are were 're")
_BE = _PLURAL_BE | {"is", "was", "'s"}
_MODALS = words("will would 'll 'd can could may might must should shall ca wo")
_AIMS = words("used want wants wanted hopes hoped has had needs needed decided plans dreams tries")
"""Verbs that "to be" follows."""
_LINKS = words(
    """looks seems feels gets becomes remains stays lives arrives dies travels sounds
    looked seemed felt got became remained stayed look seem feel get become remain stay live
    lived arrived died travel traveled travelled"""
)
_WORKS = words("works worked working")
_VERBS = _HAVE | _BE | _MODALS | _AIMS | _LINKS | _WORKS
_INSIDE_VERB = words("not n't always never also already probably just only still really soon now")
"""Adverbs inside a verb of more than one word."""
_BECOME = ("be", "become")


def _verb(tokens: Sequence[Token], at: int) -> _Verb | None:
    """Return the verb like "be" that begins at a place."""
    low = low_at(tokens, at)
    if low not in _VERBS or (end := _verb_end(tokens, at)) is None:
        return None
    # Of all that we know, singulars end in -s and nothing else does.
    singular = False if low.endswith("s") else None
    return _Verb(end, plural=True if low in _PLURAL_BE else singular)


def _verb_end(tokens: Sequence[Token], at: int) -> int | None:
    low, rest = tokens[at].low, past(tokens, at + 1, _INSIDE_VERB)
    first, second, third = (low_at(tokens, rest + k) for k in range(3))
    end = None
    if low in _HAVE and first == "been":
        end = rest + 1
    elif low in _BE:
        if first.endswith("ing") and second == "to" and third in _BECOME:
            end = rest + 3
        else:
            end = rest + (first in ("being", "getting", "becoming", "feeling", "looking"))
    elif low in _MODALS and first in ("be", "become", "get", "feel", "look"):
        end = rest + 1
    elif low in _AIMS and first == "to" and second in _BECOME:
        end = rest + 2
    elif low in _MODALS and (first, second, third) == ("like", "to", "be"):
        end = rest + 3
    elif low in _LINKS:
        end = rest + 2 if (first, second) == ("to", "be") else at + 1
    elif low in _WORKS and first == "as":
        end = rest + 1
    return end


def _said_of(tokens: Sequence[Token], at: int, subject: Subject) -> list[int]:
    """Return the places of the words from one on that say what the subject is."""
    english = lexicon().english
    while (low := low_at(tokens, at)) in _DEGREES or low.endswith("ly"):
        if low in english and _is_end(tokens, at + 1):
            break
        at += 1
    if low == "a" and low_at(tokens, at + 1) in ("bit", "little"):
        at += 2
    if low_at(tokens, at) in ARTICLES:
        return _noun_phrase(tokens, at + 1, subject)
    return _adjectives(tokens, at)


FOLLOWERS = words(
    """about above across after against all already among and any anymore around as at because
    before behind between both but by during either enough every except for from here if in into
    last like near now of off on once or out over right since so still than that then there this
    through to today together tomorrow tonight too under unless until when where whether which
    while who whose why with within without yesterday yet again i you he she we they though
    although anyway these those not is was are were has had will would can could does did do 'll
    'd"""
)
"""What may come behind a word that is said of the subject; a noun would take it for itself."""


def _is_end(tokens: Sequence[Token], at: int) -> bool:
    """Whether what is said of the subject may be complete before a place."""
    low = low_at(tokens, at)
    return is_mark(low) or low in FOLLOWERS or (low.endswith("ly") and low != "ugly")


_OF_LANGUAGES = words("teacher professor student translator interpreter")
_MAX_PREDICATE = 6
"""Words in which what somebody is must be complete."""


def _noun_phrase(tokens: Sequence[Token], at: int, subject: Subject) -> list[int]:
    """Return the places of a noun behind an article and its adjectives, if it is the subject."""
    known, end = lexicon(), at
    while end < len(tokens) and not _is_end(tokens, end) and end - at <= _MAX_PREDICATE:
        end += 1
    if end == at or end - at > _MAX_PREDICATE:
        return []
    head = end - 1
    noun = tokens[head].low
    same = known.women_and_men.get(noun)
    # "Mary is a nice girl" needs no mending of "girl".
    is_same = same is not None and same.gender == subject.gender
    is_noun = noun in known.nouns or noun in known.nations
    if not (is_noun or is_same or _is_superlative(noun, low_at(tokens, head - 1))):
        return []
    found = [] if is_same else [head]
    before = head - 1
    # An old man's nurse is not old, and a Spanish teacher teaches Spanish.
    while before >= at and (forms := known.english.get(tokens[before].low)):
        is_language = tokens[before].low in known.nations and noun in _OF_LANGUAGES
        if forms.is_noun or is_language:
            break
        found.append(before)
        before -= 1
    if any(token.low == "'s" for token in tokens[before + 1 : head]):
        found = []
    goes_on = low_at(tokens, end) in ("and", "but", "or")
    return [*found, *(_said_of(tokens, end + 1, subject) if goes_on else ())]


def _is_superlative(low: str, before: str) -> bool:
    return low in lexicon().english and (low.endswith("est") or before == "most")


_NAMING = words("elected chosen named appointed called")
"""Participles behind which it says what somebody was made."""


def _adjectives(tokens: Sequence[Token], at: int) -> list[int]:
    """Return the places of adjectives that are joined by commas and "and"."""
    known, found = lexicon(), list[int]()
    if low_at(tokens, at) in _NAMING and low_at(tokens, at + 1) in known.nouns:
        return [at, at + 1] if low_at(tokens, at) in known.english else [at + 1]
    while low_at(tokens, at) in known.english and _is_end(tokens, at + 1):
        found.append(at)
        at += 1
        if low_at(tokens, at) == "," and low_at(tokens, at + 1) in ("and", "but"):
            at += 1
        if low_at(tokens, at) not in (",", "and", "but", "or"):
            break
        at = past(tokens, at + 1, _ADVERBS)
    return found
