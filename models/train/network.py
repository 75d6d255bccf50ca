"""The network: a Transformer that reads two texts side by side, the source and a hint.

Vaswani et al. 2017, with normalisation before each sub-layer, no biases, and one table of
embeddings for both sides and the output. The positions of source and hint both begin at 0;
another table tells them apart. Every part has its counterpart in CTranslate2's Transformer
(`export.py`). Written for training on a CPU that multiplies bfloat16: there, PyTorch's own
attention, dropout and loss cost more than all the matrix products.
"""

import math
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

MAX_POSITIONS = 512
EPSILON = 1e-5
_NOISE = 1 << 25
"""Numbers in the pool that dropout takes its pieces from: drawing them anew each time takes
as long as half of the matrix products."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How large the network is."""

    pieces: int = 8192
    width: int = 320
    heads: int = 5
    inner: int = 1280
    encoder_layers: int = 5
    decoder_layers: int = 3


class Dropout(nn.Module):
    """Dropout (Srivastava et al. 2014) that cuts its masks from one long row of chance."""

    _noise: dict[tuple[float, torch.dtype], Tensor] = {}  # noqa: RUF012 - shared by all

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        """Return x with a share of its numbers at 0 and the others made larger."""
        if not (self.training and self.share):
            return x
        noise = self._noise.get((self.share, x.dtype))
        if noise is None:
            kept = torch.empty(_NOISE, dtype=x.dtype).bernoulli_(1 - self.share)
            noise = self._noise[self.share, x.dtype] = kept / (1 - self.share)
        at = int(torch.randint(_NOISE - x.numel(), ()))
        return x * noise[at : at + x.numel()].view(x.shape)


class Network(nn.Module):
    """Source pieces and their places in, the scores of the next target piece out."""

    def __init__(self, shape: Shape, *, dropout: float = 0.1) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.pieces, shape.width)
        self.segment = nn.Embedding(2, shape.width)
        # Scaled by the root of the width where it is read, so that it is of the size of the
        # places there, and small enough to give the scores of the output.
        self.scale = math.sqrt(shape.width)
        nn.init.normal_(self.embedding.weight, std=1 / self.scale)
        nn.init.normal_(self.segment.weight, std=0.5)
        self.register_buffer("places", sinusoids(MAX_POSITIONS, shape.width), persistent=False)
        self.encoder = nn.ModuleList(
            EncoderLayer(shape, dropout) for _ in range(shape.encoder_layers)
        )
        self.decoder = nn.ModuleList(
            DecoderLayer(shape, dropout) for _ in range(shape.decoder_layers)
        )
        self.encoder_norm = Norm(shape.width)
        self.decoder_norm = Norm(shape.width)
        self.dropout = Dropout(dropout)

    def encode(self, pieces: Tensor, places: Tensor, segments: Tensor, mask: Tensor) -> Tensor:
        """Return (batch, length, width) for pieces, places and segments of (batch, length).

        `mask` is (batch, 1, 1, length), 0 where there is a piece and -inf where none is.
        """
        x = self.scale * self.embedding(pieces) + self.places[places] + self.segment(segments)
        x = self.dropout(x)
        for layer in self.encoder:
            x = layer(x, mask)
        return self.encoder_norm(x)

    def decode(self, pieces: Tensor, memory: Tensor, mask: Tensor) -> Tensor:
        """Return (batch, length, width) for what comes after each of the target pieces."""
        length = pieces.shape[1]
        before = torch.full((length, length), float("-inf"), dtype=memory.dtype).triu_(1)
        x = self.dropout(self.scale * self.embedding(pieces) + self.places[:length])
        for layer in self.decoder:
            x = layer(x, before, memory, mask)
        return self.decoder_norm(x)

    def loss(self, hidden: Tensor, wanted: Tensor, smoothing: float) -> Tensor:
        """Return the mean cross-entropy of (count, width) against the (count,) wanted pieces."""
        loss: Tensor = _CrossEntropy.apply(hidden, self.embedding.weight, wanted, smoothing)
        return loss


