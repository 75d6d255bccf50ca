"""Agreement with the public scorers: as recorded in data/, and live where installed."""

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.metrics import erasure, longform, offsets, quality
from benchmarks.metrics.resegmentation import mwer_slices, soft_slices
from benchmarks.recognition import normalise
from live_translator import latency

Example = dict[str, Any]

EXAMPLES: list[Example] = json.loads(
    (Path(__file__).parent / "data" / "scorer_examples.json").read_text(encoding="utf-8")
)["examples"]


def delays(example: Example, aware: bool) -> list[float]:
    return [ms / 1000 for ms in example["elapsed_ms" if aware else "delays_ms"]]


def sentences(example: Example) -> list[longform.Sentence]:
    return [longform.Sentence(**sentence) for sentence in example["sentences"]]


def references(example: Example) -> list[str]:
    return [sentence["text"] for sentence in example["sentences"]]


def reference_words(example: Example) -> int:
    return len(" ".join(references(example)).split())


def source_s(example: Example) -> float:
    return float(example["sentences"][-1]["end_s"])


def sounded(example: Example) -> list[latency.Target]:
    return [(due / 1000, start / 1000, end / 1000) for due, start, end in example["speech_ms"]]


def segments(example: Example, cut: Callable[[Sequence[str], Sequence[str]], list[slice]]) -> Any:
    words = example["words"]
    return [" ".join(words[own]) for own in cut(references(example), words)]


TIMED: dict[str, Callable[[Example, list[float]], float]] = {
    "simuleval AL": lambda one, s: latency.al(s, source_s(one), reference_words(one)),
    "simuleval LAAL": lambda one, s: latency.laal(s, source_s(one), reference_words(one)),
    "simuleval DAL": lambda one, s: latency.dal(s, source_s(one)),
    "simuleval AP": lambda one, s: latency.ap(s, source_s(one), reference_words(one)),
    "simuleval StartOffset": lambda one, s: offsets.start_offset(s),
    "simuleval EndOffset": lambda one, s: offsets.end_offset(s, source_s(one)),
    "simulstream StreamLAAL": lambda one, s: longform.stream_laal(one["words"], s, sentences(one)),
    "omnisteval YAAL": lambda one, s: longform.yaal(s, source_s(one), reference_words(one)),
    "omnisteval LongYAAL": lambda one, s: longform.long_yaal(one["words"], s, sentences(one)),
    "omnisteval LongLAAL": lambda one, s: longform.long_laal(one["words"], s, sentences(one)),
}
UNTIMED: dict[str, Callable[[Example], float]] = {
    "simuleval ATD_speech": lambda one: latency.atd(source_s(one), sounded(one)),
    "simuleval EndOffset_speech": lambda one: offsets.end_offset(
        [end_s for _, _, end_s in sounded(one)], source_s(one)
    ),
    "simuleval BLEU": lambda one: quality.bleu(
        [" ".join(references(one))], [" ".join(one["words"])]
    ),
    "simuleval ASR_BLEU": lambda one: quality.asr_bleu(
        [" ".join(references(one))], [" ".join(one["words"])]
    ),
    "simulstream erasure": lambda one: erasure.normalised_erasure([one["history"]]),
    "omnisteval BLEU": lambda one: quality.bleu(references(one), segments(one, soft_slices)),
    "omnisteval chrF": lambda one: quality.chrf(references(one), segments(one, soft_slices)),
}


def test_the_examples_are_varied_and_most_have_scores() -> None:
    assert len(EXAMPLES) >= 9
    assert sum(not example["words"] for example in EXAMPLES) == 1
    for name in [*TIMED, *UNTIMED]:
        scorer, column = name.split()
        scored = [one for one in EXAMPLES if one[scorer][column] is not None]
        assert len(scored) >= len(EXAMPLES) - 2, name


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example["name"]))
@pytest.mark.parametrize("name", TIMED)
@pytest.mark.parametrize("aware", [False, True], ids=["unaware", "aware"])
def test_latency_agrees_with_the_scorer(name: str, aware: bool, example: Example) -> None:
    scorer, column = name.split()
    check(example[scorer][column + "_CA" * aware], TIMED[name](example, delays(example, aware)))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example["name"]))
@pytest.mark.parametrize("name", UNTIMED)
def test_speech_captions_and_quality_agree_with_the_scorer(name: str, example: Example) -> None:
    scorer, column = name.split()
    check(example[scorer][column], UNTIMED[name](example))


def check(expected: float | None, found: float) -> None:
    if expected is None:
        assert math.isnan(found)
    else:
        assert found == pytest.approx(expected, abs=1e-6, rel=0)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example["name"]))
@pytest.mark.parametrize(
    ("scorer", "cut"), [("simulstream", mwer_slices), ("omnisteval", soft_slices)]
)
def test_sentences_get_the_words_that_the_scorer_gives_them(
    scorer: str, cut: Callable[[Sequence[str], Sequence[str]], list[slice]], example: Example
) -> None:
    slices = cut(references(example), example["words"])
    assert [own.stop - own.start for own in slices] == example[scorer]["sizes"]


def test_word_error_rate_agrees_where_the_scorer_has_nothing_to_normalise() -> None:
    # SimulEval compares raw words, so only texts that are normal already can agree.
    plain = [
        (one, reference, text)
        for one in EXAMPLES
        for reference, text in [(" ".join(references(one)), " ".join(one["words"]))]
        if text and normalise(reference) == reference and normalise(text) == text
    ]
    assert len(plain) >= 2
    for one, reference, text in plain:
        check(one["simuleval"]["WER"], quality.wer([reference], [text]))


texts = st.lists(st.sampled_from([*"abcd", "ab", "Ba", "."]), max_size=12)
streams = st.tuples(st.lists(texts.map(" ".join), min_size=1, max_size=6), texts)


@given(streams)
@settings(max_examples=300)
def test_minimum_edit_cuts_are_those_of_mweralign_where_it_is_installed(
    stream: tuple[list[str], list[str]],
) -> None:
    mweralign = pytest.importorskip("mweralign.mweralign", reason="needs mweralign")
    lines, words = stream
    # Its reader drops an empty last line, and with it a segment.
    lines = [*lines, "a"]
    aligned = mweralign.align_texts("\n".join(lines), " ".join(words)).split("\n")
    slices = mwer_slices(lines, words)
    assert [" ".join(words[own]) for own in slices] == [" ".join(line.split()) for line in aligned]


@given(streams)
@settings(max_examples=300)
def test_soft_cuts_are_those_of_omnisteval_where_it_is_installed(
    stream: tuple[list[str], list[str]],
) -> None:
    omnisteval = pytest.importorskip("omnisteval.alignment", reason="needs omnisteval")
    tokenization = pytest.importorskip("omnisteval.tokenization", reason="needs omnisteval")
    lines, words = stream
    lines = [*lines, "a"]
    reference = [
        omnisteval.Word(word, seq_id=index)
        for index, line in enumerate(lines)
        for word in line.split()
    ]
    output = [omnisteval.Word(word) for word in words]
    (reference,) = tokenization.tokenize_words([reference], None)
    (output,) = tokenization.tokenize_words([output], None)
    owned = omnisteval.process_alignment(
        *omnisteval.align_sequences(reference, output, False), False
    )
    sizes = [sum(word.seq_id == index for word in owned) for index in range(len(lines))]
    slices = soft_slices(lines, words)
    assert [own.stop - own.start for own in slices] == sizes
    assert [word.original for own in slices for word in output[own]] == [
        word.original for word in owned
    ]
