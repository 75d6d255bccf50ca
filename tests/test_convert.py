import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from live_translator import convert
from live_translator.errors import ModelError
from live_translator.fetch import SilentProgress, SourceError

QUIET = SilentProgress()
HAS_CONVERTER = all(importlib.util.find_spec(name) for name in ("torch", "transformers"))


def raw_voice(path: Path, seed: int) -> np.ndarray[Any, Any]:
    table = np.random.default_rng(seed).standard_normal((510, 1, 256)).astype("<f4")
    path.write_bytes(table.tobytes())
    return table


def test_voices_become_one_archive_that_numpy_reads(tmp_path: Path) -> None:
    tables = {name: raw_voice(tmp_path / name, seed) for seed, name in enumerate(("b", "a"))}
    convert.pack_voices({name: tmp_path / name for name in tables}, tmp_path / "voices.npz")
    with np.load(tmp_path / "voices.npz", allow_pickle=False) as packed:
        assert packed.files == ["a", "b"]
        for name, table in tables.items():
            assert packed[name].dtype == np.float32
            np.testing.assert_array_equal(packed[name], table)


def test_the_same_voices_make_the_same_archive(tmp_path: Path) -> None:
    raw_voice(tmp_path / "a", 1)
    raw_voice(tmp_path / "b", 2)
    voices = {name: tmp_path / name for name in ("a", "b")}
    convert.pack_voices(voices, tmp_path / "first")
    convert.pack_voices(dict(reversed(voices.items())), tmp_path / "second")
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


@pytest.mark.parametrize("size", [0, 1000])
def test_a_table_of_another_shape_is_refused(tmp_path: Path, size: int) -> None:
    (tmp_path / "a").write_bytes(bytes(size))
    with pytest.raises(SourceError, match="voice a is no table of 256 columns"):
        convert.pack_voices({"a": tmp_path / "a"}, tmp_path / "voices.npz")


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ({"torch"}, "needs torch: run `pip install 'live-translate[convert]'`"),
        ({"torch", "transformers"}, "needs transformers and torch: run"),
    ],
)
def test_without_the_extra_the_error_names_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: set[str], says: str
) -> None:
    monkeypatch.setattr(convert, "_installed", lambda package: package not in missing)
    with pytest.raises(ModelError, match=re.escape(says)):
        convert.convert_transformers(tmp_path, tmp_path / "out", QUIET)


@pytest.mark.skipif(HAS_CONVERTER, reason="the extra `convert` is installed")
def test_on_a_machine_without_the_extra_conversion_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="live-translate\\[convert\\]"):
        convert.require_converter()


@pytest.mark.slow
@pytest.mark.skipif(not HAS_CONVERTER, reason="needs the extra `convert`: transformers and torch")
def test_a_tiny_random_model_is_converted_and_translates(tmp_path: Path) -> None:
    import ctranslate2  # noqa: PLC0415
    import sentencepiece  # noqa: PLC0415

    transformers: Any = pytest.importorskip("transformers")
    weights, target = tmp_path / "weights", tmp_path / "target"
    weights.mkdir()
    target.mkdir()
    text = tmp_path / "text"
    text.write_text("the quick brown fox jumps over the lazy dog\n" * 50)
    sentencepiece.SentencePieceTrainer.train(
        input=str(text), model_prefix=str(tmp_path / "spm"), vocab_size=40, hard_vocab_limit=False
    )
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(tmp_path / "spm.model"))
    vocabulary = {pieces.id_to_piece(index): index for index in range(pieces.get_piece_size())}
    vocabulary["<pad>"] = len(vocabulary)
    (weights / "vocab.json").write_text(json.dumps(vocabulary))
    for name in ("source.spm", "target.spm"):
        (weights / name).write_bytes((tmp_path / "spm.model").read_bytes())
    tokenizer = transformers.MarianTokenizer.from_pretrained(str(weights))
    tokenizer.save_pretrained(str(weights))
    settings = transformers.MarianConfig(
        vocab_size=len(vocabulary), d_model=16, encoder_layers=1, decoder_layers=1,
        encoder_attention_heads=2, decoder_attention_heads=2, encoder_ffn_dim=32,
        decoder_ffn_dim=32, max_position_embeddings=64, pad_token_id=vocabulary["<pad>"],
        decoder_start_token_id=vocabulary["<pad>"], eos_token_id=vocabulary["</s>"],
    )  # fmt: skip
    transformers.MarianMTModel(settings).save_pretrained(str(weights))

    names = convert.convert_transformers(weights, target, QUIET, copy=("source.spm", "target.spm"))
    assert {"model.bin", "config.json", "source.spm", "target.spm"} <= set(names)
    translator = ctranslate2.Translator(str(target), compute_type="int8")
    result = translator.translate_batch([["▁the", "</s>"]], max_decoding_length=5)
    assert result[0].hypotheses
