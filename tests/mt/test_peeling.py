"""What stands around a sentence, from tables and a memory of a few phrases."""

import time

import pytest

from live_translator.mt.memory import Memory, write
from live_translator.mt.peeling import Peeled, peeled
from live_translator.mt.vocatives import vocative

PAIRS = [
    ("Hello.", "Hola."),
    ("Sorry.", "Perdón."),
    ("Excuse me.", "Disculpe."),
    ("How are you?", "¿Cómo estás?"),
    ("I don't know.", "No sé."),
    ("He is tall.", "Es alto."),
    ("He.", "Él."),
]


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Memory:
    path = tmp_path_factory.mktemp("memory") / "memory.npz"
    write(PAIRS, path)
    return Memory(path)


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("Sorry, Ana, it is off.", "en", ("Perdón, Ana,", "it is off.", "")),
        ("Hello, Mrs. Ruiz, come in!", "en", ("Hola, señora Ruiz,", "come in!", "")),
        ("Can I sit here, please?", "en", ("", "Can I sit here?", ", por favor")),
        ("It is late, Dad, sorry.", "en", ("", "It is late.", ", papá, perdón")),
        ("Disculpe, ¿hay alguien aquí?", "es", ("Excuse me,", "¿hay alguien aquí?", "")),
        ("Hello, it is, I think, cold.", "en", ("Hola,", "it is, I think, cold.", "")),
        ("Ana, who is there?", "en", ("Ana,", "who is there?", "")),
        ("I don't know, sir, it is cold.", "en", ("No sé, señor,", "it is cold.", "")),
        ("He is tall, but I am not.", "en", ("Es alto, pero", "I am not.", "")),
    ],
)
def test_greetings_names_and_courtesy_are_taken_off(
    memory: Memory, text: str, code: str, expected: tuple[str, str, str]
) -> None:
    assert peeled(text, memory, code, ended=True) == Peeled(*expected)


@pytest.mark.parametrize(
    "text",
    [
        "It is off.",
        "How are you, then what?",  # A question is a sentence by itself.
        "Sorry, Ana.",  # Nothing would be left.
        "Red, white and blue flags are nice.",
        "Ana, Eva and Tom left.",
        "Ana, who is my sister, left.",
        "He is tall, dark, handsome.",
        "He and she are friends.",
        '"Hello", said Ana to me.',
        "I met Ana, Eva.",
        "My name is Cruz, Ana.",
    ],
)
def test_what_is_a_sentence_stays_one(memory: Memory, text: str) -> None:
    assert peeled(text, memory, "en", ended=True) is None


@pytest.mark.parametrize("text", ["Cielo, mar y tierra son azules.", "Ana, que es alta, vino."])
def test_what_is_a_sentence_in_spanish_stays_one(memory: Memory, text: str) -> None:
    assert peeled(text, memory, "es", ended=True) is None


@pytest.mark.parametrize("text", ["hello, " * 5_000 + "it is off", "it is off" + ", sorry" * 5_000])
def test_a_thousand_parts_take_no_time(memory: Memory, text: str) -> None:
    started = time.process_time()
    assert peeled(text, memory, "en", ended=True) is not None
    assert time.process_time() - started < 5


def test_of_a_sentence_that_grows_only_the_beginning_is_known(memory: Memory) -> None:
    assert peeled("Hello, it is late, Dad", memory, "en", ended=False) == Peeled(
        "Hola,", "it is late, Dad", ""
    )


def test_other_languages_are_left_alone(memory: Memory) -> None:
    assert peeled("Bonjour, ça va ?", memory, "fr", ended=True) is None


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("", ""),
        ("Hola,", ""),
        ("Hola, Ana,", ""),
        ("Hola, Ana, es tarde", "es tarde"),
        ("Hola, Eva,", None),
        ("Buenas", None),
    ],
)
def test_committed_words_are_the_lead_s_or_the_core_s(prefix: str, expected: str | None) -> None:
    assert Peeled("Hola, Ana,", "it is late.", "").core_prefix(prefix) == expected


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("", ""),
        ("¿Puedo sentarme", "¿Puedo sentarme"),
        ("¿Puedo sentarme aquí, por", None),
        ("¿Puedo sentarme aquí, caballero", None),
        ("Por favor, ¿puedo", None),
        ("Señor por favor ¿puedo", None),
    ],
)
def test_what_stands_behind_is_not_said_again(prefix: str, expected: str | None) -> None:
    around = Peeled("", "Can I sit here?", ", por favor, señor")
    assert around.core_prefix(prefix) == expected


@pytest.mark.parametrize(
    ("around", "said", "is_begun", "expected"),
    [
        (Peeled("Hola,", "it is late.", ""), "Es tarde.", False, "Hola, es tarde."),
        (Peeled("Hola,", "are you there?", ""), "¿Estás ahí?", False, "Hola, ¿estás ahí?"),
        (Peeled("Hola,", "Ana is here.", ""), "Ana está aquí.", False, "Hola, Ana está aquí."),
        (Peeled("Hola,", "it is.", ""), "es así.", True, "Hola, es así."),
        (Peeled("", "sit?", ", por favor"), "¿Me siento?", False, "¿Me siento, por favor?"),
        (Peeled("", "go", ", papá"), "Vete", False, "Vete, papá"),
    ],
)
def test_the_parts_are_one_sentence_again(
    around: Peeled, said: str, is_begun: bool, expected: str
) -> None:
    assert around.joined(said, is_begun=is_begun) == expected


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("Grandma", "en", "abuela"),
        ("my love", "en", "mi amor"),
        ("Elena", "en", "Elena"),
        ("Mrs. Ortega", "en", "señora Ortega"),
        ("Mr Vidal Soto", "en", "señor Vidal Soto"),
        ("señora Ruiz", "es", "Mrs. Ruiz"),
        ("Don Julián", "es", "Don Julián"),
        ("abuelita", "es", "Granny"),
        ("elena", "en", None),
        ("table", "en", None),
        ("Mr. nobody", "en", None),
        ("", "en", None),
    ],
)
def test_whom_a_sentence_speaks_to_has_a_name_in_the_other_language(
    text: str, code: str, expected: str | None
) -> None:
    assert vocative(text, code) == expected
