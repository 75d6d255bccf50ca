"""Sentences as they are spoken, recognised and not yet over."""

import random

import pytest

from models.train.variants import (
    Change,
    bare,
    continued,
    hesitant,
    in_words,
    unfinished,
    varied,
    without_stop,
)

CHANCE = 20
"""Draws that are tried where chance decides."""


@pytest.mark.parametrize(
    ("change", "pair", "expected"),
    [
        (without_stop, ("I see.", "Ya veo."), ("I see", "Ya veo")),
        (without_stop, ("Do you?", "¿Sí?"), None),
        (bare, ("Well, I'm 5!", "¡Pues tengo 5!"), ("well i'm 5", "¡Pues tengo 5!")),
        (bare, ("A well-kept 'thing'.", "Algo."), ("a well-kept thing", "Algo.")),
        (unfinished, ("No comma here.", "Sin coma."), None),
        (unfinished, ("One, two.", "Uno y dos."), None),
        (continued, ("If so, I go.", "Si es así, voy."), ("I go.", "voy.")),
        (continued, ("It costs 1,000 now.", "Cuesta 1,000 ahora."), None),
    ],
)
def test_a_change_is_made_where_it_applies(
    change: Change, pair: tuple[str, str], expected: tuple[str, str] | None
) -> None:
    assert change(*pair, "en", random.Random(1)) == expected


def test_an_unfinished_sentence_ends_with_the_same_clause_on_both_sides() -> None:
    made = {
        unfinished("If so, I go, too.", "Si es así, voy, yo también.", "en", random.Random(seed))
        for seed in range(CHANCE)
    }
    assert made == {
        ("If so", "Si es así"),
        ("If so,", "Si es así,"),
        ("If so, I go", "Si es así, voy"),
        ("If so, I go,", "Si es así, voy,"),
    }


@pytest.mark.parametrize(
    ("language", "source", "expected"),
    [
        ("en", "He is 42 years old.", "He is forty-two years old."),
        ("es", "Tiene 42 años.", "Tiene cuarenta y dos años."),
        ("en", "It costs 3.50 or 5%.", None),
        ("en", "No number.", None),
    ],
)
def test_whole_numbers_are_spelt_out(language: str, source: str, expected: str | None) -> None:
    made = in_words(source, "x", language, random.Random(1))
    assert made == (expected and (expected, "x"))


def test_a_hesitation_adds_to_the_source_and_takes_nothing_from_it() -> None:
    source = "I think that we should go home."
    for seed in range(CHANCE):
        made = hesitant(source, "x", "en", random.Random(seed))
        assert made is not None
        left = iter(made[0].lower().split())
        assert all(word in left for word in source.lower().split())
        assert len(made[0]) > len(source)


def test_a_variant_never_is_empty() -> None:
    for seed in range(500):
        for pair in (
            ("Yes, well.", "Sí, bueno."),
            ("Go.", "Ve."),
            ("...", "..."),
            ("a, b", "a, b"),
        ):
            made = varied(*pair, "en", random.Random(seed))
            assert made is None or all(text.strip() for text in made)
