import pytest

from benchmarks.metrics import quality


@pytest.mark.parametrize(
    ("references", "transcripts", "expected"),
    [
        (["The cat sat."], ["the cat sat"], 0.0),
        (["the cat sat"], ["the hat sat down"], 2 / 3),
        (["one two", "three"], ["one two", ""], 1 / 3),  # over the corpus, not per text
        (["one"], ["one two three"], 2.0),
    ],
)
def test_word_errors_are_counted_without_case_and_punctuation(
    references: list[str], transcripts: list[str], expected: float
) -> None:
    assert quality.wer(references, transcripts) == pytest.approx(expected)


REFERENCE = ["¿Dónde está la biblioteca? No lo sé.", "Eso es todo, amigos."]
SPOKEN = ["dónde está la biblioteca no lo sé", "eso es todo amigos"]


def test_identical_texts_are_perfect() -> None:
    assert quality.bleu(REFERENCE, REFERENCE) == pytest.approx(100)
    assert quality.chrf(REFERENCE, REFERENCE) == pytest.approx(100)


def test_only_asr_bleu_forgives_what_a_voice_cannot_say() -> None:
    assert quality.bleu(REFERENCE, SPOKEN) < 60
    assert quality.asr_bleu(REFERENCE, SPOKEN) == pytest.approx(100)
    assert quality.asr_bleu(REFERENCE, ["dónde está", "eso es todo"]) < 60


def test_bleu_and_chrf_are_those_of_the_whole_corpus() -> None:
    swapped = quality.bleu(REFERENCE, [REFERENCE[0], "nada"])
    assert 0 < swapped < 100
    assert 0 < quality.chrf(REFERENCE, [REFERENCE[0], "nada"]) < 100
    assert quality.bleu(REFERENCE, ["", ""]) == 0


def test_languages_without_spaces_have_their_own_tokens() -> None:
    reference, output = ["今天天气很好我们去公园"], ["今天天气很好他们去公园"]
    assert quality.bleu(reference, output) == 0
    assert quality.bleu(reference, output, tokenize="zh") > 50
