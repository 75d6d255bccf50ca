"""Firefox's translation networks, in numpy: Marian's students, which CTranslate2 cannot run.

The encoder is a post-norm Transformer. The decoder has simpler simple recurrent units where
a Transformer looks at what it has said (Kim et al. 2019, "From Research to Production and
Back"): what a step costs does not grow, and a forced prefix is read token by token. The file
is Marian's binary form with matrices in 8 bits, which are read as they are.
"""

import math
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from live_translator.checkpoint import reason_of
from live_translator.errors import ModelError

Array = npt.NDArray[np.float32]
_Bytes = npt.NDArray[np.uint8]

END, UNKNOWN = 0, 1
"""Numbers of pieces, in all of Marian's SentencePiece models."""

_VERSION = 1
_MOST_ITEMS = 10_000
_MOST_AXES = 4
_LONGEST_NAME = 1000
_FLOAT32, _INTGEMM8 = 0x0404, 0x4101
"""How Marian numbers the types of an item; the second is 8 bits and a scale behind them."""

_CONFIG = "special:model.yml"
_EXPECTED = {
    "type": "transformer",
    "transformer-decoder-autoreg": "rnn",
    "dec-cell": "ssru",
    "transformer-ffn-activation": "relu",
    "transformer-preprocess": '""',
    "transformer-postprocess": "dan",
    "transformer-postprocess-top": '""',
    "transformer-train-position-embeddings": "false",
}
"""What Firefox's models have in common, and this module relies on."""

_TINY = 1e-6
"""Added to the variance, as Marian does."""


_STEEP = np.float32(60)
"""Past which a gate is open or shut, in float32, and its exponential of no use."""


class Network:
    """A student; several threads may share it, for it keeps nothing of a sentence."""

    def __init__(self, path: Path) -> None:
        """Read the weights; raises ModelError for a file that is damaged or of another kind."""
        try:
            self._read(path)
        except (OSError, LookupError, TypeError, ValueError, struct.error) as fault:
            raise ModelError(
                f"{path} is no student of Marian's, or not whole ({reason_of(fault)}): "
                "fetch it again"
            ) from fault

    def _read(self, path: Path) -> None:
        settings, weights = read_items(path)
        for option, value in _EXPECTED.items():
            if settings.get(option, value).replace("'", '"') != value:
                raise ValueError(f"its {option} is {settings[option]}")
        # One table of words, or, for languages that share no letters, two.
        self._source = weights["Wemb"] if "Wemb" in weights else weights["encoder_Wemb"]
        self._target = weights["Wemb"] if "Wemb" in weights else weights["decoder_Wemb"]
        self._width = self._source.shape[1]
        self._heads = int(settings["transformer-heads"])
        if self._heads <= 0 or self._width % (2 * self._heads):
            raise ValueError(f"{self._heads} heads do not fit {self._width} numbers")
        self._bias = weights["decoder_ff_logit_out_b"].reshape(-1)
        if self._bias.shape != self._target.shape[:1]:
            raise ValueError("its bias does not fit its table of words")
        self._encoder, self._decoder = (
            [
                _Layer(weights, f"{side}_l{number}", self._heads)
                for number in range(1, int(settings[depth]) + 1)
            ]
            for side, depth in (("encoder", "enc-depth"), ("decoder", "dec-depth"))
        )
        half = self._width // 2
        self._timescales = 1e-4 ** (np.arange(half, dtype=np.float32) / np.float32(half - 1))
        self._scale = np.float32(math.sqrt(self._width))
        list(self.decode(self.encode([UNKNOWN, END]), [], 1))  # else a shape fails at first use

    @property
    def vocabulary_sizes(self) -> tuple[int, int]:
        """How many pieces source and target have."""
        return len(self._source), len(self._target)

    def encode(self, source: Sequence[int]) -> Array:
        """Return a vector for each piece of the source, whose last is END."""
        x: Array = self._source[list(source)] * self._scale
        x += np.stack([self._position(place) for place in range(len(source))])
        for layer in self._encoder:
            x = layer.attend("self", x, layer.keys_and_values("self", x))[0]
            x = layer.feed_forward(x)
        return x

    def decode(
        self, seen: Array, prefix: Sequence[int], most: int, *, no_repeat: int = 0
    ) -> Iterator["Step"]:
        """Yield what is said behind a prefix, greedily, until END or `most` tokens have come.

        With `no_repeat`, no run of so many tokens is said twice.
        """
        state = _State(
            cells=[np.zeros((1, self._width), np.float32) for _ in self._decoder],
            context=[layer.keys_and_values("context", seen) for layer in self._decoder],
        )
        said: list[int] = []
        for _ in range(len(prefix) + most):
            word = np.zeros((1, self._width), np.float32)  # the first has none before it
            if said:
                word = self._target[said[-1:]] * self._scale
            x, attention = self._step(word + self._position(len(said)), state)
            if len(said) < len(prefix):
                said.append(prefix[len(said)])
                continue
            logits = (x @ self._target.T)[0] + self._bias
            logits[UNKNOWN] = -np.inf
            logits[_repeating(said, no_repeat)] = -np.inf
            token = int(logits.argmax())
            top = float(logits[token])
            log_prob = -math.log(float(np.exp(logits - top).sum()))
            said.append(token)
            yield Step(token, log_prob, attention)
            if token == END:
                return

    def _step(self, x: Array, state: "_State") -> tuple[Array, Array]:
        attention = np.zeros(0, np.float32)
        for number, layer in enumerate(self._decoder):
            x, state.cells[number] = layer.recur(x, state.cells[number])
            x, attention = layer.attend("context", x, state.context[number])
            x = layer.feed_forward(x)
        return x, attention[0]

    def _position(self, place: int) -> Array:
        angles = place * self._timescales
        return np.concatenate([np.sin(angles), np.cos(angles)])


