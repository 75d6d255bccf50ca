"""Addresses and quantities on their way through an engine, which is word for word here."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live_translator.mt.attention import ALONE
from live_translator.mt.exchange import Carrier, Exchange, Slot, exchanged
from live_translator.mt.placeholders import exchanges, with_addresses, with_given_names
from tests.mt.test_glossary import Dictionary

WORDS = {
    **{"Pay": "Paga", "dollars": "dólares", "percent": "por ciento", "and": "y", "at": "a las"},
    **{"cats": "gatos", "dogs": "perros", "Write": "Escribe", "to": "a", "have": "tengo"},
}


def masks(source: str, code: str = "en") -> list[str]:
    return [exchange.masked for exchange in exchanges(source, code, "es" if code == "en" else "en")]


@pytest.mark.parametrize(
    ("source", "masked"),
    [
        ("Write to ana@example.com now.", "Write to Tom now."),
        ("Tom, see example.com/A and #news.", "Tom, see Bruno and Daniel."),
        ("TOM, see www.example.com!", "TOM, see Bruno!"),
        ("Call +34 600 123 456 or @ana.", "Call Tom or Bruno."),
        ("Open C:\\notes\\a.txt, then ./b.py.", "Open Tom, then Bruno."),
    ],
)
def test_an_address_is_exchanged_for_a_name_that_the_source_does_not_have(
    source: str, masked: str
) -> None:
    exchange = with_addresses(source)
    assert exchange is not None
    assert exchange.masked == masked
    assert exchange.unmask(masked) == source


@pytest.mark.parametrize(
    "source", ["", "Nothing here.", "It is 5 o'clock.", " ".join(f"a{n}@b.com" for n in range(7))]
)
def test_without_addresses_or_with_more_than_there_are_names_nothing_is_exchanged(
    source: str,
) -> None:
    assert with_addresses(source) is None


def test_names_that_the_source_has_carry_nothing() -> None:
    five = " ".join(f"a{n}@b.com" for n in range(5))
    exchange = with_addresses(f"Daniel {five}")
    assert exchange is not None
    assert exchange.masked == "Daniel Tom Bruno Kabul Carmen Oscar"
    assert with_addresses(f"Daniel Tom {five}") is None


@pytest.mark.parametrize(
    ("source", "masked", "targets"),
    [
        ("I have 32 cats.", "I have 14 cats.", ["32"]),
        ("I have thirty-two cats.", "I have 14 cats.", ["32"]),
        ("Pay $1,250.25 now.", "Pay 14 dollars now.", ["1250,25 dólares"]),
        ("Pay €2 million.", "Pay 14 dollars.", ["2 millones de euros"]),
        ("It rose by 5%.", "It rose by 14 percent.", ["5 por ciento"]),
        ("Come at 7:45.", "Come at 7:20.", ["7:45"]),
        ("It is -5 out.", "It is 14 out.", ["-5"]),
        ("I ran two and a half miles.", "I ran 14 miles.", ["2,5"]),
        ("Pay 3 of 4 at 7:45.", "Pay 14 of 17 at 9:40.", ["3", "4", "7:45"]),
        ("Pay $3 to a@b.com.", "Pay 14 dollars to Tom.", ["3 dólares", "a@b.com"]),
    ],
)
def test_a_quantity_is_exchanged_for_one_of_its_kind(
    source: str, masked: str, targets: list[str]
) -> None:
    first = next(exchanges(source, "en", "es"))
    assert first.masked == masked
    assert [slot.target for slot in first.slots] == targets


def test_there_is_a_second_way_with_other_numbers() -> None:
    assert masks("Tengo 3 gatos y 4 perros.", "es") == [
        "Tengo 14 gatos y 17 perros.",
        "Tengo 250 gatos y 260 perros.",
    ]


@pytest.mark.parametrize(
    "source",
    ["", "I have one.", "I came first, in the 1990s.", "1 2 3 4 5 6", "Write to a@b.com."],
)
def test_what_no_number_can_stand_for_is_not_exchanged(source: str) -> None:
    assert masks(source) == []


@pytest.mark.parametrize(
    ("source", "prefix", "expected"),
    [
        ("Pay $5 and 7 dollars", "", "Paga 5 dólares y 7 dólares"),
        ("Pay $5 and 7 dollars", "Paga 5", "Paga 5 dólares y 7 dólares"),
        ("Pay $5 and 7 dollars", "Paga 5 dólares", "Paga 5 dólares y 7 dólares"),
        ("I have 17 cats and 5 dogs", "", "I tengo 17 gatos y 5 perros"),
        ("I have 17 cats and 14 dogs", "I tengo 17 gatos", "I tengo 17 gatos y 14 perros"),
        ("I have 14 cats and 14 dogs", "I tengo 14 gatos", "I tengo 14 gatos y 14 perros"),
        ("Write to a@b.com at 7:45", "Escribe a a@b.com", "Escribe a a@b.com a las 7:45"),
    ],
)
def test_quantities_come_out_in_their_places_behind_what_was_said(
    source: str, prefix: str, expected: str
) -> None:
    for exchange in exchanges(source, "en", "es"):
        engine = Dictionary(WORDS)
        answer = exchanged(engine, exchange, prefix, with_attention=False, context=ALONE)
        assert answer is not None
        assert answer.text == expected


@pytest.mark.parametrize("said", ["gatos", "14 gatos 14", "140 gatos", "1.4 gatos"])
def test_a_carrier_that_is_lost_or_doubled_gives_no_answer(said: str) -> None:
    exchange = next(exchanges("3", "en", "es"))
    engine = Dictionary({"14": said})
    assert exchanged(engine, exchange, "", with_attention=False, context=ALONE) is None
    assert engine.asked == [("14", "")]


def test_an_engine_that_takes_no_prefix_is_asked_for_the_whole() -> None:
    exchange = next(exchanges("I have 3 cats", "en", "es"))
    engine = Dictionary(WORDS, forces_prefix=False)
    answer = exchanged(engine, exchange, "I tengo 3", with_attention=True, context=ALONE)
    assert answer is not None
    assert answer.text == "I tengo 3 gatos"
    assert answer.words is None


def test_attention_is_kept_where_parts_and_carriers_are_one_word_each() -> None:
    words = []
    for source in ("I have 3 cats", "I have $3 now"):
        exchange = next(exchanges(source, "en", "es"))
        answer = exchanged(Dictionary(WORDS), exchange, "I", with_attention=True, context=ALONE)
        assert answer is not None
        words.append(answer.words)
    assert words == [(1, 2, 3), None]


TWO = Exchange(
    "a b",
    (
        Slot(0, 1, Carrier("Tom", "Tom"), "York", is_verbatim=False),
        Slot(2, 3, Carrier("guitar", "guitarra"), "nueva York", is_verbatim=False),
    ),
)


@pytest.mark.parametrize(
    ("prefix", "masked"),
    [
        ("en York", "en Tom"),
        ("en Nueva York", "en guitarra"),  # The longer is meant.
        ("Nueva York y York", "guitarra y Tom"),
        ("en Yorkshire", "en Yorkshire"),
        ("", ""),
    ],
)
def test_committed_words_are_masked_where_they_have_targets(prefix: str, masked: str) -> None:
    assert TWO.mask(prefix) == masked


@pytest.mark.parametrize(
    ("masked", "before", "text"),
    [
        ("Tom y guitarra", "", "York y nueva York"),
        ("Guitarra. ¿tom?", "", "Nueva York. ¿York?"),  # Begins a sentence.
        (" guitarra", "En una", " nueva York"),
        (" guitarra", "Bien.", " Nueva York"),
        ("nadie", "", "nadie"),
    ],
)
def test_targets_take_the_places_of_carriers(masked: str, before: str, text: str) -> None:
    assert TWO.unmask(masked, before) == text


@pytest.mark.parametrize(
    ("masked", "expected"),
    [
        ("Tom, guitarra", True),
        ("tom Guitarra", True),
        ("Tom", False),
        ("Tom Tom guitarra", False),
        ("Tomás guitarra", False),
        ("Tom guitarras", False),
    ],
)
def test_a_translation_is_whole_that_has_every_carrier_once(masked: str, expected: bool) -> None:
    assert TWO.is_whole(masked) is expected


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [("en nueva", 1), ("Nueva", 1), ("en nueva York", None), ("en", None), ("", None)],
)
def test_committed_words_may_end_in_the_middle_of_a_part(prefix: str, expected: int | None) -> None:
    found = TWO.half_said(prefix)
    assert (found and found[1]) == expected


PARTS = st.sampled_from(
    ["3", "14", "17", "250", "$5", "€17", "7:45", "8:25", "5%", "ana@b.com", "b.com/x", "#news",
     "555-1234", "Tom", "cats", "and", "two", "thirty-two", "3rd", "-5", "a", "!", "/a/b", "2½"]
)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(st.lists(PARTS, max_size=9).map(" ".join), st.sampled_from([("en", "es"), ("es", "en")]))
def test_the_parts_of_any_sentence_come_out_in_their_order(
    source: str, codes: tuple[str, str]
) -> None:
    named = with_addresses(source)
    for exchange in [*([named] if named else []), *exchanges(source, *codes)]:
        ends = [0, *(slot.end for slot in exchange.slots)]
        assert all(end <= slot.begin for end, slot in zip(ends, exchange.slots, strict=False))
        masked = exchange.masked
        for slot in exchange.slots:
            masked = masked.replace(slot.carrier.source, slot.carrier.target)
        if exchange.is_whole(masked):
            pattern = ".*".join(re.escape(slot.target) for slot in exchange.slots)
            assert re.search(pattern, exchange.unmask(masked))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Yesterday Siobhan saw Anna and Peter.", "Yesterday Siobhan saw Carmen and Tom."),
        ("Yesterday Anna saw Carmen.", "Yesterday Laura saw Diana."),
        ("Yesterday it rained.", None),
        ("I saw Anna, Clara, Mary and Jane.", None),  # More than there are carriers.
    ],
)
def test_given_names_go_through_as_others_of_the_same_gender(
    source: str, expected: str | None
) -> None:
    exchange = with_given_names(source, "en")
    assert (exchange and exchange.masked) == expected
