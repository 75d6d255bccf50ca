"""Marian models as Hugging Face has them, to CTranslate2: numpy is all that it takes.

The network is the post-norm Transformer of Marian (Junczys-Dowmunt et al. 2018) with
sinusoidal positions; OPUS-MT publishes its models so. What the files mean is what
transformers' `MarianMTModel` does with them.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from live_translator.checkpoint import Array, read_weights, reason_of
from live_translator.errors import ModelError

WEIGHTS = ("model.safetensors", "pytorch_model.bin")
"""The files that may hold the weights, the safer one first."""

_END, _UNKNOWN, _PAD = "</s>", "<unk>", "<pad>"

_ALIGNMENT_LAYER = -2
"""Of six decoder layers the one before the last looks most like an alignment (Garg et al.
2019, https://arxiv.org/abs/1909.02074); a model of one layer has no choice."""

_LARGEST = {"d_model": 4096, "vocab_size": 1 << 20, "decoder_vocab_size": 1 << 20}
_LARGEST_OTHERWISE = 1 << 16
"""Bounds on a configuration's numbers, from before anything is made of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Config:
    """What of `config.json` the network depends on, under its names there."""

    d_model: int
    encoder_layers: int
    decoder_layers: int
    encoder_attention_heads: int
    decoder_attention_heads: int
    vocab_size: int
    decoder_vocab_size: int
    max_position_embeddings: int
    decoder_start_token_id: int
    activation_function: str
    scale_embedding: bool
    share_encoder_decoder_embeddings: bool


def convert(folder: Path, target: Path, *, quantization: str = "int8") -> None:
    """Write the CTranslate2 model of a folder of Hugging Face weights into a folder.

    The folder holds `config.json`, `vocab.json`, with two vocabularies `target_vocab.json`,
    and one of WEIGHTS. Raises ModelError where it does not, or the model is of another kind.
    """
    try:
        config = _read_config(folder / "config.json")
        weights = read_weights(next(path for name in WEIGHTS if (path := folder / name).exists()))
        spec = _spec(config, weights)
        source, targets = _vocabularies(folder, config)
        spec.register_source_vocabulary(source)
        spec.register_target_vocabulary(targets)
        spec.config.eos_token, spec.config.unk_token = _END, _UNKNOWN
        # Whichever token is named, the decoder starts from an embedding of zeros.
        spec.config.decoder_start_token = _END
        spec.validate()
        spec.optimize(quantization=quantization)
        spec.save(str(target))
    except (OSError, LookupError, TypeError, ValueError, AttributeError, StopIteration) as fault:
        raise ModelError(
            f"{folder.name} is no Marian model that can be converted "
            f"({reason_of(fault)}): choose another one"
        ) from fault


def _read_config(path: Path) -> _Config:
    """Read a configuration; raises ValueError, LookupError for one of another network."""
    table = json.loads(path.read_text(encoding="utf-8"))
    if table.get("model_type") != "marian":
        raise ValueError(f"it is of type {table.get('model_type')!r}")
    for option in ("normalize_before", "normalize_embedding", "add_final_layer_norm"):
        if table.get(option):
            raise ValueError(f"it has {option}, which OPUS-MT's models do not")
    if table.get("static_position_embeddings") is False or not table.get("tie_word_embeddings", 1):
        raise ValueError("its positions are learnt, or its output is not its embedding")
    shared = bool(table.get("share_encoder_decoder_embeddings", True))
    config = _Config(
        **{name: table[name] for name in (
            "d_model", "encoder_layers", "decoder_layers", "encoder_attention_heads",
            "decoder_attention_heads", "vocab_size", "max_position_embeddings",
            "decoder_start_token_id", "activation_function",
        )},
        decoder_vocab_size=table["vocab_size"] if shared else table["decoder_vocab_size"],
        scale_embedding=bool(table.get("scale_embedding", False)),
        share_encoder_decoder_embeddings=shared,
    )  # fmt: skip
    for name in _Config.__slots__:
        value = getattr(config, name)
        if isinstance(value, int) and not 0 <= value <= _LARGEST.get(name, _LARGEST_OTHERWISE):
            raise ValueError(f"{name} is {value}")
    return config


def _spec(config: _Config, weights: Mapping[str, Array]) -> Any:
    """Return CTranslate2's description of the network, filled."""
    from ctranslate2.specs import TransformerSpec  # noqa: PLC0415 - heavy

    if config.encoder_attention_heads != config.decoder_attention_heads:
        raise ValueError("its encoder and decoder differ in heads")
    spec = TransformerSpec.from_config(
        (config.encoder_layers, config.decoder_layers),
        config.encoder_attention_heads,
        pre_norm=False,
        activation=_activation(config.activation_function),
        alignment_layer=max(_ALIGNMENT_LAYER, -config.decoder_layers),
        alignment_heads=config.decoder_attention_heads,
    )
    words = _Words(config, weights)
    spec.encoder.embeddings[0].weight = words.source
    spec.decoder.embeddings.weight = words.target
    spec.decoder.projection.weight = words.target
    if words.bias.any():
        spec.decoder.projection.bias = words.bias
    spec.decoder.start_from_zero_embedding = True
    for side, name in ((spec.encoder, "encoder"), (spec.decoder, "decoder")):
        side.scale_embeddings = math.sqrt(config.d_model) if config.scale_embedding else 1.0
        side.position_encodings.encodings = _positions(config, weights, name)
        for number, layer in enumerate(side.layer):
            _fill_layer(layer, weights, f"model.{name}.layers.{number}", config.d_model)
    return spec


def _activation(name: str) -> Any:
    from ctranslate2.specs.common_spec import Activation  # noqa: PLC0415 - heavy

    known = {
        "swish": Activation.SWISH,
        "silu": Activation.SWISH,
        "relu": Activation.RELU,
        "gelu": Activation.GELU,
    }
    return known[name]


class _Words:
    """The vectors of the vocabularies, without those of <pad>.

    transformers adds <pad> to a model of Marian's, behind its last token, as a name for the
    vector of zeros from which Marian starts to decode.
    """

    def __init__(self, config: _Config, weights: Mapping[str, Array]) -> None:
        shared = "model.shared.weight"
        encoder, decoder = "model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight"
        if config.share_encoder_decoder_embeddings:
            self.source = target = _first(weights, shared, encoder, decoder, "lm_head.weight")
        else:
            self.source = weights[encoder]
            target = _first(weights, decoder, "lm_head.weight")
        _require(self.source, (config.vocab_size, config.d_model), "the source's vectors")
        _require(target, (config.decoder_vocab_size, config.d_model), "the target's vectors")
        last = len(target) - 1
        if config.decoder_start_token_id != last or target[last].any():
            raise ValueError("it does not start to decode from <pad>, its last token")
        self.target = target[:last]
        if config.share_encoder_decoder_embeddings:
            self.source = self.target
        bias = weights.get("final_logits_bias", np.zeros((1, last + 1), np.float32))
        _require(bias, (1, last + 1), "final_logits_bias")
        self.bias = bias[0, :last]


def _first(weights: Mapping[str, Array], *names: str) -> Array:
    """Return a tensor that may have several names: which of them is written varies."""
    return next(weights[name] for name in names if name in weights)


def _positions(config: _Config, weights: Mapping[str, Array], side: str) -> Array:
    """Return a vector for each position: older files hold them, newer ones do not.

    These are sinusoids (Vaswani et al. 2017, section 3.5), all sines before all cosines.
    """
    shape = (config.max_position_embeddings, config.d_model)
    positions = weights.get(f"model.{side}.embed_positions.weight")
    if positions is None:
        timescales = np.power(10000, 2 * (np.arange(shape[1]) // 2) / shape[1])
        angles = np.arange(shape[0])[:, None] / timescales
        halves = [np.sin(angles[:, 0::2]), np.cos(angles[:, 1::2])]
        positions = np.concatenate(halves, axis=1).astype(np.float32)
    _require(positions, shape, "the positions")
    return positions


def _fill_layer(layer: Any, weights: Mapping[str, Array], name: str, width: int) -> None:
    """Fill a layer of the encoder, or of the decoder, which looks at the encoder as well."""

    def fill(linear: Any, *parts: str, columns: int = width) -> None:
        """Stack matrices that are multiplied with the same vector."""
        matrices = [weights[f"{name}.{part}.weight"] for part in parts]
        biases = [weights[f"{name}.{part}.bias"] for part in parts]
        for part, matrix, bias in zip(parts, matrices, biases, strict=True):
            _require(matrix, (len(bias), columns), part)
        linear.weight, linear.bias = np.concatenate(matrices), np.concatenate(biases)

    within, out = layer.self_attention.linear
    fill(within, *(f"self_attn.{each}_proj" for each in "qkv"))
    fill(out, "self_attn.out_proj")
    _fill_norm(layer.self_attention.layer_norm, weights, f"{name}.self_attn_layer_norm", width)
    if hasattr(layer, "attention"):
        queries, keys_and_values, out = layer.attention.linear
        fill(queries, "encoder_attn.q_proj")
        fill(keys_and_values, "encoder_attn.k_proj", "encoder_attn.v_proj")
        fill(out, "encoder_attn.out_proj")
        _fill_norm(layer.attention.layer_norm, weights, f"{name}.encoder_attn_layer_norm", width)
    fill(layer.ffn.linear_0, "fc1")
    fill(layer.ffn.linear_1, "fc2", columns=len(layer.ffn.linear_0.bias))
    _fill_norm(layer.ffn.layer_norm, weights, f"{name}.final_layer_norm", width)


def _fill_norm(norm: Any, weights: Mapping[str, Array], name: str, width: int) -> None:
    norm.gamma, norm.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]
    _require(norm.gamma, (width,), name)
    _require(norm.beta, (width,), name)


def _require(tensor: Array, shape: tuple[int, ...], what: str) -> None:
    if tensor.shape != shape:
        raise ValueError(f"{what} should be {shape} and is {tensor.shape}")


def _vocabularies(folder: Path, config: _Config) -> tuple[list[str], list[str]]:
    """Return the tokens of the source and of the target in the order of their vectors."""
    source = list(_tokens(folder / "vocab.json", config.vocab_size))
    if config.share_encoder_decoder_embeddings:
        target = source = source[:-1]
    else:
        target = list(_tokens(folder / "target_vocab.json", config.decoder_vocab_size))[:-1]
    return source, target


def _tokens(path: Path, size: int) -> Iterator[str]:
    """Yield a vocabulary's tokens; a vector without one gets a name that no text has."""
    table = json.loads(path.read_text(encoding="utf-8"))
    by_number = {number: token for token, number in table.items()}
    if table.get(_END) is None or table.get(_UNKNOWN) is None or by_number.get(size - 1) != _PAD:
        raise ValueError(f"{path.name} does not fit the model")
    for number in range(size):
        yield by_number.get(number, f"<unused {number}>")
