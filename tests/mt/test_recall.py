"""What is put together of sentences that people have said, from a memory of a few."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live_translator.mt.memory import Memory, write
from live_translator.mt.recall import recalled

PAIRS = [
    ("Hello.", "Hola."),
    ("Yes.", "Sí."),
    ("Wait…", "Espera…"),
    ("Let's go!", "¡Vamos!"),
    ("How are you?", "¿Cómo estás?"),
    ("Are you tired?", "¿Estás cansado?"),
    ("I'm tired.", "Estoy cansado."),
    ("I want to go home.", "Quiero irme a casa."),
    ("It is cold.", "Hace frío."),
    ("Other people.", "Otras personas."),
    ("She was there.", "Iba ella."),
    ("Ice.", "Hielo."),
    ("Monday is fine.", "El lunes está bien."),
    ("TV is boring.", "La tele aburre."),
    ("Tom has 3 cats.", "Tom tiene 3 gatos."),
    ("Madrid is big.", "Madrid es grande."),
    ("May I come in?", "¿Puedo pasar?"),
]


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Memory:
    path = tmp_path_factory.mktemp("memory") / "memory.npz"
    write(PAIRS, path)
    return Memory(path)


@pytest.mark.parametrize(("english", "spanish"), PAIRS)
def test_a_sentence_is_said_as_people_have_said_it(
    memory: Memory, english: str, spanish: str
) -> None:
    assert recalled(english, memory, "en") == spanish
    assert recalled(spanish, memory, "es") == english


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, how are you?", "Hola, ¿cómo estás?"),
        ("hello, how are you", "Hola, ¿cómo estás?"),
        ("HELLO, HOW ARE YOU?", "Hola, ¿cómo estás?"),
        ("I'm tired and I want to go home.", "Estoy cansado y quiero irme a casa."),
        ("I'm tired, but it's cold.", "Estoy cansado, pero hace frío."),
        ("I'm tired so I want to go home!", "Estoy cansado así que quiero irme a casa."),
        ("I'm tired BECAUSE it's cold.", "Estoy cansado porque hace frío."),
        ("Yes: let's go, it is cold.", "Sí: vamos, hace frío."),
        ("Yes, I'm tired and it's cold.", "Sí, estoy cansado y hace frío."),
        ("Let's go; wait…", "Vamos; espera…"),
        ("Wait, let's go!", "Espera, ¡vamos!"),
        ("Hello, John has 5 cats.", "Hola, John tiene 5 gatos."),
        ("Tom has twelve cats and it is cold.", "Tom tiene 12 gatos y hace frío."),
        ("It is cold and she was there.", "Hace frío e iba ella."),
        ("It is cold and ice.", "Hace frío y hielo."),  # No "e" before hie-.
        ("Ice or other people.", "Hielo u otras personas."),
        ("Hello, Madrid is big.", "Hola, Madrid es grande."),
        ("Yes, Monday is fine.", "Sí, el lunes está bien."),
        (", hello,", "Hola."),
    ],
)
def test_parts_are_put_together(memory: Memory, text: str, expected: str) -> None:
    assert recalled(text, memory, "en") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hola, ¿cómo estás?", "Hello, how are you?"),
        ("estoy cansado e iba ella", "I'm tired and she was there."),
        ("Hace frío, así que quiero irme a casa.", "It is cold, so I want to go home."),
        ("Hace frio y estoy cansado.", "It is cold and I'm tired."),
        ("Sí, ¿puedo pasar?", "Yes, may I come in?"),
        ("Sí, la tele aburre.", "Yes, TV is boring."),
        ("Sí, el lunes está bien.", "Yes, Monday is fine."),
        ("Sí, pero Luis tiene 4 gatos.", "Yes, but Luis has 4 cats."),
    ],
)
def test_parts_are_put_together_in_english(memory: Memory, text: str, expected: str) -> None:
    assert recalled(text, memory, "es") == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?!",
        "I'm tired and I feel bad.",  # Half of it.
        "Tired and I want to go home.",
        "How are you, and it is cold.",  # What is asked is no part of what is told.
        "Are you tired and it is cold?",
        "hello how are you",  # Nothing tells where it is two.
        "Hello.How are you?",
        "and hello",
        "hello and",
        "Hello, Tom is 3 cats.",
    ],
)
def test_what_people_have_said_in_part_only_is_not_recalled(memory: Memory, text: str) -> None:
    assert recalled(text, memory, "en") is None


def test_a_sentence_of_many_parts_is_no_set_phrase(memory: Memory) -> None:
    assert recalled(", ".join(["yes"] * 7), memory, "en") == "Sí" + ", sí" * 6 + "."
    assert recalled(", ".join(["yes"] * 8), memory, "en") is None


def test_a_sentence_that_people_have_said_as_a_whole_is_not_put_together(memory: Memory) -> None:
    assert recalled("¿Cómo estás?", memory, "es") == "How are you?"
    assert recalled("Are you tired?", memory, "en") == "¿Estás cansado?"


TOLD = [(english, spanish) for english, spanish in PAIRS if "?" not in english]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(TOLD), min_size=1, max_size=4, unique=True),
    st.sampled_from([",", ";", " and", " but", ", or", ", because"]),
)
def test_whatever_is_known_in_parts_is_known_together(
    memory: Memory, parts: list[tuple[str, str]], joint: str
) -> None:
    said = recalled(f"{joint} ".join(english.strip(".!…") for english, _ in parts), memory, "en")
    assert said is not None
    places = [said.casefold().find(spanish.strip("¡.!…").casefold()) for _, spanish in parts]
    assert -1 not in places
    assert places == sorted(places)


@settings(deadline=None)
@given(st.text("aeHi,;: andyY.0T?¿", max_size=40), st.sampled_from(["en", "es"]))
def test_any_text_may_be_asked_for(memory: Memory, text: str, code: str) -> None:
    said = recalled(text, memory, code)
    assert said is None or any(map(str.isalnum, text))
