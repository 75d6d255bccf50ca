"""NLLB and OPUS-MT adapters on a real, tiny model with random weights.

What a random model says means nothing; that it is asked correctly, that prefixes are
forced and lengths bounded, is the same for every model.
"""

import io
import itertools
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
import pytest

from live_translator.errors import ModelError, SegmentError
from live_translator.languages import language
from live_translator.mt.ctranslate import ArgosTranslator, NllbTranslator, OpusTranslator

EN, ES = language("en"), language("es")
WIDTH = 16
SENTENCES = ("la casa es grande y el perro come pan", "the house is big and the dog eats bread")


def random_spec(seed: int) -> Any:
    """A transformer of one layer on each side, filled with noise."""
    from ctranslate2.specs import transformer_spec  # noqa: PLC0415 - heavy

    spec = transformer_spec.TransformerSpec.from_config((1, 1), 2)
    noise = np.random.default_rng(seed)

    def fill(linear: Any, rows: int, columns: int = WIDTH) -> None:
        linear.weight = noise.normal(0, 0.5, (rows, columns)).astype(np.float32)
        linear.bias = np.zeros(rows, np.float32)

    def normal(layer_norm: Any) -> None:
        layer_norm.gamma, layer_norm.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)

    for side in (spec.encoder, spec.decoder):
        normal(side.layer_norm)
        (layer,) = side.layer
        normal(layer.self_attention.layer_norm)
        fill(layer.self_attention.linear[0], 3 * WIDTH)
        fill(layer.self_attention.linear[1], WIDTH)
        normal(layer.ffn.layer_norm)
        fill(layer.ffn.linear_0, 2 * WIDTH)
        fill(layer.ffn.linear_1, WIDTH, 2 * WIDTH)
    cross = spec.decoder.layer[0].attention
    normal(cross.layer_norm)
    for linear, rows in zip(cross.linear, (WIDTH, 2 * WIDTH, WIDTH), strict=True):
        fill(linear, rows)
    return spec


def write_model(folder: Path, pieces: Path, names: tuple[str, ...], marks: list[str]) -> Path:
    import sentencepiece  # noqa: PLC0415 - heavy

    folder.mkdir()
    processor = sentencepiece.SentencePieceProcessor(model_file=str(pieces))
    learnt = [processor.id_to_piece(i) for i in range(processor.get_piece_size())]
    vocabulary = ["<s>", "<pad>", "</s>", "<unk>", *marks]
    vocabulary += [piece for piece in learnt if piece not in vocabulary]
    spec = random_spec(seed=7)
    noise = np.random.default_rng(8)
    for embeddings in (spec.encoder.embeddings[0], spec.decoder.embeddings):
        embeddings.weight = noise.normal(0, 1, (len(vocabulary), WIDTH)).astype(np.float32)
    spec.decoder.projection.weight = spec.decoder.embeddings.weight
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.config.decoder_start_token = "</s>"  # noqa: S105 - no password
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(folder))
    for name in names:
        (folder / name).write_bytes(pieces.read_bytes())
    return folder


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import sentencepiece  # noqa: PLC0415 - heavy

    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=(
            " ".join(words)
            for sentence in SENTENCES
            for words in itertools.permutations(sentence.split(), 3)
        ),
        model_writer=model,
        vocab_size=60,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    path = tmp_path_factory.mktemp("pieces") / "pieces.model"
    path.write_bytes(model.getvalue())
    return path


@pytest.fixture(scope="module")
def nllb(pieces: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "nllb-tiny"
    marks = ["eng_Latn", "spa_Latn"]
    return write_model(folder, pieces, ("sentencepiece.bpe.model",), marks)


@pytest.fixture(scope="module")
def opus(pieces: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "opus-mt-en-es"
    return write_model(folder, pieces, ("source.spm", "target.spm"), [])


@pytest.fixture(scope="module")
def argos(pieces: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "argos-en-es"
    return write_model(folder, pieces, ("sentencepiece.model",), [])


Engine = NllbTranslator | OpusTranslator | ArgosTranslator
KINDS: dict[str, type[Engine]] = {
    "nllb": NllbTranslator,
    "opus": OpusTranslator,
    "argos": ArgosTranslator,
}


@pytest.fixture(params=list(KINDS))
def engine(request: pytest.FixtureRequest) -> Engine:
    folder = request.getfixturevalue(request.param)
    return KINDS[request.param](folder, EN, ES, threads=1, beam_size=2)


@pytest.mark.parametrize("prefix", ["la casa", "el perro come", "la casa, es", "x"])
def test_a_translation_begins_with_its_prefix_word_for_word(engine: Engine, prefix: str) -> None:
    translation = engine.translate("the dog eats bread", prefix=prefix)
    assert translation.startswith(prefix)


def test_a_translation_is_bounded_and_repeatable(engine: Engine) -> None:
    first = engine.translate("the house is big")
    assert first == engine.translate("the house is big")
    assert len(first) < 500
    assert "</s>" not in first
    assert "_Latn" not in first


def test_what_is_empty_stays_empty(engine: Engine) -> None:
    assert engine.translate("  ") == ""
    assert engine.translate("", prefix="la casa") == "la casa"


def test_a_text_longer_than_the_model_is_one_segments_error(engine: Engine) -> None:
    with pytest.raises(SegmentError, match=r"mt\.max_sentence_words"):
        engine.translate("the dog " * 400)
    assert isinstance(engine.translate("the dog"), str)


def test_source_and_target_are_marked_as_nllb_was_trained(nllb: Path) -> None:
    engine = NllbTranslator(nllb, EN, ES, threads=1, beam_size=1)
    asked: dict[str, Any] = {}
    real = engine._model.translate_batch

    class Watched:
        def translate_batch(self, source: Any, **options: Any) -> Any:
            asked.update(options, source=source)
            return real(source, **options)

    engine._model = Watched()
    engine.translate("the dog", prefix="el")
    assert asked["source"][0][0] == "eng_Latn"
    assert asked["source"][0][-1] == "</s>"
    assert asked["target_prefix"][0][:2] == ["spa_Latn", "▁el"]


def test_a_closed_engine_may_be_closed_again(engine: Engine) -> None:
    engine.close()
    engine.close()


@pytest.mark.parametrize("broken", ["model.bin", "sentencepiece.bpe.model"])
def test_a_damaged_model_names_the_command_that_mends_it(
    nllb: Path, tmp_path: Path, broken: str
) -> None:
    for file in nllb.iterdir():
        if file.name != broken:
            (tmp_path / file.name).write_bytes(file.read_bytes())
    with pytest.raises(ModelError, match="live-translate models get --force"):
        NllbTranslator(tmp_path, EN, ES, threads=1, beam_size=1)


def test_a_gpu_that_cannot_be_used_is_said(nllb: Path) -> None:
    if ctranslate2.get_cuda_device_count():
        pytest.skip("there is a GPU here")
    with pytest.raises(ModelError, match=r"set mt\.device to cpu"):
        NllbTranslator(nllb, EN, ES, threads=1, beam_size=1, device="cuda")
