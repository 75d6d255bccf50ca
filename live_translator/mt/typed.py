"""English as people type it: contractions without their apostrophe are given it back. Pure.

An engine that has never seen "arent" leaves it out, and with it the denial.
"""

import re

_AUXILIARIES = (
    "are", "is", "was", "were", "do", "does", "did", "have", "has", "had", "could", "would",
    "should", "must", "might", "need", "ca", "wo", "ai",
)  # fmt: skip
_TIED = {f"{word}nt": f"{word}n't" for word in _AUXILIARIES}
_TIED |= {
    "im": "I'm", "ive": "I've", "youre": "you're", "youve": "you've", "youll": "you'll",
    "theyre": "they're", "theyve": "they've", "theyll": "they'll", "weve": "we've",
    "hes": "he's", "shes": "she's", "thats": "that's", "whats": "what's", "wheres": "where's",
    "whos": "who's", "hows": "how's", "theres": "there's", "heres": "here's", "itll": "it'll",
}  # fmt: skip
"""Words that are nothing else, each still one word; its, well, ill and lets may be others."""
_WORD = re.compile(rf"\b(?:{'|'.join(sorted(_TIED, key=len, reverse=True))})\b", re.IGNORECASE)


def with_apostrophes(text: str, code: str) -> str:
    """Return a text with the apostrophes of its English contractions."""
    return _WORD.sub(_tied, text) if code == "en" else text


def _tied(found: re.Match[str]) -> str:
    word = found[0]
    tied = _TIED[word.casefold()]
    return tied[:1].upper() + tied[1:] if word[:1].isupper() else tied
