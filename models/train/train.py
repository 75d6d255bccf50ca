"""The training loop: batches of like length, a schedule, checkpoints to go on from.

The learning rate warms up, stays, and falls to nothing at the end (Hu et al. 2024, "MiniCPM",
warm-up, stable, decay): the stable state is kept, so that training can go on another day,
and only what is shipped is taken through the fall.
"""

import copy
import itertools
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from live_translator.mt.compact import HINT_MARK, language_mark, two_texts
from models.train.examples import Pieces, Stream
from models.train.muon import Muon
from models.train.network import Network, Shape

_PAD, _BOS, _EOS = 0, 2, 3
_SAVED_S = 600
"""Between two states on disk: what a machine that is taken away costs at most."""
_POOL = 120
"""Batches that are drawn together and divided by length, so that little is padding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to train."""

    batch_pieces: int = 6000
    """Target pieces of a batch, padding included."""
    matrix_rate: float = 0.02
    table_rate: float = 0.002
    weight_decay: float = 0.02
    momentum: float = 0.95
    warm_up_steps: int = 100
    smoothing: float = 0.1
    clip: float = 1.0


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded tensors of a batch."""

    source: Tensor
    places: Tensor
    segments: Tensor
    mask: Tensor
    target_in: Tensor
    target_out: Tensor

    @property
    def pieces(self) -> int:
        """Target pieces without padding."""
        return int((self.target_out != _PAD).sum())


class Trainer:
    """A network under training, what moves it, and where it stands."""

    def __init__(self, network: Network, plan: Plan) -> None:
        self.plan = plan
        self.network = network
        """In full precision; what it learns is worked out on a copy in bfloat16."""
        self._working = copy.deepcopy(self.network).bfloat16().train()
        matrices: list[Tensor] = []
        rest: list[Tensor] = []
        for name, weight in self.network.named_parameters():
            is_matrix = weight.ndim == 2 and not name.startswith(("embedding", "segment"))
            (matrices if is_matrix else rest).append(weight)
        self._muon = Muon(
            matrices,
            lr=plan.matrix_rate,
            momentum=plan.momentum,
            weight_decay=plan.weight_decay,
        )
        self._adam = torch.optim.AdamW(
            rest, lr=plan.table_rate, betas=(0.9, 0.98), weight_decay=0.0, fused=True
        )
        self.steps = 0
        self.pieces = 0
        self.seconds = 0.0

    def step(self, batch: Batch, rate: float) -> float:
        """Learn from a batch at `rate` of the full learning rate; return the mean loss."""
        for optimiser, full in (
            (self._muon, self.plan.matrix_rate),
            (self._adam, self.plan.table_rate),
        ):
            for group in optimiser.param_groups:
                group["lr"] = full * rate
        memory = self._working.encode(batch.source, batch.places, batch.segments, batch.mask)
        hidden = self._working.decode(batch.target_in, memory, batch.mask)
        wanted = batch.target_out != _PAD
        loss = self._working.loss(hidden[wanted], batch.target_out[wanted], self.plan.smoothing)
        loss.backward()  # type: ignore[no-untyped-call]
        weights = list(zip(self.network.parameters(), self._working.parameters(), strict=True))
        for weight, working in weights:
            weight.grad, working.grad = working.grad.float(), None
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), self.plan.clip)
        for optimiser in (self._muon, self._adam):
            optimiser.step()
        with torch.no_grad():
            for weight, working in weights:
                working.copy_(weight)
        self.steps += 1
        self.pieces += batch.pieces
        return float(loss.detach())

    def save(self, path: Path) -> None:
        """Keep everything that is needed to go on; the file is whole or the one before."""
        partial = path.with_suffix(".partial")
        torch.save(
            {
                "shape": asdict(self.network.shape),
                "network": self.network.state_dict(),
                "muon": self._muon.state_dict(),
                "adam": self._adam.state_dict(),
                "steps": self.steps,
                "pieces": self.pieces,
                "seconds": self.seconds,
            },
            partial,
        )
        partial.replace(path)

    @classmethod
    def load(cls, path: Path, plan: Plan) -> "Trainer":
        """Return the trainer that `save` kept."""
        state = torch.load(path, weights_only=True)
        trainer = cls(Network(Shape(**state["shape"])), plan)
        trainer.network.load_state_dict(state["network"])
        trainer._working.load_state_dict(state["network"])
        trainer._muon.load_state_dict(state["muon"])
        trainer._adam.load_state_dict(state["adam"])
        trainer.steps, trainer.pieces = state["steps"], state["pieces"]
        trainer.seconds = state["seconds"]
        return trainer


def run(
    trainer: Trainer,
    stream: Stream,
    pieces: Any,
    *,
    seconds: float,
    fall: bool,
    kept: Path,
    on_saved: Callable[[], None] = lambda: None,
) -> None:
    """Train for so long and keep the result at `kept`, every ten minutes as well.

    `on_saved` is called after each. With `fall` the learning rate goes to nothing, linearly over
    this time.
    """
    began_s = saved_s = told_s = time.monotonic()
    before_s, loss_sum, piece_count, first_step = trainer.seconds, 0.0, 0, trainer.steps
    for batch in batches(stream, pieces, trainer.plan.batch_pieces):
        now_s = time.monotonic()
        passed = (now_s - began_s) / seconds
        if passed >= 1:
            break
        rate = 1 - passed if fall else min(1.0, (trainer.steps + 1) / trainer.plan.warm_up_steps)
        loss_sum += trainer.step(batch, rate)
        piece_count += batch.pieces
        trainer.seconds = before_s + time.monotonic() - began_s
        if now_s - told_s >= 60:
            told_s, count = now_s, trainer.steps - first_step
            print(
                json.dumps(
                    {
                        "step": trainer.steps,
                        "minutes": round(trainer.seconds / 60, 1),
                        "loss": round(loss_sum / max(1, count), 4),
                        "pieces_per_s": round(piece_count / (now_s - began_s)),
                    }
                ),
                flush=True,
            )
            loss_sum, first_step = 0.0, trainer.steps
        if now_s - saved_s >= _SAVED_S:
            saved_s = now_s
            trainer.save(kept)
            on_saved()
    trainer.save(kept)


def batches(stream: Stream, pieces: Any, batch_pieces: int) -> Iterator[Batch]:
    """Yield batches of like length, in no order of length."""
    examples = iter(stream)
    while True:
        pool: list[Pieces] = []
        count = 0
        while count < _POOL * batch_pieces:
            example = next(examples)
            if example.source and example.target:
                pool.append(example)
                count += len(example.target) + 1
        pool.sort(key=lambda example: (len(example.target) // 6, _source_length(example)))
        groups: list[list[Pieces]] = [[]]
        longest = 0
        for example in pool:
            # A source piece costs about half of what a target piece does.
            length = max(len(example.target) + 1, (_source_length(example) + 1) // 2)
            longest = max(longest, length)
            if groups[-1] and longest * (len(groups[-1]) + 1) > batch_pieces:
                groups.append([])
                longest = length
            groups[-1].append(example)
        for index in torch.randperm(len(groups)).tolist():
            yield collated(groups[index], pieces)


def collated(examples: Sequence[Pieces], pieces: Any) -> Batch:
    """Return the examples side by side, padded to the longest."""
    hint_mark = pieces.piece_to_id(HINT_MARK)
    sources, places, segments, targets = [], [], [], []
    for example in examples:
        mark = pieces.piece_to_id(language_mark(example.to))
        own, beside = two_texts(
            example.source, example.hint, example.memory, mark=mark, hint_mark=hint_mark
        )
        sources.append([*own, *beside])
        places.append([*range(len(own)), *range(len(beside))])
        segments.append([0] * len(own) + [1] * len(beside))
        targets.append(example.target)
    source = _padded(sources)
    blocked = torch.zeros(source.shape, dtype=torch.bfloat16).masked_fill_(
        source == _PAD, float("-inf")
    )
    return Batch(
        source=source,
        places=_padded(places),
        segments=_padded(segments),
        mask=blocked[:, None, None, :],
        target_in=_padded([[_BOS, *target] for target in targets]),
        target_out=_padded([[*target, _EOS] for target in targets]),
    )


def _padded(rows: Sequence[Sequence[int]]) -> Tensor:
    columns = itertools.zip_longest(*rows, fillvalue=_PAD)
    return torch.tensor(list(columns)).T.contiguous()


def _source_length(example: Pieces) -> int:
    return len(example.source) + len(example.hint) + len(example.memory) + 3
