"""What is said of what an engine answers: engines that say what they are told to, no model."""

import unicodedata
from collections.abc import Mapping

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from live_translator.errors import SegmentError
from live_translator.languages import language
from live_translator.mt.attention import Answer, AttentiveTranslator, Context
from live_translator.mt.checked import DIGITS, ENGINE, EXCHANGED, MEMORY, CheckedTranslator
from live_translator.mt.memory import Memory, write
from tests.mt.fake_engine import FakeEngine

EN, ES, JA, RU = (language(code) for code in ("en", "es", "ja", "ru"))
PAIRS = [
    ("How are you?", "¿Cómo estás?"),
    ("Hello.", "Hola."),
    ("Hello there.", "¡Buenas!"),
    ("I'm tired.", "Estoy cansado."),
    ("Tom has 3 cats.", "Tom tiene 3 gatos."),
    ("Mary is a tired doctor.", "Mary es un doctor cansado."),
]


class Scripted(FakeEngine):
    """Says what it is told to for a source, else the source; goes on from a prefix."""

    name = "scripted"

    def __init__(
        self, says: Mapping[str, str], *, forces_prefix: bool = True, is_sure: bool = True
    ) -> None:
        super().__init__(forces_prefix=forces_prefix, is_sure=is_sure)
        self._says = says

    def words(self, source: str) -> list[str]:
        return self._says.get(source, source).split()


class Plain:
    """An engine that can do no more than translate."""

    name = "plain"
    forces_prefix = False

    def translate(self, source: str, *, prefix: str = "") -> str:
        return f"<{source}>"

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Memory:
    path = tmp_path_factory.mktemp("memory") / "memory.npz"
    write(PAIRS, path)
    return Memory(path)


def checked(
    says: Mapping[str, str], memory: Memory | None = None, *, forces_prefix: bool = True
) -> tuple[CheckedTranslator, Scripted]:
    engine = Scripted(says, forces_prefix=forces_prefix)
    return CheckedTranslator(engine, EN, ES, memory), engine


# --- What people have said ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "prefix", "expected"),
    [
        ("How are you?", "", "¿Cómo estás?"),
        ("  how  are you ", "", "¿Cómo estás?"),
        ("HOW ARE YOU?", "", "¿Cómo estás?"),
        ("How are you?", "¿Cómo", "¿Cómo estás?"),
        ("How are you?", "Cómo", "Cómo estás?"),  # What is out is out.
        ("How are you?", "¿Cómo estás?", "¿Cómo estás?"),
        ("Hello, how are you?", "Hola.", "Hola. ¿cómo estás?"),
        ("Hello, how are you?", "", "Hola, ¿cómo estás?"),
        ("John has 12 cats.", "John tiene", "John tiene 12 gatos."),
    ],
)
def test_what_people_have_said_is_said_behind_what_is_committed(
    memory: Memory, source: str, prefix: str, expected: str
) -> None:
    translator, engine = checked({}, memory)
    assert translator.answer(source, prefix=prefix, with_attention=True) == Answer(expected)
    assert engine.asked == []
    assert dict(translator.ways) == {MEMORY: 1}


@pytest.mark.parametrize(
    ("source", "prefix"),
    [
        ("How are you?", "¿Qué"),
        ("How are you?", "¿Cómo estás? Bien"),
        ("Hello there.", "Hola"),
        ("I am exhausted.", ""),
    ],
)
def test_the_engine_goes_on_where_people_have_said_something_else(
    memory: Memory, source: str, prefix: str
) -> None:
    translator, engine = checked({}, memory)
    text = translator.translate(source, prefix=prefix)
    assert text.startswith(prefix)
    assert engine.asked[0] == (source, prefix)
    assert translator.ways[MEMORY] == 0


