"""OPUS-MT's models, converted here, against what transformers makes of the same files."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
import pytest
import sentencepiece

from live_translator import marian
from live_translator.config import MtConfig
from live_translator.errors import ModelError
from live_translator.languages import language
from live_translator.mt import ctranslate
from live_translator.mt.ctranslate import OpusTranslator, target_mark
from live_translator.mt.streaming import TranslateProcessor
from tests.marian_models import copy_pieces, expected, unpack
from tests.messages import transcript

EN, ES = language("en"), language("es")
CLOSE = 2e-5
"""Of logarithms of likelihoods: what float32 loses on the way."""
NEAR = 0.25
"""The same in int8, which keeps two digits of each weight."""


def converted(
    model: str,
    folder: Path,
    *,
    weights: str = "model.safetensors",
    quantization: str = "float32",
    **changes: Any,
) -> Path:
    """Convert a model of the fixture whose configuration is changed."""
    source, target = unpack(model, folder / "weights", weights=weights), folder / model
    settings = json.loads((source / "config.json").read_text())
    (source / "config.json").write_text(json.dumps(settings | changes))
    target.mkdir()
    marian.convert(source, target, quantization=quantization)
    copy_pieces(source, target)
    return target


@pytest.fixture(scope="module")
def exact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return converted("en-es", tmp_path_factory.mktemp("exact"))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return converted("en-es", tmp_path_factory.mktemp("small"), quantization="int8")


@pytest.fixture
def in_float32(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(ctranslate, "COMPUTE_TYPE", "float32")
    monkeypatch.setattr(ctranslate, "_models", {})
    yield


def translator(folder: Path) -> OpusTranslator:
    return OpusTranslator(folder, EN, ES, threads=1, beam_size=1)


def pieces(folder: Path, side: str, text: str) -> list[str]:
    model = sentencepiece.SentencePieceProcessor(model_file=str(folder / f"{side}.spm"))
    found: list[str] = model.encode(text, out_type=str)
    return found


def log_probs(folder: Path, case: dict[str, Any], *, mark: str = "", compute: str) -> list[float]:
    model = ctranslate2.Translator(str(folder), compute_type=compute)
    source = [*([mark] if mark else []), *pieces(folder, "source", case["source"]), "</s>"]
    (scored,) = model.score_batch([source], [pieces(folder, "target", case["target"])])
    found: list[float] = scored.log_probs
    return found


@pytest.mark.parametrize(
    "weights", ["model.safetensors", "pytorch_model.bin", "pytorch_model.2020.bin"]
)
def test_in_float32_the_answers_are_those_of_transformers(
    tmp_path: Path, in_float32: None, weights: str
) -> None:
    engine = translator(converted("en-es", tmp_path, weights=weights))
    answers = expected()["answers"]
    assert len(answers) == 30
    assert [engine.translate(text) for text, _ in answers] == [said for _, said in answers]


def test_in_int8_nearly_all_answers_are_those_of_transformers(small: Path) -> None:
    engine = translator(small)
    same = [engine.translate(text) == said for text, said in expected()["answers"]]
    assert sum(same) >= 27


@pytest.mark.parametrize("activation", ["swish", "relu", "gelu"])
def test_every_likelihood_is_that_of_transformers(tmp_path: Path, activation: str) -> None:
    folder = converted("en-es", tmp_path, activation_function=activation)
    for case in expected()["scores"][activation]:
        scored = log_probs(folder, case, compute="float32")
        np.testing.assert_allclose(scored, case["log_probs"], atol=CLOSE, rtol=CLOSE)


def test_in_int8_every_likelihood_is_near_that_of_transformers(small: Path) -> None:
    for case in expected()["scores"]["swish"]:
        scored = np.exp(log_probs(small, case, compute="int8"))
        np.testing.assert_allclose(scored, np.exp(case["log_probs"]), atol=NEAR)


def test_two_vocabularies_marks_a_bias_and_unscaled_embeddings_are_those_of_transformers(
    tmp_path: Path,
) -> None:
    folder = converted("separate", tmp_path)
    for case in expected()["separate"]:
        mark, _, text = case["source"].partition(" ")
        scored = log_probs(folder, {**case, "source": text}, mark=mark, compute="float32")
        np.testing.assert_allclose(scored, case["log_probs"], atol=CLOSE, rtol=CLOSE)


def test_attention_is_that_of_the_layer_before_the_last(exact: Path) -> None:
    model = ctranslate2.Translator(str(exact), compute_type="float32")
    for case in expected()["scores"]["swish"]:
        source = [*pieces(exact, "source", case["source"]), "</s>"]
        target = pieces(exact, "target", case["target"])
        (result,) = model.translate_batch(
            [source], target_prefix=[target], return_attention=True, beam_size=1
        )
        rows = len(target)
        np.testing.assert_allclose(
            result.attention[0][:rows], case["attention"][0][:rows], atol=CLOSE
        )


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("I like your car.", "Me gusta"),
        ("I like your car.", "Tu coche"),
        ("Why am I here?", "¿Por qué"),
        ("Tom is our friend.", "Él"),
    ],
)
def test_an_answer_begins_with_the_forced_prefix_and_goes_on(
    small: Path, text: str, prefix: str
) -> None:
    said = translator(small).translate(text, prefix=prefix)
    assert said.startswith(f"{prefix} ")
    assert len(said.split()) > len(prefix.split())


@pytest.mark.parametrize(
    ("text", "target", "source"),
    [
        ("I like your car.", "coche", "car"),
        ("I like your car.", "gusta", "like"),
        ("Tom is our friend.", "amigo", "friend"),
        ("He's a good man.", "hombre", "man"),
        ("Let me out!", "salir", "out"),
        ("This is very bad.", "muy", "very"),
        ("This is very bad.", "mal", "bad"),
        ("Who told you my name?", "Quién", "Who"),
        ("Tom gave all his money to Mary.", "Mary", "Mary"),
    ],
)
def test_words_of_the_answer_point_at_the_words_that_they_translate(
    exact: Path, in_float32: None, text: str, target: str, source: str
) -> None:
    answer = translator(exact).answer(text, with_attention=True)
    words = [word.strip("¿?.,¡!") for word in answer.text.split()]
    assert answer.words is not None
    looked_at = answer.words[words.index(target)]
    assert text.split()[looked_at].strip(".!?") == source


@pytest.mark.parametrize("text", ["Tom gave all his money to Mary.", "Tom is our friend."])
def test_by_attention_a_word_is_safe_before_the_sentence_has_ended(
    exact: Path, in_float32: None, text: str
) -> None:
    engine = translator(exact)
    config = MtConfig(policy="attention", attention_words=1, deadline="none")
    processor = TranslateProcessor(engine, config, lambda: 0.0)
    words = text.split()
    parts = [
        segment.target
        for number, word in enumerate(words)
        for segment in processor.process(
            [transcript(f" {word}", number + 1.0, final=number == len(words) - 1)]
        )
    ]
    assert len(parts) > 1
    assert " ".join(parts) == engine.translate(text)


def test_unseen_odd_and_everyday_text_is_cut_up_as_marians_tokenizer_does(tmp_path: Path) -> None:
    source = unpack("en-es", tmp_path / "weights")
    vocabulary = json.loads((source / "vocab.json").read_text(encoding="utf-8"))
    for side, swapped in (("en", False), ("es", True)):
        folder = tmp_path / side
        folder.mkdir()
        marian.convert(source, folder)
        copy_pieces(source, folder, swapped=swapped)
        engine = translator(folder)
        cases = expected()["tokens"][side]
        assert len(cases) == 500
        for text, ids in cases:
            if is_taken_apart_otherwise(text):
                continue
            found = engine._source_pieces.encode(" ".join(text.split()), out_type=str)
            marked = engine._marked_source(text, found)
            unknown = vocabulary["<unk>"]
            assert [vocabulary.get(piece, unknown) for piece in marked] == ids, text


def is_taken_apart_otherwise(text: str) -> bool:
    """Marian's tokenizer takes a mark that somebody says for one that the program set."""
    return bool(re.search(r"^>>|</s>|<unk>|<pad>|\t", text))


