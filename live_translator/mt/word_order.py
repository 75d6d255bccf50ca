"""How long word order makes a translation wait, by pair of languages. Pure."""

from live_translator.languages import Language

_VERB_FINAL = frozenset(("ja", "ko", "tr", "hi", "ur", "bn", "ta", "fa", "eu"))
_VERB_SECOND = frozenset(("de", "nl"))
"""The finite verb comes early, infinitives, participles and all verbs of a subordinate clause
at its end: no dominant order of object and verb (WALS, chapters 81A and 83A)."""

_WAITS = {
    frozenset(("final", "early")): 4,
    frozenset(("final", "second")): 3,
    frozenset(("second", "early")): 2,
}
"""Source words, by where the verb stands in the two languages.

Of a clause of about six words, English has the verb second and Japanese last: four words lie
between, within the three to five that wait-k is usually given for such languages (Ma et al.
2019, https://arxiv.org/abs/1810.08398). German ends about half of its clauses in a verb: half
of that. Estimates: no such pair has been measured here yet.
"""


def wait_words(source: Language, target: Language) -> int:
    """Return how many words the source should be ahead of the target; 0 for similar orders.

    It is the same in both directions: who speaks the verb earlier waits for it, and who hears
    it earlier has to say everything else first. Verbs before the object, be they first
    (Arabic) or second (English), count as one order: WALS, chapter 83A,
    https://wals.info/chapter/83.
    """
    return _WAITS.get(frozenset((_verb(source), _verb(target))), 0)


def _verb(language: Language) -> str:
    """Return where the verb stands in a clause."""
    if language.code in _VERB_FINAL:
        return "final"
    return "second" if language.code in _VERB_SECOND else "early"
