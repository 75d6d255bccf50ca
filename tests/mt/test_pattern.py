"""What may stand for what in a sentence that people have translated, and what may not."""

import itertools
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from live_translator.mt.pattern import Pattern, filled, is_open, pattern

CODES = {"en": "es", "es": "en"}


def required(text: str, code: str) -> Pattern:
    found = pattern(text, code)
    assert found is not None
    return found


def said(source: str, target: str, text: str, code: str = "en") -> str | None:
    """Return what is said for a text, where `target` is how people have said `source`."""
    old, new = required(source, code), required(text, code)
    assert old.key == new.key
    return filled(target, CODES[code], old, new)


@pytest.mark.parametrize(
    ("text", "code", "key", "fillers"),
    [
        ("Tom has 3 cats.", "en", "x has 0 cats", ["Tom", "3"]),
        ("I have thirty-two chairs.", "en", "i have 0 chairs", ["thirty-two"]),
        ("I live in Madrid.", "en", "i live in x", ["Madrid"]),
        ("Madrid and Rome.", "en", "madrid and x", ["Rome"]),  # The first word may be any.
        ("Mary's late.", "en", "x's late", ["Mary"]),
        ("Tengo 1.500 libros.", "es", "tengo 0 libros", ["1.500"]),
        ("¿Conoces a Ana?", "es", "conoces a x", ["Ana"]),
        ("He said: Come to Paris.", "en", "he said come to x", ["Paris"]),
        ("I have Twenty-two cats.", "en", "i have 0 cats", ["Twenty-two"]),
        ("He ran 2.5 km.", "en", "he ran 0 km", ["2.5"]),
    ],
)
def test_a_pattern_is_a_sentence_without_its_names_and_numbers(
    text: str, code: str, key: str, fillers: list[str]
) -> None:
    found = required(text, code)
    assert found.key == key
    assert [filler.text for filler in found.fillers] == fillers
    assert [text[filler.begin : filler.end] for filler in found.fillers] == fillers


def test_a_filler_has_the_value_of_its_number() -> None:
    values = [filler.value for filler in required("Tom ran two and a half miles.", "en").fillers]
    assert values == [None, Fraction(5, 2)]


@pytest.mark.parametrize(
    "text",
    [
        "I am tired.",
        "I have one cat.",  # No plural.
        "It costs $5.",  # What costs how much is no mere number.
        "It fell by 5%.",
        "Come at 7:30.",
        "It was the 3rd.",
        "We met in the 1990s.",
        "I work for IBM.",  # Capitals may be anything.
        "Will you come?",
        "I have 0 of the 3.",  # Has itself what stands for a number,
        "Give Tom x of them.",  # for a name,
        "Tom ran 0km.",  # and in a word.
        "",
    ],
)
def test_a_sentence_without_names_and_numbers_has_no_pattern(text: str) -> None:
    assert pattern(text, "en") is None


@pytest.mark.parametrize(
    ("source", "target", "text", "expected"),
    [
        ("Tom has 3 cats.", "Tom tiene 3 gatos.", "Tom has 5 cats.", "Tom tiene 5 gatos."),
        ("Tom has 3 cats.", "Tom tiene tres gatos.", "John has 12 cats.", "John tiene 12 gatos."),
        ("I have two kids.", "Tengo dos hijos.", "I have fifteen kids.", "Tengo 15 hijos."),
        ("I ran 3 km.", "Corrí 3 km.", "I ran 2.5 km.", "Corrí 2,5 km."),
        ("I ran 3 km.", "Corrí 3 km.", "I ran two and a half km.", "Corrí 2,5 km."),
        ("I see 3 men.", "Veo 3 hombres.", "I see 3 thousand men.", "Veo 3000 hombres."),
        ("I see 3 men.", "Veo 3 hombres.", "I see 12,000 men.", "Veo 12.000 hombres."),
        ("I see 2,000 men.", "Veo dos mil hombres.", "I see 3 men.", "Veo 3 hombres."),
        ("I live in Madrid.", "Vivo en Madrid.", "I live in Lima.", "Vivo en Lima."),
        ("Is Mary in?", "¿Está Mary?", "is Ana in?", "¿Está Ana?"),
        (
            "Tom saw Mary.",
            "Tom vio a Mary. Tomás no.",  # A name is a whole word.
            "John saw Ana.",
            "John vio a Ana. Tomás no.",
        ),
        ("3 or 4 men.", "3 o 4 hombres.", "5 or 7 men.", "5 o 7 hombres."),
    ],
)
def test_another_name_or_number_takes_the_place(
    source: str, target: str, text: str, expected: str
) -> None:
    assert said(source, target, text) == expected


