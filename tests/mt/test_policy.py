"""Commit policies and what is still to be said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_translator.config import MtConfig
from live_translator.mt.policy import HoldBack, LocalAgreement, make_policy, remaining_words


@pytest.mark.parametrize(
    ("words", "remaining", "safe"),
    [(2, "", 0), (2, "a b", 0), (2, "a b c", 1), (0, "a b", 2), (9, "a b", 0)],
)
def test_hold_back_keeps_the_last_words(words: int, remaining: str, safe: int) -> None:
    assert HoldBack(words).step(remaining.split()) == safe


def test_agreement_commits_what_two_translations_share() -> None:
    policy = LocalAgreement()
    texts = ["la casa", "la casa blanca", "blanca y grande", "y pequeña"]
    assert [policy.step(text.split()) for text in texts] == [0, 2, 1, 1]
    policy.reset()
    assert policy.step(["pequeña"]) == 0


@pytest.mark.parametrize(
    ("policy", "forces_prefix", "kind"),
    [
        ("auto", True, LocalAgreement),
        ("auto", False, HoldBack),
        ("holdback", True, HoldBack),
        ("agreement", False, LocalAgreement),
    ],
)
def test_the_policy_suits_the_engine_unless_it_is_named(
    policy: str, forces_prefix: bool, kind: type
) -> None:
    assert isinstance(make_policy(MtConfig(policy=policy), forces_prefix=forces_prefix), kind)


@pytest.mark.parametrize(
    ("committed", "hypothesis", "remaining"),
    [
        ("", "la casa", "la casa"),
        ("la", "la casa", "casa"),
        ("la casa", "la casa blanca", "blanca"),
        ("el blanco", "la casa blanca", "blanca"),
        ("los buenos", "las buenas amigas", "amigas"),
        ("un banco", "una orilla del río", "del río"),
        ("Éramos todos", "éramos todos, yendo", "yendo"),
        ("quiero ir", "yo quiero ir a casa", "a casa"),
        ("yo quiero ir", "quiero ir a casa", "a casa"),
        ("la casa", "la casa", ""),
        ("la casa es", "la casa", ""),
        ("a b", "", ""),
    ],
)
def test_what_was_said_is_not_said_again_and_nothing_is_lost(
    committed: str, hypothesis: str, remaining: str
) -> None:
    assert " ".join(remaining_words(committed.split(), hypothesis.split())) == remaining


words = st.lists(st.sampled_from(["la", "casa", "casas", "blanca", "es"]), max_size=8)


@given(words, words)
def test_an_unchanged_beginning_leaves_exactly_the_rest(before: list[str], rest: list[str]) -> None:
    assert list(remaining_words(before, [*before, *rest])) == rest


@given(words, words)
def test_what_remains_is_an_end_of_the_hypothesis(before: list[str], after: list[str]) -> None:
    remaining = list(remaining_words(before, after))
    assert after[len(after) - len(remaining) :] == remaining
