"""Local agreement: what two hypotheses in a row have in common, and is safe."""

import pytest

from live_translator.asr.agreement import LocalAgreement, Margins, Unit

ANYWHERE = Margins(sure_s=0.0, doubtful_s=0.0, sure_probability=0.0, mark_s=0.0)


def units(text: str, *, probability: float = 1.0) -> tuple[Unit, ...]:
    """Words of a second each, one after the other; a mark by itself is a word."""
    return tuple(
        Unit(f" {word}", (number,), float(number), number + 1.0, probability)
        for number, word in enumerate(text.split())
    )


@pytest.mark.parametrize(
    ("hypotheses", "committed"),
    [
        (["and so"], [0]),
        (["and so", "and so my"], [0, 2]),
        (["And so", "and so my"], [0, 2]),
        (["and so", "and saw my"], [0, 1]),
        (["hard-working men", "hardworking men"], [0, 2]),
        (["we're all", "we\u2019re all"], [0, 2]),
        (["and so", "but so"], [0, 0]),
        (["a b", "a b c", "c d"], [0, 2, 1]),
        (["country .", "country ."], [0, 2]),
        (["country .", "country . Ask"], [0, 2]),
        (["country .", "country , ask"], [0, 1]),
        (["so we", "so , we"], [0, 3]),
        (["so , we", "so we ."], [0, 2]),
        (["so .", "so"], [0, 1]),
        (["", "a"], [0, 0]),
        (["a b", "", "a b"], [0, 0, 0]),
    ],
)
def test_the_longest_common_beginning_is_committed(
    hypotheses: list[str], committed: list[int]
) -> None:
    agreement = LocalAgreement(ANYWHERE)
    assert [agreement.step(units(text), 100.0) for text in hypotheses] == committed


@pytest.mark.parametrize(
    ("probability", "audio_s", "committed"),
    [(0.9, 3.0, 2), (0.9, 2.4, 1), (0.9, 1.4, 0), (0.3, 3.0, 1), (0.3, 4.0, 2), (0.3, 2.9, 0)],
)
def test_a_word_near_the_end_of_the_audio_waits_and_a_doubtful_one_longer(
    probability: float, audio_s: float, committed: int
) -> None:
    margins = Margins(sure_s=0.5, doubtful_s=2.0, sure_probability=0.5, mark_s=0.0)
    agreement = LocalAgreement(margins)
    hypothesis = units("and so", probability=probability)
    agreement.step(hypothesis, audio_s)
    assert agreement.step(hypothesis, audio_s) == committed


@pytest.mark.parametrize(("audio_s", "committed"), [(1.9, 1), (2.0, 2), (9.0, 2)])
def test_a_mark_waits_for_a_pause_behind_its_word(audio_s: float, committed: int) -> None:
    agreement = LocalAgreement(
        Margins(sure_s=0.0, doubtful_s=9.0, sure_probability=0.5, mark_s=1.0)
    )
    hypothesis = (Unit(" country", (1,), 0.0, 1.0), Unit(".", (2,), 1.0, audio_s, 0.1))
    agreement.step(hypothesis, audio_s)
    assert agreement.step(hypothesis, audio_s) == committed


def test_after_a_reset_nothing_is_agreed_with() -> None:
    agreement = LocalAgreement(ANYWHERE)
    agreement.step(units("and so"), 9.0)
    agreement.reset()
    assert agreement.step(units("and so"), 9.0) == 0


@pytest.mark.parametrize(
    ("text", "punctuation"),
    [(" word", False), (",", True), (" ¿", True), ("7", False), ("。", True)],
)
def test_punctuation_is_what_has_no_letter(text: str, punctuation: bool) -> None:
    assert Unit(text, (1,), 0.0, 1.0).is_punctuation is punctuation