class _CrossEntropy(torch.autograd.Function):
    """Label-smoothed cross-entropy whose gradient is worked out with it, in small pieces.

    The scores of all pieces of a batch would be 200 MB, read and written a dozen times.
    """

    ROWS = 256

    @staticmethod
    def forward(  # type: ignore[override]
        ctx: Any, hidden: Tensor, table: Tensor, wanted: Tensor, smoothing: float
    ) -> Tensor:
        count, pieces = len(hidden), len(table)
        own, other = 1 - smoothing, smoothing / pieces
        hidden_slope, table_slope = torch.empty_like(hidden), torch.zeros(table.shape)
        total = torch.zeros(())
        for begin in range(0, count, _CrossEntropy.ROWS):
            rows, right = (part[begin : begin + _CrossEntropy.ROWS] for part in (hidden, wanted))
            scores = (rows @ table.T).float()
            evidence = torch.logsumexp(scores, 1, keepdim=True)
            at = right[:, None]
            total += evidence.sum() - own * scores.gather(1, at).sum() - other * scores.sum()
            slope = scores.sub_(evidence).exp_().sub_(other)
            slope.scatter_add_(1, at, slope.new_full(at.shape, -own))
            slope = slope.div_(count).to(hidden.dtype)
            hidden_slope[begin : begin + len(rows)] = slope @ table
            table_slope += slope.T @ rows
        ctx.save_for_backward(hidden_slope, table_slope.to(table.dtype))
        return total / count

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> Any:  # type: ignore[override]
        hidden_slope, table_slope = ctx.saved_tensors
        return hidden_slope * slope, table_slope * slope, None, None


class Norm(nn.Module):
    """Layer normalisation with a gain (Ba et al. 2016)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        """Return x with mean 0 and variance 1, times the gain."""
        return F.layer_norm(x, (x.shape[-1],), self.gain, None, EPSILON)


class Attention(nn.Module):
    """Multi-head attention; queries and what they look at may come from two places."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.scale = (shape.width // shape.heads) ** -0.5
        self.query = nn.Linear(shape.width, shape.width, bias=False)
        self.memory = nn.Linear(shape.width, 2 * shape.width, bias=False)
        self.output = nn.Linear(shape.width, shape.width, bias=False)
        nn.init.zeros_(self.output.weight)

    def forward(self, x: Tensor, memory: Tensor, mask: Tensor) -> Tensor:
        """Attend from x to those places of memory at which the mask is 0, not -inf."""
        (query,) = self._split(self.query(x), 1)
        key, value = self._split(self.memory(memory), 2)
        weights = torch.softmax(query @ key.transpose(-1, -2) * self.scale + mask, -1)
        return self.output((weights @ value).transpose(1, 2).flatten(2))  # type: ignore[no-any-return]

    def _split(self, x: Tensor, parts: int) -> list[Tensor]:
        batch, length, width = x.shape
        split = x.view(batch, length, parts, self.heads, width // parts // self.heads)
        return [split[:, :, part].transpose(1, 2) for part in range(parts)]


class FeedForward(nn.Module):
    """Two linear maps and a rectifier between."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.inner = nn.Linear(shape.width, shape.inner, bias=False)
        self.outer = nn.Linear(shape.inner, shape.width, bias=False)
        nn.init.zeros_(self.outer.weight)
        self.dropout = Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Return the same shape."""
        return self.outer(self.dropout(F.relu(self.inner(x))))  # type: ignore[no-any-return]


class EncoderLayer(nn.Module):
    """Every place looks at every other, then thinks by itself."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.attention_norm, self.inner_norm = Norm(shape.width), Norm(shape.width)
        self.attention = Attention(shape)
        self.inner = FeedForward(shape, dropout)
        self.dropout = Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return the same shape."""
        near = self.attention_norm(x)
        x = x + self.dropout(self.attention(near, near, mask))
        return x + self.dropout(self.inner(self.inner_norm(x)))


class DecoderLayer(nn.Module):
    """Looks back at what was said, then at the source, then thinks."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.own_norm, self.source_norm, self.inner_norm = (Norm(shape.width) for _ in range(3))
        self.own = Attention(shape)
        self.source = Attention(shape)
        self.inner = FeedForward(shape, dropout)
        self.dropout = Dropout(dropout)

    def forward(self, x: Tensor, before: Tensor, memory: Tensor, mask: Tensor) -> Tensor:
        """Return the same shape as x."""
        near = self.own_norm(x)
        x = x + self.dropout(self.own(near, near, before))
        x = x + self.dropout(self.source(self.source_norm(x), memory, mask))
        return x + self.dropout(self.inner(self.inner_norm(x)))


def sinusoids(count: int, width: int) -> Tensor:
    """Return Vaswani's table of positions."""
    place = torch.arange(count).unsqueeze(1)
    rate = torch.exp(torch.arange(0, width, 2) * (-math.log(10_000.0) / width))
    table = torch.zeros(count, width)
    table[:, 0::2] = torch.sin(place * rate)
    table[:, 1::2] = torch.cos(place * rate)
    return table
