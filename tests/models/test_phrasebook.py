"""The phrasebook: how its rows are written, and that the memory that ships says them."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from live_translator.config import data_path
from live_translator.mt.compact import MEMORY
from live_translator.mt.engines import COMPACT_FOLDER
from live_translator.mt.memory import Memory
from live_translator.mt.reading import asks, key, may_be, words
from models.phrasebook import COLUMNS, PATH, REGISTERS, Phrase, read

ROWS = read()
_END = re.compile(r"[.?!…]$")
_INVERTED = re.compile(r"¿[^¿?]*\?|¡[^¡!]*!")
_SPACING = re.compile(r"^\s|\s$|\s{2}|\s[,.;:?!]|[^\S ]")
SIDES: dict[str, tuple[Callable[[Phrase], str], Callable[[Phrase], str]]] = {
    "en": (lambda row: row.english, lambda row: row.spanish),
    "es": (lambda row: row.spanish, lambda row: row.english),
}
"""For each language its side of a row and the other."""


def texts() -> Iterable[str]:
    return (text for row in ROWS for text in (row.english, row.spanish))


def test_every_line_has_four_columns() -> None:
    lines = PATH.read_text(encoding="utf-8").splitlines()
    assert lines[0].split("\t") == list(COLUMNS)
    assert {line.count("\t") for line in lines} == {3}
    assert len(ROWS) == len(lines) - 1 >= 600


def test_no_pair_comes_twice() -> None:
    times = Counter((row.english, row.spanish) for row in ROWS)
    assert [pair for pair, count in times.items() if count > 1] == []


def test_every_row_has_a_topic_and_a_known_register() -> None:
    assert {row.register for row in ROWS} == set(REGISTERS)
    assert [row for row in ROWS if not row.topic.isidentifier()] == []


def test_every_sentence_ends_with_a_mark() -> None:
    assert [text for text in texts() if not _END.search(text)] == []


def test_every_sentence_is_spaced_as_it_is_printed() -> None:
    assert [text for text in texts() if _SPACING.search(text)] == []


def test_opening_marks_are_closed_and_closing_ones_opened_in_spanish_alone() -> None:
    spanish = [row.spanish for row in ROWS if re.search("[¿?¡!]", _INVERTED.sub("", row.spanish))]
    assert spanish == []
    assert [row.english for row in ROWS if re.search("[¿¡]", row.english)] == []


def test_a_question_is_a_question_on_both_sides() -> None:
    assert [row for row in ROWS if asks(row.english) != asks(row.spanish)] == []


@pytest.mark.parametrize("code", SIDES)
def test_the_memory_says_the_first_row_that_reads_as_a_text(code: str) -> None:
    memory = Memory(data_path("models") / COMPACT_FOLDER / MEMORY)
    own, other = SIDES[code]
    alike: dict[str, list[Phrase]] = {}
    for row in ROWS:
        alike.setdefault(key(own(row)), []).append(row)
    wrong = []
    for row in ROWS:
        text = own(row)
        first = next(
            one
            for one in alike[key(text)]
            if asks(own(one)) == asks(text)
            and may_be(text, own(one))
            and words(text) == words(own(one))
        )
        if memory.known(text, code) != other(first):
            wrong.append((text, other(first), memory.known(text, code)))
    assert wrong == []


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("english\tspanish\n", "does not begin with the columns english, spanish"),
        ("\t".join(COLUMNS) + "\nHello.\tHola.\n", "shorter"),
        ("\t".join(COLUMNS) + "\nHello.\tHola.\ta\t\tb\n", "longer"),
    ],
)
def test_a_row_that_is_none_is_an_error(tmp_path: Path, content: str, error: str) -> None:
    path = tmp_path / "en-es.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=error):
        read(path)


def test_a_quotation_mark_is_a_letter_like_others(tmp_path: Path) -> None:
    path = tmp_path / "en-es.tsv"
    path.write_text("\t".join(COLUMNS) + '\n"Hi," he said.\t"Hola", dijo.\ta\t\n', encoding="utf-8")
    assert read(path) == [
        Phrase(english='"Hi," he said.', spanish='"Hola", dijo.', topic="a", register="")
    ]


@pytest.mark.parametrize("code", ["en", "es"])
def test_no_variant_of_the_test_set_stands_in_the_phrasebook(code: str) -> None:
    folder = Path(__file__).parents[1] / "mt" / "phrases"
    (path,) = folder.glob(f"variants-{code}-*.tsv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        asked = {key(row["text"]): row["text"] for row in rows}
    book = {key(phrase.english if code == "en" else phrase.spanish) for phrase in ROWS}
    assert [asked[found] for found in book & asked.keys()] == []
