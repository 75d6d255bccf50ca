"""What the memory finds for a sentence, from tables of a few pairs and as it is shipped."""

from pathlib import Path

import pytest

from live_translator.config import data_path
from live_translator.errors import ModelError
from live_translator.mt.compact import MEMORY
from live_translator.mt.engines import COMPACT_FOLDER
from live_translator.mt.memory import Memory, changes, write

PAIRS = [
    ("I saw you on TV.", "Te vi en la tele."),
    ("I saw him.", "Lo vi."),
    ("Where have you been hiding?", "¿Dónde te has estado escondiendo?"),
    ("Where have you been?", "¿Dónde estabas?"),
    ("Where have you been?", "¿Dónde has estado?"),
    ("The moon is very beautiful tonight.", "La luna está muy hermosa esta noche."),
]


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Memory:
    path = tmp_path_factory.mktemp("memory") / "memory.npz"
    write(PAIRS, path)
    return Memory(path)


@pytest.mark.parametrize(
    ("text", "language", "target", "likeness"),
    [
        ("I saw it on TV.", "en", "Te vi en la tele.", 0.8),
        ("i saw it on tv", "en", "Te vi en la tele.", 0.8),
        ("Where have you been?", "en", "¿Dónde estabas?", 1.0),
        ("Where has he been hiding?", "en", "¿Dónde te has estado escondiendo?", 0.6),
        ("La luna está hermosa.", "es", "The moon is very beautiful tonight.", 4 / 7),
    ],
)
def test_the_pair_that_needs_the_fewest_changes_is_found(
    memory: Memory, text: str, language: str, target: str, likeness: float
) -> None:
    found = memory.nearest(text, language)
    assert found is not None
    assert found.target == target
    assert found.likeness == pytest.approx(likeness)


@pytest.mark.parametrize(
    "text", ["", "?!", "Unheard-of words alone", "You!", "I bought a very old house on the hill."]
)
def test_what_is_like_nothing_finds_nothing(memory: Memory, text: str) -> None:
    assert memory.nearest(text, "en") is None


@pytest.mark.parametrize(
    ("without", "target"),
    [
        (["¿dónde estabas?"], "¿Dónde has estado?"),
        (["where have you been"], "¿Dónde te has estado escondiendo?"),
        (["Where have you been?", "¿Dónde te has estado escondiendo?"], None),
    ],
)
def test_a_sentence_is_not_found_for_itself(
    memory: Memory, without: list[str], target: str | None
) -> None:
    found = memory.nearest("Where have you been?", "en", without=without)
    assert (found and found.target) == target


@pytest.mark.parametrize(
    ("word", "other", "expected"),
    [
        ("maría", "mary", True),
        ("juan", "john", True),
        ("juan", "mary", False),  # In one sentence.
        ("maría", "tom", False),  # He is in the source as well.
        ("maría", "the", False),  # As often where she is not.
        ("unheard", "mary", False),
        ("maría", "unheard", False),
    ],
)
def test_what_people_say_for_a_word_is_what_they_seldom_say_without_it(
    tmp_path: Path, word: str, other: str, expected: bool
) -> None:
    said = [("The cat sleeps.", "El gato duerme."), ("The dog barks.", "El perro ladra.")]
    together = [("Tom saw Mary the day before.", "Tom vio a María el día antes.")]
    write(
        [
            *said * 20,
            *together * 5,
            *[("The boy is John.", "El chico es Juan.")] * 4,
            ("John saw Mary.", "Juan vio a María."),
        ],
        tmp_path / "memory.npz",
    )
    assert Memory(tmp_path / "memory.npz").says(word, "es", other) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("", "", 0), ("a b", "", 2), ("a b c", "a c", 1), ("a b c", "b c a", 2), ("a b", "c d", 2)],
)
def test_changes_are_words_put_in_taken_out_or_exchanged(
    one: str, other: str, expected: int
) -> None:
    assert changes(one.split(), other.split()) == expected
    assert changes(other.split(), one.split()) == expected


SAID = [
    ("How are you?", "¿Cómo estás?"),
    ("How are you?", "¿Cómo está usted?"),
    ("I'm fine.", "Estoy bien."),
    ("I don't know.", "No lo sé."),
    ("You are here.", "Estás aquí."),
    ("Are you here?", "¿Estás aquí?"),
    ("Yes.", "Sí."),
    ("If.", "Si."),
    ("I speak English.", "Hablo inglés."),
    ("He spoke English.", "Habló inglés."),
    ("It costs $5.", "Cuesta 5 dólares."),
    ("It's 5.", "Son las 5."),
    ("I have 3 cats.", "Tengo tres gatos."),
    ("Tom has 3 cats.", "Tom tiene 3 gatos."),
    ("Tom is tired.", "Tom está cansado."),
    ("I live in Madrid.", "Vivo en Madrid."),
    ("Germany is far.", "Alemania está lejos."),
    ("Do you know Tom?", "¿Conoces a Tom?"),
    ("I know Tom.", "Conozco a Tomás."),
    ("I know Tom.", "Conozco a Tom."),
    ("He spoke 3 languages.", "Habló 3 idiomas."),
    ("Rome is far.", "Roma está lejos."),
    ("Roma tomatoes are red.", "Los tomates pera son rojos."),
    ("I left it.", "Lo dejé."),
    ("Leave it.", "Lo deje."),
    ("You are cold.", "Tienes frío."),
    ("Are you cold?", "¿Tienes frío?"),
]
SHOWN = [
    ("I know nothing.", "No sé nada."),
    ("Mary has 7 dogs.", "Mary tiene 7 perros."),
    ("I'm fine.", "De maravilla."),
]


