"""Muon, an optimiser for matrices: every direction of an update is made equally strong.

Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks": the momentum
of the gradient is brought near to an orthogonal matrix by five steps of Newton and Schulz.
Tables and gains go through Adam (Kingma and Ba 2015) with decoupled weight decay.
"""

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

_STEPS = 5
_A, _B, _C = 3.4445, -4.7750, 2.0315
"""Coefficients of the quintic iteration that the paper gives."""


class Muon(torch.optim.Optimizer):
    """Muon over two-dimensional weights; square blocks of a tall one are taken by themselves."""

    def __init__(
        self, weights: Iterable[Tensor], *, lr: float, momentum: float, weight_decay: float
    ) -> None:
        defaults = {"lr": lr, "momentum": momentum, "weight_decay": weight_decay}
        super().__init__([{"params": list(weights)}], defaults)

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]  # noqa: ARG002
        """Take one step along the gradients."""
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                state = self.state[weight]
                if not state:
                    state["momentum"] = torch.zeros_like(weight)
                momentum: Tensor = state["momentum"]
                momentum.lerp_(weight.grad, 1 - group["momentum"])
                ahead = weight.grad.lerp(momentum, group["momentum"])
                weight.mul_(1 - group["lr"] * group["weight_decay"])
                for part, update in zip(_blocks(weight), _blocks(ahead), strict=True):
                    size = max(1, part.shape[0] / part.shape[1]) ** 0.5
                    part.add_(orthogonal(update), alpha=-group["lr"] * size)


def orthogonal(matrix: Tensor) -> Tensor:
    """Return a matrix with the same singular vectors and singular values near 1."""
    x = matrix.bfloat16()
    is_tall = x.shape[0] > x.shape[1]
    if is_tall:
        x = x.T
    x = x / (x.norm() + 1e-7)
    for _ in range(_STEPS):
        square = x @ x.T
        x = _A * x + (_B * square + _C * square @ square) @ x
    return (x.T if is_tall else x).to(matrix.dtype)


def _blocks(weight: Tensor) -> Sequence[Tensor]:
    """Return keys and values, which one weight holds, each by itself."""
    return weight.chunk(2) if weight.shape[0] == 2 * weight.shape[1] else (weight,)
