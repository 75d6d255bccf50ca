"""Policies compared on text, with an engine that says the source in capitals."""

from pathlib import Path

import pytest

from benchmarks import translation
from benchmarks.translation import Line, Remembering, Row, measure, messages, read_lines, stream
from live_translator.config import MtConfig
from live_translator.languages import language
from live_translator.mt.apertium import ApertiumTranslator

TEXT = "when it rains in the old town, we stay at home and read."
LINES = [Line(source=TEXT, reference=TEXT.upper()), Line(source="it rains.", reference="IT RAINS.")]


class Shouter:
    name = "shouter"

    def __init__(self, *, forces_prefix: bool = False) -> None:
        self.forces_prefix = forces_prefix
        self.asked: list[tuple[str, str]] = []

    def translate(self, source: str, *, prefix: str = "") -> str:
        self.asked.append((source, prefix))
        return source.upper()

    def close(self) -> None:
        """Nothing is held."""


def holdback(words: int, deadline: str = "none") -> MtConfig:
    return MtConfig(policy="holdback", holdback_words=words, deadline=deadline)


@pytest.mark.parametrize("seed", range(5))
def test_a_text_comes_in_as_it_would_be_recognised(seed: int) -> None:
    heard = list(messages(TEXT, seed))
    assert " ".join(message.committed.strip() for message in heard) == TEXT
    assert all(1 <= len(message.committed.split()) <= 3 for message in heard)
    assert [message.final for message in heard] == [False] * (len(heard) - 1) + [True]
    assert heard[-1].end_s == pytest.approx(translation.WORD_S * len(TEXT.split()))
    assert heard == list(messages(TEXT, seed))


def test_a_word_is_late_by_what_is_held_back_and_by_its_message() -> None:
    heard = [len(message.committed.split()) for message in messages(TEXT, 1)]
    ends = [sum(heard[: n + 1]) for n in range(len(heard))]
    at_once = stream(TEXT, Shouter(), holdback(0))
    assert at_once.text == TEXT.upper()
    assert at_once.delays_words == tuple(
        end for end, count in zip(ends, heard, strict=True) for _ in range(count)
    )
    held = stream(TEXT, Shouter(), holdback(2))
    assert held.text == TEXT.upper()
    total = len(TEXT.split())
    assert held.delays_words == tuple(
        next(end for end in ends if end >= min(word + 3, total)) for word in range(total)
    )


def test_holding_back_costs_lag_and_a_clause_saves_some() -> None:
    rows = [
        measure(LINES, Shouter(), config, name="")
        for config in (holdback(0), holdback(2), holdback(5), holdback(5, "clause"))
    ]
    lags = [row.lag_words for row in rows]
    assert lags[0] < lags[1] < lags[2]
    assert lags[1] < lags[3] < lags[2]
    # Nothing is lost by streaming what is translated word by word.
    assert [row.bleu_share for row in rows] == pytest.approx([1.0] * 4)
    assert rows[0].bleu == pytest.approx(100)


@pytest.mark.parametrize(("forces_prefix", "asked"), [(False, 2), (True, 3)])
def test_an_engine_is_asked_once_for_the_same_text(forces_prefix: bool, asked: int) -> None:
    engine = Shouter(forces_prefix=forces_prefix)
    remembering = Remembering(engine)
    for source, prefix in (("a b", ""), ("a b c", ""), ("a b", ""), ("a b", "A")):
        assert remembering.translate(source, prefix=prefix) == source.upper()
    assert len(engine.asked) == asked


def test_the_table_goes_from_early_to_late() -> None:
    rows = [
        Row(name=name, bleu=12.3, bleu_share=0.98, lag_words=lag, lag_p95_words=7.0)
        for name, lag in (("late", 5.1), ("early", 2.9))
    ]
    assert translation.table(rows).splitlines()[2:] == [
        "| early | 12.3 | 98% | 2.9 | 7.0 |",
        "| late | 12.3 | 98% | 5.1 | 7.0 |",
    ]


@pytest.fixture
def tsv(tmp_path: Path) -> Path:
    path = tmp_path / "lines.tsv"
    path.write_text('The "house" is big.\tLa casa es grande.\nYes.\tSí.\nNo.\tNo.\n', "utf-8")
    return path


def test_lines_are_read_as_they_stand(tsv: Path) -> None:
    assert read_lines(tsv, 2) == [
        Line(source='The "house" is big.', reference="La casa es grande."),
        Line(source="Yes.", reference="Sí."),
    ]


@pytest.mark.skipif(
    not ApertiumTranslator.available(language("en"), language("es")),
    reason="needs Apertium: apt-get install apertium apertium-eng-spa",
)
def test_the_program_prints_a_row_for_each_setting(
    tsv: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--policy", "holdback", "agreement", "--holdback-words", "1", "3"]
    monkeypatch.setattr("sys.argv", ["translation.py", "--lines", str(tsv), *options])
    assert translation.main() == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 2 + 3 * 3
    assert any(line.startswith("| holdback 3, clause at most |") for line in printed)