def test_a_sentence_that_still_grows_is_not_looked_up(memory: Memory) -> None:
    translator, engine = checked({"Hello": "Buenas"}, memory)
    assert translator.answer("Hello", context=Context(ended=False)).text == "Buenas"
    assert translator.answer("Hello", context=Context(ended=True)).text == "Hola."
    assert len(engine.asked) == 1


def test_without_a_memory_the_engine_says_everything() -> None:
    translator, engine = checked({"Hello.": "Buenas."})
    assert translator.translate("Hello.") == "Buenas."
    assert engine.asked == [("Hello.", "")]


def test_what_people_have_said_is_mended_too(memory: Memory) -> None:
    translator, _ = checked({}, memory)
    assert translator.translate("Mary is a tired doctor.") == "Mary es una doctora cansada."


def test_a_part_before_a_sentence_is_said_apart_from_it(memory: Memory) -> None:
    translator, engine = checked({"it is off.": "Está apagado."}, memory)
    assert translator.translate("Hello, it is off.") == "Hola, está apagado."
    assert engine.asked == [("it is off.", "")]


def test_courtesy_that_was_committed_with_the_whole_is_not_said_again(memory: Memory) -> None:
    whole = "Can I sit here, please?"
    translator, _ = checked({whole: "¿Puedo sentarme aquí, por favor?"}, memory)
    said = translator.translate(whole, prefix="¿Puedo sentarme aquí, por")
    assert said == "¿Puedo sentarme aquí, por favor?"


def test_an_engine_that_takes_no_prefix_says_the_parts_alike_once_some_is_out(
    memory: Memory,
) -> None:
    translator, _ = checked({"it is off.": "Está apagado."}, memory, forces_prefix=False)
    for prefix in ("", "Hola,"):
        assert translator.translate("Hello, it is off.", prefix=prefix) == "Hola, está apagado."


@pytest.mark.parametrize(
    ("source", "prefix", "is_settled"),
    [
        ("Hello, nice to", "", False),
        ("Hello, nice to", "Hola,", True),
        ("Hello, nice of", "", True),
    ],
)
def test_a_greeting_may_yet_begin_a_set_phrase(
    tmp_path_factory: pytest.TempPathFactory, source: str, prefix: str, is_settled: bool
) -> None:
    path = tmp_path_factory.mktemp("memory") / "memory.npz"
    pairs = [("Hello, nice to meet you.", "Hola, mucho gusto."), ("Hello.", "Hola.")]
    write(pairs, path, phrases=len(pairs))
    translator, _ = checked({}, Memory(path))
    answer = translator.answer(source, prefix=prefix, context=Context(ended=False))
    assert answer.is_settled is is_settled


# --- What reaches the engine -------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "heard"),
    [
        ("WHERE IS THE CAR?", "Where is the car?"),
        ("WHERE AM I?", "Where am I?"),
        ("NO, I'M NOT!", "No, I'm not!"),
        ('"COME HERE!"', '"Come here!"'),
        ("3 MEN CAME", "3 men came"),
        ("NASA", "NASA"),  # One word may be a name.
        ("I saw a UFO.", "I saw a UFO."),
        ("It costs $5.", "It costs 5 dollars."),
        ("It fell by 5%.", "It fell by 5 percent."),
        ("R & B", "R and B"),
        ("IT COSTS $5 MORE", "It costs 5 dollars more"),
        ("  much \t space\n", "much space"),
        (unicodedata.normalize("NFD", "a café"), "a café"),
    ],
)
def test_the_engine_reads_texts_as_it_knows_them(source: str, heard: str) -> None:
    translator, engine = checked({heard: "Eso."})
    translator.answer(source)
    assert engine.asked[0] == (heard, "")


def test_addresses_stay_as_they_are_where_all_is_shouted() -> None:
    translator, engine = checked({"Write to Tom now": "Escribe a Tom ya"})
    assert translator.translate("WRITE TO ANA@EXAMPLE.COM NOW") == "Escribe a ANA@EXAMPLE.COM ya"
    assert engine.asked == [("Write to Tom now", "")]


