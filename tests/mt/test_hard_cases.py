"""Two hundred inputs that tempt a small network to make something up, through the real models.

Names and numbers that no training text has, words that are none, scraps of sentences as they
grow, hesitations, long chains of clauses. Nothing is compared with a reference: what the
source has must be there, and nothing that it has not.
"""

import contextlib
import csv
import re
from pathlib import Path

import pytest

from live_translator.config import Config
from live_translator.languages import language
from live_translator.model_store import ModelStore
from live_translator.mt.apertium import ApertiumTranslator
from live_translator.mt.engines import choose

CASES = Path(__file__).parent / "data" / "hard_cases.tsv"
FAVOURITES = {"tom", "mary", "maría", "boston", "john", "alice", "libreoffice", "python", "covid"}
"""Names that the training text has by the thousand: the first that a network makes up."""
Said = tuple[str, list[str], str]
"""A source, what of it must be kept, and its translation."""
MAX_RATIO, SLACK_WORDS = 1.8, 3

pytestmark = pytest.mark.skipif(
    not ApertiumTranslator.available(language("en"), language("es")),
    reason="needs Apertium: apt-get install apertium apertium-eng-spa",
)


def cases(code: str) -> list[tuple[str, list[str]]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            (row["source"], [kept for kept in row["kept"].split(";") if kept])
            for row in rows
            if row["from"] == code
        ]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((pair, complete), id=f"{pair} {'whole' if complete else 'growing'}")
        for pair in ("en-es", "es-en")
        for complete in (True, False)
    ],
)
def said(request: pytest.FixtureRequest) -> list[Said]:
    pair, complete = request.param
    source, target = pair.split("-")
    translator = choose(
        language(source), language(target), Config().mt, ModelStore.default(), complete=complete
    )
    assert translator is not None
    with contextlib.closing(translator):
        return [(text, kept, translator.translate(text)) for text, kept in cases(source)]


def test_every_name_and_number_of_the_source_is_said(said: list[Said]) -> None:
    lost = []
    for source, kept, target in said:
        for alternatives in kept:
            if not any(word in target for word in alternatives.split("|")):
                lost.append((source, target, alternatives))
    assert lost == []


def test_nothing_is_said_that_the_source_does_not_say(said: list[Said]) -> None:
    invented = []
    for source, kept, target in said:
        words = {word.strip("\u00bf\u00a1.,;:!?\"'()").casefold() for word in target.split()}
        names = {name for name in FAVOURITES & words if name not in source.casefold()}
        digits = set(re.findall(r"\d+", re.sub(r"(?<=\d)[.,](?=\d)", "", target)))
        known = set(re.findall(r"\d+", re.sub(r"(?<=\d)[.,](?=\d)", "", source)))
        known |= {digit for alternatives in kept for digit in re.findall(r"\d+", alternatives)}
        too_long = len(target.split()) > MAX_RATIO * len(source.split()) + SLACK_WORDS
        if names or digits - known or too_long or not target.strip():
            invented.append((source, target))
    assert invented == []
