"""Who is a she, a he or an I: whether a translation says so of the same people, by rule.

Small networks guess the gender of what one of English and Spanish leaves open, and guess by
trade: doctors are men, nurses are women. Where the source says it, here is who notices.
Only English and Spanish; pure but for two lists that are read once.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

_F, _M = "f", "m"
_OTHER = {_F: _M, _M: _F}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    low: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Forms:
    """What Spanish says for one English word, by number; each pair is of he and of she."""

    singular: tuple[tuple[str, str], ...]
    plural: tuple[tuple[str, str], ...]
    is_noun: bool

    def pairs(self, plural: bool) -> tuple[tuple[str, str], ...]:
        return self.plural if plural else self.singular


@dataclass(frozen=True, slots=True)
class _Lexicon:
    names: Mapping[str, str]
    """Given name to gender."""
    english: Mapping[str, _Forms]
    """Words that are said of people, in all their English forms."""
    nouns: frozenset[str]
    """Those of them that name a person, in the plural too."""
    nations: frozenset[str]
    """Those that say where somebody is from, which may be a language too."""
    women_and_men: Mapping[str, tuple[str, bool]]
    """English nouns that say a gender, to it and whether they are plural."""
    spanish: Mapping[str, tuple[str, bool]]
    """The same of Spanish."""
    feminine: Mapping[str, str]
    """Spanish masculine to feminine."""
    masculine: Mapping[str, str]
    trades: Mapping[str, str]
    """Spanish nouns for people by trade or the like, to their gender where it shows."""


@dataclass(frozen=True, slots=True)
class _Subject:
    gender: str
    plural: bool
    joined: bool
    """Whether an "and" stands before it: it may be half of the subject."""
    pronoun: bool


@dataclass(frozen=True, slots=True)
class _Predicate:
    """An English word that says what somebody of known gender is."""

    at: int
    subject: _Subject


@dataclass(frozen=True, slots=True)
class _Change:
    """Words of the target that contradict the source; `right` is None where nobody can tell."""

    start: int
    end: int
    said: str
    right: str | None


def disagreements(source: str, target: str, source_code: str, target_code: str) -> tuple[str, ...]:
    """Return the words of a translation whose gender or person contradicts its source.

    Each as it is said, with what it should be where that is known; empty where nothing is
    certainly wrong, and for languages other than English and Spanish.
    """
    return tuple(
        f"{change.said} -> {change.right}" if change.right is not None else change.said
        for change in _changes(source, target, source_code, target_code)
    )


def mended(source: str, target: str, source_code: str, target_code: str) -> str:
    """Return a translation with the words exchanged that contradict the gender of the source.

    It comes back as it is where the right word is not certain.
    """
    changes = [
        change
        for change in _changes(source, target, source_code, target_code)
        if change.right is not None
    ]
    if not changes:
        return target
    text = target
    for change in sorted(changes, key=lambda change: -change.start):
        text = text[: change.start] + (change.right or "") + text[change.end :]
    before = disagreements(source, target, source_code, target_code)
    after = disagreements(source, text, source_code, target_code)
    return text if len(after) < len(before) else target


def gender_of(name: str) -> str | None:
    """Return "f" or "m" for a given name of women or of men, None for any other word."""
    return _lexicon().names.get(name)


def _changes(source: str, target: str, source_code: str, target_code: str) -> tuple[_Change, ...]:
    if (source_code, target_code) == ("en", "es"):
        english, spanish = _english_tokens(source), _spanish_tokens(target)
        found = [
            *_predicate_changes(english, spanish),
            *_attributive_changes(english, spanish),
            *_spanish_pronoun_changes(english, spanish),
            *_spanish_person(english, spanish),
        ]
    elif (source_code, target_code) == ("es", "en"):
        spanish, english = _spanish_tokens(source), _english_tokens(target)
        found = [
            *_english_pronoun_changes(spanish, english),
            *_english_it_changes(spanish, english),
            *_english_person(spanish, english),
        ]
    else:
        return ()
    return tuple({(change.start, change.end): change for change in found}.values())


# --- The lists ---------------------------------------------------------------------------


@cache
def _lexicon() -> _Lexicon:
    names = {row["name"]: row["gender"] for row in _rows("given_names.tsv")}
    english: dict[str, _Forms] = {}
    nouns: set[str] = set()
    nations: set[str] = set()
    people: dict[str, tuple[str, bool]] = {}
    spanish: dict[str, tuple[str, bool]] = {}
    feminine: dict[str, str] = {}
    masculine: dict[str, str] = {}
    trades: dict[str, str] = {}
    for row in _rows("gender_forms.tsv"):
        word, kind = row["english"], row["kind"]
        if kind in ("female", "male"):
            gender = _F if kind == "female" else _M
            people |= {word: (gender, False), _english_plural(word): (gender, True)}
            for noun in (row["feminine"] + row["masculine"]).split():
                spanish |= {noun: (gender, False), _spanish_plural(noun): (gender, True)}
            continue
        pairs = tuple(zip(row["masculine"].split(), row["feminine"].split(), strict=True))
        plural = tuple((_spanish_plural(he), _spanish_plural(she)) for he, she in pairs)
        feminine |= dict((*pairs, *plural))
        masculine |= {she: he for he, she in (*pairs, *plural)}
        forms = _Forms(pairs, plural, kind == "person")
        inflected = [word] if kind != "adj" else [word, *_compared(word)]
        if kind == "nation":
            nations.add(word)
        if kind == "person":
            inflected.append(_english_plural(word))
            nouns.update(inflected)
            for he, she in (*pairs, *plural):
                trades |= {he: "", she: ""} if he == she else {he: _M, she: _F}
        for form in inflected:
            english[form] = _merged(english.get(form), forms)
    # Of one parent nobody knows whether she is the mother.
    people["parents"] = (_M, True)
    return _Lexicon(
        names,
        english,
        frozenset(nouns),
        frozenset(nations),
        people,
        spanish,
        feminine,
        masculine,
        trades,
    )


def _rows(name: str) -> Iterable[Mapping[str, str]]:
    text = files("live_translator.mt").joinpath(name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines(), delimiter="\t")


def _merged(one: _Forms | None, other: _Forms) -> _Forms:
    """Return the forms of a word that is in the list twice, as noun and as adjective."""
    if one is None:
        return other
    return _Forms(
        tuple(dict.fromkeys((*one.singular, *other.singular))),
        tuple(dict.fromkeys((*one.plural, *other.plural))),
        one.is_noun or other.is_noun,
    )


def _english_plural(word: str) -> str:
    irregular = {
        "wife": "wives",
        "child": "children",
        "thief": "thieves",
        "housewife": "housewives",
    }
    if word in irregular:
        return irregular[word]
    if "-in-" in word:
        head, _, rest = word.partition("-")
        return f"{head}s-{rest}"
    if word.endswith("man"):
        return f"{word[:-3]}men"
    if word.endswith("y") and word[-2] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "ch", "sh", "ss", "x", "hero")) else f"{word}s"


def _spanish_plural(word: str) -> str:
    if word[-1] in "aeiouéáó":
        return f"{word}s"
    bare = word[:-2] + word[-2:].translate(str.maketrans("áéíóú", "aeiou"))
    return f"{word[:-1]}ces" if word.endswith("z") else f"{bare}es"


def _compared(word: str) -> list[str]:
    """Return the comparative and the superlative in -er and -est, real or not."""
    if word.endswith("y") and len(word) > 3:
        stem = f"{word[:-1]}i"
    elif re.fullmatch(r"[^aeiou]+[aeiou][bdgmnpt]", word):
        stem = word + word[-1]
    else:
        stem = word.removesuffix("e")
    return [f"{stem}er", f"{stem}est"] if len(word) <= 7 and not word.endswith("ed") else []


# --- Words -------------------------------------------------------------------------------

_ENGLISH_WORD = re.compile(
    r"""[^\W\d_]+(?=n['\u2019]t\b)|n['\u2019]t\b|['\u2019](?:s|re|ve|ll|d|m)\b
    |[^\W\d_]+(?:-[^\W\d_]+)*|\d+|[^\w\s]""",
    re.VERBOSE | re.IGNORECASE,
)
_SPANISH_WORD = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")


def _english_tokens(text: str) -> list[_Token]:
    return _tokens(_ENGLISH_WORD, text)


def _spanish_tokens(text: str) -> list[_Token]:
    return _tokens(_SPANISH_WORD, text)


def _tokens(pattern: re.Pattern[str], text: str) -> list[_Token]:
    return [
        _Token(word[0], word[0].lower().replace("\u2019", "'"), word.start(), word.end())
        for word in pattern.finditer(text)
    ]


def _low(tokens: Sequence[_Token], at: int) -> str:
    """Return a word in lower case, nothing where there is none."""
    return tokens[at].low if 0 <= at < len(tokens) else ""


def _is_mark(word: str) -> bool:
    return not word or not (word[0].isalnum() or word[0] == "'")


# --- Who an English sentence says is what ------------------------------------------------

_DETERMINERS = _words(
    """the a an my your his her our their its this that these those both two three four all"""
)
_NOUN_MODIFIERS = _words(
    """young younger youngest elder eldest little big best own late poor dear other first former
    next whole only same middle-aged"""
)
_TITLES = {"mr": _M, "mrs": _F, "ms": _F, "miss": _F, "sir": _M, "madam": _F}
_CLAUSE_STARTS = _words(
    """and but because that if when while since so or as though although whether then yesterday
    today now until before after why how where think thinks thought know knows knew say says
    said believe believes hope hear heard sure afraid glad guess suppose told realized me us him
    them"""
)
"""Before a subject. A noun behind any other word may be part of a longer subject."""
_ADVERBS = _words(
    """not n't very really so too quite still always never already just much more a bit little also
    only both all now often almost completely extremely most even far as less rather fairly
    pretty such ever soon again then no longer any better best well"""
)
_ARTICLES = frozenset(("a", "an", "the", "my", "your", "his", "her", "our", "their"))
_FOLLOWERS = _words(
    """about above across after against all already among and any anymore around as at because
    before behind between both but by during either enough every except for from here if in into
    last like near now of off on once or out over right since so still than that then there this
    through to today together tomorrow tonight too under unless until when where whether which
    while who whose why with within without yesterday yet again i you he she we they though
    although anyway these those not is was are were has had will would can could does did do 'll
    'd"""
)
"""What may come behind a word that is said of the subject; a noun would take it for itself."""
_NAMING = _words("elected chosen named appointed called")
"""Participles behind which it says what somebody was made."""
_OF_LANGUAGES = _words("teacher professor student translator interpreter")
_MODALS = _words("will would 'll 'd can could may might must should shall ca wo")
_BEFORE_VERB = _ADVERBS | {"do", "does", "did"}
"""Words between a subject and its verb."""
_AIMS = _words("used want wants wanted hopes hoped has had needs needed decided plans dreams tries")
"""Verbs that "to be" follows."""
_BEFORE_BE = _words("not n't always never also already probably just only still really soon now")
"""Adverbs inside a verb of more than one word."""
_LINKS = _words("looks seems feels gets becomes remains stays lives arrives dies travels sounds")
_PAST_LINKS = _words(
    """looked seemed felt got became remained stayed look seem feel get become remain stay live
    lived arrived died travel traveled travelled"""
)
"""Links that show no number: "looked", "did not look"."""
_MAX_PREDICATE = 6
"""Words in which what somebody is must be complete."""


def _predicates(tokens: Sequence[_Token]) -> list[_Predicate]:
    found: dict[int, _Predicate] = {}
    is_question = any(token.low == "?" for token in tokens)
    for at in range(len(tokens)):
        verb = _copula(tokens, at)
        if verb is None:
            continue
        end, number = verb
        before = at - 1
        while before > 0 and _low(tokens, before) in _BEFORE_VERB:
            before -= 1
        if _low(tokens, before) == ",":
            subject = _named_again(tokens, before - 1)
        else:
            subject = _subject(tokens, before, number)
        if subject is None and is_question and number:
            asked = _asked_subject(tokens, end)
            if asked is None:
                continue
            subject, end = asked
        if subject is None or not _is_agreed(subject, number):
            continue
        for word in _said_of(tokens, end, subject):
            found.setdefault(word, _Predicate(word, subject))
    return [found[at] for at in sorted(found)]


def _is_agreed(subject: _Subject, number: str) -> bool:
    if not number:
        return not subject.joined
    return subject.plural == (number == "p") and not (subject.joined and subject.plural)


def _copula(tokens: Sequence[_Token], at: int) -> tuple[int, str] | None:
    """Return where a verb like "be" ends and its number, "" where it shows none."""
    low = _low(tokens, at)
    end = at + 1
    while _low(tokens, end) in _BEFORE_BE:
        end += 1
    following = _low(tokens, end)
    found: tuple[int, str] | None = None
    if following == "been" and low in ("has", "have", "had", "'s", "'ve", "'d"):
        found = end + 1, {"has": "s", "'s": "s"}.get(low, "")
    elif low in ("is", "was", "'s", "are", "were", "'re"):
        number = "p" if low in ("are", "were", "'re") else "s"
        if following.endswith("ing") and [_low(tokens, end + k) for k in (1, 2)] in (
            ["to", "be"],
            ["to", "become"],
        ):
            end += 3
        elif following in ("being", "getting", "becoming", "feeling", "looking"):
            end += 1
        found = at + 1 if end == at + 1 else end, number
    elif following in ("be", "become", "get", "feel", "look") and low in _MODALS:
        found = end + 1, ""
    elif low in _AIMS and following == "to" and _low(tokens, end + 1) in ("be", "become"):
        found = end + 2, "s" if low.endswith("s") else ""
    elif low in _MODALS and [_low(tokens, end + k) for k in range(3)] == ["like", "to", "be"]:
        found = end + 3, ""
    elif low in _LINKS or low in _PAST_LINKS:
        to_be = following == "to" and _low(tokens, end + 1) == "be"
        found = end + 2 if to_be else at + 1, "s" if low in _LINKS else ""
    elif low in ("works", "worked", "working") and following == "as":
        found = end + 1, "s" if low == "works" else ""
    return found


def _subject(tokens: Sequence[_Token], at: int, number: str) -> _Subject | None:
    """Return whose gender the noun phrase states that ends in a word, if it is a subject."""
    low = _low(tokens, at)
    if low in ("he", "she"):
        joined = _low(tokens, at - 1) in ("and", "or")
        return _Subject(_F if low == "she" else _M, False, joined, True)
    if low == "who":
        person = _person(tokens, at - 2 if _low(tokens, at - 1) == "," else at - 1)
        return person and _Subject(person[0], person[1], False, False)
    person = _person(tokens, at)
    if person is None:
        return None
    gender, plural, start = person
    start = _phrase_start(tokens, start)
    before = _low(tokens, start)
    if before == "and" and number != "s":
        other = _subject(tokens, start - 1, "s")
        if other is not None:
            both = _F if gender == other.gender == _F else _M
            return _Subject(both, True, other.joined, False)
    if _is_mark(before) or before in _CLAUSE_STARTS:
        return _Subject(gender, plural, before in ("and", "or"), False)
    return None


def _named_again(tokens: Sequence[_Token], at: int) -> _Subject | None:
    """Return the subject that stands between commas: "our teacher, Mrs. Brown, is"."""
    person = _person(tokens, at)
    if person is None or _low(tokens, _phrase_start(tokens, person[2])) != ",":
        return None
    return _Subject(person[0], person[1], False, False)


def _person(tokens: Sequence[_Token], at: int) -> tuple[str, bool, int] | None:
    """Return the gender and number of a noun or name and the place before it."""
    if at < 0:
        return None
    lexicon, word = _lexicon(), tokens[at]
    if (noun := lexicon.women_and_men.get(word.low)) is not None:
        return *noun, at - 1
    if not word.text[0].isupper():
        return None
    gender = lexicon.names.get(word.text)
    before = at - 1
    # A surname, or one name of several: the first says the gender, or a title does.
    while before >= 0 and tokens[before].text in lexicon.names:
        gender = lexicon.names[tokens[before].text]
        before -= 1
    title = before - 1 if _low(tokens, before) == "." else before
    if (titled := _TITLES.get(_low(tokens, title))) is not None:
        gender, before = titled, title - 1
    elif (noun := lexicon.women_and_men.get(_low(tokens, before))) is not None:
        gender, before = noun[0], before - 1
    elif _low(tokens, before) in lexicon.nouns and gender:
        before -= 1
    return (gender, False, before) if gender else None


def _phrase_start(tokens: Sequence[_Token], at: int) -> int:
    """Return the place before the words that belong to a noun."""
    english = _lexicon().english
    while at >= 0:
        low = tokens[at].low
        if low == "'s" and at > 0:
            at -= 2
        elif low == "that" and (tokens[at + 1].low in _ARTICLES or tokens[at + 1].text.istitle()):
            break
        elif low in _DETERMINERS or low in _NOUN_MODIFIERS or low in english:
            at -= 1
        else:
            break
    return at


def _asked_subject(tokens: Sequence[_Token], at: int) -> tuple[_Subject, int] | None:
    """Return the subject behind the verb of a question and where what is said of it begins."""
    if _low(tokens, at) in ("he", "she"):
        gender = _F if tokens[at].low == "she" else _M
        return _Subject(gender, False, False, True), at + 1
    lexicon, last = _lexicon(), None
    for k in range(at, min(at + 5, len(tokens))):
        word = tokens[k]
        person = lexicon.women_and_men.get(word.low)
        if person is None and word.text in lexicon.names:
            person = lexicon.names[word.text], False
        if person is not None:
            last = _Subject(*person, joined=False, pronoun=False), k + 1
        elif word.low == "'s":
            last = None
        elif last is not None or word.low not in _DETERMINERS | _NOUN_MODIFIERS:
            break
    if last is None or _low(tokens, last[1]) == "'s":
        return None
    if _low(tokens, last[1]) != "and":
        return last
    other = _asked_subject(tokens, last[1] + 1)
    if other is None:
        return None
    both = _F if last[0].gender == other[0].gender == _F else _M
    return _Subject(both, True, False, False), other[1]


def _said_of(tokens: Sequence[_Token], at: int, subject: _Subject) -> list[int]:
    """Return the words that agree with the subject in what is said of it."""
    while _low(tokens, at) in _ADVERBS - _ARTICLES or _low(tokens, at).endswith("ly"):
        if _low(tokens, at) in _lexicon().english and _ends(tokens, at + 1):
            break
        at += 1
    if _low(tokens, at) == "a" and _low(tokens, at + 1) in ("bit", "little"):
        at += 2
    if _low(tokens, at) in _ARTICLES:
        return _noun_phrase(tokens, at + 1, subject)
    return _adjectives(tokens, at)


def _ends(tokens: Sequence[_Token], at: int) -> bool:
    low = _low(tokens, at)
    return _is_mark(low) or low in _FOLLOWERS or (low.endswith("ly") and low not in ("ugly",))


def _noun_phrase(tokens: Sequence[_Token], at: int, subject: _Subject) -> list[int]:
    """Return the noun behind an article and its adjectives, if they name the subject."""
    lexicon, end = _lexicon(), at
    while end < len(tokens) and not _ends(tokens, end) and end - at <= _MAX_PREDICATE:
        end += 1
    if end == at or end - at > _MAX_PREDICATE:
        return []
    head = end - 1
    low = tokens[head].low
    is_superlative = low in lexicon.english and (
        low.endswith("est") or _low(tokens, head - 1) == "most"
    )
    is_same = lexicon.women_and_men.get(low, ("", False))[0] == subject.gender
    is_noun = low in lexicon.nouns or low in lexicon.nations
    if not (is_noun or is_superlative or is_same):
        return []
    found = [] if is_same else [head]
    before = head - 1
    # An old man's nurse is not old, and a Spanish teacher teaches Spanish.
    while before >= at and (forms := lexicon.english.get(tokens[before].low)):
        is_language = tokens[before].low in lexicon.nations and low in _OF_LANGUAGES
        if forms.is_noun or is_language:
            break
        found.append(before)
        before -= 1
    if any(token.low == "'s" for token in tokens[before + 1 : head]):
        found = []
    more = _said_of(tokens, end + 1, subject) if _low(tokens, end) in ("and", "but", "or") else []
    return [*found, *more]


def _adjectives(tokens: Sequence[_Token], at: int) -> list[int]:
    """Return the adjectives that are joined by commas and "and"."""
    english, found = _lexicon().english, []
    if _low(tokens, at) in _NAMING and _low(tokens, at + 1) in _lexicon().nouns:
        return [at, at + 1] if _low(tokens, at) in english else [at + 1]
    while at < len(tokens) and tokens[at].low in english and _ends(tokens, at + 1):
        found.append(at)
        at += 1
        if _low(tokens, at) == "," and _low(tokens, at + 1) in ("and", "but"):
            at += 1
        if _low(tokens, at) not in (",", "and", "but", "or"):
            break
        at += 1
        while _low(tokens, at) in _ADVERBS:
            at += 1
    return found


# --- What Spanish says of them -----------------------------------------------------------

_COPULAS = _words(
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
_EPICENE = _words("persona personas víctima víctimas gente criatura pareja figura estrella")
"""Nouns of one gender for men and women, with which all that is said of them agrees."""
_FIXING = _words(
    """ha han había habían haya habrá habría hubo haber habiendo he hemos has habido lo a"""
)
"""Behind them a participle has no gender, and behind "lo" or "a" no adjective has: "a solas"."""
_REACH = 8
"""Words between such a verb and what is said of somebody: "es mucho más alta"."""
_CLAUSE_MARKS = _words(". ; : ? ! ¿ ¡ porque cuando si aunque donde mientras")
_SPANISH_ARTICLES = {
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
_BEFORE_NOUN = {"buena": "buen", "mala": "mal", "primera": "primer"}
"""Feminine to masculine, where the adjective is shorter before a noun."""
_NO_ADJECTIVES = _words(
    """como cuando pero tanto mucho cuanto solo sólo bajo para hasta ahora nunca hacia contra
    mañana cada ella nada toda todo fuera cerca"""
)
"""What may come behind a noun, ends like an adjective and is none."""
_DEGREES = frozenset(("más", "menos", "muy", "tan", "mejor", "peor", "gran", "bastante"))


def _predicate_changes(english: Sequence[_Token], spanish: Sequence[_Token]) -> list[_Change]:
    lexicon = _lexicon()
    said = _predicates(english)
    if not said or any(token.low in _EPICENE for token in spanish):
        return []
    free = _free_forms(english, {predicate.at for predicate in said})
    changes: list[_Change] = []
    for group in _groups(english, said):
        plural = group[0].subject.plural
        pairs = {
            pair
            for predicate in group
            for pair in lexicon.english[english[predicate.at].low].pairs(plural)
        }
        if any(form in free for pair in pairs for form in pair):
            continue
        is_noun = any(lexicon.english[english[p.at].low].is_noun for p in group)
        needed = [predicate.subject.gender for predicate in group]
        found = _found(spanish, pairs, is_noun)
        if not found or len(found) > len(needed):
            continue
        if len(set(needed)) == 1:
            needed = needed[: len(found)]
        elif len(found) != len(needed) or sorted(g for _, g in found) == sorted(needed):
            continue
        for (at, gender), right in zip(found, needed, strict=True):
            if gender not in ("", right):
                changes += _exchanged(spanish, at, right, pairs, is_noun)
    return changes


def _attributive_changes(english: Sequence[_Token], spanish: Sequence[_Token]) -> list[_Change]:
    """Return the adjectives right behind a man or a woman that have the other gender."""
    lexicon = _lexicon()
    told = {
        pair
        for token in english
        if (forms := lexicon.english.get(token.low)) is not None and not forms.is_noun
        for pair in (*forms.singular, *forms.plural)
    }
    changes = []
    for at, token in enumerate(spanish):
        gender, _ = lexicon.spanish.get(token.low, ("", False))
        # The gender of a trade may be what is wrong.
        if token.low in lexicon.trades:
            continue
        behind = at + 1
        while _low(spanish, behind) in _DEGREES:
            behind += 1
        low = _low(spanish, behind)
        other = (lexicon.feminine if gender == _F else lexicon.masculine).get(low)
        pair = (low, other) if gender == _F else (other, low)
        if gender and other not in (None, low) and pair in told and low not in _NO_ADJECTIVES:
            changes.append(_change(spanish[behind], other))
    return changes


def _free_forms(english: Sequence[_Token], governed: set[int]) -> set[str]:
    """Return the Spanish forms that may be of a word which is said of nobody we know."""
    lexicon = _lexicon().english
    return {
        form
        for at, token in enumerate(english)
        if at not in governed and (forms := lexicon.get(token.low)) is not None
        for pair in (*forms.singular, *forms.plural)
        for form in pair
    }


def _groups(english: Sequence[_Token], said: Iterable[_Predicate]) -> list[list[_Predicate]]:
    """Return the predicates apart, but together those which Spanish may say with one word."""
    lexicon = _lexicon().english
    groups: list[tuple[set[tuple[str, str]], list[_Predicate]]] = []
    for predicate in said:
        pairs = set(lexicon[english[predicate.at].low].pairs(predicate.subject.plural))
        members = [predicate]
        for other in [group for group in groups if group[0] & pairs]:
            groups.remove(other)
            pairs |= other[0]
            members = [*other[1], *members]
        groups.append((pairs, members))
    return [members for _, members in groups]


def _found(
    spanish: Sequence[_Token], pairs: set[tuple[str, str]], is_noun: bool
) -> list[tuple[int, str]]:
    """Return where one of the forms is said of somebody, and its gender if it shows one."""
    he, she = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    found = []
    for at, token in enumerate(spanish):
        if token.low not in he and token.low not in she:
            continue
        if _low(spanish, at - 1) in _FIXING or not _follows_copula(spanish, at):
            continue
        if not is_noun and _is_of_noun(spanish, at):
            continue
        if token.low in he and token.low in she:
            gender = _article_gender(spanish, at) if is_noun else ""
        else:
            gender = _M if token.low in he else _F
        found.append((at, gender))
    return found


def _follows_copula(spanish: Sequence[_Token], at: int) -> bool:
    for before in range(at - 1, max(-1, at - 1 - _REACH), -1):
        low = spanish[before].low
        if low in _COPULAS:
            return True
        if low in _CLAUSE_MARKS or (low == "que" and _low(spanish, before - 1) != "más"):
            return False
    return False


def _is_of_noun(spanish: Sequence[_Token], at: int) -> bool:
    """Whether an adjective is of a noun that has a gender of its own: "una persona alta"."""
    lexicon = _lexicon()
    for before in range(at - 1, max(-1, at - _REACH), -1):
        if spanish[before].low in _COPULAS:
            return False
        if spanish[before].low in ("un", "una", "unos", "unas"):
            noun = _low(spanish, before + 1)
            return before + 1 < at and noun not in lexicon.trades and noun not in lexicon.spanish
    return False


def _article_gender(spanish: Sequence[_Token], at: int) -> str:
    for before in range(at - 1, max(-1, at - 4), -1):
        low = spanish[before].low
        if low in _SPANISH_ARTICLES:
            return _M
        if low in _SPANISH_ARTICLES.values():
            return _F
        if low not in _DEGREES:
            break
    return ""


def _exchanged(
    spanish: Sequence[_Token], at: int, right: str, pairs: set[tuple[str, str]], is_noun: bool
) -> list[_Change]:
    """Return a word in the other gender, and what stands before it with it."""
    low = spanish[at].low
    forms = [pair[right == _F] for pair in sorted(pairs) if low == pair[right != _F]]
    if not forms:
        return []
    changes = [_change(spanish[at], forms[0])] if forms[0] != low else []
    before = at - 1
    while before >= 0 and _low(spanish, before) in _DEGREES:
        before -= 1
    is_superlative = at - before > 1
    while before >= 0 and (is_noun or is_superlative):
        other = _before_noun(spanish[before].low, right)
        if other is None:
            break
        if other != spanish[before].low:
            changes.append(_change(spanish[before], other))
        before -= 1
        while is_noun and _low(spanish, before) in _DEGREES:
            before -= 1
    if is_noun and forms[0] != low:
        changes += _exchanged_behind(spanish, at + 1, right)
    return changes


def _exchanged_behind(spanish: Sequence[_Token], at: int, right: str) -> list[_Change]:
    """Return the adjective behind a noun in a gender, where it is one that shows any."""
    while _low(spanish, at) in _DEGREES:
        at += 1
    low, endings = _low(spanish, at), ("o", "a") if right == _F else ("a", "o")
    if len(low) <= 3 or low[-1] != endings[0] or low in _NO_ADJECTIVES:
        return []
    return [_change(spanish[at], low[:-1] + endings[1])]


def _before_noun(low: str, right: str) -> str | None:
    """Return an article or adjective in a gender, None if it is neither or has that gender."""
    lexicon = _lexicon()
    if right == _F:
        return _SPANISH_ARTICLES.get(low) or lexicon.feminine.get(low)
    if low in _BEFORE_NOUN:
        return _BEFORE_NOUN[low]
    articles = {she: he for he, she in _SPANISH_ARTICLES.items()}
    return articles.get(low) or lexicon.masculine.get(low)


def _change(token: _Token, right: str | None) -> _Change:
    if right is not None and token.text[0].isupper():
        right = right[0].upper() + right[1:]
    return _Change(token.start, token.end, token.text, right)


# --- Pronouns ----------------------------------------------------------------------------

_SHE_WORDS = frozenset(("she", "her", "hers", "herself"))
_HE_WORDS = frozenset(("he", "him", "his", "himself"))
_UNKNOWN_PEOPLE = _words(
    """someone somebody anyone anybody everyone everybody nobody person people one who whoever dog
    cat horse god lord baby animal ship bear bird"""
)
_SPANISH_UNKNOWN = _words(
    """alguien nadie quien quienes quienquiera cualquiera persona personas gente perro perra gato
    gata caballo dios bebé animal cada barco hombres ladrón individuo uno alguno alguna otro
    otra"""
)
"""Words behind which another person may be whose gender is not stated."""
_SPANISH_CLAUSE_STARTS = _words(
    """y e pero porque cuando si aunque como mientras pues entonces hoy ayer ahora anoche luego
    también donde llegó vino salió entró murió nació dijo volvió vive está estaba"""
)
"""Before a subject. A noun behind any other word may be an object, or say what one is."""
_COMPARING = _words("más menos mayor menor mejor peor igual mismo misma tan")
_PREPOSITIONS = _words(
    """a al ante con contra de del desde en entre hacia hasta para por según sin sobre tras"""
)
_SPANISH_TITLES = {"sr": _M, "don": _M, "sra": _F, "srta": _F, "señorita": _F, "doña": _F}
_PLACES = frozenset(("en", "desde", "hacia", "san", "santa", "santo", "los", "las", "el", "la"))
"""Before a capital: it is a place's, or none of a person's."""
_FEMININE_CLITIC = re.compile(r"^la (?:ha|han|había|vi|vio|\w+(?:ó|aba|aban|aron|ieron|é|í|ía))$")
_BEFORE_CLITIC = _words("no nunca ya siempre también me te nos se quien")
_FELT = re.compile(r"gust|encant|d[ou]e?l|interes|falt|preocup|molest|import|aburr|cuest|costó")
"""Verbs whose "le" is the subject in English: "le gusta" is she likes."""
_ENCLITIC = re.compile(r".{1,}(?:[aeiáéí]r|ndo)(?:se)?(lo|la|le|los|las|les)$")
_PARTICIPLE = re.compile(r"^(?!pasad)\w{3,}(?:[ai]d|os)[oa]$")
_NO_REFERENT = frozenset(("política", "física", "química", "técnica", "música", "matemática"))
"""Sciences that are called like the women who do them."""
_DITRANSITIVE = _words(
    """give gives gave given giving tell tells told telling ask asks asked asking show shows showed
    send sends sent bring brings brought buy buys bought buying make makes made making let lets
    see sees saw seen hear hears heard help helps helped helping watch watched teach taught call
    calls called pay paid offer offered lend lent wish owe owed cost feed fed have had"""
)
"""Verbs behind which "her" and a noun may be two objects: nobody can tell his from him."""
_OF_ANOTHER = _words("in of to at from by about before behind")
_OBJECT_FOLLOWERS = _FOLLOWERS | _words(
    """a an the his her my your our their some any what how up down away back home very much more
    is was has had will would can could alone if"""
)


_HUMAN_VERBS = _words(
    "missed slept sleeps cried cries laughed smiled studied studies forgot forgets"
)
_THING_WORDS = frozenset(("it", "its", "that", "this", "them"))
_SENTENCE_ENDS = frozenset((".", "?", "!"))
_PEOPLE = frozenset(("él", "ella"))


def _spanish_people(tokens: Sequence[_Token]) -> tuple[set[str], bool]:
    """Return the genders of the people in a Spanish sentence, and whether one may be a "he".

    Both genders where one is not sure. No pronoun goes on about a person who is only an object.
    """
    found, has_subject = set[str](), False
    for at, token in enumerate(tokens):
        genders = _named(tokens, at)
        found |= genders
        # Whose "su" is, nobody says: "su padre" is hers as well as his.
        if genders and _low(tokens, at - 1) in ("su", "sus", "cuyo", "cuya"):
            found |= {_M, _F}
        elif genders and token.low not in ("sr", "sra", "srta"):
            has_subject = has_subject or token.low in _PEOPLE or _is_subject(tokens, at)
    return found, has_subject


def _named(tokens: Sequence[_Token], at: int) -> set[str]:
    """Return the genders of whom one word names."""
    lexicon, token = _lexicon(), tokens[at]
    before, low = _low(tokens, at - 1), token.low
    found = set[str]()
    if low in _PEOPLE:
        found = {_F if low == "ella" else _M}
    elif (noun := lexicon.spanish.get(low)) is not None:
        # No plural is a he or a she.
        found = set() if noun[1] else {noun[0]}
    elif low in lexicon.trades and low not in _NO_REFERENT:
        found = _trade_people(low, before, _low(tokens, at - 2))
    elif low in _SPANISH_TITLES:
        found = {_SPANISH_TITLES[low]}
    elif token.text in lexicon.names and before not in ("san", "santa", "santo"):
        found = {lexicon.names[token.text]}
    elif token.text[0].isupper() and at > 0 and not _is_surname(tokens, at):
        found = {_M, _F}
    return found


def _is_subject(tokens: Sequence[_Token], at: int) -> bool:
    """Whether a noun or name begins a clause, and nobody is called by it."""
    before = at - 1
    while before >= 0 and (
        tokens[before].low in _NOUN_SIGNS
        or tokens[before].low in ("un", "una")
        or tokens[before].low in _SPANISH_TITLES
        or tokens[before].low in _lexicon().spanish
        or (tokens[before].low == "." and _low(tokens, before - 1) in _SPANISH_TITLES)
    ):
        before -= 1
    low = _low(tokens, before)
    if _is_mark(low):
        return before < at - 1 or not _is_mark(_low(tokens, at + 1))
    if low == "a":
        # "A mi hermana le gusta": whom something pleases is who likes it.
        return _low(tokens, at + 1) == "le" and _FELT.match(_low(tokens, at + 2)) is not None
    if low == "que":
        return not any(token.low in _COMPARING for token in tokens[max(0, before - 4) : before])
    return low in _SPANISH_CLAUSE_STARTS


def _is_surname(tokens: Sequence[_Token], at: int) -> bool:
    """Whether a capital is nobody else's: it begins a sentence, or is of a place or a surname."""
    before = _low(tokens, at - 1)
    if before == "." and _low(tokens, at - 2) in _SPANISH_TITLES:
        return True
    lexicon = _lexicon()
    return (
        _is_mark(before)
        or before in _PLACES
        or before in _SPANISH_TITLES
        or before in lexicon.spanish
        or tokens[at - 1].text in lexicon.names
    )


_DETERMINED = dict.fromkeys(
    ("el", "un", "al", "del", "este", "ese", "nuestro"), _M
) | dict.fromkeys(("la", "una", "esta", "esa", "nuestra"), _F)


def _trade_people(low: str, before: str, before_that: str) -> set[str]:
    """Return the genders of a noun like doctor; unsure where neither it nor an article says.

    What somebody is, "es abogada", names nobody.
    """
    is_said = before in _COPULAS or (before in ("un", "una") and before_that in _COPULAS)
    if is_said or low.endswith("s"):
        return set()
    shown = _lexicon().trades[low]
    if shown and before in ("mi", "tu", "su"):
        return {shown}
    by_article = _DETERMINED.get(before, "")
    return {by_article} if by_article and shown in ("", by_article) else {_M, _F}


def _is_another_meant(tokens: Sequence[_Token], gender: str) -> bool:
    """Whether a Spanish sentence may speak of another one, whom it does not name.

    A pronoun of the same gender may be another too, but English then has the same words.
    """
    for at, token in enumerate(tokens):
        before, after = _low(tokens, at - 1), _low(tokens, at + 1)
        if token.low in _SPANISH_UNKNOWN:
            return True
        if gender == _F:
            is_pronoun = token.low == "lo" and after not in _COPULAS
            is_pronoun |= token.low == "los" and before in _BEFORE_CLITIC
        else:
            is_pronoun = token.low in ("la", "las") and (
                before in _BEFORE_CLITIC or _FEMININE_CLITIC.match(f"la {after}") is not None
            )
        is_dative = token.low in ("le", "les") and not _FELT.match(after)
        tied = _ENCLITIC.match(token.low)
        is_tied = tied is not None and tied[1] not in ({_F: "la", _M: "lo"}[gender], "las", "los")
        is_other_gender = (
            _shows(token.low, _OTHER[gender])
            and before not in _FIXING
            and before not in _DETERMINED
            and _follows_copula(tokens, at)
        )
        if is_pronoun or is_dative or is_tied or is_other_gender:
            return True
    return False


def _shows(low: str, gender: str) -> bool:
    """Whether a Spanish word is an adjective or participle of a gender."""
    lexicon, ending = _lexicon(), _PARTICIPLE.search(low)
    if lexicon.feminine.get(low) == low:
        return False
    if ending is not None:
        return (ending[0][-1] == "o") == (gender == _M)
    forms = lexicon.masculine if gender == _F else lexicon.feminine
    return low in forms and forms[low] != low


def _english_pronoun_changes(spanish: Sequence[_Token], english: Sequence[_Token]) -> list[_Change]:
    """Return the pronouns of an English translation that should be of the other gender."""
    pronouns = [at for at, token in enumerate(english) if token.low in _SHE_WORDS | _HE_WORDS]
    said = {_F if english[at].low in _SHE_WORDS else _M for at in pronouns}
    if len(said) != 1:
        return []
    (wrong,) = said
    # "Herself" is the subject of its clause, whoever else is there.
    is_own = all(english[at].low in ("himself", "herself") for at in pronouns)
    if (
        wrong in _english_nouns(english)
        or _meant(spanish, english) != _OTHER[wrong]
        or (not is_own and _is_another_meant(spanish, _OTHER[wrong]))
        or all(_may_be_anothers(english, at) for at in pronouns)
    ):
        return []
    others = [_other_pronoun(english, at) for at in pronouns]
    return [
        _change(english[at], other if None not in others else None)
        for at, other in zip(pronouns, others, strict=True)
    ]


def _english_it_changes(spanish: Sequence[_Token], english: Sequence[_Token]) -> list[_Change]:
    """Return each "it" of a translation that does what only people do."""
    said = [
        at
        for at, (token, after) in enumerate(pairwise(english))
        if token.low == "it" and after.low in _HUMAN_VERBS
    ]
    meant = _meant(spanish, english) if said else ""
    if not meant or _is_another_meant(spanish, meant) or _OTHER[meant] in _english_nouns(english):
        return []
    return [_change(english[at], "she" if meant == _F else "he") for at in said]


def _meant(spanish: Sequence[_Token], english: Sequence[_Token]) -> str:
    """Return the gender of all whom a Spanish sentence speaks of, "" if that is not sure."""
    named, has_subject = _spanish_people(spanish)
    if named and not has_subject and not _goes_on(spanish, english):
        return ""
    # "Con él" may be with a thing.
    is_open = any(
        token.low in _PEOPLE and before.low in _PREPOSITIONS for before, token in pairwise(spanish)
    )
    if is_open and any(token.low in _THING_WORDS for token in english):
        return ""
    found = named or _meant_by_predicates(english, spanish)
    return found.pop() if len(found) == 1 else ""


def _goes_on(spanish: Sequence[_Token], english: Sequence[_Token]) -> bool:
    """Whether the first sentence names people and only a later one has pronouns for them."""
    end = _first_end(english)
    last = [at for at in range(len(spanish)) if _named(spanish, at)][-1]
    is_called = _is_mark(_low(spanish, last - 1)) and _is_mark(_low(spanish, last + 1))
    return (
        last < _first_end(spanish)
        and not is_called
        and not any(token.low in _SHE_WORDS | _HE_WORDS for token in english[:end])
    )


def _first_end(tokens: Sequence[_Token]) -> int:
    """Return where the first of several sentences ends, 0 where there is one."""
    ends = [at for at, token in enumerate(tokens[:-1]) if token.low in _SENTENCE_ENDS]
    return ends[0] if ends else 0


def _may_be_anothers(english: Sequence[_Token], at: int) -> bool:
    """Whether a pronoun is an object, or of what "in his presence" is, and not the subject's."""
    low = english[at].low
    if low == "him" or (low == "her" and _other_pronoun(english, at) == "him"):
        return True
    return low in ("his", "her") and _low(english, at - 1) in _OF_ANOTHER


def _meant_by_predicates(english: Sequence[_Token], spanish: Sequence[_Token]) -> set[str]:
    """Return the gender in which Spanish says what English says of "he" or "she"."""
    said = _predicates(english)
    if not said or not all(predicate.subject.pronoun for predicate in said):
        return set()
    lexicon, found = _lexicon(), set[str]()
    for predicate in said:
        forms = lexicon.english[english[predicate.at].low]
        pairs = set(forms.pairs(plural=False))
        found |= {gender for _, gender in _found(spanish, pairs, forms.is_noun)} - {""}
    # Spanish says them of things too: a noun beside them may be what is meant.
    return found if len(found) == 1 and not any(_is_noun_like(spanish)) else set()


def _is_noun_like(spanish: Sequence[_Token]) -> Iterable[bool]:
    """Tell of each word whether it is an article or a possessive, before a noun."""
    return (token.low in _NOUN_SIGNS for token in spanish)


_NOUN_SIGNS = _words(
    """el la los las mi mis tu tus este esta ese esa aquel aquella nuestro nuestra esto eso usted
    todo toda"""
)


def _english_nouns(english: Sequence[_Token]) -> set[str]:
    """Return the genders of the nouns and names of an English sentence."""
    lexicon, found = _lexicon(), set[str]()
    for token in english:
        if (noun := lexicon.women_and_men.get(token.low)) is not None:
            found.add(noun[0])
        elif token.text in lexicon.names:
            found.add(lexicon.names[token.text])
        elif token.low in _TITLES:
            found.add(_TITLES[token.low])
    return found


def _other_pronoun(english: Sequence[_Token], at: int) -> str | None:
    """Return a pronoun in the other gender, None where it may be either of two."""
    low, after, before = english[at].low, _low(english, at + 1), _low(english, at - 1)
    fixed = {
        "she": "he",
        "he": "she",
        "him": "her",
        "himself": "herself",
        "herself": "himself",
        "hers": "his",
    }
    if low in fixed:
        return fixed[low]
    is_last = _is_mark(after) or after in _OBJECT_FOLLOWERS
    if low == "his":
        return "hers" if is_last and after not in ("own", "last", "right") else "her"
    if is_last and after not in ("last", "right"):
        return "him"
    return None if before in _DITRANSITIVE else "his"


def _spanish_pronoun_changes(english: Sequence[_Token], spanish: Sequence[_Token]) -> list[_Change]:
    """Return each "él" or "ella" of a translation whose source knows the other gender only."""
    said = [at for at, token in enumerate(spanish) if token.low in ("él", "ella")]
    genders = {_F if spanish[at].low == "ella" else _M for at in said}
    if len(genders) != 1:
        return []
    wrong = genders.pop()
    lows = {token.low for token in english}
    meant = _english_nouns(english)
    meant |= {_F} if lows & _SHE_WORDS else set()
    meant |= {_M} if lows & _HE_WORDS else set()
    governed = {english[predicate.at].low for predicate in _predicates(english)}
    unsure = lows & (_UNKNOWN_PEOPLE | {"it", "its", "this", "that", "they", "them", "their"})
    if meant != {_OTHER[wrong]} or unsure or (lows & _lexicon().nouns) - governed:
        return []
    if not lows & (_SHE_WORDS | _HE_WORDS) or _names_strangers(english):
        return []
    changes = []
    for at in said:
        changes.append(_change(spanish[at], "él" if wrong == _F else "ella"))
        own = {"mismo": "misma", "solo": "sola"} if wrong == _M else {"misma": "mismo"}
        if (after := _low(spanish, at + 1)) in own:
            changes.append(_change(spanish[at + 1], own[after]))
    return changes


def _names_strangers(english: Sequence[_Token]) -> bool:
    """Whether a capital stands inside a sentence on a word that is no name we know."""
    names = _lexicon().names
    return any(
        token.text[0].isupper() and token.low not in ("i", *_TITLES) and token.text not in names
        for before, token in pairwise(english)
        if not _is_mark(before.low) and token.low not in _SHE_WORDS | _HE_WORDS
    )


# --- Person ------------------------------------------------------------------------------

_PERSONS = {
    "1s": """soy fui estoy estuve tengo tuve voy quiero quise puedo pude hago hice sé supe
        necesito""",
    "2s": """eres sos fuiste estás estuviste tienes tenés tuviste vas quieres querés puedes podés
        haces hiciste sabes sabés necesitas estabas tenías querías podías sabías""",
    "3s": "es fue está estuvo tiene tuvo va quiere quiso puede pudo sabe supo necesita",
    "1p": """somos éramos fuimos estamos estábamos tenemos teníamos vamos íbamos queremos queríamos
        podemos podíamos hacemos sabemos sabíamos necesitamos""",
    "3p": """son eran fueron están estaban tienen tenían van iban quieren querían pueden podían
        hacen saben sabían necesitan""",
}
_PERSON_OF = {form: person for person, forms in _PERSONS.items() for form in forms.split()}
"""Finite forms that can be of one person only."""
_PRONOUNS = {
    "i": "1s",
    "we": "1p",
    "you": "2",
    "he": "3s",
    "she": "3s",
    "they": "3p",
}
_OPENERS = _words("yes no well so and but oh , now sí ya bueno pues y pero hoy ahora ¿ ¡")
_MAIN_VERBS = _words(
    """am 'm was are 're were is 's have had has want wants wanted can could know knows knew need
    needs needed ca"""
)
_OWN_WORDS = {
    "1s": _words("me mí mi mis yo conmigo nos se i my mine myself"),
    "1p": _words("nos nosotros nosotras nuestro nuestra nuestros nuestras se i we us our let"),
    "2": _words("te tu tus ti vos usted ustedes we us our you your yours yourself se os"),
    "3s": _words("he she it him her his its one they se"),
}
"""Words that keep a person in a translation whose verb has another subject."""
_OTHER_PERSONS = {
    "1s": frozenset(("2s", "3s", "3p", "1p")),
    "1p": frozenset(("2s", "3s", "1s")),
    "2": frozenset(("1s",)),
    "3s": frozenset(("1s", "2s", "1p")),
}
"""Persons of the first Spanish verb that contradict an English subject."""
_CLAUSES = _words(
    """that because if when who which what where how why while until unless since before after"""
)


def _first(tokens: Sequence[_Token], skipped: frozenset[str]) -> int:
    return next((at for at, token in enumerate(tokens) if token.low not in skipped), len(tokens))


def _spanish_person(english: Sequence[_Token], spanish: Sequence[_Token]) -> list[_Change]:
    """Return the verb of a one-clause translation if it is of another person."""
    at = _first(english, _OPENERS)
    person = _PRONOUNS.get(_low(english, at), "")
    lows = {token.low for token in english[at + 1 :]}
    if person not in _OTHER_PERSONS or _low(english, at + 1) not in _MAIN_VERBS:
        return []
    if lows & _CLAUSES or lows & set(_PRONOUNS) or "," in lows:
        return []
    verb = _first(spanish, _OPENERS)
    if _PERSON_OF.get(_low(spanish, verb)) not in _OTHER_PERSONS[person]:
        return []
    said = [token.low for token in spanish]
    if _low(spanish, verb + 1) in ("que", *_PREPOSITIONS) or _OWN_WORDS[person] & set(said):
        return []
    # A second verb may be the one that is meant.
    if any(_PERSON_OF.get(low) for low in said[verb + 1 :]):
        return []
    return [_change(spanish[verb], None)]


def _english_person(spanish: Sequence[_Token], english: Sequence[_Token]) -> list[_Change]:
    """Return the subject of an English translation if the Spanish verb is of another person."""
    verb, at = _first(spanish, _OPENERS), _first(english, _OPENERS)
    person = _PERSON_OF.get(_low(spanish, verb), "")
    subject = _PRONOUNS.get(_low(english, at))
    lows = {token.low for token in english}
    if person in ("1s", "1p"):
        is_wrong = subject not in (None, person) and not lows & _OWN_WORDS[person]
    elif person == "2s":
        is_wrong = subject not in (None, "2") and not lows & _OWN_WORDS["2"]
    elif _low(spanish, verb) in ("tiene", "quiere", "puede", "sabe", "necesita"):
        is_wrong = (
            subject in ("1s", "1p")
            and _low(english, at + 1) in _MAIN_VERBS
            and not lows & (_OWN_WORDS["3s"] | _OWN_WORDS["2"])
        )
    else:
        is_wrong = False
    if not is_wrong:
        return []
    return [_change(english[at], None)]