@pytest.mark.parametrize(
    "text", [">>fra<< I see you.", "I see </s> you.", "<pad> I see <unk> you."]
)
def test_a_mark_that_is_said_is_text(small: Path, text: str) -> None:
    engine = translator(small)
    found = engine._marked_source(text, engine._source_pieces.encode(text, out_type=str))
    assert "".join(found[:-1]).replace("▁", " ").strip() == text
    assert not {">>fra<<", "</s>", "<pad>", "<unk>"} & set(found[:-1])


def test_a_piece_that_only_the_source_has_is_spoken_too(small: Path) -> None:
    engine = translator(small)
    sources = engine._source_pieces
    learnt = (sources.id_to_piece(number) for number in range(sources.get_piece_size()))
    own = next(
        piece
        for piece in learnt
        if piece.startswith("▁")
        and len(piece) > 3
        and engine._target_pieces.is_unknown(engine._target_pieces.piece_to_id(piece))
    )
    assert engine._joined("", ["▁el", own, "</s>", "<unk>"]) == f"el {own[1:]}"


def test_the_target_language_of_a_model_of_several_is_asked_for_by_one_token(
    tmp_path: Path,
) -> None:
    folder = converted("separate", tmp_path, quantization="int8")
    vocabulary = json.loads((tmp_path / "weights" / "vocab.json").read_text(encoding="utf-8"))
    for case, code in zip(expected()["separate"], ("es", "fr", "zh"), strict=True):
        text = case["source"].partition(" ")[2]
        engine = OpusTranslator(folder, EN, language(code), threads=1, beam_size=1)
        marked = engine._marked_source(text, engine._source_pieces.encode(text, out_type=str))
        assert [vocabulary[piece] for piece in marked] == case["ids"]
        words = engine.answer(text, with_attention=True).words
        assert words is None or max(words, default=0) < len(text.split())
    with pytest.raises(ModelError, match="cannot be loaded"):
        OpusTranslator(folder, EN, language("de"), threads=1, beam_size=1)


