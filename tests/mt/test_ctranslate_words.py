"""The neural adapters on a real model that says what the test wrote into it, word for word."""

from pathlib import Path

import pytest

from live_translator.errors import SegmentError
from live_translator.languages import language
from live_translator.mt.ctranslate import NllbTranslator, OpusTranslator
from tests.mt.tiny_model import chain, save_model, train_pieces

EN, ES = language("en"), language("es")
SPANISH, ENGLISH = "la casa es grande.", "the house was big!"
LOOP = "sin fin y otra vez"
SENTENCES = (SPANISH, ENGLISH, "mi propia vieja casa", LOOP)


@pytest.fixture(scope="module")
def nllb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """After a language's token comes that language's one sentence; LOOP never ends."""
    folder = tmp_path_factory.mktemp("nllb-tiny")
    pieces = train_pieces(folder, "sentencepiece.bpe.model", SENTENCES)
    followers = (
        chain(pieces, ES.flores, SPANISH, "</s>")
        | chain(pieces, EN.flores, ENGLISH, "</s>")
        | chain(pieces, "▁vez", LOOP.removesuffix(" vez"), "▁vez")
    )
    save_model(folder, [pieces], (EN.flores, ES.flores), followers)
    return folder


@pytest.fixture(scope="module")
def opus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("opus-mt-tiny")
    source = train_pieces(folder, "source.spm", SENTENCES[1:])
    target = train_pieces(folder, "target.spm", SENTENCES)
    save_model(folder, [source, target], (), chain(target, "</s>", SPANISH, "</s>"))
    return folder


def test_the_target_language_decides_what_is_said(nllb: Path) -> None:
    there = NllbTranslator(nllb, EN, ES, threads=1, beam_size=1)
    back = NllbTranslator(nllb, ES, EN, threads=1, beam_size=2)
    assert there.translate("the house") == SPANISH
    assert back.translate("la casa") == ENGLISH


def test_opus_has_a_vocabulary_for_each_side(opus: Path) -> None:
    engine = OpusTranslator(opus, EN, ES, threads=1, beam_size=1)
    assert engine.translate("the house") == SPANISH
    assert engine.translate("the house", prefix="mi casa") == "mi casa es grande."


@pytest.mark.parametrize(
    ("prefix", "whole"),
    [
        ("la", SPANISH),
        ("la casa", SPANISH),
        ("mi propia vieja casa", "mi propia vieja casa es grande."),
        ("Ñandú 日本 casa", "Ñandú 日本 casa es grande."),
        ("la casa es grande", SPANISH),
        (SPANISH, SPANISH),
    ],
)
@pytest.mark.parametrize("beam_size", [1, 4])
def test_the_prefix_stays_and_the_sentence_goes_on_behind_it(
    nllb: Path, prefix: str, whole: str, beam_size: int
) -> None:
    engine = NllbTranslator(nllb, EN, ES, threads=1, beam_size=beam_size)
    assert engine.translate("the house", prefix=prefix) == whole


def test_a_phrase_may_come_twice(nllb: Path) -> None:
    engine = NllbTranslator(nllb, EN, ES, threads=1, beam_size=1)
    prefix = "la casa es grande mi casa"
    assert engine.translate("the house", prefix=prefix) == f"{prefix} es grande."
    prefix = "la casa es grande la casa es"
    assert engine.translate("the house", prefix=prefix) == f"{prefix} grande."


def test_a_loop_is_broken_and_bounded(nllb: Path) -> None:
    engine = NllbTranslator(nllb, EN, ES, threads=1, beam_size=1)
    words = engine.translate("the house was big", prefix="sin").split()
    assert words[:5] == LOOP.split()
    assert words[5:10] != LOOP.split()
    assert len(words) < 40


def test_a_closed_engine_translates_no_more_but_fails_one_segment_only(nllb: Path) -> None:
    engine = NllbTranslator(nllb, EN, ES, threads=1, beam_size=1)
    engine.close()
    engine.close()
    with pytest.raises(SegmentError):
        engine.translate("the house")
