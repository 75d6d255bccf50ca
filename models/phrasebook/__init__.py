"""The phrasebook: what people say first, in English and Spanish, written for this project.

It feeds the translation memory, which takes its sentences as they are, and the training.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

PATH = Path(__file__).with_name("en-es.tsv")
COLUMNS = ("english", "spanish", "topic", "register")
REGISTERS = ("", "formal", "informal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A sentence in both languages; of several rows with the same text the first is said."""

    english: str
    spanish: str
    topic: str
    register: str
    """`formal` (usted), `informal` (tú), or empty where it makes no difference."""


def read(path: Path = PATH) -> list[Phrase]:
    """Return the rows of a phrasebook in their order; raises ValueError for a row that is none."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        if tuple(next(rows)) != COLUMNS:
            raise ValueError(f"{path} does not begin with the columns {', '.join(COLUMNS)}")
        return [Phrase(**dict(zip(COLUMNS, row, strict=True))) for row in rows]
