"""Emoji and smileys around a sentence: no engine knows them, so they are put back as they were."""

import re

_EMOJI = (
    "\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\u200d\ufe0f\U0001f000-\U0001faff\U000e0020-\U000e007f"
)
_SMILEY = r"[:;=]['-]?[)(DPpO/|]"
_SYMBOLS = rf"(?:[{_EMOJI}]+|(?<!\S){_SMILEY}(?!\S))"
_AROUND = re.compile(
    rf"(?P<before>(?:{_SYMBOLS}\s*)*)(?P<text>.*?)(?P<after>(?:\s*{_SYMBOLS})*)", re.DOTALL
)


def parted(text: str) -> tuple[str, str, str]:
    """Return what symbols stand before a text, the text, and what stand behind it, with spaces."""
    found = _AROUND.fullmatch(text)
    if found is None or not found["text"]:
        return "", text, ""
    return found["before"], found["text"], found["after"]