def test_spanish_is_written_in_small_letters_behind_its_opening_mark() -> None:
    engine = Scripted({})
    CheckedTranslator(engine, ES, EN).answer("¿DÓNDE ESTÁ EL COCHE?")
    assert engine.asked[0] == ("¿Dónde está el coche?", "")


@pytest.mark.parametrize(
    ("source", "prefix", "expected"),
    [
        ("", "", ""),
        ("   ", "", ""),
        ("—", "", "—"),
        ("42", "", "42"),
        ("1,234.5", "", "1.234,5"),
        ("12:30 - 2.5", "", "12:30 - 2,5"),
        ("555-1234", "", "555-1234"),
        ("1,234.5 6", "1.234,5", "1.234,5 6"),
        ("42", "nada", "nada"),
    ],
)
def test_what_has_no_letters_is_copied_with_its_numbers_as_the_target_writes_them(
    source: str, prefix: str, expected: str
) -> None:
    translator, engine = checked({})
    assert translator.answer(source, prefix=prefix) == Answer(expected)
    assert engine.asked == []


# --- What is no text of the language -----------------------------------------------------


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("a" * 600, "a word of 600 letters is no English: break it into words"),
        (f"So {'a' * 61}, too.", "a word of 61 letters is no English: break it into words"),
        (
            "Привет, как дела?",
            "the text is not written as English is: check the language it is in",
        ),
        ("你好", "the text is not written as English is: check the language it is in"),
        ("Hi Привет", "the text is not written as English is: check the language it is in"),
    ],
)
def test_what_is_no_text_of_the_language_is_refused_in_one_sentence(source: str, why: str) -> None:
    translator, engine = checked({})
    with pytest.raises(SegmentError) as caught:
        translator.translate(source)
    assert str(caught.value) == why
    assert engine.asked == []


@pytest.mark.parametrize(
    "source",
    [
        "a" * 60,
        f"https://example.com/{'a' * 300}",
        f"{'ab1' * 100}",
        "2.ª",
        "\uff28\uff45\uff4c\uff4c\uff4f there",  # Of full width.
        "He said Привет to me.",
        "Ünïcödé ŵørđś",
    ],
)
def test_latin_letters_and_long_addresses_are_no_reason_to_refuse(source: str) -> None:
    translator, _ = checked({})
    assert translator.translate(source) == source


def test_other_scripts_are_read_where_the_language_has_them() -> None:
    for source, text in ((JA, "東京は大きい" * 20), (RU, "Привет, как дела?")):
        engine = Scripted({})
        assert CheckedTranslator(engine, source, EN).translate(text) == text


# --- What is lost ------------------------------------------------------------------------

CHAIRS = "I have thirty-two chairs."


@pytest.mark.parametrize(
    ("says", "expected", "way", "asked"),
    [
        ({CHAIRS: "Tengo 32 sillas."}, "Tengo 32 sillas.", ENGINE, 1),
        (
            {CHAIRS: "Tengo sillas.", "I have 32 chairs.": "Tengo 32 sillas."},
            "Tengo 32 sillas.",
            DIGITS,
            2,
        ),
        (
            {
                CHAIRS: "Tengo sillas.",
                "I have 32 chairs.": "Tengo 30 sillas.",
                "I have 14 chairs.": "Tengo 14 sillas.",
            },
            "Tengo 32 sillas.",
            EXCHANGED,
            3,
        ),
        (
            {
                CHAIRS: "Tengo sillas.",
                "I have 32 chairs.": "Tengo 30 sillas.",
                "I have 14 chairs.": "Tengo muchas sillas.",
                "I have 250 chairs.": "Tengo 250 sillas.",
            },
            "Tengo 32 sillas.",
            EXCHANGED,
            4,
        ),
    ],
)
def test_an_answer_that_lost_a_number_loses_to_the_next_that_did_not(
    says: dict[str, str], expected: str, way: str, asked: int
) -> None:
    translator, engine = checked(says)
    answer = translator.answer(CHAIRS)
    assert (answer.text, answer.is_sure) == (expected, True)
    assert dict(translator.ways) == {way: 1}
    assert len(engine.asked) == asked


