"""Apertium kept open: the same text as its own command, a sentence at a time."""

import csv
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from live_translator.errors import ModelError, SegmentError
from live_translator.languages import language
from live_translator.mt import apertium
from live_translator.mt.apertium import ApertiumTranslator

EN, ES = language("en"), language("es")
HOUSE, CASA = "The house is big.", "La casa es grande."
TEXTS = (
    st.text()
    | st.text(alphabet="\\[]{}^$<>/@#*~.-\0\n aA1")
    | st.lists(st.sampled_from(["the", "house", "is", "don't", "it's", "1", ",", ".", "?"])).map(
        " ".join
    )
)

needs_apertium = pytest.mark.skipif(
    not ApertiumTranslator.available(EN, ES),
    reason="needs Apertium: apt-get install apertium apertium-eng-spa",
)


@pytest.fixture
def engine() -> Iterator[ApertiumTranslator]:
    translator = ApertiumTranslator(EN, ES)
    yield translator
    translator.close()


def processes(engine: ApertiumTranslator) -> list["subprocess.Popen[bytes]"]:
    assert engine._chain is not None
    return engine._chain._processes


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("ca", "Catalan-Italian.*run `sudo apt-get install apertium apertium-cat-ita`"),
        ("es", "Spanish-Italian.*run `sudo apt-get install apertium apertium-spa-ita`"),
        ("ja", "Apertium has no package for Japanese-Italian: use `--profile balanced`"),
    ],
)
def test_a_pair_that_is_not_installed_names_its_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str, advice: str
) -> None:
    monkeypatch.setattr(apertium, "_MODES", tmp_path)
    assert not ApertiumTranslator.available(language(code), language("it"))
    with pytest.raises(ModelError, match=advice):
        ApertiumTranslator(language(code), language("it"))


@needs_apertium
def test_data_without_the_programs_is_not_available(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert not ApertiumTranslator.available(EN, ES)
    with pytest.raises(ModelError, match="apt-get install apertium apertium-eng-spa"):
        ApertiumTranslator(EN, ES)


def test_a_program_that_cannot_be_started_leaves_none_behind() -> None:
    with pytest.raises(ModelError, match="no-such-program cannot be started"):
        apertium._Chain([["cat"], ["no-such-program"]])


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("two\nlines\0 and\ta tab", "two lines and a tab"),
        ("a well-known man", "a well known man"),
        ("COVID-19 in 1939-1945", "COVID 19 in 1939-1945"),
        ("a soft\u00adhyphen - and ~ this", "a softhyphen - and this"),
        (" \r\n", ""),
    ],
)
def test_text_becomes_one_line_that_the_dictionaries_know(text: str, plain: str) -> None:
    assert apertium._plain(text) == plain


@needs_apertium
@pytest.mark.parametrize(
    ("source", "target"),
    [
        (HOUSE, CASA),
        ("", ""),
        ("It costs $5/kg [now].", "Cuesta $5/kg [ahora]."),
        ("The blorf", "El blorf"),
        ("#1 and @you", "#1 y @tú"),
    ],
)
def test_a_sentence_comes_back_without_marks(
    engine: ApertiumTranslator, source: str, target: str
) -> None:
    assert engine.translate(source, prefix="ignored") == target


@needs_apertium
def test_the_mark_inside_a_phrase_without_translation_is_not_spoken() -> None:
    engine = ApertiumTranslator(ES, EN)
    assert engine.translate("Nos hemos dado cuenta.") == "We have darse cuenta."
    engine.close()


@needs_apertium
def test_every_text_is_answered_and_the_next_one_is_not_disturbed(
    engine: ApertiumTranslator,
) -> None:
    chain = engine._chain

    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(TEXTS)
    def check(text: str) -> None:
        answer = engine.translate(text)
        assert "\0" not in answer
        assert "\n" not in answer
        assert engine.translate(HOUSE) == CASA

    check()
    for text in ("\ud800 a surrogate", "very " * 40_000 + "long"):
        engine.translate(text)
        assert engine.translate(HOUSE) == CASA
    assert engine._chain is chain


@needs_apertium
def test_a_locale_that_does_not_exist_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "xx_YY.ISO-8859-1")
    engine = ApertiumTranslator(ES, EN)
    assert engine.translate("El niño comió.") == "The boy ate."
    engine.close()


@needs_apertium
@pytest.mark.parametrize("number", [0, 3, -1])
def test_a_chain_that_was_killed_is_started_again(engine: ApertiumTranslator, number: int) -> None:
    killed = processes(engine)[number]
    killed.kill()
    killed.wait()
    assert engine.translate(HOUSE) == CASA


@needs_apertium
def test_a_chain_that_always_ends_costs_the_sentence(engine: ApertiumTranslator) -> None:
    engine.close()
    whole = engine._commands
    engine._commands = [*whole[:3], ["true"], *whole[3:]]
    with pytest.raises(SegmentError, match="ends when it is given this sentence"):
        engine.translate(HOUSE)
    engine._commands = whole
    assert engine.translate(HOUSE) == CASA


@needs_apertium
def test_a_chain_that_hangs_costs_one_sentence(
    engine: ApertiumTranslator, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = processes(engine)[2]
    stopped.send_signal(signal.SIGSTOP)
    with monkeypatch.context() as patch:
        patch.setattr(apertium, "_TIMEOUT_S", 0.1)
        with pytest.raises(SegmentError, match="no answer"):
            engine.translate(HOUSE)
    assert stopped.returncode == -signal.SIGKILL
    assert engine.translate(HOUSE) == CASA


@needs_apertium
def test_closing_ends_every_program_and_may_be_repeated(engine: ApertiumTranslator) -> None:
    started = processes(engine)
    assert all(os.getsid(process.pid) != os.getsid(0) for process in started)
    engine.close()
    engine.close()
    assert all(process.returncode is not None for process in started)


@needs_apertium
@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux to watch a process")
def test_the_programs_end_when_ours_is_killed() -> None:
    script = (
        "import sys\n"
        "from live_translator.languages import language\n"
        "from live_translator.mt.apertium import ApertiumTranslator\n"
        "engine = ApertiumTranslator(language('en'), language('es'))\n"
        "print(*(process.pid for process in engine._chain._processes), flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as ours:
        assert ours.stdout is not None
        handles = [os.pidfd_open(int(pid)) for pid in ours.stdout.readline().split()]
        ours.kill()
        for handle in handles:
            assert select.select([handle], [], [], 10.0)[0]
            os.close(handle)
    assert len(handles) > 5


@pytest.mark.slow
@needs_apertium
@pytest.mark.parametrize(("column", "pair"), [(0, "eng-spa"), (1, "spa-eng")])
def test_the_open_chain_says_what_the_command_says(shared: Path, column: int, pair: str) -> None:
    with (shared / "mt" / "flores-dev.en-es.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[:200]
    sentences = [apertium._plain(row[column]) for row in rows]
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
