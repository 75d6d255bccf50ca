"""The trained network as a CTranslate2 model, int8, with its pieces beside it.

CTranslate2 adds what several tables say of a token: the second table is that of places, one
row for each place in the source (`a0`, `a1`, ...) and in the hint (`b0`, ...), so that both
begin at 0.
"""

import shutil
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
from ctranslate2.specs import common_spec, transformer_spec

from live_translator.mt.compact import MEMORY, TEXTS, write_checksums
from models.train import vocabulary
from models.train.network import (
    EPSILON,
    MAX_POSITIONS,
    Attention,
    FeedForward,
    Network,
    Norm,
    sinusoids,
)


def export(network: Network, pieces_path: Path, memory_path: Path, folder: Path) -> None:
    """Write `model.bin`, its vocabularies, pieces, memory and their checksums into `folder`."""
    pieces = vocabulary.load(pieces_path)
    shape = network.shape
    spec = transformer_spec.TransformerSpec.from_config(
        (shape.encoder_layers, shape.decoder_layers),
        shape.heads,
        num_source_embeddings=2,
        embeddings_merge=common_spec.EmbeddingsMerge.ADD,
        alignment_layer=-1,
        alignment_heads=1,
    )
    table = _array(network.embedding.weight)
    places = sinusoids(MAX_POSITIONS, shape.width).numpy()
    segments = _array(network.segment.weight)
    encoder, decoder = spec.encoder, spec.decoder
    encoder.embeddings[0].weight = table
    # Every table is scaled when it is read; this one should not be.
    special = np.zeros((1, shape.width), dtype=np.float32)
    rows = [places + segment for segment in segments]
    encoder.embeddings[1].weight = np.concatenate([special, *rows]).astype(np.float32)
    encoder.embeddings[1].weight /= np.float32(network.scale)
    encoder.position_encodings.encodings = np.zeros_like(places)
    decoder.embeddings.weight = table
    decoder.position_encodings.encodings = places
    decoder.projection.weight = table
    _norm(encoder.layer_norm, network.encoder_norm)
    _norm(decoder.layer_norm, network.decoder_norm)
    for to, layer in zip(encoder.layer, network.encoder, strict=True):
        _self_attention(to.self_attention, layer.attention, layer.attention_norm)
        _feed_forward(to.ffn, layer.inner, layer.inner_norm)
    for to, layer in zip(decoder.layer, network.decoder, strict=True):
        _self_attention(to.self_attention, layer.own, layer.own_norm)
        _cross_attention(to.attention, layer.source, layer.source_norm)
        _feed_forward(to.ffn, layer.inner, layer.inner_norm)
    tokens = [pieces.id_to_piece(number) for number in range(pieces.get_piece_size())]
    spec.register_source_vocabulary(tokens)
    named = (f"{letter}{place}" for letter in TEXTS for place in range(MAX_POSITIONS))
    spec.register_source_vocabulary(["<unk>", *named])
    spec.register_target_vocabulary(tokens)
    spec.config.add_source_bos = False
    spec.config.add_source_eos = False
    spec.config.bos_token, spec.config.eos_token = "<s>", "</s>"
    spec.config.decoder_start_token = "<s>"  # noqa: S105
    spec.config.unk_token = "<unk>"  # noqa: S105
    spec.config.layer_norm_epsilon = EPSILON
    folder.mkdir(parents=True, exist_ok=True)
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(folder))
    for source, name in (
        (pieces_path.with_suffix(".model"), "pieces.model"),
        (memory_path, MEMORY),
    ):
        if source.resolve() != (folder / name).resolve():
            shutil.copyfile(source, folder / name)
    write_checksums(folder)


def load(folder: Path, *, threads: int = 2) -> Any:
    """Return the model as CTranslate2 runs it."""
    return ctranslate2.Translator(
        str(folder), device="cpu", compute_type="int8", intra_threads=threads
    )


def _norm(to: Any, norm: Norm) -> None:
    to.gamma = _array(norm.gain)
    to.beta = np.zeros_like(to.gamma)


def _self_attention(to: Any, attention: Attention, norm: Norm) -> None:
    _norm(to.layer_norm, norm)
    to.linear[0].weight = np.concatenate([_weight(attention.query), _weight(attention.memory)])
    to.linear[1].weight = _weight(attention.output)


def _cross_attention(to: Any, attention: Attention, norm: Norm) -> None:
    _norm(to.layer_norm, norm)
    for linear, source in zip(
        to.linear, (attention.query, attention.memory, attention.output), strict=True
    ):
        linear.weight = _weight(source)


def _feed_forward(to: Any, feed_forward: FeedForward, norm: Norm) -> None:
    _norm(to.layer_norm, norm)
    to.linear_0.weight = _weight(feed_forward.inner)
    to.linear_1.weight = _weight(feed_forward.outer)


def _weight(linear: Any) -> Any:
    return _array(linear.weight)


def _array(weight: Any) -> Any:
    # A copy: CTranslate2 quantises in place, and this is the network's own memory.
    return weight.detach().numpy().copy()
