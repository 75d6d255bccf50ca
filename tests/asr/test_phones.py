"""How alike words sound."""
# ruff: noqa: RUF001 - letters of the IPA

import numpy as np
import pytest

from live_translator.asr.phones import Lexicon, Phones, parse, weight


def likeness(one: str, other: str, least: float = 0.0) -> float:
    return float(Lexicon([parse(one)]).likeness(parse(other), least=least)[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [("ʃɪvˈɔːn", "ʃɪvɔn"), ("tʃ", "t͡ʃ"), ("nʲˈiəv", "niəv"), ("ɪks|ɛks", "ɪksɛks")],
)
def test_stress_length_and_ties_do_not_count(one: str, other: str) -> None:
    assert parse(one) == parse(other)


@pytest.mark.parametrize(
    ("name", "heard", "other"),
    [
        ("ʃɪvɔn", "ʃɪvæn", "sɛvən"),  # Siobhan: Shivan, seven
        ("pʃɨbɨlski", "piʃɪbɪlski", "pɑsɪbli"),  # Przybylski: P. Shibilski, possibly
        ("kɔvalt͡ʃɨk", "koʊvəltʃɪk", "kɒmədi"),  # Kowalczyk: Covel Chick, comedy
        ("brantibo", "bɹæntɪvoʊ", "bʌtweɪv"),  # Brantivo: Brandtivo, but we've
    ],
)
def test_a_name_misheard_is_more_like_it_than_another_word(
    name: str, heard: str, other: str
) -> None:
    assert likeness(name, name) == 1.0
    assert likeness(name, heard) > max(0.7, likeness(name, other))


def test_likeness_is_the_same_both_ways_and_alone_or_among_others() -> None:
    words = [parse(ipa) for ipa in ("ʃɪvɔn", "ɡɹæfɑnə", "kubɚnɛtiz", "ifə", "n")]
    together = np.array([Lexicon(words).likeness(word) for word in words])
    assert np.allclose(together, together.T)
    assert np.allclose(np.diag(together), 1.0)
    alone = np.array([[Lexicon([one]).likeness(other)[0] for one in words] for other in words])
    assert np.allclose(together, alone)
    assert (together >= 0.0).all()


def test_only_words_that_are_too_unlike_are_left_out_for_their_length() -> None:
    lexicon = Lexicon([parse(ipa) for ipa in ("ʃɪvɔn", "ɡɹæfɑnə", "kubɚnɛtiz", "ifə", "n")])
    for ipa in ("ʃɪvæn", "ɡɹæf", "ɪftəmɒɹəʊ", "iə"):
        whole, some = lexicon.likeness(parse(ipa)), lexicon.likeness(parse(ipa), least=0.6)
        assert np.allclose(some[whole >= 0.6], whole[whole >= 0.6])
        assert ((some == 0.0) | np.isclose(some, whole)).all()
    assert (lexicon.likeness(parse("kubɚnɛtiz"), least=0.6) > 0.0).tolist() == [
        *(False, True, True, False, False)
    ]


def test_nothing_said_and_nothing_known_is_like_nothing() -> None:
    assert Lexicon([]).likeness(parse("ifə")).size == 0
    assert not Lexicon([parse("ifə")]).likeness(()).any()
    nothing: Phones = ()
    assert weight(nothing) == 0.0 < weight(parse("ə")) < weight(parse("k"))
