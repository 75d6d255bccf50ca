"""Keeps gender and person in a translation between English and Spanish, by rule.

A small network guesses the gender that one of the two languages leaves open, and guesses by
trade: doctors become men, nurses become women. Where the source states the gender, or who
acts, these modules find the words of the translation that contradict it and know the right
ones. They say nothing where nothing is certain. In the order of the work:

- `tokens`: a sentence as words, and a change to one of them.
- `lexicon`: what is known of words, from the tables `gender_forms.tsv` and `given_names.tsv`.
- `subjects`: the women and men that an English sentence speaks of.
- `predicates`: what it says they are.
- `spanish`: how a Spanish translation says that, and the words of the wrong gender in it.
- `people`: the women and men that a Spanish sentence speaks of.
- `pronouns`: pronouns of the wrong gender, in either language.
- `person`: an "I" that became a "he", in either language.
"""

from live_translator.mt.agreement.lexicon import lexicon
from live_translator.mt.agreement.person import english_person_changes, spanish_person_changes
from live_translator.mt.agreement.pronouns import (
    english_pronoun_changes,
    it_changes,
    spanish_pronoun_changes,
)
from live_translator.mt.agreement.spanish import attributive_changes, predicate_changes
from live_translator.mt.agreement.tokens import Change, english_tokens, spanish_tokens


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
    """Return a translation with the words replaced that contradict the gender of the source.

    It comes back as it is where the right word is not certain.
    """
    changes = _changes(source, target, source_code, target_code)
    text = target
    for change in sorted(changes, key=lambda change: -change.start):
        if change.right is not None:
            text = text[: change.start] + change.right + text[change.end :]
    if text == target:
        return target
    is_better = len(_changes(source, text, source_code, target_code)) < len(changes)
    return text if is_better else target


def gender_of(name: str) -> str | None:
    """Return "f" or "m" for a given name of women or of men, None for any other word."""
    return lexicon().names.get(name)


def _changes(source: str, target: str, source_code: str, target_code: str) -> tuple[Change, ...]:
    """Return the changes that a translation needs, at most one to a word."""
    if (source_code, target_code) == ("en", "es"):
        english, spanish = english_tokens(source), spanish_tokens(target)
        found = [
            *predicate_changes(english, spanish),
            *attributive_changes(english, spanish),
            *spanish_pronoun_changes(english, spanish),
            *spanish_person_changes(english, spanish),
        ]
    elif (source_code, target_code) == ("es", "en"):
        spanish, english = spanish_tokens(source), english_tokens(target)
        found = [
            *english_pronoun_changes(spanish, english),
            *it_changes(spanish, english),
            *english_person_changes(spanish, english),
        ]
    else:
        return ()
    return tuple({change.start: change for change in found}.values())
