"""What a translation can be caught at: pure, from the texts alone.

`lost` is what must survive in any engine's answer: numbers and sums by value, addresses, a
"not", a question, the sentence itself. `faults` adds what gives a small network away that meets
what it has not learnt and says something fluent instead: a name out of nowhere, a length that
cannot be, the same words over and over.
"""

import re
from collections.abc import Callable, Iterable

from live_translator.mt import full_names, polarity, quantities
from live_translator.mt.agreement import gender_of
from live_translator.mt.memory import Remembered
from live_translator.mt.reading import without_accents
from live_translator.mt.sentences import split
from live_translator.spelling import bare, likeness

_BROKEN = "\N{REPLACEMENT CHARACTER}"
_TIED = re.compile(r"(?<=\w)['\u2019]\w{0,2}(?=\W*$)")
_SENTENCE_START = re.compile(r"(?:^|[.!?:…\"(¿¡])\s*[\"'(¿¡]*$")
_MAX_RATIO, _SLACK_WORDS = 1.7, 4
"""Words of one side to the other's, and over it: 99.9 % of held-out sentences are below."""
_LONGEST_RUN, _MAX_REPEATS = 4, 2
"""Words of a run that is looked for, and how often in a row it may come: no, no."""
_PART = re.compile(r"[^\s-]+")
"""A word, or a part of one with hyphens: Apertium writes Kwik E Mart."""
_WEIGHTY = 4
"""Letters of a word that is seldom an article, a pronoun or a preposition."""
_ALIKE = 0.5
"""Likeness from which on two words may be forms of one name: London, Londres."""
Says = Callable[[str, str], bool]
"""Whether people say the second word, of the target, for the first, of the source."""


def lost(source: str, target: str, source_code: str, target_code: str) -> tuple[str, ...]:
    """Return what of a sentence its translation has lost or added, in words for a log."""
    found = list(quantities.lost(source, target, source_code, target_code))
    found += [
        name
        for name, is_wrong in (
            ("given names", not (_are_named(source, target) and _are_named(target, source))),
            ("surnames", not full_names.are_kept(source, target)),
            ("negation", not polarity.is_kept(source, target, source_code, target_code)),
            ("question", not polarity.is_question_kept(source, target)),
            ("broken characters", _BROKEN in target and _BROKEN not in source),
            ("sentences", _sentences(target) > max(1, _sentences(source))),
        )
        if is_wrong
    ]
    return tuple(found)


def faults(
    source: str,
    target: str,
    source_code: str,
    target_code: str,
    *,
    hint: str = "",
    near: Remembered | None = None,
    says: Says = lambda _word, _other: False,
) -> tuple[str, ...]:
    """Return what is wrong with a translation, in words for a log; nothing if it looks sound.

    `hint` is another engine's translation, from which it may take words too; names are
    looked at only where there is one, since a dictionary knows which words are none. From
    `near`, another sentence that was shown beside it, no name may be taken. What people are
    known to say for a word of the source is never wrong.
    """
    words, said = _words(source), _words(target)

    def is_told(name: str) -> bool:
        return any(says(word, name) for word in words)

    def is_known(word: str) -> bool:
        return any(says(word, other) for other in said)

    found = [
        ("length", not _is_length_sound(source, target)),
        ("loop", _repeats(target) > max(_repeats(source), _MAX_REPEATS)),
        (
            "names",
            any(not is_told(name) for name in _invented(source, target, hint))
            or any(not is_known(name) for name in _lost(source, target, hint)),
        ),
        (
            "another's name",
            any(not is_told(name) for name in _of_another(source, target, hint, near)),
        ),
        ("another's words", _says_another(source, target, hint, near, says)),
        ("unknown words", _is_foreign(source, target, hint, is_known)),
    ]
    return (
        *lost(source, target, source_code, target_code),
        *(name for name, is_wrong in found if is_wrong),
    )


