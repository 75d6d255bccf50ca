"""What a translation leaves as it is, letter by letter: addresses, handles, files, telephones.

Pure, from the text alone. A network spells these wrong because it has never seen them, so
they are found first and compared, or put back, as they stand.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class AddressKind(StrEnum):
    """What an address is of."""

    EMAIL = "e-mail"
    WEB = "web"
    HANDLE = "handle"
    HASHTAG = "hashtag"
    FILE = "file"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Address:
    """A stretch of a text that stays as it is in every language."""

    begin: int
    end: int
    """Characters."""
    kind: AddressKind
    text: str

    @property
    def key(self) -> str:
        """What has to be the same: a telephone's digits, all else as it stands."""
        return digits_of(self.text) if self.kind is AddressKind.PHONE else self.text


_TOP_LEVEL = (
    "com|org|net|edu|gov|info|io|dev|app|ai|tv|eu|es|mx|ar|cl|co|pe|uk|us|ca|au|de|fr|it|pt|br|nl"
)
"""Ends of web addresses without a scheme; small letters only, so that "end.It" is none."""
_EXTENSION = (
    "pdf|docx?|xlsx?|pptx?|odt|ods|txt|md|csv|tsv|json|xml|ya?ml|toml|ini|html?|css|js|ts|py|rs|sh"
    "|c|cpp|java|log|zip|gz|tar|exe|jpe?g|png|gif|svg|mp[34]|wav|flac|mov|avi|mkv|epub|iso"
)
_PLACE = r"[^\s<>\"'()\[\]{}«»“”]{0,300}[^\s<>\"'()\[\]{}«»“”.,;:!?¿¡…]"
"""The rest of a path: it does not end in a mark that ends a sentence."""
_FOUND = re.compile(
    rf"""
    (?P<email>(?<![\w.+-])[\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,6}})
    |(?P<web>
        \b(?:https?|ftp)://{_PLACE}
        |\bwww\.{_PLACE}
        |(?<![\w.])\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?!\w|\.\d)
        |(?<![\w.@-])(?:[A-Za-z0-9-]{{1,63}}\.){{1,5}}(?:{_TOP_LEVEL})\b(?![.-]?\w)
            (?:/(?:{_PLACE})?)?
    )
    |(?P<handle>(?<![\w@.])@[A-Za-z_]\w{{1,40}})
    |(?P<hashtag>(?<![\w\#&])\#\w{{0,60}}[^\W\d_]\w{{0,60}})
    |(?P<file>
        (?<![\w.])[A-Za-z]:\\{_PLACE}
        |(?<![\w./])(?:~|\.{{1,2}})?/[\w.-]{{1,80}}(?:/[\w.-]{{0,80}}){{0,12}}\w
        |(?<![\w.])[\w-]{{1,80}}(?:\.[\w-]{{1,40}}){{0,4}}\.(?:{_EXTENSION})\b
    )
    |(?P<phone>
        (?<![\w.,:/-])
        (?:
            \+\d{{1,3}}[ .-]?\(?\d{{1,4}}\)?(?:[ .-]?\d{{2,4}}){{1,5}}
            |\(\d{{2,4}}\)[ -]?\d{{2,4}}(?:[ .-]\d{{2,4}}){{1,3}}
            |\d{{3}}(?:[ .-]\d{{3}})?[ -]\d{{4}}
            |\d{{3}}\.\d{{3}}\.\d{{4}}
            |\d{{3}}[ -]\d{{3}}[ -](?!000)\d{{3}}
            |\d{{3}}(?:[ -]\d{{2}}){{2,3}}
            |\d{{2,3}}(?:[ -]\d{{2}}){{4}}
        )
        (?![\w%]|[.,:/-]\d)
    )
    """,
    re.VERBOSE,
)
_SIGN = re.compile(r"[@#/\\.\d]")
"""Without one of these there is no address, as in most sentences."""


def addresses(text: str) -> tuple[Address, ...]:
    """Return the addresses of a text in their order; none overlaps another."""
    if not _SIGN.search(text):
        return ()
    return tuple(
        Address(match.start(), match.end(), AddressKind[kind.upper()], match[0])
        for match in _FOUND.finditer(text)
        if (kind := match.lastgroup)
    )


def digits_of(text: str) -> str:
    """Return the digits of a text, run together."""
    return "".join(letter for letter in text if letter.isdigit())