@pytest.mark.parametrize(
    ("source", "target", "text", "expected"),
    [
        ("Tengo 3 gatos.", "I have three cats.", "Tengo 2,5 gatos.", "I have 2.5 cats."),
        ("Tengo 3 gatos.", "I have three cats.", "Tengo 12.000 gatos.", "I have 12,000 cats."),
        ("Hablo 3 idiomas.", "I speak 3 languages.", "Hablo dos idiomas.", "I speak 2 languages."),
        ("Habló 3 idiomas.", "He spoke 3 languages.", "Hablo 2 idiomas.", "He spoke 2 languages."),
    ],
)
def test_numbers_are_written_as_the_target_language_does(
    source: str, target: str, text: str, expected: str
) -> None:
    assert said(source, target, text, "es") == expected


@pytest.mark.parametrize(
    ("source", "target", "text"),
    [
        ("Tom is tired.", "Tom está cansado.", "Mary is tired."),  # Gender.
        ("I met Tom.", "Conocí a Tom.", "I met Madrid."),
        ("Is Tom in?", "¿Está Tomás?", "Is John in?"),  # Said otherwise.
        ("Is Tom in?", "¿Está Tom con Tom?", "Is John in?"),  # Where?
        ("I have 12 eggs.", "Tengo una docena de huevos.", "I have 7 eggs."),
        ("On floor 3.", "En el tercer piso.", "On floor 5."),
        ("I have two.", "Tengo ambos.", "I have 5."),
        ("I ran 5 km.", "Corrí 5 km a las 5.", "I ran 7 km."),
        ("I see 3 men.", "Veo 3 hombres.", "I see 3 million men."),
        ("I see 3 million men.", "Veo 3 millones de hombres.", "I see 5 men."),
        ("Tom paid $5.", "Tom pagó 5 dólares.", "John paid £5."),
        ("Tom and John.", "Tom y John.", "John and Tom."),
        ("I see 3 and \u1e8b.", "Veo 3 y x.", "I see 3 and Tom."),  # An x with a dot.
    ],
)
def test_nothing_is_said_where_it_might_be_wrong(source: str, target: str, text: str) -> None:
    assert said(source, target, text) is None


def test_accents_count_where_a_text_has_any() -> None:
    assert said("Hablo 3 idiomas.", "I speak 3 languages.", "Habló 2 idiomas.", "es") is None


def test_a_name_must_be_one_in_the_target_language() -> None:
    old, new = required("I live in Madrid.", "en"), required("I live in Germany.", "en")
    asked: list[str] = []

    def is_said(name: str) -> bool:
        asked.append(name)
        return False

    assert filled("Vivo en Madrid.", "es", old, new, is_said=is_said) is None
    assert asked == ["Germany"]
    assert filled("Vivo en Madrid.", "es", old, old, is_said=is_said) == "Vivo en Madrid."


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("Tom has 3 cats.", "Tom tiene tres gatos.", True),
        ("Tom has 3 cats.", "Tomás tiene tres gatos.", False),
        ("Tom has 3 cats.", "Tom tiene gatos.", False),
        ("Tom has 3 cats.", "Tom tiene 3 gatos y 3 perros.", False),
        ("They both have two.", "Los dos tienen dos.", False),
        ("Come on Monday.", "Ven el lunes.", False),
    ],
)
def test_a_pair_is_open_where_each_name_and_number_is_said_once(
    source: str, target: str, expected: bool
) -> None:
    assert bool(is_open(target, "es", required(source, "en"))) is expected


NUMBERS = st.integers(2, 999_999)
NAMES = st.sampled_from(["Tom", "John", "Carlos", "Luis", "Peter", "Bruno"])


@settings(deadline=None)
@given(NAMES, NAMES, NUMBERS, NUMBERS)
def test_what_is_put_in_can_be_taken_back(name: str, other: str, count: int, more: int) -> None:
    assume(name != other)
    old = required(f"{name} has {count} cats.", "en")
    new = required(f"{other} has {more} cats.", "en")
    target = f"{name} tiene {count} gatos."
    assert filled(target, "es", old, old) == target
    there = filled(target, "es", old, new)
    assert there == f"{other} tiene {more} gatos."
    assert filled(there, "es", new, old) == target


TOKENS = ["Tom", "Madrid", "x", "X", "0", "3", "0km", "5km", "two", "$5", "cats", "3rd", "7:30",
          "Tom's", "x's"]  # fmt: skip


def test_sentences_with_one_key_have_fillers_of_the_same_kinds() -> None:
    kinds: dict[str, set[tuple[bool, ...]]] = {}
    for tokens in itertools.product(TOKENS, repeat=3):
        found = pattern(" ".join(tokens), "en")
        if found is not None:
            of_names = tuple(filler.value is None for filler in found.fillers)
            kinds.setdefault(found.key, set()).add(of_names)
    assert len(kinds) > 100
    assert [key for key, known in kinds.items() if len(known) > 1] == []


@settings(deadline=None)
@given(st.text(), st.text(), st.sampled_from(["en", "es"]))
def test_any_text_may_be_asked_for(text: str, target: str, code: str) -> None:
    found = pattern(f"{text} Tom {text}", code)
    if found is not None:
        assert filled(target, CODES[code], found, found) == target
        is_open(target, CODES[code], found)
