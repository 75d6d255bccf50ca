"""What words were made from: by hand, and from a real model that looks where it is told."""

import pytest

from live_translator.config import MtConfig
from live_translator.languages import language
from live_translator.mt.attention import (
    ALONE,
    Answer,
    AttentiveTranslator,
    Context,
    attended_words,
    word_numbers,
)
from live_translator.mt.ctranslate import CTranslateTranslator, NllbTranslator, OpusTranslator
from live_translator.mt.streaming import TranslateProcessor
from tests.messages import transcript
from tests.mt.tiny_model import chain, save_model, train_pieces

EN, ES = language("en"), language("es")
SPANISH, ENGLISH = "la casa grande fue vista.", "the big house was seen"
LOOKED_AT = (0, 2, 1, 3, 4)
"""For each Spanish word the English one; its full stop looks at the last as well."""


@pytest.mark.parametrize(
    ("pieces", "numbers"),
    [
        ("▁a ▁b", [0, 1]),
        ("▁a b ▁c , ▁d", [0, 0, 1, 1, 2]),
        (", ▁a", [-1, 0]),  # goes on with a word before
        ("", []),
    ],
)
def test_a_piece_belongs_to_the_word_that_began_last(pieces: str, numbers: list[int]) -> None:
    assert word_numbers(pieces.split()) == numbers


@pytest.mark.parametrize(
    ("source", "target", "attention", "expected"),
    [
        ("▁a ▁b", "▁x ▁y", [[0.9, 0.1], [0.2, 0.8]], (0, 1)),
        ("▁a ▁b", "▁x ▁y", [[0.1, 0.9], [0.8, 0.2]], (1, 0)),
        # The pieces of a source word count together, though none is looked at most.
        ("▁a b c ▁d", "▁x", [[0.2, 0.2, 0.2, 0.4]], (0,)),
        # The pieces of a target word look as far as any of them does.
        ("▁a ▁b ▁c", "▁x y ▁z", [[0.9, 0, 0], [0, 0, 0.9], [0, 0.9, 0]], (2, 1)),
        # What goes on with a committed word is no new word.
        ("▁a ▁b", ", ▁x", [[0, 1], [1, 0]], (0,)),
        ("▁a", "", [], ()),
    ],
)
def test_a_word_looks_where_its_pieces_look(
    source: str, target: str, attention: list[list[float]], expected: tuple[int, ...]
) -> None:
    assert attended_words(source.split(), target.split(), attention) == expected


@pytest.fixture(scope="module", params=[NllbTranslator, OpusTranslator])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> CTranslateTranslator:
    """A model that says the Spanish, word by word, and looks at LOOKED_AT meanwhile."""
    folder = tmp_path_factory.mktemp("model")
    nllb = request.param is NllbTranslator
    names = ("sentencepiece.bpe.model",) if nllb else ("source.spm", "target.spm")
    both = [train_pieces(folder, name, (SPANISH, ENGLISH)) for name in names]
    begin = ES.flores if nllb else "</s>"
    followers = chain(both[-1], begin, SPANISH, "</s>")
    english = both[0].encode(ENGLISH, out_type=str)
    before = [begin, *both[-1].encode(SPANISH, out_type=str)]
    looks = {token: english[word] for token, word in zip(before, [*LOOKED_AT, 4, 4], strict=True)}
    marks = (EN.flores, ES.flores) if nllb else ()
    save_model(folder, both[:1] if nllb else both, marks, followers, looks)
    made: CTranslateTranslator = request.param(folder, EN, ES, threads=1, beam_size=1)
    return made


@pytest.mark.parametrize("prefix", ["", "la", "la casa", "la casa grande fue"])
def test_an_engine_says_what_each_new_word_was_made_from(
    engine: CTranslateTranslator, prefix: str
) -> None:
    assert isinstance(engine, AttentiveTranslator)
    said = engine.answer(ENGLISH, prefix=prefix, with_attention=True)
    assert (said.text, said.words) == (SPANISH, LOOKED_AT[len(prefix.split()) :])
    assert said.text == engine.translate(ENGLISH, prefix=prefix)


def test_nothing_is_said_of_nothing(engine: CTranslateTranslator) -> None:
    assert engine.answer(" ", prefix="la", with_attention=True) == Answer("la", ())
    assert engine.answer(ENGLISH, prefix=SPANISH, with_attention=True).words == ()


def test_words_wait_for_what_they_were_made_from(engine: CTranslateTranslator) -> None:
    config = MtConfig(policy="attention", attention_words=1, deadline="none")
    stage = TranslateProcessor(engine, config, lambda: 0.0, coalesce=False)
    words = ENGLISH.split()
    said = [
        " ".join(segment.target for segment in stage.process([message]))
        for number, word in enumerate(words)
        for message in [transcript(f" {word}", number + 1.0, final=number == len(words) - 1)]
    ]
    # "casa" was made from the third word: until the fourth has come, it waits.
    assert said == ["", "la", "", "casa grande", "fue vista."]


class Glancing:
    """Says the source in capitals and looks at the word of the same place."""

    name = "glancing"
    forces_prefix = True

    def __init__(self, *, says: bool) -> None:
        self._says = says

    def translate(self, source: str, *, prefix: str = "") -> str:
        return source.upper()

    def answer(
        self,
        source: str,
        *,
        prefix: str = "",
        with_attention: bool = False,
        context: Context = ALONE,
    ) -> Answer:
        new = range(len(prefix.split()), len(source.split()))
        says = self._says and with_attention
        return Answer(source.upper(), tuple(new) if says else None)

    def close(self) -> None:
        """Nothing is held."""


@pytest.mark.parametrize(
    ("policy", "says", "expected"),
    [
        ("attention", True, ["", "", "A", "B", "C D."]),
        ("attention", False, ["", "A", "B", "C", "D."]),
        ("agreement", True, ["", "A", "B", "C", "D."]),
    ],
)
def test_attention_is_asked_for_by_its_policy_and_agreement_stands_in(
    policy: str, says: bool, expected: list[str]
) -> None:
    config = MtConfig(policy=policy, attention_words=2, deadline="none")
    stage = TranslateProcessor(Glancing(says=says), config, lambda: 0.0, coalesce=False)
    talk = [transcript(f" {word}", 1.0) for word in "abcd"] + [transcript(".", 2.0, final=True)]
    said = [" ".join(segment.target for segment in stage.process([message])) for message in talk]
    assert said == expected
