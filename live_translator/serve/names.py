"""What people and rooms may be called."""

import re
import unicodedata

from live_translator.errors import ClientError
from live_translator.serve.codes import Code

MAX_CHARS = 40
_ROOM = re.compile(r"\w(?:[\w-]*\w)?")


def room_name(given: str) -> str:
    """Return the name of a room as all find it; raises ClientError for what is none.

    Letters, digits, hyphens and underscores, whatever their case (Unicode's NFKC, folded).
    """
    name = unicodedata.normalize("NFKC", given).casefold()
    if len(name) > MAX_CHARS or not _ROOM.fullmatch(name):
        raise ClientError(
            Code.BAD_MESSAGE,
            f"a room's name has 1 to {MAX_CHARS} letters, digits and hyphens, and no others",
        )
    return name


def person_name(given: str) -> str:
    """Return a person's name as all see it; raises ClientError for what cannot be shown.

    Without control and format characters, some of which turn the text around them, and with
    single spaces (Unicode's categories C and Z).
    """
    name = " ".join(unicodedata.normalize("NFC", given).split())
    kinds = [unicodedata.category(character)[0] for character in name]
    is_seen = any(kind in "LNSP" for kind in kinds)
    if not is_seen or len(name) > MAX_CHARS or "C" in kinds:
        raise ClientError(
            Code.BAD_MESSAGE, f"a name has 1 to {MAX_CHARS} characters that can be seen"
        )
    return name