def test_where_all_lose_something_the_least_is_lost_and_said_with_doubt() -> None:
    source = "I have thirty-two chairs and twenty tables."
    says = {
        source: "Tengo sillas y mesas.",
        "I have 32 chairs and 20 tables.": "Tengo 32 sillas y mesas.",
        "I have 14 chairs and 17 tables.": "Tengo 14 sillas y mesas.",
        "I have 250 chairs and 260 tables.": "Tengo 250 sillas y mesas.",
    }
    translator, engine = checked(says)
    answer = translator.answer(source)
    assert (answer.text, answer.is_sure) == ("Tengo 32 sillas y mesas.", False)
    assert len(engine.asked) == 4


def test_of_answers_that_lose_as_much_the_engines_own_is_said() -> None:
    says = {
        "I don't have 12 cats.": "No tengo gatos.",
        "I don't have 14 cats.": "Tengo 14 gatos.",
        "I don't have 250 cats.": "Tengo 250 gatos.",
    }
    translator, engine = checked(says)
    answer = translator.answer("I don't have 12 cats.")
    assert (answer.text, answer.is_sure) == ("No tengo gatos.", False)
    assert dict(translator.ways) == {ENGINE: 1}
    assert [source for source, _ in engine.asked] == list(says)


def test_a_denial_that_nothing_brings_back_is_doubted() -> None:
    translator, engine = checked({"I do not know.": "Lo sé."})
    assert translator.answer("I do not know.") == Answer("Lo sé.", is_sure=False)
    assert len(engine.asked) == 1


def test_an_engines_own_doubt_is_passed_on() -> None:
    engine = Scripted({}, is_sure=False)
    assert not CheckedTranslator(engine, EN, ES).answer("Fine words").is_sure


def test_what_is_committed_is_kept_on_every_way() -> None:
    says = {
        CHAIRS: "Tengo sillas.",
        "I have 32 chairs.": "Poseo sillas.",
        "I have 14 chairs.": "Hay 14 sillas.",
    }
    translator, engine = checked(says)
    assert translator.translate(CHAIRS, prefix="Tengo") == "Tengo 32 sillas."
    assert [prefix for _, prefix in engine.asked] == ["Tengo"] * 3


@pytest.mark.parametrize(
    ("source", "masked", "said", "expected"),
    [
        (
            "Write to Ana.b+c@X-mail.com.",
            "Write to Tom.",
            "Escribe a Tom.",
            "Escribe a Ana.b+c@X-mail.com.",
        ),
        (
            "Tom, see example.com/A_b and #Foo.",
            "Tom, see Bruno and Daniel.",
            "Tom, mira Bruno y Daniel.",
            "Tom, mira example.com/A_b y #Foo.",
        ),
    ],
)
def test_addresses_come_back_letter_by_letter(
    source: str, masked: str, said: str, expected: str
) -> None:
    translator, engine = checked({masked: said})
    assert translator.translate(source) == expected
    assert engine.asked == [(masked, "")]
    assert dict(translator.ways) == {EXCHANGED: 1}


def test_an_address_whose_carrier_is_lost_goes_through_as_it_is() -> None:
    translator, engine = checked(
        {"Write to Tom.": "Escríbele.", "Write to a@b.com.": "Escribe a a@b.com."}
    )
    assert translator.translate("Write to a@b.com.") == "Escribe a a@b.com."
    assert [source for source, _ in engine.asked] == ["Write to Tom.", "Write to a@b.com."]