@pytest.mark.parametrize(
    ("marks", "code", "mark"),
    [
        ("cmn cmn_Bopo cmn_Hans cmn_Hant yue", "zh", ">>cmn_Hans<<"),
        ("bul bul_Latn", "bg", ">>bul<<"),
        ("nno nob nob_Hebr", "no", ">>nob<<"),
        ("nno nor", "no", ">>nno<<"),
        ("apc ara ara_Latn arz", "ar", ">>ara<<"),
        ("pob por", "pt", ">>por<<"),
        ("pt pt_br pt_BR es fr", "pt", ">>pt<<"),
        ("pes prs", "fa", ">>pes<<"),
        ("prs", "fa", ">>prs<<"),
        ("swa zul", "sw", ">>swa<<"),
        ("vie vie_Hani", "vi", ">>vie<<"),
        ("ces pol slk", "pl", ">>pol<<"),
    ],
)
def test_a_language_is_found_under_any_of_its_names(marks: str, code: str, mark: str) -> None:
    assert target_mark([f">>{each}<<" for each in marks.split()], language(code)) == mark


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"model_type": "bart"}, "of type 'bart'"),
        ({"normalize_before": True}, "normalize_before"),
        ({"add_final_layer_norm": True}, "add_final_layer_norm"),
        ({"activation_function": "tanh"}, "tanh"),
        ({"d_model": 64}, "should be"),
        ({"d_model": -1}, "d_model is -1"),
        ({"encoder_layers": 10**9}, "encoder_layers is 1000000000"),
        ({"encoder_layers": 3}, "layers.2"),
        ({"vocab_size": 500}, "should be"),
        ({"max_position_embeddings": 10**8}, "max_position_embeddings"),
        ({"decoder_start_token_id": 0}, "start to decode"),
        ({"decoder_attention_heads": 2}, "differ in heads"),
        ({"static_position_embeddings": False}, "positions are learnt"),
    ],
)
def test_a_configuration_of_another_network_is_one_sentence(
    tmp_path: Path, change: dict[str, Any], says: str
) -> None:
    with pytest.raises(ModelError, match="is no Marian model that can be converted") as refusal:
        converted("en-es", tmp_path, **change)
    assert says in str(refusal.value)
    assert "\n" not in str(refusal.value)


def without(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def with_text(name: str, text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(text)


@pytest.mark.parametrize(
    "spoil",
    [
        without("model.safetensors"),
        without("vocab.json"),
        without("config.json"),
        with_text("config.json", "[]"),
        with_text("config.json", "{"),
        with_text("vocab.json", "{}"),
        with_text("vocab.json", '{"</s>": 0, "<unk>": 1, "<pad>": "x"}'),
        with_text("vocab.json", "[1, 2]"),
    ],
)
def test_a_folder_that_lacks_something_is_one_sentence(
    tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    source = unpack("en-es", tmp_path / "weights")
    spoil(source)
    with pytest.raises(ModelError, match="is no Marian model that can be converted"):
        marian.convert(source, tmp_path)
