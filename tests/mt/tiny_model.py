"""A real CTranslate2 model, small and without training, that says what a test wants.

It is a transformer of one layer whose attention and feed-forward weights are zero, so
that what comes next depends on the last token alone: the output layer's row of a token
is the embedding of the one that it follows. In the same way keys are made so that the
decoder looks where a test wants; with values of zero it does not matter what it sees.
Tokenizer, quantisation, search, forced prefixes, attention and limits are the real ones.
"""

import re
import string
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
from ctranslate2.specs import TransformerSpec

WIDTH = 128
_WORD = re.compile(r"( ?)(\w+|[.!])")
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")


def train_pieces(folder: Path, name: str, sentences: Sequence[str]) -> Any:
    """Train a SentencePiece model to which every word of the sentences is one piece."""
    found = [mark + word for text in sentences for mark, word in _WORD.findall(" " + text)]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([" ".join(string.ascii_letters)] * 50),
        model_prefix=str(folder / "trained"),
        vocab_size=200,
        hard_vocab_limit=False,
        user_defined_symbols=list(dict.fromkeys(word.replace(" ", "▁") for word in found)),
        minloglevel=2,
    )
    (folder / "trained.model").rename(folder / name)
    (folder / "trained.vocab").unlink()
    return sentencepiece.SentencePieceProcessor(model_file=str(folder / name))


def chain(pieces: Any, begin: str, text: str, end: str) -> dict[str, str]:
    """Return which token follows which, so that `begin` is followed by the text."""
    tokens = [begin, *pieces.encode(text, out_type=str), end]
    followers = dict(pairwise(tokens))
    assert len(followers) == len(tokens) - 1, "each token can be followed by one only"
    return followers


def save_model(
    folder: Path,
    pieces: Iterable[Any],
    marks: Sequence[str],
    next_: Mapping[str, str],
    looks: Mapping[str, str] | None = None,
) -> None:
    """Write model.bin, config.json and the vocabulary, as the published models have them.

    `looks`: behind which target token the decoder looks at which source token; without it,
    at all alike.
    """
    words = dict.fromkeys(
        model.id_to_piece(index) for model in pieces for index in range(model.get_piece_size())
    )
    vocabulary = [*SPECIAL, *(word for word in words if word not in SPECIAL), *marks]
    index = {token: number for number, token in enumerate(vocabulary)}
    random = np.random.default_rng(1)
    embedding = random.standard_normal((len(vocabulary), WIDTH)).astype(np.float32)
    output = np.zeros_like(embedding)
    for token, follower in next_.items():
        output[index[follower]] += embedding[index[token]]

    spec = TransformerSpec.from_config(1, num_heads=2)
    for side in (spec.encoder, spec.decoder):
        embeddings = side.embeddings
        (embeddings[0] if isinstance(embeddings, list) else embeddings).weight = embedding
        side.scale_embeddings = False
        side.position_encodings.encodings = np.zeros((600, WIDTH), np.float32)
        _norm(side.layer_norm)
        for layer in side.layer:
            _attention(layer.self_attention, (3 * WIDTH, WIDTH))
            if side is spec.decoder:
                _attention(layer.attention, (WIDTH, 2 * WIDTH, WIDTH))
            _norm(layer.ffn.layer_norm)
            _linear(layer.ffn.linear_0, WIDTH)
            _linear(layer.ffn.linear_1, WIDTH)
    queries, keys, _ = spec.decoder.layer[0].attention.linear
    queries.weight = np.eye(WIDTH, dtype=np.float32)
    for token, seen in (looks or {}).items():
        keys.weight[:WIDTH] += np.outer(embedding[index[token]], embedding[index[seen]]) / WIDTH
    spec.decoder.projection.weight = output
    spec.decoder.projection.bias = np.zeros(len(vocabulary), np.float32)
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.config.decoder_start_token = "</s>"  # noqa: S105 - no password
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(folder))


def _norm(spec: Any) -> None:
    spec.gamma = np.ones(WIDTH, np.float32)
    spec.beta = np.zeros(WIDTH, np.float32)


def _linear(spec: Any, rows: int) -> None:
    spec.weight = np.zeros((rows, WIDTH), np.float32)
    spec.bias = np.zeros(rows, np.float32)


def _attention(spec: Any, rows: Sequence[int]) -> None:
    _norm(spec.layer_norm)
    for linear, count in zip(spec.linear, rows, strict=True):
        _linear(linear, count)