# --- What is mended ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prefix", "forces_prefix", "expected"),
    [
        ("", True, "Mary está cansada."),
        ("Mary está", True, "Mary está cansada."),
        ("Mary está cansado.", True, "Mary está cansado."),  # It is out already.
        ("Mary está cansado.", False, "Mary está cansada."),
    ],
)
def test_gender_is_mended_but_never_in_what_is_committed(
    prefix: str, forces_prefix: bool, expected: str
) -> None:
    says = {"Mary is tired.": "Mary está cansado."}
    translator, _ = checked(says, forces_prefix=forces_prefix)
    assert translator.translate("Mary is tired.", prefix=prefix) == expected


def test_a_committed_word_is_not_made_longer() -> None:
    translator, _ = checked({"Mary is a doctor": "Mary es doctor"})
    assert translator.translate("Mary is a doctor") == "Mary es doctora"
    assert translator.translate("Mary is a doctor", prefix="Mary es doctor") == "Mary es doctor"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a fine day", (0, 1, 2)),
        ("A FINE DAY", (0, 1, 2)),
        ("it costs $5 now", None),  # The engine has read a word more.
        ("see a@b.com now", None),
    ],
)
def test_what_words_look_at_is_told_where_the_engine_read_the_words_of_the_source(
    source: str, words: tuple[int, ...] | None
) -> None:
    translator, _ = checked({})
    assert translator.answer(source, with_attention=True).words == words


def test_what_words_look_at_is_not_told_of_a_rewritten_source() -> None:
    translator, _ = checked({CHAIRS: "Tengo sillas.", "I have 32 chairs.": "Tengo 32 sillas."})
    assert translator.answer(CHAIRS, with_attention=True).words is None


# --- Engines -----------------------------------------------------------------------------


def test_an_engine_that_takes_no_prefix_says_the_whole(memory: Memory) -> None:
    translator, engine = checked({"Fine words": "Bien dicho"}, memory, forces_prefix=False)
    assert not translator.forces_prefix
    assert translator.translate("How are you?", prefix="¿Qué") == "¿Cómo estás?"
    assert translator.translate("Fine words", prefix="Muy") == "Bien dicho"
    assert translator.translate("1.5", prefix="2") == "1,5"
    assert engine.asked == [("Fine words", "Muy")]


def test_an_engine_that_only_translates_is_checked_too(memory: Memory) -> None:
    translator = CheckedTranslator(Plain(), EN, ES, memory)
    assert isinstance(translator, AttentiveTranslator)
    assert translator.answer("Fine words", with_attention=True) == Answer("<Fine words>")
    assert translator.translate("Hello.") == "Hola."
    assert not translator.answer("I do not know.").is_sure


def test_the_engine_behind_it_gives_the_name_and_is_closed() -> None:
    translator, engine = checked({})
    assert translator.name == "scripted"
    assert translator.forces_prefix
    translator.close()
    assert engine.is_closed


PIECES = st.sampled_from(
    ["Hello", "how", "are", "you?", "Tom", "14", "$5", "a@b.com", "thirty-two", "not", "7:30", "17",
     "#x", "%", "Mary", "is", "tired.", "I", "5%", "¿", "3", "cats,", "and", "b.com/c", "-"]
)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(
    st.lists(PIECES, max_size=7).map(" ".join) | st.text(max_size=30),
    st.lists(PIECES | st.sampled_from(["Hola,", "5", "dólares", "Tom."]), max_size=4).map(" ".join),
    st.booleans(),
)
@example("Hello, how are you?", "Hola,", True)
def test_nothing_that_is_committed_is_lost_whatever_the_text(
    memory: Memory, source: str, prefix: str, ended: bool
) -> None:
    translator, _ = checked({}, memory)
    try:
        answer = translator.answer(source, prefix=prefix, context=Context(ended=ended))
    except SegmentError as error:
        assert "check the language" in str(error)
    else:
        committed = prefix.split()
        assert answer.text.split()[: len(committed)] == committed