@dataclass(frozen=True, slots=True)
class Step:
    """One token of the translation."""

    token: int
    log_prob: float
    attention: Array
    """How much it looked at each piece of the source: the last layer's heads, averaged."""


@dataclass(slots=True)
class _State:
    """What the decoder carries from a step to the next."""

    cells: list[Array]
    context: list["_KeysAndValues"] = field(default_factory=list)


class _KeysAndValues(NamedTuple):
    """What is looked at, by head, place and number."""

    keys: Array
    values: Array


class _Layer:
    """One layer of either side; it has what its tensors' names say."""

    def __init__(self, weights: Mapping[str, Array], name: str, heads: int) -> None:
        self._weights = {
            key.removeprefix(f"{name}_"): array
            for key, array in weights.items()
            if key.startswith(f"{name}_")
        }
        self._heads = heads

    def keys_and_values(self, part: str, seen: Array) -> _KeysAndValues:
        return _KeysAndValues(
            self._by_head(self._affine(part, "k", seen)),
            self._by_head(self._affine(part, "v", seen)),
        )

    def attend(self, part: str, x: Array, seen: _KeysAndValues) -> tuple[Array, Array]:
        """Return what comes out, and how much each place was looked at."""
        queries = self._by_head(self._affine(part, "q", x))
        scores = queries @ seen.keys.swapaxes(1, 2) / math.sqrt(queries.shape[2])
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        joined = (weights @ seen.values).swapaxes(0, 1).reshape(x.shape)
        return self._norm(f"{part}_Wo", x + self._affine(part, "o", joined)), weights.mean(0)

    def feed_forward(self, x: Array) -> Array:
        inner: Array = np.maximum(self._affine("ffn", "1", x), 0)
        return self._norm("ffn_ffn", x + self._affine("ffn", "2", inner))

    def recur(self, x: Array, cell: Array) -> tuple[Array, Array]:
        """Return what comes out, and the new state of the unit."""
        gate = np.clip(self._affine("rnn", "f", x), -_STEEP, _STEEP)
        keep: Array = np.float32(1) / (np.float32(1) + np.exp(-gate))
        cell = keep * cell + (1 - keep) * (x @ self._weights["rnn_W"])
        return self._norm("rnn_ffn", x + np.maximum(cell, 0)), cell

    def _affine(self, part: str, number: str, x: Array) -> Array:
        product: Array = x @ self._weights[f"{part}_W{number}"]
        return product + self._weights[f"{part}_b{number}"]

    def _norm(self, name: str, x: Array) -> Array:
        centred: Array = x - x.mean(-1, keepdims=True)
        centred /= np.sqrt((centred * centred).mean(-1, keepdims=True) + _TINY)
        scaled: Array = centred * self._weights[f"{name}_ln_scale"]
        return scaled + self._weights[f"{name}_ln_bias"]

    def _by_head(self, x: Array) -> Array:
        return x.reshape(len(x), self._heads, -1).swapaxes(0, 1)


