"""Pairs that are made from templates say the same in both languages."""

import random
import re

import pytest

from live_translator.mt.quantities import lost
from models.train.templates import FILLERS, TEMPLATES, filled, pairs
from tests.mt.generated import TEMPLATES as TEMPLATES_OF_TESTS

SLOTS = re.compile(r"\{([a-z_]+\d?)")


def bare(template: str) -> str:
    return re.sub(r"\{.*?\}|\W", "", template).casefold()


def test_nothing_is_lost_in_two_thousand_pairs_either_way() -> None:
    wrong = [
        (english, spanish, faults)
        for english, spanish in pairs(2000, seed=1)
        if (faults := lost(english, spanish, "en", "es") + lost(spanish, english, "es", "en"))
    ]
    assert wrong == []


def test_the_same_seed_makes_the_same_pairs_and_hardly_one_comes_twice() -> None:
    made = pairs(2000, seed=2)
    assert made == pairs(2000, seed=2)
    assert made != pairs(2000, seed=3)
    assert len(set(made)) > 1980


def test_there_are_templates_enough_and_each_takes_part() -> None:
    assert len(set(TEMPLATES)) >= 150
    assert len(pairs(len(TEMPLATES), seed=1)) == len(TEMPLATES)


def test_both_sides_of_a_template_have_the_same_slots() -> None:
    for english, spanish in TEMPLATES:
        assert sorted(SLOTS.findall(english)) == sorted(SLOTS.findall(spanish)), english


def test_every_filler_is_used() -> None:
    used = {slot.rstrip("0123456789") for side, _ in TEMPLATES for slot in SLOTS.findall(side)}
    assert used == set(FILLERS)


@pytest.mark.parametrize(("code", "side"), [("en", 0), ("es", 1)])
def test_no_template_is_one_of_those_that_the_translator_is_tested_with(
    code: str, side: int
) -> None:
    trained = {bare(template[side]) for template in TEMPLATES}
    assert trained.isdisjoint(bare(template) for template in TEMPLATES_OF_TESTS[code])


def test_a_pair_has_no_slot_left_and_is_a_sentence() -> None:
    for english, spanish in pairs(1000, seed=4):
        for text in (english, spanish):
            assert not re.search(r"[{}]|\s\s|\s[.,?]", text)
            assert text[-1] in ".?"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (("{count}", "{count:f} sillas"), {"veintiuna sillas", "treinta y una sillas"}),
        (("{count}", "{count} libros"), {"veintiún libros", "treinta y un libros"}),
        (("{count}", "el {count:alone}"), {"el veintiuno", "el treinta y uno"}),
        (("{hundreds}", "{hundreds:f} casas"), {"quinientas casas", "doscientas diez casas"}),
        (("{large}", "{large} libros"), {"veintiún mil libros"}),
    ],
)
def test_a_spanish_number_agrees_with_its_noun(
    template: tuple[str, str], expected: set[str]
) -> None:
    rng = random.Random(1)
    made = {filled(template, rng)[1].casefold() for _ in range(3000)}
    assert expected <= made


def test_two_slots_of_a_kind_have_different_fillings() -> None:
    template = ("{few} and {few2}", "{few} y {few2}")
    made = [filled(template, random.Random(seed)) for seed in range(50)]
    assert all(english.split(" and ")[0] != english.split(" and ")[1] for english, _ in made)