@pytest.fixture(scope="module")
def sayings(tmp_path_factory: pytest.TempPathFactory) -> Memory:
    path = tmp_path_factory.mktemp("memory") / "memory.npz"
    write(SAID, path, shown_only=SHOWN)
    return Memory(path)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("How are you?", "en", "¿Cómo estás?"),  # The first of two.
        ("¿Cómo está usted?", "es", "How are you?"),
        ("how are you", "en", "¿Cómo estás?"),
        ("HOW ARE YOU?!", "en", "¿Cómo estás?"),
        ("How are you.", "en", None),  # It says that it does not ask.
        ("I am fine", "en", "Estoy bien."),
        ("I do not know.", "en", "No lo sé."),
        ("I don\u2019t know!", "en", "No lo sé."),
        ("I know.", "en", None),
        ("¿Estás aquí?", "es", "Are you here?"),
        ("Estás aquí.", "es", "You are here."),
        ("estas aqui", "es", "You are here."),
        ("Sí.", "es", "Yes."),
        ("si", "es", "Yes."),
        ("Hablo inglés.", "es", "I speak English."),
        ("Habló inglés.", "es", "He spoke English."),
        ("hablo ingles", "es", "I speak English."),
        ("Lo deje.", "es", "Leave it."),
        ("lo deje", "es", "I left it."),  # Nothing shows that it was typed with care.
        ("¿Tienes frío", "es", "Are you cold?"),
        ("Tienes frío", "es", "You are cold."),
        ("It costs $5.", "en", "Cuesta 5 dólares."),
        ("It costs £5.", "en", None),
        ("It costs 5.", "en", None),
        ("It's -5.", "en", None),
        ("Cómo estás, ¿eh?", "es", None),
        ("?!", "en", None),
        ("", "en", None),
    ],
)
def test_a_sentence_is_known_however_it_is_typed(
    sayings: Memory, text: str, language: str, expected: str | None
) -> None:
    assert sayings.known(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("I have 5 cats.", "en", "Tengo 5 gatos."),
        ("i have twelve cats", "en", "Tengo 12 gatos."),
        ("John has 4 cats.", "en", "John tiene 4 gatos."),
        ("Luis tiene 4 gatos.", "es", "Luis has 4 cats."),
        ("Mary has 4 cats.", "en", None),  # Adjectives may agree with a name.
        ("I have one cat.", "en", None),
        ("Do you know John?", "en", "¿Conoces a John?"),
        ("Do you know John.", "en", None),  # It says that it does not ask.
        ("I know John.", "en", "Conozco a John."),  # The first pair has the name otherwise.
        ("I live in Lima.", "en", "Vivo en Lima."),
        ("I live in Germany.", "en", None),  # Said otherwise in Spanish, as the memory tells.
        ("Vivo en Lima.", "es", "I live in Lima."),
        ("Vivo en Roma.", "es", None),  # One that stays as it is in other sentences alone.
        ("Habló 4 idiomas.", "es", "He spoke 4 languages."),
        ("Hablo 4 idiomás.", "es", None),  # With accents, but not where he spoke.
        ("It costs $7.", "en", None),
        ("I'm fine.", "en", None),
        ("John has 0 cats.", "en", None),
        ("", "en", None),
    ],
)
def test_a_sentence_with_another_name_or_number_is_said_with_its_own(
    sayings: Memory, text: str, language: str, expected: str | None
) -> None:
    assert sayings.patterned(text, language) == expected


def test_what_is_only_shown_is_found_as_nearest_and_never_said(sayings: Memory) -> None:
    found = sayings.nearest("I know nothing.", "en")
    assert found is not None
    assert (found.target, found.likeness) == ("No sé nada.", 1.0)
    for text, language in (
        ("I know nothing.", "en"),
        ("No sé nada.", "es"),
        ("De maravilla.", "es"),
    ):
        assert sayings.known(text, language) is None
    assert sayings.known("I'm fine.", "en") == "Estoy bien."
    assert sayings.patterned("Mary has 8 dogs.", "en") is None
    assert sayings.patterned("Ana tiene 8 perros.", "es") is None


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 and nothing more"])
def test_a_memory_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "memory.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match="comes with the program, so install that again"):
        Memory(path)


def test_the_memory_that_ships_knows_everyday_sentences() -> None:
    memory = Memory(data_path("models") / COMPACT_FOLDER / MEMORY)
    found = memory.nearest("Where have you been?", "en")
    assert found is not None
    assert found.target.startswith("¿")
    back = memory.nearest("¿Dónde has estado?", "es")
    assert back is not None
    assert back.target.endswith("?")
    assert memory.says("tokyo", "en", "tokio")
    assert memory.says("navidad", "es", "christmas")
    assert not memory.says("mary", "en", "tom")
    assert not memory.says("tom", "es", "mary")
