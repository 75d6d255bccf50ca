"""Apertium kept open: the same text as its own command, a sentence at a time."""

import csv
import re
import subprocess
from pathlib import Path

import pytest

from live_translator.errors import ModelError
from live_translator.languages import language
from live_translator.mt.apertium import ApertiumTranslator

EN, ES = language("en"), language("es")

needs_apertium = pytest.mark.skipif(
    not ApertiumTranslator.available(EN, ES),
    reason="needs Apertium: apt-get install apertium apertium-eng-spa",
)


def test_a_pair_that_is_not_installed_names_its_package() -> None:
    japanese = language("ja")
    assert not ApertiumTranslator.available(EN, japanese)
    with pytest.raises(ModelError, match="apt-get install apertium apertium-eng-jpn"):
        ApertiumTranslator(EN, japanese)


@needs_apertium
@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("The house is big.", "La casa es grande."),
        ("", ""),
        ("It costs $5/kg [now].", "Cuesta $5/kg [ahora]."),
        ("a\0b ~ c\n", None),
        ("^half/a<n>$ \\ {open", None),
    ],
)
def test_any_text_is_answered(source: str, target: str | None) -> None:
    engine = ApertiumTranslator(EN, ES)
    answer = engine.translate(source)
    assert target is None or answer == target
    assert "\0" not in answer
    assert engine.translate("The house is big.") == "La casa es grande."
    engine.close()
    engine.close()


@needs_apertium
def test_a_chain_that_was_killed_is_started_again() -> None:
    engine = ApertiumTranslator(EN, ES)
    engine._chain[3].kill()
    engine._chain[3].wait()
    assert engine.translate("The house is big.") == "La casa es grande."
    engine.close()
    assert engine._chain == []


@pytest.mark.slow
@needs_apertium
@pytest.mark.parametrize(("column", "pair"), [(0, "eng-spa"), (1, "spa-eng")])
def test_the_open_chain_says_what_the_command_says(shared: Path, column: int, pair: str) -> None:
    with (shared / "mt" / "flores-dev.en-es.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[:100]
    sentences = [re.sub(r"(?<=\w)-(?=\w)", " ", row[column]) for row in rows]
    done = subprocess.run(
        ["apertium", "-u", "-f", "txt", pair],
        input="\n\n".join(sentences) + "\n",
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    engine = ApertiumTranslator(*((EN, ES) if column == 0 else (ES, EN)))
    mine = [engine.translate(sentence) for sentence in sentences]
    engine.close()
    assert mine == [text.strip() for text in done.stdout.split("\n\n")]
