"""The network of an exported model, to train on where nothing but what is shipped was kept.

Reads CTranslate2's `model.bin`, version 6 (its `python/ctranslate2/specs/model_spec.py`):
a name and a revision, the tensors by name, then other names for the same tensors. What
int8 rounded away is learnt again in minutes; the state of the optimisers begins at nothing.
"""

import re
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
import torch

from models.train.network import (
    MAX_POSITIONS,
    Attention,
    FeedForward,
    Network,
    Norm,
    Shape,
    sinusoids,
)

_VERSION = 6
_TYPES = (np.float32, np.int8, np.int16, np.int32)
"""As the file numbers them."""

Weights = Mapping[str, Any]
"""Arrays of float32 by the name that CTranslate2 gives them."""


def restored(folder: Path) -> Network:
    """Return the network that `export` wrote into `folder`, up to its rounding.

    Raises ValueError for a model of another version of CTranslate2.
    """
    weights = _weights(folder / "model.bin")
    table = weights["decoder/embeddings/weight"]
    pieces, width = table.shape
    network = Network(
        Shape(
            pieces=pieces,
            width=width,
            heads=int(weights["encoder/num_heads"]),
            inner=len(weights["encoder/layer_0/ffn/linear_0/weight"]),
            encoder_layers=_layers(weights, "encoder"),
            decoder_layers=_layers(weights, "decoder"),
        )
    )
    with torch.no_grad():
        _set(network.embedding, table)
        _set(network.segment, _segments(weights["encoder/embeddings_1/weight"], network.scale))
        _norm(network.encoder_norm, weights, "encoder/layer_norm")
        _norm(network.decoder_norm, weights, "decoder/layer_norm")
        for number, layer in enumerate(network.encoder):
            _self_attention(
                layer.attention, layer.attention_norm, weights, f"encoder/layer_{number}"
            )
            _feed_forward(layer.inner, layer.inner_norm, weights, f"encoder/layer_{number}/ffn")
        for number, layer in enumerate(network.decoder):
            name = f"decoder/layer_{number}"
            _self_attention(layer.own, layer.own_norm, weights, name)
            _norm(layer.source_norm, weights, f"{name}/attention/layer_norm")
            _set(layer.source.query, weights[f"{name}/attention/linear_0/weight"])
            _set(layer.source.memory, weights[f"{name}/attention/linear_1/weight"])
            _set(layer.source.output, weights[f"{name}/attention/linear_2/weight"])
            _feed_forward(layer.inner, layer.inner_norm, weights, f"{name}/ffn")
    return network


def _self_attention(attention: Attention, norm: Norm, weights: Weights, layer: str) -> None:
    name = f"{layer}/self_attention"
    _norm(norm, weights, f"{name}/layer_norm")
    query, memory = np.split(weights[f"{name}/linear_0/weight"], [attention.query.out_features])
    _set(attention.query, query)
    _set(attention.memory, memory)
    _set(attention.output, weights[f"{name}/linear_1/weight"])


def _feed_forward(feed_forward: FeedForward, norm: Norm, weights: Weights, name: str) -> None:
    _norm(norm, weights, f"{name}/layer_norm")
    _set(feed_forward.inner, weights[f"{name}/linear_0/weight"])
    _set(feed_forward.outer, weights[f"{name}/linear_1/weight"])


def _norm(norm: Norm, weights: Weights, name: str) -> None:
    norm.gain.copy_(torch.from_numpy(weights[f"{name}/gamma"]))


def _set(module: Any, weight: Any) -> None:
    module.weight.copy_(torch.from_numpy(weight))


def _segments(table: Any, scale: float) -> Any:
    """Return what the table of places and segments holds beside the places."""
    rows = table[1:].reshape(2, MAX_POSITIONS, -1) * np.float32(scale)
    return (rows - sinusoids(*rows.shape[1:]).numpy()).mean(axis=1)


def _layers(weights: Weights, side: str) -> int:
    found = (re.match(rf"{side}/layer_(\d+)/", name) for name in weights)
    return len({layer[1] for layer in found if layer})


def _weights(path: Path) -> dict[str, Any]:
    tensors: dict[str, Any] = {}
    with path.open("rb") as file:
        if (version := _number(file, "I")) != _VERSION:
            raise ValueError(f"{path} is of version {version}, not {_VERSION}")
        _text(file)
        _number(file, "I")
        for _ in range(_number(file, "I")):
            name = _text(file)
            shape = [_number(file, "I") for _ in range(_number(file, "B"))]
            kind = np.dtype(_TYPES[_number(file, "B")])
            data = file.read(_number(file, "I"))
            tensors[name] = np.frombuffer(data, kind).reshape(shape).astype(np.float32)
        same = [(_text(file), _text(file)) for _ in range(_number(file, "I"))]
    tensors.update({name: tensors[other] for name, other in same})
    scaled = {
        name: scale for name in tensors if (scale := tensors.get(f"{name}_scale")) is not None
    }
    return {
        name: tensor / scaled[name][:, None] if name in scaled else tensor
        for name, tensor in tensors.items()
    }


def _number(file: IO[bytes], kind: str) -> int:
    layout = f"<{kind}"
    (number,) = struct.unpack(layout, file.read(struct.calcsize(layout)))
    return int(number)


def _text(file: IO[bytes]) -> str:
    return file.read(_number(file, "H")).rstrip(b"\0").decode()