def _are_named(source: str, target: str) -> bool:
    """Whether everybody whom a text calls by a given name may be in the other.

    A name has many forms (John, Juan), but nearly all begin alike.
    """
    initials = {without_accents(word[0]) for word in _words(target)}
    return all(
        without_accents(name[0]) in initials for name in _names(source) if gender_of(name.title())
    )


def _sentences(text: str) -> int:
    return len(split(text, max_words=len(text.split()) + 1, ended=True).complete)


def _is_length_sound(source: str, target: str) -> bool:
    shorter, longer = sorted((len(source.split()), len(target.split())))
    return (shorter > 0 or longer == 0) and longer <= _MAX_RATIO * shorter + _SLACK_WORDS


def _repeats(text: str) -> int:
    """Return how often in a row the most repeated run of one to four words comes."""
    words, most = _words(text), 1
    for size in range(1, _LONGEST_RUN + 1):
        same = 0
        for word, before in zip(words[size:], words, strict=False):
            same = same + 1 if word == before else 0
            most = max(most, 1 + same // size)
    return most


def _invented(source: str, target: str, hint: str) -> list[str]:
    """Return the names of the target that neither the source nor the hint spells so."""
    known = [*_words(source), *_words(hint)]
    return [name for name in _names(target) if name not in known] if hint else []


def _lost(source: str, target: str, hint: str) -> list[str]:
    """Return the names that both the source and the hint have, and the target has not.

    One that loses its capital is lost too, but for a word that has it only as the first.
    """
    copied, said = set(_words(hint)), set(_words(target))
    small = said.difference(_names(target, starts=True)).intersection(_names(source))
    return [
        name
        for name in _names(source, starts=True)
        if name in copied and (name in small or not _is_like(name, said))
    ]


def _of_another(source: str, target: str, hint: str, near: Remembered | None) -> set[str]:
    """Return the names of the other sentence that the target has and the source has not."""
    if near is None:
        return set()
    others = {*_names(near.source, starts=True)} & {*_names(near.target, starts=True)}
    return (others & {*_words(target)}) - {*_words(source), *_words(hint)}


def _says_another(source: str, target: str, hint: str, near: Remembered | None, says: Says) -> bool:
    """Whether a word was taken from the other sentence that people say for a word of its own."""
    if near is None:
        return False
    own = set(_words(source))
    others = [word for word in set(_words(near.source)) - own if len(word) >= _WEIGHTY]
    taken = set(_words(target)).intersection(_words(near.target)).difference(_words(hint))
    return any(
        says(other, word) and not any(says(one, word) for one in own)
        for word in taken
        if len(word) >= _WEIGHTY
        for other in others
    )


def _is_foreign(source: str, target: str, hint: str, is_known: Callable[[str], bool]) -> bool:
    """Whether a dictionary knows less than half of the words, and the target has others."""
    words, copied, said = _words(source), set(_words(hint)), set(_words(target))
    unknown = [word for word in words if len(word) > 2 and word in copied]
    if 2 * len(unknown) <= len(words) or said.issuperset(unknown):
        return False
    return 2 * sum(not is_known(word) for word in unknown) > len(words)


def _names(text: str, *, starts: bool = False) -> list[str]:
    """Return the words with a capital letter; where one is due anyway, only with `starts`."""
    found = []
    for match in _PART.finditer(text):
        word = _stem(match[0])
        if len(word) < 3 or not word.isalpha() or not any(map(str.isupper, match[0])):
            continue
        if starts or not _SENTENCE_START.search(text[: match.start()]):
            found.append(word)
    return found


def _words(text: str) -> list[str]:
    return [spelt for word in _PART.findall(text) if (spelt := _stem(word))]


def _stem(word: str) -> str:
    """Return a word bare and without what an apostrophe ties to it: Tom's is Tom, I'll is I."""
    return bare(_TIED.sub("", word)) or bare(word)


def _is_like(name: str, words: Iterable[str]) -> bool:
    return any(likeness(name, word) >= _ALIKE for word in words)