def _repeating(said: Sequence[int], length: int) -> list[int]:
    """Return the tokens that would end a run of so many tokens that was said before."""
    if not 0 < length <= len(said):
        return []
    last = said[len(said) - length + 1 :]
    runs = range(len(said) - length + 1)
    return [said[i + length - 1] for i in runs if said[i : i + length - 1] == last]


def _settings(content: bytes) -> dict[str, str]:
    """Return the plain `key: value` lines of a YAML text; lists are of no use here."""
    lines = content.rstrip(b"\0").decode("utf-8").splitlines()
    pairs = (line.partition(":") for line in lines if not line.startswith((" ", "-", "#")))
    return {key: value.strip() for key, _, value in pairs}


def read_items(path: Path) -> tuple[dict[str, str], dict[str, Array]]:
    """Return the settings and the weights of a file of Marian's; 8 bits become float32.

    Raises ValueError, LookupError, struct.error for a file that is none; sizes are compared
    with the file's before anything of them is read.
    """
    content: _Bytes = np.memmap(path, mode="r")
    place = 0

    def take(size: int) -> _Bytes:
        nonlocal place
        if size > len(content) - place:
            raise ValueError("it is cut off")
        place += size
        return content[place - size : place]

    version, count = struct.unpack("<QQ", take(16).tobytes())
    if version != _VERSION or count > _MOST_ITEMS:
        raise ValueError("it is of no known form")
    heads = [struct.unpack("<QQQQ", take(32).tobytes()) for _ in range(count)]
    if any(name > _LONGEST_NAME or axes > _MOST_AXES for name, _, axes, _ in heads):
        raise ValueError("an item has a name or a shape that no weights have")
    names = [take(size).tobytes().rstrip(b"\0").decode("utf-8") for size, *_ in heads]
    shapes = [struct.unpack(f"<{axes}i", take(4 * axes).tobytes()) for _, _, axes, _ in heads]
    (padding,) = struct.unpack("<Q", take(8).tobytes())
    take(padding)
    items = {
        name: (type_, shape, take(size))
        for name, (_, type_, _, size), shape in zip(names, heads, shapes, strict=True)
    }
    _, _, settings = items.pop(_CONFIG)
    return _settings(settings.tobytes()), {name: _weights(name, *i) for name, i in items.items()}


def _weights(name: str, type_: int, shape: tuple[int, ...], content: _Bytes) -> Array:
    count = math.prod(shape)
    if any(size < 0 for size in shape):
        raise ValueError(f"{name} has a shape that no weights have")
    if type_ == _FLOAT32:
        return np.frombuffer(content[: 4 * count].tobytes(), "<f4").reshape(shape)
    if type_ != _INTGEMM8 or len(shape) != 2:
        raise ValueError(f"{name} is of a type that Firefox's models do not have")
    (scale,) = struct.unpack("<f", content[count : count + 4].tobytes())
    if not (math.isfinite(scale) and scale > 0):
        raise ValueError(f"{name} has no scale")
    numbers = content[:count].view(np.int8).astype(np.float32) / np.float32(scale)
    # All but the tables of words are stored as they multiply from the left.
    return numbers.reshape(shape) if "Wemb" in name else numbers.reshape(shape[::-1]).T
